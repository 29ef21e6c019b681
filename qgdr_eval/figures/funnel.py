"""Services of all sizes on one plot: between which limits most stand, and which stand outside.

The fewer people, the farther a score may stand from the centre by chance: limits open like a
funnel.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from qgdr_eval.comparison.unusual import Curves
from qgdr_eval.figures.lettering import measure, shorten
from qgdr_eval.figures.points import draw_point
from qgdr_eval.figures.style import (
    NARROW,
    SMALL,
    SMALL_LINE,
    WIDE,
    Entry,
    Plane,
    Sheet,
    draw_box,
    draw_key,
    draw_line,
    lay_key,
)
from qgdr_eval.frames import Standing
from qgdr_eval.french import count, number, typography
from qgdr_eval.palette import PALETTE

HEIGHTS = {False: 240, True: 210}
LEFT, RIGHT, TOP = 34, 14, 26
NAME = 150  # most room for the name of a service
SHAPES = {"usual": "disc", "low": "diamond", "high": "diamond",
          "very_low": "square", "very_high": "square"}  # fmt: skip
MEANINGS = {
    "disc": "un service dans l'habituel",
    "diamond": "hors des limites à 95 %",
    "square": "hors des limites à 99,8 %",
}


@dataclass(frozen=True)
class Point:
    """A service: how many answered, its score from 0 to 100; ``name`` "" leaves it unnamed."""

    people: float
    score: float
    standing: Standing
    name: str = ""

    @property
    def shape(self) -> str:
        """What says where it stands."""
        return SHAPES[self.standing]

    @property
    def tone(self) -> str:
        """The colour that repeats it."""
        if self.standing == "usual":
            return "grey"
        return "cool" if self.standing.endswith("high") else "warm"


@dataclass(frozen=True)
class Funnel:
    """What is drawn of one dimension: points, limits around a centre, what people are called."""

    points: tuple[Point, ...]
    curves: Curves
    centre: float
    people: tuple[str, str]

    @property
    def outside(self) -> list[Point]:
        """The services that stand beyond a limit."""
        return [point for point in self.points if point.standing != "usual"]


@dataclass(frozen=True)
class Frame:
    """The plot: x counts people on ``plane``, y goes from 0 to 100."""

    plane: Plane
    bottom: float

    def level(self, score: float) -> float:
        """The sheet's y of a score."""
        return self.bottom - score / 100 * (self.bottom - TOP)


def draw_funnel(funnel: Funnel, narrow: bool = False) -> Figure:
    """Draw the services of one dimension by how many answered.

    Artists carry a gid: ``limits:95`` (a zone), ``low:99.8`` and ``high:99.8`` (dashed lines),
    ``centre``, ``usual`` (every service within the limits), ``outside:<rank>`` and ``name:<rank>``
    for the others, the highest first. Scores go from 0 to 100 whatever they are.
    """
    width, bottom = NARROW if narrow else WIDE, TOP + HEIGHTS[narrow]
    key = lay_key(_key_entries(funnel), width - 8)
    sheet = Sheet(width, bottom + 42 + key.height + 4)
    people = funnel.curves.people
    frame = Frame(sheet.plane(LEFT, width - RIGHT, people[0], people[-1]), bottom)
    _draw_axes(sheet, frame, funnel)
    _draw_limits(frame, funnel)
    _draw_points(sheet, frame, funnel)
    draw_key(sheet, key, 0, bottom + 42)
    return sheet.figure


def say_funnel(funnel: Funnel) -> str:
    """The figure in words: how many services, the centre, the limits at both ends, who is out.

    >>> curves = Curves((10, 40), (((40, 55), (80, 65)), ((30, 50), (90, 70))))
    >>> say_funnel(Funnel((Point(10, 35, "low", "Bloc"),), curves, 60, ("réponse", "réponses")))
    ... # doctest: +ELLIPSIS
    'Entonnoir...Hors des limites...Bloc...'
    """
    (lows, highs), _ = funnel.curves.ends
    people, outside = funnel.curves.people, funnel.outside
    ends = " ; ".join(
        f"pour {count(round(people[rank]), *funnel.people)}, de {number(lows[rank])} à "
        f"{number(highs[rank])}"
        for rank in (0, -1)
    )
    named = ", ".join(
        f"{point.name or 'un service'} ({number(point.score)} ; "
        f"{count(round(point.people), *funnel.people)})"
        for point in outside
    )
    told = f"Hors des limites : {named}." if outside else "Aucun service hors des limites."
    return typography(
        f"Entonnoir de {count(len(funnel.points), 'service')}, score de 0 à 100 selon le nombre de "
        f"{funnel.people[1]}. Milieu : {number(funnel.centre)}. Limites à 95 % : {ends}. {told}"
    )


