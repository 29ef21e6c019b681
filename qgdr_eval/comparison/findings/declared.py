"""What matters in a position that a group or a person declared: answers, without intervals."""

from collections.abc import Iterable, Iterator

from qgdr_eval.comparison.findings.model import (
    CRITICAL,
    DISCUSS,
    FIRST,
    LOW_DIMENSION,
    LOW_ITEM,
    LOWEST_ANSWER,
    PRIORITY,
    WORST_ZONE,
    Found,
    Group,
)
from qgdr_eval.frames import DistributionRow
from qgdr_eval.instruments import Dimension, Instrument, Item, Scale
from qgdr_eval.instruments.model import gravest
from qgdr_eval.scoring import gives

TONES = {"positive": "good", "neutral": "half", "negative": "poor"}
RATED_2, RATED_4 = 1, 3  # the places of the ratings 2 and 4; the star comes after
TOLD_OTHERWISE = ("zone", "rating")  # figures whose low answers have a kind of their own


def decide(group: Group) -> dict[str, list[Found]]:
    """The findings of one group, part by part, the most pressing first."""
    return {
        FIRST: [*critical(group), *worst_zone(group)],
        PRIORITY: group.lowest_first(LOW_DIMENSION, group.read("established", "priority")),
        DISCUSS: [*low_ratings(group), *lowest_answers(group)],
    }


def tone(dimension: Dimension, item: Item, scale: Scale, rank: int, pole: str) -> str:
    """The side of an answer, ``good``, ``half`` or ``poor``.

    What a level or an imperative asks for comes before the pole of the option. ``rank``: the place
    of the option, 0 for the least favourable.
    """
    if item.required is not None:
        return "good" if rank >= required_rank(item, scale) else "poor"
    if gives(dimension) == "rating" and item.critical:
        return "good" if rank >= RATED_4 else "poor"
    return TONES[pole]


def required_rank(item: Item, scale: Scale) -> int:
    """The place, from 0, of the level an item requires."""
    return next(rank for rank, option in enumerate(scale.options) if option.code == item.required)


def is_met(dimension: Dimension, state: str, rank: int, side: str) -> bool:
    """Whether an answer to a critical item meets it wholly; one out of the field is not asked."""
    if state != "option":
        return state == "not_applicable"
    return rank >= RATED_4 if gives(dimension) == "rating" else side == "good"


def height(item: Item, scale: Scale, rank: int) -> tuple[int, int]:
    """How high an answer is: its levels above what is required, if anything is; then its place."""
    return (rank - required_rank(item, scale) if item.required is not None else 0), rank


def critical(group: Group) -> list[Found]:
    """Critical items that are not wholly met, the lowest first, those nobody rated last."""
    worst: dict[tuple[str, str], tuple[bool, int]] = {}
    for dimension, item, row in _answers(group, group.instrument.dimensions):
        if item.critical and not _met(group.instrument, dimension, item, row):
            unrated = row.state != "option"
            rank = (unrated, -1 if unrated else int(row.position))
            worst[dimension.id, item.code] = min(rank, worst.get((dimension.id, item.code), rank))
    return [
        Found(CRITICAL, *key, group.scores.get(key)) for key in sorted(worst, key=worst.__getitem__)
    ]


def _answers(
    group: Group, dimensions: Iterable[Dimension]
) -> Iterator[tuple[Dimension, Item, DistributionRow]]:
    """(dimension, item, answer) of some dimensions, in the usual order."""
    for dimension in dimensions:
        for item in group.instrument.items_of(dimension.id):
            for row in group.answers.get(item.code, ()):
                yield dimension, item, row


def _met(instrument: Instrument, dimension: Dimension, item: Item, row: DistributionRow) -> bool:
    return is_met(dimension, row.state, row.position, _side(instrument, dimension, item, row))


def _side(instrument: Instrument, dimension: Dimension, item: Item, row: DistributionRow) -> str:
    """The tone of an answer, ``out`` of the calculation when it is none."""
    if row.state != "option":
        return "out"
    return tone(dimension, item, instrument.scale_of(item), int(row.position), row.pole)


def worst_zone(group: Group) -> list[Found]:
    """Risks in the worst zone: the gravest first, then the most likely, then the least mastered."""
    found = [
        (_weight(group, dimension), dimension.id)
        for dimension in group.instrument.dimensions
        if gives(dimension) == "zone"
        and (row := group.scores.get((dimension.id, "")))
        and row.score == 0
    ]
    ordered = [id for _, id in sorted(found, key=lambda pair: pair[0])]
    return [Found(WORST_ZONE, id, "", group.scores[id, ""]) for id in ordered]


def _weight(group: Group, dimension: Dimension) -> tuple[int, int, int]:
    roles = ("gravity", "likelihood", "control")
    gravity, likelihood, control = (rating(group, dimension, role) for role in roles)
    tables = group.instrument.risk
    level = tables.level(gravity, likelihood) if tables and gravity and likelihood else 0
    return -(gravity or 0), -level, control or 0


def rating(group: Group, dimension: Dimension, role: str) -> int | None:
    """The rating a risk was given for a role; None when several groups gave several.

    Of several gravities, the worst.
    """
    asked = [item for item in group.instrument.items_of(dimension.id) if item.role == role]
    return gravest([_rank(group, item) for item in asked])


def _rank(group: Group, item: Item) -> int | None:
    """The rank the only group gave an item, 0 when it does not exist here."""
    given = group.answers.get(item.code, ())
    if len(given) != 1 or given[0].state not in ("option", "not_applicable"):
        return None
    if given[0].state == "not_applicable":
        return 0
    return group.instrument.scale_of(item).options[int(given[0].position)].code


def low_ratings(group: Group) -> list[Found]:
    """Criteria rated 1 or 2 of dimensions that are not told whole, the lowest first."""
    whole = group.read("established", "priority")
    dimensions = group.instrument.dimensions
    rated = [each for each in dimensions if gives(each) == "rating" and each.id not in whole]
    low: dict[tuple[str, str], int] = {}
    for dimension, item, row in _answers(group, rated):
        if row.state == "option" and row.position <= RATED_2 and not item.critical:
            key = dimension.id, item.code
            low[key] = min(int(row.position), low.get(key, int(row.position)))
    lowest_first = sorted(low, key=low.__getitem__)
    return [Found(LOW_ITEM, *key, group.scores.get(key)) for key in lowest_first]


def lowest_answers(group: Group) -> list[Found]:
    """Without a mark, what each dimension lacks most, the dimensions of lowest score first."""
    unmarked = [
        group.instrument.dimension(id)
        for id in group.read("no_threshold")
        if gives(group.instrument.dimension(id)) not in TOLD_OTHERWISE
    ]
    ordered = sorted(unmarked, key=lambda dimension: group.scores[dimension.id, ""].score)
    return [found for dimension in ordered if (found := _lowest(group, dimension))]


def _lowest(group: Group, dimension: Dimension) -> Found | None:
    instrument = group.instrument
    poor = [
        (height(item, instrument.scale_of(item), int(row.position)), item.code)
        for _, item, row in _answers(group, [dimension])
        if _side(instrument, dimension, item, row) == "poor"
    ]
    if not poor:
        return None
    code = min(poor, key=lambda pair: pair[0])[1]
    return Found(LOWEST_ANSWER, dimension.id, code, group.scores.get((dimension.id, code)))
