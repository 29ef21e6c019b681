"""The profile at a glance: every dimension of one service on one frame, a line each, no number.

The example reads ``team_report``: `qgdr demo essai` writes a campaign, and
``open_report("essai/campagne.yml")`` of `qgdr_eval.reporting` opens it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from qgdr_eval.figures.lettering import wrap
from qgdr_eval.figures.profile import (
    QUARTERS,
    Row,
    draw_bands,
    draw_dot,
    draw_heads,
    draw_interval,
    heads_of,
    key_of_verdicts,
    scale_labels,
)
from qgdr_eval.figures.style import (
    NARROW,
    SMALL,
    WIDE,
    Plane,
    Sheet,
    draw_key,
    draw_scale,
    draw_uprights,
    lay_key,
)
from qgdr_eval.figures.words import hidden_words
from qgdr_eval.instruments import Instrument
from qgdr_eval.wording.verdicts import IN_FEW_WORDS

DOT = 58  # area of a dot, square pixels: half of the full profile's
LEADING = 13
CLEAR = ("established", "no_threshold")


@dataclass(frozen=True)
class Layout:
    """Where things stand on the sheet, in pixels: its width, the plot, the names' width."""

    width: float
    plot: tuple[float, float]
    names: float


LAYOUTS = {False: Layout(WIDE, (300, 692), 290), True: Layout(NARROW, (178, 354), 170)}


def draw_sketch(rows: Sequence[Row], instrument: Instrument, narrow: bool) -> Figure:
    """Draw the rows of a profile small enough for a first screen; ``narrow``: for a telephone.

    A name in bold is a dimension whose reading is established. Artists carry a gid:
    ``score:<dimension>``, ``interval:<dimension>``, ``hidden:<dimension>``.

    >>> from qgdr_eval.figures.profile import profile_rows
    >>> rows = profile_rows(team_report.published, team_report.readings, None)
    >>> figure = draw_sketch(rows, team_report.instrument, narrow=True)
    >>> sum(str(artist.get_gid()).startswith("score:") for artist in figure.findobj())
    10
    """
    layout = LAYOUTS[narrow]
    names = [wrap(row.name, layout.names, SMALL, 3, bold=_is_clear(row)) for row in rows]
    heights = [len(lines) * LEADING + 7 for lines in names]
    key = lay_key(key_of_verdicts(rows, IN_FEW_WORDS), layout.width)
    heads = heads_of(rows, layout.plot)
    top = 6 + 16.0 * max((len(lines) for lines in heads.values()), default=0)
    bottom = top + sum(heights)
    sheet = Sheet(layout.width, bottom + 22 + key.height)
    plane = sheet.plane(*layout.plot, 0, 100)
    draw_heads(sheet, heads, layout.plot)
    for row, lines, height in zip(rows, names, heights, strict=True):
        _write_name(sheet, row, lines, top)
        _draw_row(sheet, plane, row, top, height)
        top += height
    draw_scale(sheet, plane, bottom + 13, _labels(instrument, rows, narrow))
    draw_key(sheet, key, 0, bottom + 20)
    return sheet.figure


def _labels(instrument: Instrument, rows: Sequence[Row], narrow: bool) -> dict[float, str]:
    """The labels of the axis; on a telephone, those that leave room for its ends."""
    labels = scale_labels(instrument, list(rows))
    room = (18, 68) if narrow and not any(row.levels for row in rows) else (0, 100)
    return {
        value: label
        for value, label in labels.items()
        if value in (0, 100) or room[0] <= value <= room[1]
    }


def _is_clear(row: Row) -> bool:
    """Whether a name is written in bold."""
    return row.verdict in CLEAR and row.band != "between"


def _write_name(sheet: Sheet, row: Row, lines: tuple[str, ...], top: float) -> None:
    clear = _is_clear(row)
    for rank, line in enumerate(lines):
        y = top + 13 + rank * LEADING
        sheet.write(0, y, line, size=SMALL, bold=clear, colour="ink" if clear else "muted")


def _draw_row(sheet: Sheet, plane: Plane, row: Row, top: float, height: float) -> None:
    middle, id = top + height / 2, row.dimension.id
    if row.verdict == "hidden":
        words, x = hidden_words(row.status), plane.left
        sheet.write(
            x, middle + 4, words, size=SMALL, colour="muted", italic=True, gid=f"hidden:{id}"
        )
        return
    draw_bands(plane, row.thresholds, top, height)
    draw_uprights(plane, tuple(row.levels) or QUARTERS, top, top + height)
    draw_interval(plane, row.low, row.high, middle, row.band, f"interval:{id}")
    draw_dot(plane, row.score, middle, row.verdict, row.band, f"score:{id}", size=DOT)
