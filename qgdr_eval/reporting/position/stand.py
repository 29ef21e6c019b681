"""Where a position stands on one dimension: its answers, what they come to, how that reads."""

from collections.abc import Iterable
from dataclasses import dataclass

from qgdr_eval.comparison.findings.declared import is_met
from qgdr_eval.comparison.findings.model import CRITICAL
from qgdr_eval.frames import ReadingRow, ScoreRow
from qgdr_eval.instruments import Dimension, Instrument
from qgdr_eval.instruments.model import Threshold
from qgdr_eval.reporting.position.answers import Answer, answers_to, valid
from qgdr_eval.reporting.report import ServiceResults
from qgdr_eval.reporting.scores import Scores
from qgdr_eval.scoring import gives, rating_of
from qgdr_eval.wording.rules import VOICES
from qgdr_eval.wording.voice import Voice

UNKNOWN = ("dont_know", "missing")  # an answer exists, and nobody gave it


@dataclass(frozen=True)
class Stand:
    """One dimension of a position. ``groups``: how many answered under the same name.

    ``row``, ``reading``: of the frames of scores and of readings. ``unmet``: its answers to
    critical criteria that are not wholly met, or not rated. ``ratings``: of its criteria that have
    one, 1 to 4 where they are rated so.
    """

    instrument: Instrument
    groups: int
    dimension: Dimension
    row: ScoreRow
    reading: ReadingRow
    answers: tuple[Answer, ...]
    unmet: tuple[Answer, ...]
    ratings: tuple[float, ...]

    @property
    def gives(self) -> str:
        """What its rule gives: a share, points, a level, a rating or a zone."""
        return gives(self.dimension)

    @property
    def voice(self) -> Voice:
        """How its rule is said."""
        return VOICES[self.dimension.rule]

    @property
    def has_result(self) -> bool:
        """Whether its answers come to something."""
        return self.row.status == "published"

    @property
    def valid(self) -> list[Answer]:
        """The answers that enter the calculation."""
        return valid(self.answers)

    @property
    def unknown(self) -> list[Answer]:
        """The answers nobody gave: « Ne sait pas », or nothing."""
        return [answer for answer in self.answers if answer.state in UNKNOWN]

    @property
    def counted(self) -> bool:
        """Whether it is a count of what one group answered: « 4 sur 6 »."""
        return self.gives == "share" and self.groups == 1

    @property
    def marks(self) -> tuple[Threshold, ...]:
        """The marks it is read against."""
        return self.instrument.thresholds_of(self.dimension.id)


def stands_of(results: ServiceResults) -> tuple[Stand, ...]:
    """Where a position stands on each dimension, in the instrument's order."""
    groups = 0 if results.hidden else results.n
    critical = {row.item for row in results.found.of(CRITICAL)}
    scores = results.scores
    return tuple(_stand(scores, groups, critical, *found) for found in scores.dimensions)


def _stand(
    scores: Scores, groups: int, critical: set[str], dimension: Dimension,
    row: ScoreRow, reading: ReadingRow,
) -> Stand:  # fmt: skip
    instrument = scores.instrument
    answers = tuple(
        answer
        for item in instrument.items_of(dimension.id)
        for answer in answers_to(item, dimension, instrument, scores.answers.get(item.code, ()))
    )
    unmet = tuple(
        answer
        for answer in answers
        if answer.item.code in critical
        and not is_met(dimension, answer.state, answer.rank, answer.tone)
    )
    rows = scores.of_items(dimension)
    ratings = tuple(rating_of(row.score) for row in rows if row.status == "published")
    return Stand(instrument, groups, dimension, row, reading, answers, unmet, ratings)


def every_answer(stands: Iterable[Stand]) -> list[Answer]:
    """The answers to some dimensions, in the instrument's order."""
    return [answer for stand in stands for answer in stand.answers]
