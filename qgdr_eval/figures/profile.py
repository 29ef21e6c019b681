"""The profile of one service: a dot and its interval per dimension, in the instrument's order.

The example reads ``team_report``: `qgdr demo essai` writes a campaign, and
``open_report("essai/campagne.yml")`` of `qgdr_eval.reporting` opens it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import pandas as pd
from matplotlib.figure import Figure

from qgdr_eval.disclosure.published import Published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.figures.lettering import measure, wrap
from qgdr_eval.figures.marks import dot
from qgdr_eval.figures.style import (
    BODY,
    HUES,
    LINE,
    NARROW,
    SMALL,
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
from qgdr_eval.figures.words import (
    CRITICAL,
    has_critical,
    hidden_words,
    marked,
    reference_key,
    top_label,
    with_critical,
)
from qgdr_eval.frames import ComparisonRow, ReadingRow, TurnoutRow
from qgdr_eval.french import NARROW as NARROW_SPACE
from qgdr_eval.french import number, typography
from qgdr_eval.instruments import Dimension, Instrument, Threshold
from qgdr_eval.palette import PALETTE
from qgdr_eval.wording.levels import axis_levels
from qgdr_eval.wording.scores import (
    ends_words,
    score_in_full,
    short_ends,
    short_words,
)
from qgdr_eval.wording.verdicts import IN_A_KEY

Read = TypeVar("Read", ReadingRow, ComparisonRow)
DOT = 92  # area of a dot, square pixels
POINT = 2  # of the point inside a ring
QUARTERS = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class Row:
    """One dimension of the profile; numbers are NaN where nothing may be shown.

    ``full`` and ``ends``: its score and interval in a sentence; ``short``, ``short_ends``: on the
    figure. ``apart``: whether its difference with the reference is established. ``levels``: the
    names along its axis where it is no quantity.
    """

    dimension: Dimension
    status: str
    score: float
    low: float
    high: float
    verdict: str
    band: str
    reference: float
    reference_label: str
    apart: bool
    thresholds: tuple[Threshold, ...]
    own_thresholds: bool
    full: str
    ends: str
    short: str
    short_ends: str
    levels: dict[float, str]
    may_cap: bool

    @property
    def name(self) -> str:
        """The name of the dimension, marked when one of its criteria is critical."""
        return marked(self.dimension.label, self.may_cap)


@dataclass(frozen=True)
class Layout:
    """Where things stand on the sheet, in pixels."""

    width: float
    plot: tuple[float, float]
    label_width: float
    value: tuple[float, float]
    narrow: bool


LAYOUTS = {
    False: Layout(WIDE, (242, 560), 226, (614, 622), False),
    True: Layout(NARROW, (12, 346), 238, (284, 292), True),
}


def profile_figure(
    published: Published,
    readings: pd.DataFrame,
    comparisons: pd.DataFrame | None = None,
    narrow: bool = False,
) -> Figure:
    """Draw the dimensions of one service (or total) on one 0–100 frame.

    ``published`` is kept to one group by `Published.of`; ``readings`` and ``comparisons`` may
    hold every group; ``narrow``: for a telephone. Artists carry a gid: ``score:<dimension>``,
    ``interval:<dimension>``, ``reference:<dimension>``, ``hidden:<dimension>``; and
    ``apart:<dimension>`` where the difference with the reference is established.

    >>> figure = profile_figure(team_report.published, team_report.readings)
    >>> bool(figure.findobj(lambda artist: artist.get_gid() == "score:liberte_expression"))
    True

    Raises:
        ValueError: the results are those of several groups.
    """
    rows = profile_rows(published, readings, comparisons)
    return draw_profile(rows, published.instrument, narrow)


def draw_profile(rows: list[Row], instrument: Instrument, narrow: bool) -> Figure:
    """Draw rows as `profile_figure` does; read once, they are drawn wide, narrow, and said."""
    layout = _layout(rows, narrow)
    labels = [wrap(row.name, layout.label_width, BODY, 4) for row in rows]
    heights = [_height(lines, narrow) for lines in labels]
    heads = heads_of(rows, layout.plot)
    top = 10 + 16 * max((len(lines) for lines in heads.values()), default=0)
    bottom = top + sum(heights)
    key = lay_key(key_entries(rows), layout.width - 8)
    sheet = Sheet(layout.width, bottom + 30 + key.height + 4)
    plane = sheet.plane(*layout.plot, 0, 100)
    draw_heads(sheet, heads, layout.plot)
    _draw_rows(sheet, plane, rows, labels, heights, top, layout)
    draw_scale(sheet, plane, bottom + 15, scale_labels(instrument, rows))
    draw_key(sheet, key, 0, bottom + 30)
    return sheet.figure


def _layout(rows: list[Row], narrow: bool) -> Layout:
    """The usual places; intervals between levels take some of the plot, or of the names, on it."""
    usual = LAYOUTS[narrow]
    names = {name for row in rows for name in row.levels.values()}
    pair = "–".join([max(names, key=lambda name: measure(name, SMALL), default="")] * 2)
    room = usual.width - usual.value[1]
    more = max(0.0, measure(f"[{pair}{NARROW_SPACE}; {pair}]", SMALL) - room) if names else 0.0
    (left, right), (end, start) = usual.plot, usual.value
    return replace(
        usual,
        plot=usual.plot if narrow else (left, right - more),
        label_width=usual.label_width - more if narrow else usual.label_width,
        value=(end - more, start - more),
    )


def scale_labels(instrument: Instrument, rows: list[Row]) -> dict[float, str]:
    """The labels of the axis: its levels, else both ends and the thresholds clear of them."""
    dimensions = tuple(row.dimension for row in rows)
    if levels := axis_levels(dimensions, instrument):
        return levels
    labels = {0.0: "0", 100.0: top_label(dimensions)}
    last = 0.0
    for value in sorted(mark.value for mark in instrument.thresholds):
        if last + 7 < value < 87:
            labels[value], last = number(value), value
    return labels


def only_group(published: Published) -> tuple[str, str]:
    """The one (facility, service) of a slice; raises ``ValueError`` when there are several."""
    people = published.participation
    groups = {(row.facility, row.service) for row in rows_of(people, TurnoutRow)}
    if len(groups) != 1:
        raise ValueError("one group at a time: slice with published.of(facility, service)")
    return groups.pop()


def profile_rows(
    published: Published, readings: pd.DataFrame, comparisons: pd.DataFrame | None
) -> list[Row]:
    """What the profile shows, one row per dimension in the instrument's order."""
    group = only_group(published)
    statuses = published.dimension_scores().set_index("dimension")["status"].astype(str).to_dict()
    place = dict(zip(("facility", "service"), group, strict=True))
    read = _by_dimension(rows_of(readings, ReadingRow, **place))
    compared = [] if comparisons is None else rows_of(comparisons, ComparisonRow, **place)
    references = _by_dimension(compared)
    return [
        _row(
            dimension,
            statuses.get(dimension.id, "absent"),
            read.get(dimension.id),
            references.get(dimension.id),
            published.instrument,
        )
        for dimension in published.instrument.dimensions
    ]


