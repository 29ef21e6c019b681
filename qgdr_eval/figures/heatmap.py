"""Services by dimensions on one frame: the campaign's order down, the instrument's across.

The example reads ``campaign_report``: `qgdr demo essai` writes a campaign, and
``open_campaign("essai/campagne.yml")`` of `qgdr_eval.reporting` opens it.
"""

from collections.abc import Sequence
from functools import partial

import pandas as pd
from matplotlib.figure import Figure

from qgdr_eval.disclosure.published import Published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.figures.heatmap_cells import (
    Cell,
    Line,
    draw_cell,
    draw_corner,
    face_of,
    key_entries,
    value_colour,
)
from qgdr_eval.figures.heatmap_layout import Block, Grid, lay_blocks, lay_grid
from qgdr_eval.figures.style import (
    BODY,
    LINE,
    SMALL,
    Entry,
    Sheet,
    draw_key,
    draw_line,
    lay_key,
)
from qgdr_eval.figures.words import has_critical, marked
from qgdr_eval.frames import ReadingRow, TurnoutRow
from qgdr_eval.french import NO_BREAK, number
from qgdr_eval.instruments import Dimension, Instrument, Threshold
from qgdr_eval.palette import PALETTE
from qgdr_eval.scoring import gives
from qgdr_eval.wording.levels import axis_levels
from qgdr_eval.wording.scores import short_words

GAP = 2  # between cells


def heatmap_figure(published: Published, readings: pd.DataFrame, narrow: bool = False) -> Figure:
    """Draw every service of the campaign on every dimension, never sorted by result.

    ``readings`` as given by `read_dimensions`. The look of a cell says how sure its place
    between the thresholds is. Artists carry a gid: ``cell:<rank>:<dimension>``,
    ``value:<rank>:<dimension>`` and ``interval:<rank>:<dimension>``, rank being the service's
    place in `Published.services`.

    ``narrow``: for a telephone.

    >>> figure = heatmap_figure(campaign_report.published, campaign_report.readings)
    >>> bool(figure.findobj(lambda artist: str(artist.get_gid()).startswith("cell:0:")))
    True
    """
    dimensions = _marked(published.instrument)
    grid = lay_grid(dimensions, narrow)
    blocks = lay_blocks(heatmap_lines(published, readings), grid)
    names = lay_key(_names(dimensions) if grid.numbered else [], grid.width - 4)
    levels = list(axis_levels(dimensions, published.instrument).values())
    key = lay_key(
        key_entries(_first_thresholds(published), _capping(published.instrument), levels),
        grid.width - 4,
    )
    top = names.height + (14 if grid.numbered else 0)
    beside = blocks[0].height if blocks and not grid.narrow else 0.0
    first = top + max(grid.head_height - beside, 0.0)
    bottom = first + sum(block.height for block in blocks)
    sheet = Sheet(grid.width, bottom + 18 + key.height + 4)
    draw_key(sheet, names, 0, 0)
    _draw_heads(sheet, grid, first + beside)
    _draw_blocks(sheet, grid, blocks, first)
    draw_key(sheet, key, 0, bottom + 18)
    return sheet.figure


def heatmap_lines(
    published: Published,
    readings: pd.DataFrame,
    groups: Sequence[tuple[str, str]] | None = None,
) -> list[Line]:
    """What the figure shows: one line per service in the campaign's order, facilities together.

    ``groups``: other ones in their order, totals among them (service ""), instead of its services.
    """
    read = {
        (row.facility, row.service, row.dimension): row for row in rows_of(readings, ReadingRow)
    }
    people = rows_of(published.participation, TurnoutRow)
    sizes = {(row.facility, row.service): row.n for row in people}
    ranked = _facilities_together(published) if groups is None else list(enumerate(groups))
    return [
        Line(
            rank,
            *group,
            _float(sizes[group]),
            tuple(
                _cell(published.instrument, dimension, read.get((*group, dimension.id)))
                for dimension in published.instrument.dimensions
            ),
        )
        for rank, group in ranked
    ]


def _facilities_together(published: Published) -> list[tuple[int, tuple[str, str]]]:
    """Services with their rank in the campaign, those of a facility after one another."""
    order = list(dict.fromkeys(facility for facility, _ in published.services))
    return sorted(enumerate(published.services), key=lambda place: order.index(place[1][0]))


def _float(value: object) -> float:
    return float("nan") if pd.isna(value) else float(value)  # type: ignore[arg-type]


def _cell(instrument: Instrument, dimension: Dimension, row: ReadingRow | None) -> Cell:
    nothing = float("nan")
    if row is None or row.verdict == "hidden":
        return Cell(dimension.id, nothing, nothing, nothing, "hidden", "between", PALETTE["paper"])
    score, verdict = row.score, row.verdict
    levels = gives(dimension) == "level"
    return Cell(
        dimension.id,
        score,
        row.low,
        row.high,
        verdict,
        row.band,
        face_of(score, verdict, instrument.thresholds_of(dimension.id)),
        short_words(score, dimension, instrument) if levels else number(score),
    )


def _draw_heads(sheet: Sheet, grid: Grid, bottom: float) -> None:
    if grid.numbered:
        return
    for rank, rows in enumerate(grid.heads):
        middle = grid.left + (rank + 0.5) * grid.cell
        for place, row in enumerate(rows):
            if grid.turned:
                x = middle + (place - (len(rows) - 1) / 2) * 14 + 4
                sheet.write(x, bottom - 7, row, size=SMALL, colour="muted", turn=90)
            else:
                y = bottom - 7 - (len(rows) - 1 - place) * LINE
                sheet.write(middle, y, row, size=SMALL, colour="muted", align="center")
    sheet.write(sheet.width, bottom - 7, "n", size=SMALL, colour="muted", align="right")


