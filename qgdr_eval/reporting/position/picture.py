"""A position at a glance: a square for each answer, or each risk in its zone."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from qgdr_eval.french import count
from qgdr_eval.instruments.model import RiskMap
from qgdr_eval.reporting.position.report import Position
from qgdr_eval.reporting.position.tiles import tile, tiles
from qgdr_eval.reporting.position.zones import Risk, existing, in_zone, look

SQUARES = Markup('<span class="tiles" aria-hidden="true">{}</span><span class="unseen">{}</span>')


def picture(position: Position) -> list[tuple[str, Markup]]:
    """(name, squares) of each dimension, or of each zone of a map and of what has none.

    >>> from qgdr_eval.reporting.position.report import position_of
    >>> name, squares = picture(position_of(position_report))[0]
    >>> "aria-hidden" in squares
    True
    """
    if position.tables:
        return list(_zones(position.tables, position.risks))
    return [(stand.dimension.label, tiles(stand.answers)) for stand in position.answered]


def _zones(tables: RiskMap, every: Sequence[Risk]) -> Iterator[tuple[str, Markup]]:
    """Risks by their number in the questionnaire, the worst zone first."""
    found = existing(every)
    for zone in (*range(len(tables.zones)), None):
        risks = in_zone(found, zone)
        if zone is None and not risks:
            return
        label = "Sans zone" if zone is None else tables.zones[zone].label
        drawn = (tile(look(tables, zone), str(risk.number)) for risk in risks)
        yield label, SQUARES.format(Markup("").join(drawn), count(len(risks), "risque"))
