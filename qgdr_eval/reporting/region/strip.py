"""A dimension from 0 to 100 in one line: the marks of the region, and one's own interval."""

from dataclasses import dataclass

from qgdr_eval.region.figures import Regional
from qgdr_eval.region.sent import Score


@dataclass(frozen=True)
class Strip:
    """Where the marks stand, in %; then one's own score and the ends of its interval, if any."""

    marks: tuple[float, ...]
    score: float | None = None
    low: float = 0.0
    high: float = 0.0

    @property
    def width(self) -> float:
        """How long the interval is.

        >>> Strip((), 50, 40, 62).width
        22
        """
        return self.high - self.low


def strip_of(row: Regional, own: Score | None = None) -> Strip:
    """The strip of a dimension; ``own``: the score of the facility whose page it is."""
    if own is None:
        return Strip(row.marks)
    return Strip(row.marks, own.score, own.low, own.high)
