"""Regional figures and positions: each is named, none is a rank, none an end of the range."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from qgdr_eval.french import round_half_up
from qgdr_eval.region.merge import Merged
from qgdr_eval.region.sent import Facility, Group, Score

ASIDE = 5
"""Facilities that stand on each side of every mark, at least."""

HALF_WIDTH = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Figure:
    """A regional score with its interval at 95 %, NaN when it cannot be said."""

    score: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")


@dataclass(frozen=True)
class Behind:
    """What stands behind regional figures: facilities, services and people, of how many.

    ``people_asked``: None where a facility did not say how many it asked.
    """

    facilities: int
    expected: int
    services: int
    services_asked: int
    people: int
    people_asked: int | None


@dataclass(frozen=True)
class Regional:
    """One dimension in the region, three ways of adding up, and the marks between positions.

    ``of_services``: each service counts for one; ``pooled``: each answer; ``weighted``: each
    person asked. ``placed``: facilities counted between the marks.
    """

    dimension: str
    of_services: Figure
    pooled: Figure
    weighted: Figure
    marks: tuple[float, ...]
    placed: int


@dataclass(frozen=True)
class Place:
    """The bands, counted from the lowest, that the interval of a facility reaches.

    >>> Place(0, 1, of=2).sure
    False
    """

    first: int
    last: int
    of: int

    @property
    def sure(self) -> bool:
        """Whether it is in one band."""
        return self.first == self.last


def behind(merged: Merged) -> Behind:
    """Share of services and people behind the figures of a region."""
    found = merged.facilities
    people = [one.people for one in found]
    return Behind(
        facilities=len(found),
        expected=len(merged.region.facilities),
        services=sum(len(one.services) for one in found),
        services_asked=sum(one.asked for one in found),
        people=sum(group.n for one in found for group in one.services),
        people_asked=None if None in people else sum(filter(None, people)),
    )


def regional(merged: Merged, dimension: str) -> Regional:
    """A dimension in a region."""
    groups = [group for one in merged.facilities for group in one.services]
    pairs = [(group, score) for group in groups if (score := group.of_dimension(dimension))]
    placed = [score.score for _, score in _placed(merged, dimension)]
    return Regional(
        dimension,
        _added(pairs, [1.0] * len(pairs)),
        _added(pairs, [score.n for _, score in pairs]),
        _added(pairs, [group.head_count or np.nan for group, _ in pairs]),
        marks_between(placed),
        len(placed),
    )


def _added(pairs: Sequence[tuple[Group, Score]], weights: Sequence[float]) -> Figure:
    """A weighted mean of services; its interval supposes that they answer independently."""
    if not pairs or np.isnan(weights).any():
        return Figure()
    shares = np.array(weights, dtype=float) / np.sum(weights)
    scores = np.array([(one.score, one.low, one.high) for _, one in pairs])
    mean = float(shares @ scores[:, 0])
    width = float(np.sqrt(np.sum((shares * (scores[:, 2] - scores[:, 1]) / 2) ** 2)))
    return Figure(mean, max(mean - width, 0.0), min(mean + width, 100.0))


def _placed(merged: Merged, dimension: str) -> Iterable[tuple[Facility, Score]]:
    """The facilities that have a position on a dimension, with their score as a whole."""
    for one in merged.facilities:
        score = one.whole.of_dimension(dimension) if one.whole else None
        if score and not merged.region.is_out(one.name, "position", dimension):
            yield one, score


def marks_between(scores: Iterable[float]) -> tuple[float, ...]:
    """The whole points that part facilities: quarters from twenty of them on, halves from ten.

    At least `ASIDE` scores are under each mark and as many over it, and between two marks: no mark
    is an end of the range, none is anybody's own score to the decimal.

    >>> marks_between(range(20)), marks_between(range(10)), marks_between(range(9))
    ((5.0, 10.0, 15.0), (5.0,), ())
    """
    given = np.sort(np.array(list(scores), dtype=float))
    parts = min(len(given) // ASIDE, 4)
    parts = 2 if parts == 3 else parts
    wanted = [round_half_up(float(np.quantile(given, rank / parts))) for rank in range(1, parts)]
    kept: list[float] = []
    for mark in wanted:
        before = kept[-1] if kept else -np.inf
        inside = np.sum((given > before) & (given < mark))
        if inside >= ASIDE and np.sum(given > mark) >= ASIDE:
            kept.append(mark)
    return tuple(kept)


def place_of(score: Score, marks: Sequence[float]) -> Place:
    """Where a score stands between marks, its interval telling how sure that is."""
    low, high = (int(np.searchsorted(marks, end, side="right")) for end in (score.low, score.high))
    return Place(low, high, len(marks) + 1)


def position(merged: Merged, facility: Facility, dimension: str) -> Place | None:
    """Where a facility stands on a dimension; None when it opts out, or nobody can be placed."""
    marks = marks_between(score.score for _, score in _placed(merged, dimension))
    own = {one.name: score for one, score in _placed(merged, dimension)}
    if facility.name not in own or not marks:
        return None
    return place_of(own[facility.name], marks)
