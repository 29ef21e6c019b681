"""An indicator over time: points, median, limits, target; what stands out is told by its shape."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from qgdr_eval.comparison.control import FEWEST
from qgdr_eval.comparison.series import FAVOURABLE, Series
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.figures.control_words import (
    HIDDEN,
    changes_words,
    nothing_words,
    unit_words,
    write_mark,
    write_value,
)
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
from qgdr_eval.frames import PointRow
from qgdr_eval.french import number, typography
from qgdr_eval.palette import PALETTE

GAP = 11  # between the plot and the words at its right
ENDS = (1, 1.2, 1.6, 2, 2.4, 3, 4, 6, 8, 10)  # leading figures an axis may end on
SPARK_WIDTH, SPARK_HEIGHT = 132, 44
EACH = {
    "M": "valeur d'un mois",
    "Q": "valeur d'un trimestre",
    "Y": "valeur d'une année",
    "R": "valeur d'un tour",
}


@dataclass(frozen=True)
class Layout:
    """Width of the sheet, height of the plot, least room for the words at its left and right."""

    width: float
    height: float
    left: float
    right: float


LAYOUTS = {False: Layout(WIDE, 168, 46, 108), True: Layout(NARROW, 140, 46, 108)}


@dataclass(frozen=True)
class Frame:
    """The plot of one series: x counts periods on ``plane``, y goes from ``low`` to ``high``."""

    plane: Plane
    top: float
    bottom: float
    low: float
    high: float

    def level(self, value: float) -> float:
        """The sheet's y of a value."""
        share = (value - self.low) / (self.high - self.low)
        return self.bottom - share * (self.bottom - self.top)


def control_figure(series: Series, narrow: bool = False) -> Figure:
    """Draw one series over time.

    Artists carry a gid: ``line``, ``point:<period>``, ``limits:<first period>``,
    ``hidden:<period>``, ``median`` (``median:<part>`` before a declared change), ``target``,
    ``change:<period>``, ``base:<first period>``, ``reference``. A diamond is outside the limits, a
    square belongs to an unusually long run; colour only repeats which side is favourable. Percents
    are drawn from 0 to 100; anything else from 0 to a round number.
    """
    layout = LAYOUTS[narrow]
    top = 12.0 if series.kind == "proportion" else 28.0
    bottom = top + layout.height
    key = lay_key(_key_entries(series), layout.width - 8)
    sheet = Sheet(layout.width, bottom + 34 + key.height + 4)
    ranks = [_rank(row.period) for row in rows_of(series.points, PointRow)]
    plane = sheet.plane(*_sides(series, layout), min(ranks) - 0.5, max(ranks) + 0.5)
    frame = Frame(plane, top, bottom, *axis_ends(series))
    _draw_axis(sheet, frame, series)
    _draw_periods(sheet, frame, series)
    _draw_limits(frame, series)
    _draw_base(sheet, frame, series)
    _draw_changes(sheet, frame, series)
    _draw_marks(sheet, frame, series)
    _draw_points(sheet, frame, series)
    draw_key(sheet, key, 0, bottom + 34)
    return sheet.figure


def spark_figure(series: Series) -> Figure:
    """Draw one series in a cell of a table, on the axis of its own figure; it bears no words.

    Artists carry a gid: ``line``, ``run`` (a run longer than usual), ``target``, and
    ``point:<period>`` for the last point and those outside the limits. Hidden periods are gaps.
    """
    sheet = Sheet(SPARK_WIDTH, SPARK_HEIGHT)
    ranks = [_rank(row.period) for row in rows_of(series.points, PointRow)]
    plane = sheet.plane(6, SPARK_WIDTH - 8, min(ranks) - 0.5, max(ranks) + 0.5)
    frame = Frame(plane, 6, SPARK_HEIGHT - 6, *axis_ends(series))
    draw_line(sheet.canvas, [0, SPARK_WIDTH], [frame.level(frame.low)] * 2, "rule")
    if not math.isnan(series.target):
        mark = Mark(series.target, "", "target", "muted", (3, 2))
        _draw_level(sheet, mark, 0, SPARK_WIDTH, _kept(frame, series.target))
    _draw_curve(sheet, frame, series)
    return sheet.figure


def _draw_curve(sheet: Sheet, frame: Frame, series: Series) -> None:
    """The line, thick along a run longer than usual; the last point, and those out of limits."""
    shown = [row for row in rows_of(series.points, PointRow) if row.status == "published"]
    for gid, rows in (("line", shown), ("run", [row for row in shown if row.run])):
        if rows:
            xs, ys = [_rank(row.period) for row in rows], [frame.level(row.value) for row in rows]
            tone, width = ("grey", 1.4) if gid == "line" else (_tone(series, rows[-1]), 3)
            draw_line(frame.plane, *_broken(xs, ys), tone, width, gid=gid, layer=2)
    for row in shown:
        if row.outside or row is shown[-1]:
            x, y = frame.plane.pixel(_rank(row.period)), frame.level(row.value)
            shape = "diamond" if row.outside else "disc"
            draw_point(sheet.canvas, x, y, shape, _tone(series, row), f"point:{row.period}")


