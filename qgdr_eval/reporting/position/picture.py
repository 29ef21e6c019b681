"""A position at a glance: a square for each answer, or each risk in its zone."""

from collections.abc import Iterator

from markupsafe import Markup

from qgdr_eval.french import count
from qgdr_eval.instruments.model import RiskMap
from qgdr_eval.reporting.position.answers import answers_of
from qgdr_eval.reporting.position.tiles import tile, tiles
from qgdr_eval.reporting.position.zones import existing, in_zone, look, map_of, risks_of
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.scoring import gives

SQUARES = Markup('<span class="tiles" aria-hidden="true">{}</span><span class="unseen">{}</span>')


def picture(report: ServiceReport) -> list[tuple[str, Markup]]:
    """(name, squares) of each dimension, or of each zone of a map and of what has none.

    >>> name, squares = picture(position_report)[0]
    >>> "aria-hidden" in squares
    True
    """
    tables = map_of(report)
    if tables:
        return list(_zones(report, tables))
    return [
        (dimension.label, tiles(answers_of(report, dimension)))
        for dimension, _, _ in report.dimension_rows
        if gives(dimension) != "zone"
    ]


def _zones(report: ServiceReport, tables: RiskMap) -> Iterator[tuple[str, Markup]]:
    """Risks by their number in the questionnaire, the worst zone first."""
    found = existing(risks_of(report))
    for zone in (*range(len(tables.zones)), None):
        risks = in_zone(found, zone)
        if zone is None and not risks:
            return
        label = "Sans zone" if zone is None else tables.zones[zone].label
        drawn = (tile(look(tables, zone), str(risk.number)) for risk in risks)
        yield label, SQUARES.format(Markup("").join(drawn), count(len(risks), "risque"))
