"""Services by dimensions on one frame: the campaign's order down, the instrument's across."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from qgdr_eval.disclosure.published import Published
from qgdr_eval.figures.lettering import measure, wrap
from qgdr_eval.figures.style import (
    BODY,
    LINE,
    NARROW,
    PALETTE,
    SMALL,
    WIDE,
    Entry,
    Plane,
    Sheet,
    blend,
    draw_box,
    draw_key,
    draw_line,
    lay_key,
    text_on,
)
from qgdr_eval.french import listed, number, typography
from qgdr_eval.instruments import Dimension, Threshold

N_WIDTH, LABEL_WIDTH, CELL_MOST, HEAD_MOST = 36, 178, 96, 176
GAP, CORNER = 2, 8
RAMP = 120  # width of the key's colour scale

LOOKS = {
    "established": "établi : tout l'intervalle est dans une seule zone",
    "to_confirm": "à confirmer : l'intervalle franchit un seuil",
    "cannot_conclude": "on ne peut pas conclure",
    "hidden": "résultat non montré",
}


@dataclass(frozen=True)
class Cell:
    """One service on one dimension; numbers are NaN when hidden."""

    dimension: str
    score: float
    low: float
    high: float
    verdict: str
    band: str
    face: str


@dataclass(frozen=True)
class Line:
    """One service: its cells in the instrument's order. ``n`` is NaN when hidden."""

    rank: int
    facility: str
    service: str
    n: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """Where the cells stand, in pixels, and how the columns are headed."""

    width: float
    left: float
    cell: float
    height: float
    heads: tuple[tuple[str, ...], ...]
    turned: bool
    numbered: bool

    @property
    def narrow(self) -> bool:
        """Whether names stand above their cells, as on a phone."""
        return self.width == NARROW

    @property
    def head_height(self) -> float:
        """The height the column heads need; the first facility's name stands beside them."""
        if self.numbered:
            return 0
        if self.turned:
            return max(measure(row, SMALL) for rows in self.heads for row in rows) + 12
        return max(len(rows) for rows in self.heads) * LINE + 8


@dataclass(frozen=True)
class Block:
    """A stretch of the sheet: a facility's name (``line`` is None) or a service's cells."""

    line: Line | None
    text: tuple[str, ...]
    height: float


def heatmap_figure(published: Published, readings: pd.DataFrame, narrow: bool = False) -> Figure:
    """Draw every service of the campaign on every dimension, never sorted by result.

    ``readings`` as given by `read_dimensions`. The look of a cell says how sure its place
    between the thresholds is. Artists carry a gid: ``cell:<rank>:<dimension>``,
    ``value:<rank>:<dimension>`` and ``interval:<rank>:<dimension>``, rank being the service's
    place in `Published.services`.
    """
    dimensions = published.instrument.dimensions
    grid = lay_grid(dimensions, narrow)
    blocks = _blocks(heatmap_lines(published, readings), grid)
    names = lay_key(_names(dimensions) if grid.numbered else [], grid.width - 4)
    key = lay_key(_key(_first_thresholds(published)), grid.width - 4)
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


def heatmap_lines(published: Published, readings: pd.DataFrame) -> list[Line]:
    """What the figure shows: one line per service in the campaign's order, facilities together."""
    read = {
        (str(row["facility"]), str(row["service"]), str(row["dimension"])): row
        for row in readings.to_dict("records")
    }
    rows = published.participation.to_dict("records")
    sizes = {(str(row["facility"]), str(row["service"])): row["n"] for row in rows}
    order = list(dict.fromkeys(facility for facility, _ in published.services))
    ranked = sorted(enumerate(published.services), key=lambda place: order.index(place[1][0]))
    return [
        Line(
            rank,
            *service,
            _float(sizes[service]),
            tuple(
                _cell(
                    dimension.id,
                    read.get((*service, dimension.id)),
                    published.instrument.thresholds_of(dimension.id),
                )
                for dimension in published.instrument.dimensions
            ),
        )
        for rank, service in ranked
    ]


