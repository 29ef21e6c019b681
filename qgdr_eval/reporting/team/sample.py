"""Who answered, of how many, and what: the numbers the arithmetic of a score is made with."""

from collections.abc import Mapping
from dataclasses import dataclass

from qgdr_eval.frames import DistributionRow
from qgdr_eval.instruments import Instrument, Item
from qgdr_eval.reporting.report import ServiceReport, once
from qgdr_eval.wording.subjects import Subject, subject_of

UNKNOWN = (float("nan"), 0.0)  # a design effect and an alpha that nothing measured


@dataclass(frozen=True)
class Sample:
    """The answers of one service that is shown.

    ``n``: respondents, or records, kept; ``head_count``: of how many, NaN when unknown.
    ``spread``: the design effect and the alpha of a (dimension, item), pooled over the campaign.
    ``answers``: the rows of the distribution of each item.

    >>> sample = sample_of(team_report)
    >>> sample.n, sample.head_count
    (27, 42.0)
    """

    instrument: Instrument
    n: int
    head_count: float
    spread: Mapping[tuple[str, str], tuple[float, float]]
    answers: Mapping[str, list[DistributionRow]]

    @property
    def subject(self) -> Subject:
        """What one row of answers is."""
        return subject_of(self.instrument)

    @property
    def alone(self) -> bool:
        """Whether one group or person took position: there is nothing to count."""
        return self.instrument.declared and self.n == 1

    def spread_of(self, dimension: str, item: str = "") -> tuple[float, float]:
        """The design effect and the alpha of a score; NaN and 0 where nothing measured them."""
        return self.spread.get((dimension, item), UNKNOWN)

    def rows(self, item: Item) -> list[DistributionRow]:
        """The rows of the distribution of an item, none when there are none."""
        return self.answers.get(item.code, [])


@once
def sample_of(report: ServiceReport) -> Sample:
    """The answers a report rests on. Only for a service that is not hidden."""
    heads = float(report.turnout.head_count)
    return Sample(report.instrument, report.n, heads, report.spreads, report.scores.answers)