def _sides(series: Series, layout: Layout) -> tuple[float, float]:
    """Where the plot begins and ends: between the words at its left and at its right."""
    axis = [measure(_axis_label(series, value), SMALL) for value in _graduations(series)]
    marks = [measure(mark.text, SMALL, mark.bold) for mark in _marks(series)]
    right = layout.width - max(layout.right, *marks, 0) - GAP
    return max(layout.left, *(width + 8 for width in axis)), right


def _graduations(series: Series) -> tuple[float, float, float]:
    low, high = axis_ends(series)
    return low, (low + high) / 2, high


def axis_ends(series: Series) -> tuple[float, float]:
    """The values at both ends of the axis.

    0 and 100 for a proportion, else 0 (or below, for negative values) and a round number.
    """
    if series.kind == "proportion":
        return 0.0, 100.0
    shown = series.points[["value", "high_limit"]].stack().tolist()
    marks = [mark for mark in (series.target, series.reference) if not math.isnan(mark)]
    values = [*shown, *marks, 0.0]
    return -_round_up(-min(values)) or 0.0, _round_up(max(values)) or 1.0


def _round_up(value: float) -> float:
    """The first round number at or above a positive value."""
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(end * power for end in ENDS if end * power >= value - 1e-9 * power)


def _rank(period: str) -> int:
    return int(pd.Period(period).ordinal)


def _draw_axis(sheet: Sheet, frame: Frame, series: Series) -> None:
    """Three light lines with their values at the left, the unit above the highest."""
    left, right = frame.plane.left, frame.plane.right
    for value in _graduations(series):
        y = frame.level(value)
        draw_line(sheet.canvas, [left, right], [y, y], "rule" if value == 0 else "grid")
        sheet.write(
            left - 7,
            y + 4,
            _axis_label(series, value),
            size=SMALL,
            colour="muted",
            align="right",
            gid=f"axis:{value:g}",
        )
    unit = shorten(typography(unit_words(series)), sheet.width, SMALL)
    sheet.write(0, 12, unit, size=SMALL, colour="muted")


def _axis_label(series: Series, value: float) -> str:
    decimals = next((n for n in (0, 1, 2) if abs(value - round(value, n)) < 1e-9), 3)
    text = number(value, decimals)
    return f"{text}\u202f%" if series.kind == "proportion" and value == 100 else text


def _draw_periods(sheet: Sheet, frame: Frame, series: Series) -> None:
    """Names of periods under the frame: both ends, then years where they stand clear."""
    rows = rows_of(series.points, PointRow)
    inner = [row for row in rows[1:-1] if len(rows) <= 6 or _opens_a_year(row.period)]
    taken: list[tuple[float, float]] = []
    for row in (rows[0], rows[-1], *inner):
        x, half = frame.plane.pixel(_rank(row.period)), measure(row.label, SMALL) / 2 + 6
        if all(x + half < low or x - half > high for low, high in taken):
            taken.append((x - half, x + half))
            sheet.write(
                x,
                frame.bottom + 20,
                row.label,
                size=SMALL,
                colour="muted",
                align="center",
                gid=f"period:{row.period}",
            )
            draw_line(sheet.canvas, [x, x], [frame.bottom, frame.bottom + 4], "rule")


def _opens_a_year(period: str) -> bool:
    return period.endswith(("-01", "Q1"))


def _draw_limits(frame: Frame, series: Series) -> None:
    """The zone of usual chance, a step per period, broken where a period has no limit."""
    rows = rows_of(series.points[series.points["high_limit"].notna()], PointRow)
    for steps in _unbroken(rows):
        xs = [_rank(row.period) + side for row in steps for side in (-0.5, 0.5)]
        highs = [_kept(frame, row.high_limit) for row in steps for _ in range(2)]
        lows = [_kept(frame, row.low_limit) for row in steps for _ in range(2)]
        corners = [*zip(xs, highs, strict=True), *zip(xs[::-1], lows[::-1], strict=True)]
        zone = Polygon(corners, facecolor=PALETTE["soft"], edgecolor=PALETTE["rule"], zorder=0.1)
        zone.set_gid(f"limits:{steps[0].period}")
        frame.plane.add(zone)


def _unbroken(rows: Sequence[PointRow]) -> Iterator[list[PointRow]]:
    """Rows of periods that follow each other, in one part of the series."""
    ranked = enumerate(rows)
    for _, run in groupby(ranked, lambda pair: (_rank(pair[1].period) - pair[0], pair[1].part)):
        yield [row for _, row in run]


