"""Where one service stands among the others: its own place, and no other's."""

from dataclasses import dataclass

from qgdr_eval.frames import FunnelRow
from qgdr_eval.instruments import Instrument
from qgdr_eval.reporting.page.fragment import Table
from qgdr_eval.wording import unusual
from qgdr_eval.wording.scores import score_in_full


@dataclass(frozen=True)
class Standing:
    """What is said of a service's places, what it could have shown, and its table."""

    said: str
    gaps: str
    table: Table


def standing_of(rows: list[FunnelRow], instrument: Instrument) -> Standing | None:
    """A service among those of its kind, where there are enough of them, else among all.

    None where there is nothing to stand among.
    """
    if not rows:
        return None
    kind = max(row.kind for row in rows)
    own = [row for row in rows if row.kind == kind]
    names = {dimension.id: dimension.label for dimension in instrument.dimensions}
    cells = [
        (
            names[row.dimension],
            score_in_full(row.centre, instrument.dimension(row.dimension), instrument),
            unusual.STANDINGS[row.standing],
            *unusual.steadied_cells(row, instrument),
        )
        for row in own
    ]
    table = Table(
        "L'habituel en chiffres", ("Dimension", "Milieu", *unusual.PLACE_COLUMNS), cells, (0, 2)
    )
    gaps = unusual.gaps(own, unusual.ANSWERS)
    return Standing(unusual.of_service(own, names, unusual.ANSWERS), gaps, table)