def _draw_blocks(sheet: Sheet, grid: Grid, blocks: list[Block], top: float) -> None:
    for block in blocks:
        if block.line is None:
            _draw_facility(sheet, grid, block, top)
        else:
            _draw_service(sheet, grid, block, block.line, top)
        top += block.height


def _draw_facility(sheet: Sheet, grid: Grid, block: Block, top: float) -> None:
    last = top + block.height - 7
    first = top + 28 if grid.narrow and grid.numbered else last - (len(block.text) - 1) * LINE
    for rank, row in enumerate(block.text):
        sheet.write(0, first + rank * LINE, row, bold=True)
    if not grid.numbered:
        return
    for rank, (row,) in enumerate(grid.heads):
        sheet.write(
            grid.left + (rank + 0.5) * grid.cell,
            last,
            row,
            size=SMALL,
            colour="muted",
            align="center",
        )
    sheet.write(sheet.width, last, "n", size=SMALL, colour="muted", align="right")


def _draw_service(sheet: Sheet, grid: Grid, block: Block, line: Line, top: float) -> None:
    text = len(block.text) * LINE
    if grid.narrow:
        sheet.write_lines(0, top + 17, block.text)
        strip = (top + text + 6, grid.height)
    else:
        leading = LINE - 2
        first = top + (block.height - len(block.text) * leading) / 2 + 12
        sheet.write_lines(0, first, block.text, leading=leading)
        strip = (top, block.height)
    for rank, cell in enumerate(line.cells):
        _draw_cell(sheet, grid, cell, line.rank, rank, strip)
    _draw_tracks(sheet, grid, line, strip)
    n = number(line.n) if line.n == line.n else "—"
    sheet.write(
        sheet.width,
        strip[0] + strip[1] / 2 + 5,
        n,
        size=SMALL,
        colour="muted",
        align="right",
        gid=f"n:{line.rank}",
    )


def _draw_cell(
    sheet: Sheet, grid: Grid, cell: Cell, line: int, column: int, strip: tuple[float, float]
) -> None:
    left, top = grid.left + column * grid.cell + GAP / 2, strip[0] + GAP / 2
    width, height = grid.cell - GAP, strip[1] - GAP
    name = f"{line}:{cell.dimension}"
    draw_cell(sheet.canvas, (left, top, width, height), cell.verdict, cell.face, f"cell:{name}")
    hidden = cell.verdict == "hidden"
    ink = value_colour(cell)
    if cell.verdict == "established" and cell.band == "priority":
        draw_corner(sheet.canvas, left, top, ink, f"corner:{name}")
    size = min(BODY, width * 0.46)
    sheet.write(
        left + width / 2,
        top + height / 2 + (5 if hidden else 2.5),
        cell.text,
        size=size,
        align="center",
        colour=ink,
        bold=cell.verdict == "established",
        gid=f"value:{name}",
    )
    if not hidden:
        scale, y = (width - 6) / 100, top + height - 5
        draw_line(
            sheet.canvas,
            [left + 3 + cell.low * scale, left + 3 + cell.high * scale],
            [y, y],
            ink,
            1.4,
            gid=f"interval:{name}",
            layer=3,
        )


def _draw_tracks(sheet: Sheet, grid: Grid, line: Line, strip: tuple[float, float]) -> None:
    """The 0–100 track under each interval, faint, so that its place can be judged."""
    xs: list[float] = []
    for rank, cell in enumerate(line.cells):
        if cell.verdict != "hidden":
            left = grid.left + rank * grid.cell + GAP / 2 + 3
            xs += [left, left + grid.cell - GAP - 6, float("nan")]
    if xs:
        y = strip[0] + strip[1] - GAP / 2 - 5
        draw_line(sheet.canvas, xs, [y] * len(xs), "ink", 1.4, layer=2.5, opacity=0.16)


def _names(dimensions: Sequence[Dimension]) -> list[Entry]:
    return [
        Entry(partial(_key_number, rank + 1), dimension.label)
        for rank, dimension in enumerate(dimensions)
    ]


def _key_number(rank: int, sheet: Sheet, x: float, y: float) -> None:
    sheet.write(x, y + 4, rank, size=SMALL, align="center", bold=True)


def _marked(instrument: Instrument) -> list[Dimension]:
    """The dimensions, the names of those with a critical criterion being marked.

    Columns are narrow: the mark may stand on a line of its own rather than have a word cut.
    """
    names = [marked(one.label, has_critical(one, instrument)) for one in instrument.dimensions]
    return [
        one.model_copy(update={"label": name.replace(NO_BREAK, " ")})
        for one, name in zip(instrument.dimensions, names, strict=True)
    ]


def _capping(instrument: Instrument) -> Dimension | None:
    """The first dimension with a critical criterion."""
    return next((one for one in instrument.dimensions if has_critical(one, instrument)), None)


def _first_thresholds(published: Published) -> Sequence[Threshold]:
    """The thresholds the key tells: the instrument's, else those of the first that has some."""
    owns = (dimension.thresholds for dimension in published.instrument.dimensions)
    return published.instrument.thresholds or next((own for own in owns if own), ())
