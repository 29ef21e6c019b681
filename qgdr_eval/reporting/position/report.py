"""What the page of a position may show, gathered once: its dimensions, its risks, what matters."""

from dataclasses import dataclass
from functools import cached_property

from qgdr_eval.comparison.findings.model import CRITICAL
from qgdr_eval.instruments import Dimension, Instrument
from qgdr_eval.instruments.model import RiskMap
from qgdr_eval.reporting.findings import Findings
from qgdr_eval.reporting.position.answers import Answer
from qgdr_eval.reporting.position.stand import Stand, stands_of
from qgdr_eval.reporting.position.zones import Risk, risks_of
from qgdr_eval.reporting.report import ServiceReport, ServiceResults, once


@dataclass(frozen=True)
class Position:
    """What a group or a person declared. ``groups``: how many answered under the same name.

    ``found``: what matters in it, in the order it is told.

    >>> position = position_of(position_report)
    >>> position.groups, len(position.stands), position.risks
    (1, 9, ())
    """

    instrument: Instrument
    groups: int
    stands: tuple[Stand, ...]
    risks: tuple[Risk, ...]
    found: Findings

    @property
    def tables(self) -> RiskMap | None:
        """The tables risks are read in; None when the instrument rates no risk."""
        return self.instrument.risk

    @property
    def answered(self) -> list[Stand]:
        """The dimensions read answer by answer: all but risks, which have their map."""
        return [stand for stand in self.stands if stand.gives != "zone"]

    @property
    def rated(self) -> list[Stand]:
        """The dimensions whose criteria are rated from 1 to 4."""
        return [stand for stand in self.stands if stand.gives == "rating"]

    @cached_property
    def unmet(self) -> list[Answer]:
        """Answers to critical criteria that are not wholly met, or not rated; the lowest first."""
        order = [row.item for row in self.found.of(CRITICAL)]
        given = [answer for stand in self.stands for answer in stand.unmet]
        return sorted(given, key=lambda answer: order.index(answer.item.code))

    def stand(self, dimension: str) -> Stand:
        """Where it stands on one dimension."""
        return next(stand for stand in self.stands if stand.dimension.id == dimension)

    def dimension(self, id: str) -> Dimension:
        """One dimension by its id."""
        return self.instrument.dimension(id)


def read_position(results: ServiceResults) -> Position:
    """Gather the position that published results hold."""
    stands = stands_of(results)
    groups = 0 if results.hidden else results.n
    risks = risks_of(results.instrument, stands)
    return Position(results.instrument, groups, stands, risks, results.found)


@once
def position_of(report: ServiceReport) -> Position:
    """The position a page shows, read from its report once."""
    return read_position(report)