def _by_dimension(rows: list[Read]) -> dict[str, Read]:
    return {row.dimension: row for row in reversed(rows)}


def _nothing(dimension: str) -> ReadingRow:
    """The reading of what is not shown."""
    return ReadingRow("", "", dimension, math.nan, math.nan, math.nan, "hidden", "between")


def _row(
    dimension: Dimension,
    status: str,
    read: ReadingRow | None,
    compared: ComparisonRow | None,
    instrument: Instrument,
) -> Row:
    shown = status == "published" and read is not None
    beside = compared if shown else None
    values = read if read and shown else _nothing(dimension.id)
    score, low, high = values.score, values.low, values.high
    return Row(
        dimension=dimension,
        status="absent" if status == "published" and not shown else status,
        score=score,
        low=low,
        high=high,
        verdict=values.verdict,
        band=values.band,
        reference=beside.reference_score if beside else math.nan,
        reference_label=beside.reference if beside else "",
        apart=beside is not None and beside.verdict != "not_established",
        thresholds=dimension.thresholds or instrument.thresholds,
        own_thresholds=bool(dimension.thresholds),
        full=score_in_full(score, dimension, instrument),
        ends=ends_words(low, high, dimension, instrument),
        short=short_words(score, dimension, instrument),
        short_ends=short_ends(low, high, dimension, instrument),
        levels=axis_levels([dimension], instrument),
        may_cap=has_critical(dimension, instrument),
    )


