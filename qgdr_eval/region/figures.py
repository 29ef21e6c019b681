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
    person asked. ``marks`` part ``counts`` facilities, the lowest first; none when too few.
    """

    dimension: str
    of_services: Figure
    pooled: Figure
    weighted: Figure
    marks: tuple[float, ...]
    counts: tuple[int, ...]


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
    """Share of services and people behind the figures of a region.

    >>> from qgdr_eval.region import demo_region
    >>> behind(demo_region()).services
    66
    """
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
    """A dimension in a region.

    >>> from qgdr_eval.region import demo_region
    >>> sum(regional(demo_region(), "perception_globale").counts)
    22
    """
    groups = [group for one in merged.facilities for group in one.services]
    pairs = [(group, score) for group in groups if (score := group.of_dimension(dimension))]
    marks, counts = _marked(merged, dimension)
    return Regional(
        dimension,
        _added(pairs, [1.0] * len(pairs)),
        _added(pairs, [score.n for _, score in pairs]),
        _added(pairs, [group.head_count or np.nan for group, _ in pairs]),
        marks,
        counts,
    )


def _marked(merged: Merged, dimension: str) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """The marks of a dimension, and how many facilities stand in each of their bands."""
    scores = [score.score for _, score in _placed(merged, dimension)]
    marks = marks_between(scores)
    bands = np.bincount(np.searchsorted(marks, scores, side="right"), minlength=len(marks) + 1)
    return marks, tuple(bands.tolist()) if marks else ()


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

    At least `ASIDE` scores are under each mark, as many at it or over it, and as many between two
    marks: none is an end of the range.

    >>> marks_between(range(20)), marks_between(range(10)), marks_between(range(9))
    ((5.0, 10.0, 15.0), (5.0,), ())
    """
    given = np.sort(np.array(list(scores), dtype=float))
    parts = 4 if len(given) >= 4 * ASIDE else 2 if len(given) >= 2 * ASIDE else 1
    kept: list[float] = []
    for rank in range(1, parts):
        after = rank * len(given) // parts
        mark = round_half_up(float(given[after - 1 : after + 1].mean()))
        before = kept[-1] if kept else -np.inf
        under, over = np.sum((given >= before) & (given < mark)), np.sum(given >= mark)
        if under >= ASIDE and over >= ASIDE and mark < given[-1]:
            kept.append(mark)
    return tuple(kept)


def place_of(score: Score, marks: Sequence[float]) -> Place:
    """Where a score stands between marks, its interval telling how sure that is."""
    low, high = (int(np.searchsorted(marks, end, side="right")) for end in (score.low, score.high))
    return Place(low, high, len(marks) + 1)


def position(merged: Merged, facility: Facility, dimension: str) -> Place | None:
    """Where a facility stands on a dimension; None when it opts out, or nobody can be placed.

    >>> from qgdr_eval.region import demo_region
    >>> merged = demo_region()
    >>> position(merged, merged.facilities[0], "perception_globale").of
    4
    """
    marks, _ = _marked(merged, dimension)
    own = {one.name: score for one, score in _placed(merged, dimension)}
    if facility.name not in own or not marks:
        return None
    return place_of(own[facility.name], marks)