def _draw_base(sheet: Sheet, frame: Frame, series: Series) -> None:
    """A bar under the periods of each frozen baseline."""
    for base in _unbroken(rows_of(series.points[series.points["baseline"]], PointRow)):
        left, right = (frame.plane.pixel(_rank(row.period)) for row in (base[0], base[-1]))
        gid = f"base:{base[0].period}"
        _draw_bar(sheet.canvas, left - 4, right + 4, frame.bottom + 3, gid)


def _draw_bar(canvas: Plane, left: float, right: float, y: float, gid: str | None = None) -> None:
    draw_box(canvas, left, y - 2, right - left, 4, "grey", gid=gid, layer=1.5)


def _draw_changes(sheet: Sheet, frame: Frame, series: Series) -> None:
    """An upright before the first period of each declared change."""
    for period, _, _ in series.changes:
        x = frame.plane.pixel(_rank(period) - 0.5)
        _draw_upright(sheet.canvas, x, frame.top - 6, frame.bottom, f"change:{period}")


def _draw_upright(
    canvas: Plane, x: float, top: float, bottom: float, gid: str | None = None
) -> None:
    line = Line2D([x, x], [top, bottom], color=PALETTE["ink"], linewidth=1, linestyle=(0, (2, 2)))
    line.set_zorder(1.5)
    line.set_gid(gid)
    canvas.add(line)


def _kept(frame: Frame, value: float) -> float:
    return frame.level(min(max(value, frame.low), frame.high))


def _broken(xs: Sequence[float], ys: Sequence[float]) -> tuple[list[float], list[float]]:
    """The same line, broken where more than one period separates two points."""
    nan = float("nan")
    pairs: list[tuple[float, float]] = []
    for x, y in zip(xs, ys, strict=True):
        if pairs and x - pairs[-1][0] > 1:
            pairs.append((nan, nan))
        pairs.append((x, y))
    return [x for x, _ in pairs], [y for _, y in pairs]


@dataclass(frozen=True)
class Mark:
    """A level with its words at the right of the plot."""

    value: float
    text: str
    gid: str
    colour: str = "muted"
    dashes: tuple[float, float] | None = None
    bold: bool = False


def _marks(series: Series) -> list[Mark]:
    marks = []
    if not math.isnan(series.level.value):
        words = write_value(series, series.level.value)
        marks.append(Mark(series.level.value, words, "last", "ink", bold=True))
    if series.chart != "too_few":
        median = f"médiane {write_value(series, series.median)}"
        marks.append(Mark(series.median, median, "median"))
    if not math.isnan(series.target):
        way = "≥" if series.direction == "up" else "≤"
        target = f"cible {way} {write_mark(series, series.target)}"
        marks.append(Mark(series.target, target, "target", "ink", (5, 3)))
    if not math.isnan(series.reference):
        reference = f"national {write_mark(series, series.reference)}"
        marks.append(Mark(series.reference, reference, "reference", dashes=(1.5, 2.5)))
    return marks


def _draw_marks(sheet: Sheet, frame: Frame, series: Series) -> None:
    """The median, the target and the national value as lines; names and last value beside."""
    _draw_earlier_medians(sheet, frame, series)
    marks = sorted(_marks(series), key=lambda mark: -mark.value)
    levels = [_kept(frame, mark.value) for mark in marks]
    right = frame.plane.right
    for mark, y, label in zip(marks, levels, _apart(levels, frame.bottom), strict=True):
        if not mark.bold:
            left = _start(frame, series) if mark.gid == "median" else frame.plane.left
            _draw_level(sheet, mark, left, right, y)
        draw_line(sheet.canvas, [right, right + GAP - 3], [y, label], "rule")
        sheet.write(
            right + GAP,
            label + 4,
            mark.text,
            size=SMALL,
            colour=mark.colour,
            bold=mark.bold,
            gid=f"label:{mark.gid}",
        )


def _start(frame: Frame, series: Series) -> float:
    """Where the last part of a series begins: at the left, unless a change was declared."""
    changes = series.changes
    return frame.plane.pixel(_rank(changes[-1][0]) - 0.5) if changes else frame.plane.left


def _draw_earlier_medians(sheet: Sheet, frame: Frame, series: Series) -> None:
    """The median of each part before a declared change that has points enough to be read."""
    points = series.points
    for rank, part in points[points["part"] < points["part"].max()].groupby("part"):
        if (part["status"] == "published").sum() >= FEWEST:
            mark = Mark(float(part["median"].iloc[0]), "", f"median:{rank}")
            first, last = (_rank(period) for period in part["period"].iloc[[0, -1]])
            ends = frame.plane.pixel(first - 0.5), frame.plane.pixel(last + 0.5)
            _draw_level(sheet, mark, *ends, _kept(frame, mark.value))