def _height(lines: tuple[str, ...], narrow: bool) -> float:
    return len(lines) * LINE + 42 if narrow else max(38, len(lines) * LINE + 18)


def heads_of(rows: Sequence[Row], plot: tuple[float, float]) -> dict[str, tuple[str, ...]]:
    """The thresholds' own words, to stand above the zones they open."""
    width = (plot[1] - plot[0]) / 2 - 8
    labels = {mark.kind: mark.label for row in reversed(rows) for mark in row.thresholds}
    return {kind: wrap(label, width, SMALL, 2) for kind, label in labels.items()}


def draw_heads(sheet: Sheet, heads: dict[str, tuple[str, ...]], plot: tuple[float, float]) -> None:
    """Write the words of thresholds at both ends of a plot, at the top of the sheet."""
    deepest = max((len(lines) for lines in heads.values()), default=0)
    for kind, lines in heads.items():
        left = kind == "at_most"
        sheet.write_lines(
            plot[0] if left else plot[1],
            14 + 16 * (deepest - len(lines)),
            lines,
            size=SMALL,
            leading=16,
            align="left" if left else "right",
            colour="warm" if left else "cool",
        )


def _draw_rows(
    sheet: Sheet,
    plane: Plane,
    rows: list[Row],
    labels: list[tuple[str, ...]],
    heights: list[float],
    top: float,
    layout: Layout,
) -> None:
    for row, lines, height in zip(rows, labels, heights, strict=True):
        text = len(lines) * LINE
        if layout.narrow:
            _draw_row(sheet, plane, row, (top + text + 10, 24), layout, top + 21)
            sheet.write_lines(0, top + 21, lines)
        else:
            _draw_row(sheet, plane, row, (top, height), layout, top + height / 2 + 4)
            sheet.write_lines(0, top + (height - text) / 2 + 13, lines)
            draw_line(sheet.canvas, [0, layout.width], [top + height] * 2, "grid")
        top += height


def _draw_row(
    sheet: Sheet,
    plane: Plane,
    row: Row,
    strip: tuple[float, float],
    layout: Layout,
    baseline: float,
) -> None:
    top, height = strip
    middle = top + height / 2
    if row.verdict == "hidden":
        words = hidden_words(row.status)
        sheet.write(
            layout.plot[0] + 2,
            middle + 4,
            words,
            size=SMALL,
            colour="muted",
            italic=True,
            gid=f"hidden:{row.dimension.id}",
        )
        return
    draw_bands(plane, row.thresholds, top, height)
    for mark in row.thresholds if row.own_thresholds else ():
        sheet.write(
            plane.pixel(mark.value),
            top + height - 2,
            row.levels.get(mark.value, number(mark.value)),
            size=10,
            colour="muted",
            align="center",
            gid=f"threshold:{row.dimension.id}",
        )
    draw_uprights(plane, tuple(row.levels) or QUARTERS, top, top + height)
    draw_interval(plane, row.low, row.high, middle, row.band, f"interval:{row.dimension.id}")
    if row.reference == row.reference:
        draw_reference(plane, row.reference, middle, row.dimension.id, apart=row.apart)
    draw_dot(plane, row.score, middle, row.verdict, row.band, f"score:{row.dimension.id}")
    sheet.write(
        layout.value[0],
        baseline,
        row.short,
        bold=True,
        align="right",
        gid=f"value:{row.dimension.id}",
    )
    sheet.write(layout.value[1], baseline, row.short_ends, size=SMALL, colour="muted")


