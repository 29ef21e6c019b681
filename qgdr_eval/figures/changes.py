"""What moved, or what sets two views apart: two dots on one line, then their difference.

A row a dimension. At the left, its two scores, or a point for each round; at the right, the
difference of the last two with its own interval at 95 %, around zero. How sure that difference is
shows by the shape of its mark, the same as in the profile. `qgdr_eval.figures.change_rows` makes
the rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from qgdr_eval.figures.lettering import measure, shorten, wrap
from qgdr_eval.figures.marks import dot
from qgdr_eval.figures.profile import QUARTERS, draw_dot, draw_interval
from qgdr_eval.figures.style import (
    BODY,
    LINE,
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
    draw_scale,
    draw_uprights,
    lay_key,
)
from qgdr_eval.french import signed, typography
from qgdr_eval.palette import PALETTE
from qgdr_eval.wording.changes import IN_A_KEY

NAN = float("nan")
ENDS = (10, 20, 30, 40, 50, 60, 80, 100)  # points an axis of differences may end on
GAP = 7  # half of what is left out of a broken line, pixels
CLEAR = 30  # between two dots that leave room for a break, pixels
RISE = 30  # height of the line of several rounds, pixels


@dataclass(frozen=True)
class Change:
    """One row; numbers are NaN where nothing may be shown.

    ``points``: scores of 0–100, the earliest or one's own first, none for a test of all
    dimensions; ``says``: the first and the last in a few signs; ``cuts``: the ranks of the points
    before which the line is broken; ``band``: the interval of the last one, where it is drawn.
    ``sure``: see `qgdr_eval.comparison.sure.how_sure`. ``side``: ``strength`` where the difference
    is for the better, ``priority`` for the worse, ``between`` where it is neither. ``shown``,
    ``ends``: the difference and its interval in words; ``instead``: why there is none;
    ``hidden``: why there is no last point.
    """

    id: str
    label: str
    points: tuple[float, ...] = ()
    says: tuple[str, str] = ("", "")
    cuts: tuple[int, ...] = ()
    band: tuple[float, float] = (NAN, NAN)
    difference: float = NAN
    low: float = NAN
    high: float = NAN
    sure: str = "not_compared"
    side: str = "between"
    shown: str = ""
    ends: str = ""
    instead: str = ""
    hidden: str = ""


@dataclass(frozen=True)
class Beside:
    """What stands around the rows of one figure.

    ``pair``: two views of one day rather than rounds; ``names``: of the first and the last point;
    ``heads``: over the scores, over the differences; ``sides``: what is left and right of zero;
    ``axis``: the labels of the scores; ``notices``: what a reader must know first; ``band``: what
    the band is.
    """

    pair: bool
    names: tuple[str, str]
    heads: tuple[str, str]
    sides: tuple[str, str]
    axis: dict[float, str]
    notices: tuple[str, ...] = ()
    band: str = ""


@dataclass(frozen=True)
class Look:
    """How a point looks: palette names, area in square pixels, or half its height if a diamond."""

    face: str
    edge: str
    size: float
    diamond: bool = False


LOOKS = {  # of the first and the last point; one's own stands apart from a team's by its shape
    "pair": (Look("paper", "ink", 7, diamond=True), Look("ink", "ink", 46)),
    "two": (Look("neutral", "muted", 56), Look("ink", "ink", 78)),
    "several": (Look("neutral", "muted", 14), Look("ink", "ink", 34)),
}


@dataclass(frozen=True)
class Layout:
    """Where things stand, in pixels; ``value``: where a number ends, and its interval begins."""

    width: float
    names: float
    scores: tuple[float, float]
    differences: tuple[float, float]
    value: tuple[float, float]
    narrow: bool


LAYOUTS = {
    False: Layout(WIDE, 190, (226, 388), (420, 558), (602, 607), False),
    True: Layout(NARROW, 232, (20, 186), (226, 354), (270, 275), True),
}


@dataclass(frozen=True)
class Planes:
    """Both frames of one figure; ``low`` to ``high``: the scores of a line of several rounds."""

    layout: Layout
    scores: Plane
    differences: Plane
    low: float
    high: float


def draw_changes(rows: Sequence[Change], beside: Beside, narrow: bool) -> Figure:
    """Draw rows on two frames; ``narrow``: for a telephone.

    Artists carry a gid: ``before:<id>`` and ``now:<id>`` (``round:<id>:<rank>`` between them),
    ``line:<id>``, ``break:<id>:<rank>``, ``band:<id>``, ``change:<id>``, ``interval:<id>`` (of the
    difference), ``hidden:<id>``, ``zero:<id>``.

    >>> row = Change("ecoute", "Écoute", (54, 62), ("54", "62"), difference=8, low=2, high=14,
    ...              sure="established", side="strength", shown="+8", ends="[+2 ; +14]")
    >>> beside = Beside(False, ("avant", "maintenant"), ("Score", "Écart"), ("−", "+"), {})
    >>> figure = draw_changes([row], beside, narrow=False)
    >>> sum(str(artist.get_gid()) in ("before:ecoute", "now:ecoute") for artist in figure.findobj())
    2
    """
    layout = LAYOUTS[narrow]
    names = [wrap(row.label, layout.names, BODY, 4) for row in rows]
    heights = [_height(row, lines, narrow) for row, lines in zip(rows, names, strict=True)]
    notices = [
        line for text in beside.notices for line in wrap(text, layout.width, BODY, bold=True)
    ]
    heads = [wrap(head, _room(layout, rank), SMALL, 3) for rank, head in enumerate(beside.heads)]
    start = LINE * len(notices) + (8 if notices else 0)
    top: float = start + SMALL_LINE * (1 + max(map(len, heads))) + 8
    bottom = top + sum(heights)
    key = lay_key(_key(rows, beside), layout.width - 8)
    sheet = Sheet(layout.width, bottom + 28 + key.height + 4)
    planes = _planes(sheet, layout, rows)
    for rank, line in enumerate(notices):
        sheet.write(0, 13 + rank * LINE, line, bold=True, gid=f"notice:{rank}")
    _draw_heads(sheet, planes, heads, beside.sides, start)
    for row, lines, height in zip(rows, names, heights, strict=True):
        _draw_row(sheet, planes, row, lines, (top, height), beside)
        top += height
    _draw_scales(sheet, planes, rows, beside, bottom + 15)
    draw_key(sheet, key, 0, bottom + 28)
    return sheet.figure


def _room(layout: Layout, rank: int) -> float:
    """The width a head may take: up to the next frame, or to the edge of the sheet."""
    left, right = layout.scores[0], layout.differences[0] - 10
    return (right - left, layout.width - layout.differences[0])[rank]


def _several(rows: Sequence[Change]) -> bool:
    """Whether there are more points than two, so that time goes from left to right."""
    return any(len(row.points) > 2 for row in rows)


def _height(row: Change, lines: tuple[str, ...], narrow: bool) -> float:
    strip = RISE if len(row.points) > 2 else 20
    return len(lines) * LINE + strip + 14 if narrow else max(strip + 10, len(lines) * LINE + 8)


def _planes(sheet: Sheet, layout: Layout, rows: Sequence[Change]) -> Planes:
    """Frames wide enough for all rows; rounds are one step apart."""
    ends = [abs(end) for row in rows for end in (row.difference, row.low, row.high) if end == end]
    widest = next((end for end in ENDS if end >= max(ends, default=0)), ENDS[-1])
    known = [point for row in rows for point in row.points if point == point] or [0, 100]
    low, high = 10 * (min(known) // 10), -10 * (-max(known) // 10)
    left, right = layout.scores
    last = max(len(row.points) for row in rows) - 1
    scores = sheet.plane(left, right, 0, 100)
    if _several(rows):
        scores = sheet.plane(left + 16, right - 16, 0, last)
    differences = sheet.plane(*layout.differences, -widest, widest)
    return Planes(layout, scores, differences, low, max(high, low + 10))


def _draw_heads(
    sheet: Sheet,
    planes: Planes,
    heads: Sequence[tuple[str, ...]],
    sides: tuple[str, str],
    start: float,
) -> None:
    deepest = max(map(len, heads))
    lefts = planes.layout.scores[0], planes.layout.differences[0]
    for left, lines in zip(lefts, heads, strict=True):
        y = start + 12 + SMALL_LINE * (deepest - len(lines))
        sheet.write_lines(left, y, lines, size=SMALL, leading=SMALL_LINE)
    left, right = planes.layout.differences
    y = start + 12 + SMALL_LINE * deepest
    sheet.write(left, y, sides[0], size=SMALL, colour="muted", gid="side:left")
    sheet.write(right, y, sides[1], size=SMALL, colour="muted", align="right", gid="side:right")


def _draw_row(
    sheet: Sheet,
    planes: Planes,
    row: Change,
    lines: tuple[str, ...],
    place: tuple[float, float],
    beside: Beside,
) -> None:
    """The name, the points, the difference; on a telephone, the name stands above."""
    (top, height), layout = place, planes.layout
    text = len(lines) * LINE
    if layout.narrow:
        middle, first = top + text + (height - text) / 2 + 1, top + 17
    else:
        middle, first = top + height / 2, top + (height - text) / 2 + 13
        draw_line(sheet.canvas, [0, layout.width], [top + height] * 2, "grid")
    sheet.write_lines(0, first, lines)
    _draw_points(sheet, planes, row, middle, beside)
    reach = RISE / 2 + 2 if layout.narrow else height / 2
    _draw_difference(sheet, planes, row, middle, reach, first if layout.narrow else middle + 4)


def _draw_points(sheet: Sheet, planes: Planes, row: Change, middle: float, beside: Beside) -> None:
    if row.hidden:
        sheet.write(
            planes.layout.scores[0], middle + 4, row.hidden, size=SMALL, colour="muted",
            italic=True, gid=f"hidden:{row.id}",
        )  # fmt: skip
        return
    if len(row.points) > 2:
        _draw_rounds(sheet, planes, row, middle)
    elif row.points:
        _draw_two(sheet, planes.scores, row, middle, beside)


def _draw_two(sheet: Sheet, plane: Plane, row: Change, y: float, beside: Beside) -> None:
    """Two dots on one line from 0 to 100, their numbers outside."""
    first, last = row.points
    before, now = LOOKS["pair" if beside.pair else "two"]
    draw_uprights(plane, tuple(beside.axis) or QUARTERS, y - 13, y + 13)
    if row.band[0] == row.band[0]:
        low, high = row.band
        draw_box(plane, low, y - 6, high - low, 12, "rule", gid=f"band:{row.id}", layer=1)
    if first == first:
        _draw_line(plane, [(first, y), (last, y)], row, beside.pair)
        _mark(before, plane, first, y, f"before:{row.id}")
    _mark(now, plane, last, y, f"now:{row.id}")
    _number_two(sheet, plane, row, y)


def _number_two(sheet: Sheet, plane: Plane, row: Change, y: float) -> None:
    """Each number on the outer side of its dot; one alone where both are written alike."""
    first, last = row.points
    left, right = (first, last) if first <= last else (last, first)
    ends = {first: row.says[0], last: row.says[1]}
    edge = max(plane.pixel(end) for end in (*row.points, row.band[1]) if end == end)
    away = 12 if row.band[0] == row.band[0] else 10
    sheet.write(
        edge + away, y + 4, ends.get(right) or row.says[1], size=SMALL, gid=f"right:{row.id}"
    )
    if left == left and row.says[0] != row.says[1]:
        start = min(plane.pixel(end) for end in (*row.points, row.band[0]) if end == end)
        sheet.write(
            start - away, y + 4, ends[left], size=SMALL, align="right", gid=f"left:{row.id}"
        )


def _draw_line(
    plane: Plane, points: Sequence[tuple[float, float]], row: Change, pair: bool
) -> None:
    """The line from point to point; a break leaves a gap between two strokes."""
    xs, ys = zip(*_broken(plane, points, row.cuts), strict=True)
    draw_line(plane, xs, ys, "grey", 1.2 if pair else 1.8, gid=f"line:{row.id}", layer=2)
    for rank in row.cuts:
        (x, y), (far, low) = points[rank - 1], points[rank]
        if x == x and far == far:
            centre = _break_at(plane, x, far, row) if len(points) == 2 else (x + far) / 2
            _draw_break(plane, centre, (y + low) / 2, f"break:{row.id}:{rank}")


def _break_at(plane: Plane, x: float, far: float, row: Change) -> float:
    """Between both dots; where they leave no room, beside the number of one of them."""
    left, right = sorted((plane.pixel(x), plane.pixel(far)))
    aside = 20 + max(measure(text, SMALL) for text in row.says)
    if right - left >= CLEAR:
        pixel = (left + right) / 2
    else:
        pixel = right + aside if right + aside < plane.right + 20 else left - aside
    return plane.low + (pixel - plane.left) / (plane.right - plane.left) * (plane.high - plane.low)


def _broken(
    plane: Plane, points: Sequence[tuple[float, float]], cuts: Sequence[int]
) -> Iterator[tuple[float, float]]:
    """The same line, without the middle of the stretches that end at a cut."""
    yield points[0]
    for rank in range(1, len(points)):
        (x, y), (far, low) = points[rank - 1], points[rank]
        if rank in cuts:
            long = abs(plane.pixel(far) - plane.pixel(x))
            share = max(0.0, 0.5 - GAP / long) if long else 0.0
            yield x + (far - x) * share, y + (low - y) * share
            yield NAN, NAN
            yield far - (far - x) * share, low - (low - y) * share
        yield far, low


def _draw_break(plane: Plane, x: float, y: float, gid: str | None = None) -> None:
    """Two slanted strokes, as on an axis that is cut."""
    pixel = (plane.high - plane.low) / (plane.right - plane.left)
    xs = [x + step * pixel for step in (-5, 1, NAN, -1, 5)]
    ys = [y + 8, y - 8, NAN, y + 8, y - 8]
    draw_line(plane, xs, ys, "ink", 1.6, gid=gid, layer=5)


def _draw_rounds(sheet: Sheet, planes: Planes, row: Change, middle: float) -> None:
    """A small dot for each round from left to right, higher for a higher score."""
    plane, spread = planes.scores, planes.high - planes.low
    points = [
        (rank, middle + RISE / 2 - (point - planes.low) / spread * RISE)
        for rank, point in enumerate(row.points)
    ]
    draw_line(plane, [plane.low, plane.high], [middle + RISE / 2 + 3] * 2, "grid")
    _draw_line(plane, [(x if y == y else NAN, y) for x, y in points], row, False)
    before, now = LOOKS["several"]
    *others, last = [rank for rank, (_, y) in enumerate(points) if y == y]
    for rank in others:
        gid = f"round:{row.id}:{rank}" if rank != others[0] else f"before:{row.id}"
        _mark(before, plane, *points[rank], gid)
    _mark(now, plane, *points[last], f"now:{row.id}")
    sheet.write(plane.pixel(last) + 9, points[last][1] + 4, row.says[1], size=SMALL)
    if others:
        x, y = plane.pixel(others[0]) - 8, points[others[0]][1] + 4
        sheet.write(x, y, row.says[0], size=SMALL, colour="muted", align="right")


def _mark(look: Look, plane: Plane, x: float, y: float, gid: str | None = None) -> None:
    """One point, a disc or a diamond."""
    if look.diamond:
        reach = look.size * (plane.high - plane.low) / (plane.right - plane.left)
        corners = [(x - reach, y), (x, y - look.size), (x + reach, y), (x, y + look.size)]
        own = Polygon(corners, closed=True, facecolor=PALETTE[look.face],
                      edgecolor=PALETTE[look.edge], linewidth=2, zorder=3.9)  # fmt: skip
        own.set_gid(gid)
        plane.add(own)
        return
    drawn = dot(look.size, PALETTE[look.face], PALETTE[look.edge], False)
    drawn.set_offsets([(x, y)])
    drawn.set_offset_transform(plane.transform)
    drawn.set_gid(gid)
    plane.figure.add_artist(drawn)


def _draw_difference(
    sheet: Sheet, planes: Planes, row: Change, middle: float, reach: float, baseline: float
) -> None:
    """The difference, its interval around zero, and both in words; ``reach``: of the zero line."""
    plane, layout = planes.differences, planes.layout
    if row.difference != row.difference:
        sheet.write(
            plane.left, middle + 4, row.instead, size=SMALL, colour="muted", italic=True,
            gid=f"instead:{row.id}",
        )  # fmt: skip
        return
    end = plane.high
    ends = [middle - reach, middle + reach]
    draw_line(plane, [0, 0], ends, "muted", 1.2, gid=f"zero:{row.id}", layer=0.8)
    draw_uprights(plane, (-end, -end / 2, end / 2, end), middle - 13, middle + 13)
    draw_interval(plane, row.low, row.high, middle, row.side, f"interval:{row.id}")
    draw_dot(plane, row.difference, middle, row.sure, row.side, f"change:{row.id}", size=64)
    sure = row.sure == "established"
    sheet.write(
        layout.value[0], baseline, row.shown, bold=sure, align="right",
        colour="ink" if sure else "muted", gid=f"value:{row.id}",
    )  # fmt: skip
    sheet.write(layout.value[1], baseline, row.ends, size=SMALL, colour="muted")


def _draw_scales(
    sheet: Sheet, planes: Planes, rows: Sequence[Change], beside: Beside, y: float
) -> None:
    plane, end = planes.differences, planes.differences.high
    draw_scale(sheet, plane, y, {-end: signed(-end), 0: "0", end: signed(end)})
    if not _several(rows):
        draw_scale(sheet, planes.scores, y, beside.axis)
        return
    left, right = planes.layout.scores
    half = (right - left) / 2 - 4
    for x, name, align in ((left, beside.names[0], "left"), (right, beside.names[1], "right")):
        text = shorten(name, half, SMALL)
        sheet.write(x, y, text, size=SMALL, colour="muted", align=align)  # type: ignore[arg-type]


def _key(rows: Sequence[Change], beside: Beside) -> list[Entry]:
    """What the marks mean, in words: only those that are drawn."""
    several = _several(rows)
    names = ("un tour d'avant", "le dernier tour") if several else beside.names
    looks = LOOKS["several" if several else "pair" if beside.pair else "two"]
    entries = [
        Entry(partial(_key_mark, look), typography(name))
        for look, name in zip(looks, names, strict=True)
    ]
    if beside.band:
        entries.append(Entry(_key_band, typography(beside.band)))
    if any(row.cuts for row in rows):
        entries.append(Entry(_key_break, typography("le questionnaire ou le calcul a changé")))
    if any(row.difference == row.difference for row in rows):
        entries.append(
            Entry(_key_interval, typography("intervalle de l'écart, à 95 %"), fresh=True)
        )
    met = {row.sure for row in rows}
    entries += [
        Entry(partial(_key_sure, sure), typography(words))
        for sure, words in IN_A_KEY.items()
        if sure in met
    ]
    return entries


def _key_mark(look: Look, sheet: Sheet, x: float, y: float) -> None:
    _mark(look, sheet.canvas, x, y)


def _key_band(sheet: Sheet, x: float, y: float) -> None:
    draw_box(sheet.canvas, x - 8, y - 6, 16, 12, "rule")


def _key_break(sheet: Sheet, x: float, y: float) -> None:
    _draw_break(sheet.canvas, x, y)


def _key_interval(sheet: Sheet, x: float, y: float) -> None:
    draw_interval(sheet.canvas, x - 8, x + 8, y, "between")


def _key_sure(sure: str, sheet: Sheet, x: float, y: float) -> None:
    draw_dot(sheet.canvas, x, y, sure, "between", size=64)