def _draw_level(sheet: Sheet, mark: Mark, left: float, right: float, y: float) -> None:
    line = Line2D(
        [left, right],
        [y, y],
        color=PALETTE[mark.colour],
        linewidth=1.3 if mark.dashes else 1,
        linestyle=(0, mark.dashes) if mark.dashes else "solid",
        zorder=1,
    )
    line.set_gid(mark.gid)
    sheet.canvas.add(line)


def _apart(levels: Sequence[float], bottom: float) -> list[float]:
    """The same heights, from top to bottom, moved apart so that a line of text fits each."""
    placed: list[float] = []
    for level in levels:
        placed.append(max(level, placed[-1] + SMALL_LINE - 1) if placed else level)
    lowest = bottom
    for rank in reversed(range(len(placed))):
        placed[rank] = min(placed[rank], lowest)
        lowest = placed[rank] - SMALL_LINE + 1
    return placed


def _draw_points(sheet: Sheet, frame: Frame, series: Series) -> None:
    shown = [row for row in rows_of(series.points, PointRow) if row.status == "published"]
    if not shown:
        words = nothing_words(series).capitalize()
        middle = (frame.top + frame.bottom) / 2
        left = frame.plane.left + 8
        kept = shorten(words, sheet.width - left, SMALL)
        sheet.write(left, middle, kept, size=SMALL, colour="muted", italic=True, gid="nothing")
    xs = [frame.plane.pixel(_rank(row.period)) for row in shown]
    ys = [frame.level(row.value) for row in shown]
    ranks = [_rank(row.period) for row in shown]
    draw_line(frame.plane, *_broken(ranks, ys), "grey", 1.4, gid="line", layer=2)
    for row, x, y in zip(shown, xs, ys, strict=True):
        draw_point(sheet.canvas, x, y, _shape(row), _tone(series, row), f"point:{row.period}")
    for row in rows_of(series.points, PointRow):
        if row.status in HIDDEN:
            x = frame.plane.pixel(_rank(row.period))
            _draw_hidden(sheet.canvas, x, frame.bottom - 5, f"hidden:{row.period}")


def _shape(row: PointRow) -> str:
    return "diamond" if row.outside else "square" if row.run else "disc"


def _tone(series: Series, row: PointRow) -> str:
    """Cool on the favourable side, warm on the other, ink for ordinary points."""
    side = row.outside or ("above" if row.value > row.median else "below")
    if _shape(row) == "disc" or series.direction == "neutral":
        return "ink"
    return "cool" if (side, series.direction) in FAVOURABLE else "warm"


def _draw_hidden(canvas: Plane, x: float, y: float, gid: str | None = None) -> None:
    draw_box(canvas, x - 5, y - 5, 10, 10, "paper", edge="rule", hatch=True, gid=gid, layer=3)


def _key_entries(series: Series) -> list[Entry]:
    """What the marks mean, in words: only those that are drawn."""
    rows = rows_of(series.points, PointRow)
    shown = [row for row in rows if row.status == "published"]
    shapes = {_shape(row): _tone(series, row) for row in shown}
    meanings = {
        "disc": EACH[series.frequency],
        "square": "trop de points de suite du même côté de la médiane",
        "diamond": "point hors des limites",
    }
    entries = [
        Entry(partial(_key_point, shape, shapes[shape]), typography(text))
        for shape, text in meanings.items()
        if shape in shapes
    ]
    if series.points["high_limit"].notna().any():
        entries.append(Entry(_key_limits, typography("limites du hasard habituel")))
    if series.points["baseline"].any():
        base = typography("base figée : la médiane et les limites viennent d'elle")
        entries.append(Entry(_key_base, base))
    entries += [Entry(_key_change, typography(text), fresh=True) for text in changes_words(series)]
    if any(row.status in HIDDEN for row in rows):
        entries.append(
            Entry(_key_hidden, typography("période non montrée, pour protéger un petit effectif"))
        )
    return entries


def _key_point(shape: str, tone: str, sheet: Sheet, x: float, y: float) -> None:
    draw_point(sheet.canvas, x, y, shape, tone)


def _key_limits(sheet: Sheet, x: float, y: float) -> None:
    draw_box(sheet.canvas, x - 8, y - 6, 16, 12, "soft", edge="rule")


def _key_base(sheet: Sheet, x: float, y: float) -> None:
    _draw_bar(sheet.canvas, x - 8, x + 8, y)


def _key_change(sheet: Sheet, x: float, y: float) -> None:
    _draw_upright(sheet.canvas, x, y - 7, y + 7)


def _key_hidden(sheet: Sheet, x: float, y: float) -> None:
    _draw_hidden(sheet.canvas, x, y)