def _float(value: object) -> float:
    return float("nan") if pd.isna(value) else float(value)  # type: ignore[arg-type]


def _cell(dimension: str, row: dict | None, thresholds: Sequence[Threshold]) -> Cell:
    nothing = float("nan")
    if row is None or row["verdict"] == "hidden":
        return Cell(dimension, nothing, nothing, nothing, "hidden", "between", PALETTE["paper"])
    score, verdict = float(row["score"]), str(row["verdict"])
    return Cell(
        dimension,
        score,
        float(row["low"]),
        float(row["high"]),
        verdict,
        str(row["band"]),
        face_of(score, verdict, thresholds),
    )


def face_of(score: float, verdict: str, thresholds: Sequence[Threshold]) -> str:
    """A cell's colour: away from the middle of the thresholds, paler when not established."""
    if not thresholds:
        return blend(PALETTE["soft"], PALETTE["neutral"], score / 100)
    if verdict in ("cannot_conclude", "hidden"):
        return PALETTE["paper"]
    middle = sum(mark.value for mark in thresholds) / len(thresholds)
    room = 100 - middle if score >= middle else middle
    share = min(abs(score - middle) / max(room, 1.0), 1.0) ** 0.7
    full = blend("#edeff0", PALETTE["cool" if score >= middle else "warm"], share)
    return full if verdict == "established" else blend(full, PALETTE["paper"], 0.62)


def lay_grid(dimensions: Sequence[Dimension], narrow: bool) -> Grid:
    """Place the columns: heads lying when they fit, else upright, else numbers and a list."""
    width, label = (NARROW, 0) if narrow else (WIDE, LABEL_WIDTH)
    cell = min(CELL_MOST, (width - label - N_WIDTH) / len(dimensions))
    left = 0 if narrow else width - N_WIDTH - cell * len(dimensions)
    heads, turned, numbered = _heads(dimensions, cell, narrow)
    return Grid(width, left, cell, 30 if narrow else 32, heads, turned, numbered)


def _heads(
    dimensions: Sequence[Dimension], cell: float, narrow: bool
) -> tuple[tuple[tuple[str, ...], ...], bool, bool]:
    lying = [wrap(dimension.label, cell - 4, SMALL) for dimension in dimensions]
    words = [word for dimension in dimensions for word in dimension.label.split()]
    if max(measure(word, SMALL) for word in words) <= cell - 4 and max(map(len, lying)) <= 5:
        return tuple(lying), False, False
    upright = [wrap(dimension.label, HEAD_MOST, SMALL) for dimension in dimensions]
    if not narrow and max(map(len, upright)) * 14 <= cell - 4:
        return tuple(upright), True, False
    return tuple((str(rank + 1),) for rank in range(len(dimensions))), False, True


def _blocks(lines: list[Line], grid: Grid) -> list[Block]:
    """Facilities' names and services' lines, in the order they are drawn."""
    blocks: list[Block] = []
    for line in lines:
        last = blocks[-1].line if blocks else None
        if last is None or last.facility != line.facility:
            blocks.append(_facility_block(line.facility, grid))
        blocks.append(_service_block(line, grid))
    return blocks


def _facility_block(facility: str, grid: Grid) -> Block:
    # On a wide page the heads stand beside the name, on a phone under it.
    text = wrap(facility, grid.width if grid.narrow else grid.left - 12, BODY, 3, bold=True)
    return Block(None, text, len(text) * LINE + (40 if grid.narrow and grid.numbered else 26))


def _service_block(line: Line, grid: Grid) -> Block:
    if grid.narrow:
        text = wrap(line.service, grid.width - 4, BODY, 2)
        return Block(line, text, len(text) * LINE + grid.height + 14)
    text = wrap(line.service, grid.left - 12, BODY, 3)
    return Block(line, text, max(grid.height, len(text) * (LINE - 2) + 6))


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
        number(cell.score) if not hidden else "—",
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


