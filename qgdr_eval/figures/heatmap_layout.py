"""Where services by dimensions stand on the sheet: columns across, blocks down."""

from collections.abc import Sequence
from dataclasses import dataclass

from qgdr_eval.figures.heatmap_cells import Line
from qgdr_eval.figures.lettering import measure, wrap
from qgdr_eval.figures.style import BODY, LINE, NARROW, SMALL, WIDE
from qgdr_eval.instruments import Dimension

N_WIDTH, LABEL_WIDTH, CELL_MOST, HEAD_MOST = 36, 178, 96, 176


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


def lay_blocks(lines: list[Line], grid: Grid) -> list[Block]:
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