def _draw_axes(sheet: Sheet, frame: Frame, funnel: Funnel) -> None:
    """Light lines at 0, 50 and 100; numbers of people under the plot."""
    plane = frame.plane
    for score in (0, 50, 100):
        y = frame.level(score)
        draw_line(sheet.canvas, [plane.left, plane.right], [y, y], "rule" if not score else "grid")
        sheet.write(
            LEFT - 7, y + 4, score, size=SMALL, colour="muted", align="right", gid=f"axis:{score}"
        )
    sheet.write(0, 12, "Score", size=SMALL, colour="muted")
    for people in _ticks(funnel):
        x, text = plane.pixel(people), number(people)
        sheet.write(
            x, frame.bottom + 18, text, size=SMALL, colour="muted", align="center",
            gid=f"people:{people}",
        )  # fmt: skip
        draw_line(sheet.canvas, [x, x], [frame.bottom, frame.bottom + 4], "rule")
    unit = typography(f"Nombre de {funnel.people[1]}")
    sheet.write(plane.right, frame.bottom + 34, unit, size=SMALL, colour="muted", align="right")


def _ticks(funnel: Funnel) -> list[int]:
    """The fewest and the most people of a service, and the middle when it stands clear."""
    sizes = [round(point.people) for point in funnel.points]
    low, high = min(sizes), max(sizes)
    return sorted({low, high, *([(low + high) // 2] if high - low > 5 else [])})


def _draw_limits(frame: Frame, funnel: Funnel) -> None:
    """The zone at 95 %, its dashed fellow at 99.8 %, the centre."""
    people, (inner, outer) = funnel.curves.people, funnel.curves.ends
    lows, highs = ([frame.level(value) for value in ends] for ends in inner)
    corners = [*zip(people, highs, strict=True), *zip(people[::-1], lows[::-1], strict=True)]
    zone = Polygon(corners, facecolor=PALETTE["soft"], edgecolor=PALETTE["rule"], zorder=0.1)
    zone.set_gid("limits:95")
    frame.plane.add(zone)
    for name, ends in zip(("low", "high"), outer, strict=True):
        # A limit that chance never reaches is no line along the edge.
        inside = [frame.level(value) if 0 < value < 100 else math.nan for value in ends]
        _draw_dashes(frame.plane, people, inside, f"{name}:99.8")
    level = frame.level(funnel.centre)
    draw_line(frame.plane, [people[0], people[-1]], [level] * 2, "muted", gid="centre", layer=1)


def _draw_dashes(
    plane: Plane, xs: Sequence[float], ys: Sequence[float], gid: str | None = None
) -> None:
    line = Line2D(xs, ys, color=PALETTE["grey"], linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    line.set_gid(gid)
    plane.add(line)


def _draw_points(sheet: Sheet, frame: Frame, funnel: Funnel) -> None:
    """Every service; the names of those outside, one under the other where they would meet."""
    usual = [point for point in funnel.points if point.standing == "usual"]
    _draw_discs(frame, usual, "usual")
    taken: list[tuple[float, float, float]] = []
    for rank, point in enumerate(sorted(funnel.outside, key=lambda point: -point.score)):
        x, y = frame.plane.pixel(point.people), frame.level(point.score)
        draw_point(sheet.canvas, x, y, point.shape, point.tone, f"outside:{rank}")
        if point.name:
            _write_name(sheet, x, y, rank, point.name, taken)


def _draw_discs(frame: Frame, points: Sequence[Point], gid: str) -> None:
    """Many discs as one line of no length at each point: hundreds of services stay light."""
    xs = [x for point in points for x in (point.people, point.people, math.nan)]
    ys = [y for point in points for y in (*[frame.level(point.score)] * 2, math.nan)]
    discs = Line2D(xs, ys, color=PALETTE["grey"], linewidth=6, solid_capstyle="round", zorder=3)
    discs.set_gid(gid)
    frame.plane.add(discs)


def _write_name(
    sheet: Sheet, x: float, y: float, rank: int, name: str, taken: list[tuple[float, float, float]]
) -> None:
    """A name at the right of its point, or at its left near the edge, lower where one stands."""
    text = shorten(name, NAME, SMALL)
    width = measure(text, SMALL)
    left = x + 10 if x + 10 + width <= sheet.width else x - 10 - width
    line = y + 4
    for start, end, height in taken:
        if start < left + width and left < end and abs(line - height) < SMALL_LINE - 1:
            line = height + SMALL_LINE - 1
    taken.append((left, left + width, line))
    sheet.write(left, line, text, size=SMALL, gid=f"name:{rank}")


def _key_entries(funnel: Funnel) -> list[Entry]:
    """What the marks mean, in words: only those that are drawn."""
    drawn = {point.shape for point in funnel.points}
    points = [
        Entry(partial(_key_point, shape), typography(text))
        for shape, text in MEANINGS.items()
        if shape in drawn
    ]
    return [
        *points,
        Entry(_key_centre, typography(f"milieu des services : {number(funnel.centre)}")),
        Entry(_key_zone, typography("limites à 95 %")),
        Entry(_key_dashes, typography("limites à 99,8 %")),
    ]


def _key_point(shape: str, sheet: Sheet, x: float, y: float) -> None:
    draw_point(sheet.canvas, x, y, shape, "grey" if shape == "disc" else "ink")


def _key_centre(sheet: Sheet, x: float, y: float) -> None:
    draw_line(sheet.canvas, [x - 8, x + 8], [y, y], "muted")


def _key_zone(sheet: Sheet, x: float, y: float) -> None:
    draw_box(sheet.canvas, x - 8, y - 6, 16, 12, "soft", edge="rule")


def _key_dashes(sheet: Sheet, x: float, y: float) -> None:
    _draw_dashes(sheet.canvas, [x - 9, x + 9], [y, y])
