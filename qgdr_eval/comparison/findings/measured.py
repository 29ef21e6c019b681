"""What matters where people answered or records were read: figures with their interval."""

from collections.abc import Iterator, Set

from qgdr_eval.comparison.findings.model import (
    CRITICAL,
    DISCUSS,
    FIRST,
    LOW_DIMENSION,
    LOW_ITEM,
    PERHAPS_LOW,
    PRIORITY,
    SPLIT,
    STRENGTH,
    STRENGTHS,
    UNDECIDED,
    UNDER_OBJECTIVE,
    UNMET,
    Found,
    Group,
    by_score,
)
from qgdr_eval.comparison.findings.thresholds import OBJECTIVE, SPLIT_SHARE
from qgdr_eval.comparison.reading import read_interval
from qgdr_eval.disclosure.tables import ANSWERED

PRECISE = 9  # decimals kept: 79.99999999999999 is 80


def decide(group: Group) -> dict[str, list[Found]]:
    """The findings of one group, part by part, the most pressing first."""
    first = critical(group)
    told = {finding.item for finding in first}
    low = group.read("established", "priority")
    return {
        FIRST: first,
        PRIORITY: group.lowest_first(LOW_DIMENSION, low, told),
        DISCUSS: to_discuss(group, told),
        STRENGTHS: strengths(group),
    }


def critical(group: Group) -> list[Found]:
    """Critical items that are not always met, those met least often first."""
    found = [
        Found(CRITICAL, row.dimension, row.item, row)
        for (_, item), row in group.scores.items()
        if item in group.critical and round(row.score, PRECISE) < 100
    ]
    return sorted(found, key=lambda finding: finding.figures[0])


def strengths(group: Group) -> list[Found]:
    """Established strengths, the highest first."""
    found = [group.of_dimension(STRENGTH, id) for id in group.read("established", "strength")]
    return sorted(found, key=lambda finding: tuple(-end for end in finding.figures[:2]))


def to_discuss(group: Group, told: Set[str] = frozenset()) -> list[Found]:
    """What is no established priority and still calls for attention, one finding a dimension.

    Dimensions that are rather a priority, then what is low or split within the others, then what
    cannot be concluded. Every criterion under the objective counts: each is a practice of its own;
    of chosen cases, every criterion that one of them does not meet. None is told twice: neither
    those already ``told``, nor a criterion again behind its dimension.
    """
    settled = set(group.read("established", "priority"))
    found: dict[tuple[str, str], Found] = {}
    for finding in _candidates(group, told):
        subject = finding.item if finding.kind in (UNDER_OBJECTIVE, UNMET) else ""
        if finding.dimension not in settled:
            found.setdefault((finding.dimension, subject), finding)
    return list(found.values())


def _candidates(group: Group, told: Set[str]) -> Iterator[Found]:
    criteria = _criteria(group)
    told = told | {finding.item for finding in criteria}
    for dimension in group.read("to_confirm", "priority"):
        yield group.of_dimension(PERHAPS_LOW, dimension, told)
    yield from criteria
    if group.instrument.of_people:
        yield from low_items(group)
        yield from split_items(group)
    for dimension in group.read("cannot_conclude"):
        yield group.of_dimension(UNDECIDED, dimension, told)


def _criteria(group: Group) -> list[Found]:
    """The criteria of an audit that are talked about, each for itself."""
    if not group.instrument.of_records:
        return []
    return not_met(group) if group.instrument.chosen else under_objective(group)


def under_objective(group: Group) -> list[Found]:
    """Criteria whose whole interval is under the objective, the lowest first.

    A critical one that is not always met comes before any other: it is told there.
    """
    found = [
        Found(UNDER_OBJECTIVE, row.dimension, item, row)
        for (_, item), row in group.scores.items()
        if item and item not in group.critical and round(row.high, PRECISE) < OBJECTIVE
    ]
    return sorted(found, key=by_score)


def not_met(group: Group) -> list[Found]:
    """Criteria that some of the chosen cases do not meet, those met least often first.

    There is no rate to hold against an objective: each « non » is talked about for itself.
    """
    found = [
        Found(UNMET, row.dimension, item, row)
        for (_, item), row in group.scores.items()
        if item and item not in group.critical and round(row.score, PRECISE) < 100
    ]
    return sorted(found, key=by_score)


def low_items(group: Group) -> list[Found]:
    """Questions that would be established priorities by the marks of their dimension."""
    found = [
        Found(LOW_ITEM, dimension.id, row.item, row)
        for dimension in group.instrument.dimensions
        for row in group.items(dimension.id)
        if read_interval(row.score, row.low, row.high, group.instrument.thresholds_of(dimension.id))
        == ("established", "priority")
    ]
    return sorted(found, key=by_score)


def split_items(group: Group) -> list[Found]:
    """Questions that divide the team: many answers on both sides, the most divided first."""
    found = [
        Found(SPLIT, item.dimension, item.code, row, sides)
        for item in group.instrument.items
        if (row := group.scores.get((item.dimension, item.code)))
        and min(sides := sides_of(group, item.code)) >= SPLIT_SHARE
    ]
    return sorted(found, key=lambda finding: -min(finding.sides))


def sides_of(group: Group, item: str) -> tuple[float, float]:
    """The unfavourable and favourable shares of the valid answers to an item, in %."""
    given = [row for row in group.answers.get(item, ()) if row.state in ANSWERED]
    negative, positive = (
        round(sum(row.share for row in given if row.pole == pole), PRECISE)
        for pole in ("negative", "positive")
    )
    return negative, positive