def draw_bands(plane: Plane, thresholds: tuple[Threshold, ...], top: float, height: float) -> None:
    """The zones that thresholds open, behind one row."""
    for mark in thresholds:
        left, right = (0, mark.value) if mark.kind == "at_most" else (mark.value, 100)
        face = "warm_soft" if mark.kind == "at_most" else "cool_soft"
        draw_box(plane, left, top, right - left, height, face, gid=f"band:{mark.kind}", layer=0.1)


def draw_interval(
    plane: Plane, low: float, high: float, y: float, band: str, gid: str | None = None
) -> None:
    """The line from the low to the high end of an interval."""
    draw_line(plane, [low, high], [y, y], HUES[band], 2.2, gid=gid, layer=2)


def draw_reference(
    plane: Plane, x: float, y: float, id: str = "", *, apart: bool, half: float = 10
) -> None:
    """The reference: a light upright tick, taller than a dot.

    ``apart``: dark and barred at both ends, since the difference is established; ``half``: half
    its height, in pixels.
    """
    tone, width = ("ink", 1.8) if apart else ("grey", 1.4)
    gids = (f"reference:{id}", f"apart:{id}") if id else (None, None)
    draw_line(plane, [x, x], [y - half, y + half], tone, width, gid=gids[0], layer=3)
    if apart:
        reach = 4 * (plane.high - plane.low) / (plane.right - plane.left)
        xs = [x - reach, x + reach, math.nan, x - reach, x + reach]
        ys = [y - half, y - half, math.nan, y + half, y + half]
        draw_line(plane, xs, ys, tone, width, gid=gids[1], layer=3)


def draw_dot(
    plane: Plane,
    x: float,
    y: float,
    verdict: str,
    band: str,
    gid: str | None = None,
    *,
    size: float = DOT,
) -> None:
    """A score; its shape says how sure its place is. ``size``: its area, in square pixels.

    Filled, ring, dashed ring, or ring around a point when a critical criterion caps it.
    """
    tone = PALETTE["grey"] if verdict == "cannot_conclude" else PALETTE[HUES[band]]
    filled = verdict in ("established", "no_threshold")
    drawn = dot(size, tone if filled else PALETTE["paper"], tone, verdict == "cannot_conclude")
    drawn.set_gid(gid)
    for mark in (drawn, dot(POINT, tone, tone, False)) if verdict == "capped" else (drawn,):
        mark.set_offsets([(x, y)])
        mark.set_offset_transform(plane.transform)
        plane.figure.add_artist(mark)


def key_entries(rows: list[Row]) -> list[Entry]:
    """What the marks mean, in words: always the same lines for the same frame."""
    entries = key_of_verdicts(rows)
    entries.append(Entry(_key_interval, typography("intervalle à 95 %")))
    entries += [
        Entry(partial(_key_reference, apart), typography(text))
        for apart, text in reference_key(row.reference_label for row in rows)
    ]
    return entries


def key_of_verdicts(rows: Sequence[Row], words: Mapping[str, str] = IN_A_KEY) -> list[Entry]:
    """What the shape of a score means: always the same lines for the same frame."""
    verdicts = words if any(row.thresholds for row in rows) else {"no_threshold": "score"}
    capping = [row.dimension for row in rows if row.may_cap]
    entries = [
        Entry(partial(_key_dot, verdict), typography(text))
        for verdict, text in verdicts.items()
        if verdict != "capped" or capping
    ]
    return [*entries, *(Entry(key_critical, with_critical(one)) for one in capping[:1])]


def key_critical(sheet: Sheet, x: float, y: float) -> None:
    """The mark of what is critical, in a key."""
    sheet.write(x, y + 4, CRITICAL, size=SMALL, align="center")


def _key_dot(verdict: str, sheet: Sheet, x: float, y: float) -> None:
    draw_dot(sheet.canvas, x, y, verdict, "between")


def _key_interval(sheet: Sheet, x: float, y: float) -> None:
    draw_interval(sheet.canvas, x - 8, x + 8, y, "between")


def _key_reference(apart: bool, sheet: Sheet, x: float, y: float) -> None:
    draw_reference(sheet.canvas, x, y, apart=apart, half=7)