def value_colour(cell: Cell) -> str:
    """The colour of the value printed in a cell: grey when nothing can be concluded."""
    if cell.verdict in ("hidden", "cannot_conclude"):
        return PALETTE["muted"]
    return text_on(cell.face)


def draw_cell(
    plane: Plane,
    box: tuple[float, float, float, float],
    verdict: str,
    face: str,
    gid: str | None = None,
) -> None:
    """A cell: full when established, pale when to confirm, dashed when nothing can be concluded."""
    if verdict == "hidden":
        draw_box(plane, *box, "paper", hatch=True, gid=gid)
    elif verdict == "cannot_conclude":
        left, top, width, height = box
        draw_box(
            plane,
            left + 0.5,
            top + 0.5,
            width - 1,
            height - 1,
            "paper",
            edge="grey",
            dashed=True,
            gid=gid,
        )
    else:
        draw_box(plane, *box, face, gid=gid)


def draw_corner(plane: Plane, left: float, top: float, ink: str, gid: str | None = None) -> None:
    """A marked corner: established as low, for who does not see colours."""
    plane.add(
        Polygon(
            [(left, top), (left + CORNER, top), (left, top + CORNER)],
            facecolor=ink,
            edgecolor="none",
            linewidth=0,
            zorder=3,
            gid=gid,
        )
    )


def _names(dimensions: Sequence[Dimension]) -> list[Entry]:
    return [
        Entry(partial(_key_number, rank + 1), dimension.label)
        for rank, dimension in enumerate(dimensions)
    ]


def _first_thresholds(published: Published) -> Sequence[Threshold]:
    """The thresholds the key tells: the instrument's, else those of the first that has some."""
    owns = (dimension.thresholds for dimension in published.instrument.dimensions)
    return published.instrument.thresholds or next((own for own in owns if own), ())


def _key(thresholds: Sequence[Threshold]) -> list[Entry]:
    """What the looks of a cell mean, in words."""
    values = listed(number(value) for value in sorted(mark.value for mark in thresholds))
    ramp = f"score de 0 à 100 ; seuils de lecture : {values}" if thresholds else "score de 0 à 100"
    entries = [Entry(partial(_key_ramp, thresholds), typography(ramp), RAMP + 8)]
    for look, text in LOOKS.items():
        if thresholds or look == "hidden":
            draw = partial(_key_cell, look, face_of(92, look, thresholds))
            entries.append(Entry(draw, typography(text), 32))
    for mark in thresholds:
        if mark.kind == "at_most":
            face = face_of(mark.value / 2, "established", thresholds)
            text = f"coin marqué : établi à {number(mark.value)} ou moins"
            entries.insert(2, Entry(partial(_key_corner, face), typography(text), 32))
    bar = "trait au bas de la case : intervalle à 95 %, sur 0 à 100"
    return [*entries, Entry(_key_interval, typography(bar), 32)]


def _key_cell(verdict: str, face: str, sheet: Sheet, x: float, y: float) -> None:
    draw_cell(sheet.canvas, (x - 12, y - 7, 24, 14), verdict, face)


def _key_corner(face: str, sheet: Sheet, x: float, y: float) -> None:
    _key_cell("established", face, sheet, x, y)
    draw_corner(sheet.canvas, x - 12, y - 7, text_on(face))


def _key_interval(sheet: Sheet, x: float, y: float) -> None:
    draw_line(sheet.canvas, [x - 8, x + 6], [y, y], "ink", 1.4)


def _key_number(rank: int, sheet: Sheet, x: float, y: float) -> None:
    sheet.write(x, y + 4, rank, size=SMALL, align="center", bold=True)


def _key_ramp(marks: Sequence[Threshold], sheet: Sheet, x: float, y: float) -> None:
    step = RAMP / 20
    for rank in range(20):
        face = face_of(rank * 100 / 19, "established", marks)
        draw_box(sheet.canvas, x - RAMP / 2 + rank * step - 4, y - 7, step + 0.3, 14, face)
