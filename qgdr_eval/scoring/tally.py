"""Scores of the groups of one breakdown, from one count per item."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from qgdr_eval.instruments import Dimension, Item
from qgdr_eval.instruments.model import gravest
from qgdr_eval.scoring.breakdowns import Breakdown
from qgdr_eval.scoring.coding import NOT_APPLICABLE, STATES, Coded
from qgdr_eval.scoring.medians import median_of_counts
from qgdr_eval.scoring.rules import RULES, Rule


@dataclass(frozen=True)
class Measured:
    """One row of scores for every group. Shares between 0 and 1.

    ``variance`` of the share, measured between subjects; ``independent``: what it would be if the
    answers of one person had nothing in common. ``fewest``: valid answers of the least answered
    item the row rests on; ``answers``: of a typical one. ``telling``: the score says what every
    person answered. ``ordered``: for a median, what `median_of_counts` reads; ``bounds``: the
    interval, where there is nothing to calculate. Of records: ``yes_no``, whether each is met or
    not; ``aside``, to how many it does not apply; ``criteria``, what a score of several is made of.
    """

    dimension: str
    item: str
    measure: str
    n_valid: np.ndarray
    share: np.ndarray
    variance: np.ndarray
    independent: np.ndarray
    fewest: np.ndarray
    answers: np.ndarray
    telling: np.ndarray
    ordered: tuple[np.ndarray, np.ndarray | None] | None = None
    bounds: tuple[np.ndarray, np.ndarray] | None = None
    yes_no: bool = False
    aside: np.ndarray | float = 0.0
    criteria: "tuple[Measured, ...]" = ()


def count_states(coded: Coded, breakdown: Breakdown) -> np.ndarray:
    """How many subjects of each group are in each state of each item: (items, groups, states).

    Every item score, distribution and number of valid answers follows from these counts.
    """
    groups = len(breakdown.groups)
    counts = np.empty((len(coded.states), groups, STATES), dtype=np.int32)
    for row, cell in enumerate(_cells(coded.states, breakdown)):
        counts[row] = np.bincount(cell, minlength=(groups + 1) * STATES)[: groups * STATES].reshape(
            groups, STATES
        )
    return counts


def measure_dimension(
    coded: Coded, counts: np.ndarray, breakdown: Breakdown, dimension: Dimension
) -> Iterator[Measured]:
    """The rows of one dimension: its own, then its items', for every group of the breakdown."""
    rule = RULES[dimension.rule]
    rows = [i for i, item in enumerate(coded.instrument.items) if item.dimension == dimension.id]
    measure_item = MEASURE_ITEM.get(rule.combine, _measure_item)
    items = [
        measure_item(coded, counts[i], coded.instrument.items[i], rule, dimension) for i in rows
    ]
    yield from COMBINE[rule.combine](coded, rows, items, breakdown, dimension)
    if rule.audit:
        yield from _audit(coded, rows, items, breakdown, dimension)
    yield from items


def measure_whole(coded: Coded, counts: np.ndarray, breakdown: Breakdown) -> Iterator[Measured]:
    """The three scores of a whole audit grid, each by its name; nothing for other instruments.

    No all or none where a record is a single act: no act shows all that the grid asks.
    """
    dimensions = coded.instrument.dimensions
    if not all(RULES[dimension.rule].audit for dimension in dimensions):
        return
    whole = dimensions[0].model_copy(update={"id": ""})
    rule, rows = RULES[whole.rule], list(range(len(coded.instrument.items)))
    items = [
        _measure_item(coded, counts[i], item, rule, whole)
        for i, item in enumerate(coded.instrument.items)
    ]
    yield from _mean_of_items(coded, rows, items, breakdown, whole)
    if coded.instrument.single_act:
        yield _pooled(coded, rows, items, breakdown, whole)
    else:
        yield from _audit(coded, rows, items, breakdown, whole)


def values_of(coded: Coded, item: Item, rule: Rule) -> np.ndarray:
    """The value of each position of an item under a rule: its valid states, which come first."""
    return rule.values(item, coded.instrument.scale_of(item))


def _cells(states: Iterable[np.ndarray], breakdown: Breakdown) -> Iterator[np.ndarray]:
    """For each item, the cell (group, state) of each subject; those in no group go to the last.

    The same array is filled again for each item: use it before asking for the next.
    """
    base = breakdown.codes_or_last * STATES
    cell = np.empty_like(base)
    for state in states:
        yield np.add(base, state, out=cell)


def _measure_item(
    coded: Coded, counts: np.ndarray, item: Item, rule: Rule, dimension: Dimension
) -> Measured:
    values = values_of(coded, item, rule)
    valid = counts[:, : len(values)]
    n = valid.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = valid @ values / n
        variance = np.maximum(valid @ (values * values) / n - share * share, 0) / n
    telling = _telling(valid, values) & (coded.instrument.of_people)
    return Measured(
        dimension.id, item.code, dimension.rule, n, share, variance, variance, n, n, telling,
        yes_no=set(values.tolist()) <= {0, 1}, aside=counts[:, NOT_APPLICABLE],
    )  # fmt: skip


def _telling(valid: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Whether all gave one option, and no other option has its value under the rule."""
    alone = np.array([(values == value).sum() == 1 for value in values])
    telling = (valid > 0).sum(axis=1) == 1
    telling[telling] = alone[valid[telling].argmax(axis=1)]
    return telling


def _fewest(items: list[Measured]) -> np.ndarray:
    """Valid answers of the least answered item of each group, items nobody answered left out."""
    counts = np.array([np.where(item.n_valid > 0, item.n_valid, np.inf) for item in items])
    fewest = counts.min(axis=0)
    return np.where(np.isinf(fewest), 0, fewest)


def _typical(items: list[Measured]) -> np.ndarray:
    """Valid answers behind a typical item of each group: the harmonic mean of those answered.

    The variance of a mean of items goes by the mean of 1 / n over them.
    """
    counts = np.array([item.n_valid for item in items], dtype=float)
    answered = counts > 0
    inverse = np.divide(1, counts, out=np.zeros(counts.shape), where=answered).sum(axis=0)
    return np.divide(answered.sum(axis=0), inverse, out=np.zeros(len(inverse)), where=inverse > 0)


def _mean_of_items(
    coded: Coded, rows: list[int], items: list[Measured], breakdown: Breakdown, dimension: Dimension
) -> Iterator[Measured]:
    """Unweighted mean of item scores; its variance from each subject's pull on that mean.

    The pull of a subject is Σ (value − item score) / valid answers of the item, over the items
    the subject answered (linearisation of a mean of ratios; Cochran 1977, ch. 6).
    """
    shares = np.array([item.share for item in items])
    answered = np.isfinite(shares).sum(axis=0)
    subjects = coded.states.shape[1]
    pull, own, seen = np.zeros(subjects), np.empty(subjects), np.zeros(subjects, dtype=bool)
    rule = RULES[dimension.rule]
    cells = _cells((coded.states[row] for row in rows), breakdown)
    for row, item, cell in zip(rows, items, cells, strict=True):
        values = values_of(coded, coded.instrument.items[row], rule)
        pull += _pulls(values, item).ravel().take(cell, out=own, mode="clip")
        seen |= coded.states[row] < NOT_APPLICABLE
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.nansum(shares, axis=0) / answered
        variance = _sums(breakdown, pull * pull) / answered**2
        independent = np.nansum([item.variance for item in items], axis=0) / answered**2
    n = _sums(breakdown, seen)
    yield Measured(
        dimension.id, "", dimension.rule, n, share, variance, independent,
        _fewest(items), _typical(items), n < 0, criteria=tuple(items),
    )  # fmt: skip


def _pulls(values: np.ndarray, item: Measured) -> np.ndarray:
    """(value − score) / n of each group and state, one empty group added for subjects in none.

    NaN where a group gave no valid answer: nobody is there to look it up.
    """
    pulls = np.zeros((len(item.share) + 1, STATES))
    with np.errstate(divide="ignore", invalid="ignore"):
        np.divide(
            values - item.share[:, None], item.n_valid[:, None], out=pulls[:-1, : len(values)]
        )
    return pulls


def _mean_of_subjects(
    coded: Coded, rows: list[int], items: list[Measured], breakdown: Breakdown, dimension: Dimension
) -> Iterator[Measured]:
    """Mean of the subjects' own means, for subjects who answered enough of the dimension."""
    means = subject_means(coded, rows, RULES[dimension.rule])
    yield _mean_of(means, breakdown, dimension, dimension.rule, items)
    level = RULES[dimension.rule].agreement_at
    if level is not None:
        # 1e-9: a mean that is the level itself may come a hair under it in floats.
        reached = np.where(np.isnan(means), np.nan, means >= level - 1e-9)
        yield _mean_of(reached, breakdown, dimension, f"agreement_{level * 100:.0f}", [])


def subject_means(coded: Coded, rows: list[int], rule: Rule) -> np.ndarray:
    """Each subject's mean value over the items in ``rows``; NaN under the instrument's minimum."""
    total, answered = np.zeros(coded.states.shape[1]), np.zeros(coded.states.shape[1])
    for row in rows:
        values = values_of(coded, coded.instrument.items[row], rule)
        total += np.append(values, np.zeros(STATES - len(values))).take(coded.states[row])
        answered += coded.states[row] < NOT_APPLICABLE
    enough = answered >= max(1.0, coded.instrument.missing.minimum_answered * len(rows))
    return np.divide(total, answered, out=np.full(len(total), np.nan), where=enough)


def _mean_of(
    means: np.ndarray,
    breakdown: Breakdown,
    dimension: Dimension,
    measure: str,
    items: list[Measured],
) -> Measured:
    known = ~np.isnan(means)
    filled = np.where(known, means, 0)
    n = _sums(breakdown, known)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = _sums(breakdown, filled) / n
        variance = np.maximum(_sums(breakdown, filled * filled) / n - share * share, 0) / n
        independent = np.nansum([item.variance for item in items], axis=0) / max(len(items), 1) ** 2
    if not items:
        return Measured(
            dimension.id, "", measure, n, share, variance, variance, n, n, n < 0, yes_no=True
        )
    fewest, answers = (np.minimum(n, count(items)) for count in (_fewest, _typical))
    return Measured(
        dimension.id, "", measure, n, share, variance, independent, fewest, answers, n < 0
    )


def _sums(breakdown: Breakdown, weights: np.ndarray) -> np.ndarray:
    return np.bincount(
        breakdown.codes_or_last, weights=weights, minlength=len(breakdown.groups) + 1
    )[:-1]


def _audit(
    coded: Coded, rows: list[int], items: list[Measured], breakdown: Breakdown, dimension: Dimension
) -> Iterator[Measured]:
    """Pooled: every yes ÷ every yes or no. All or none: records that meet every criterion.

    Beside the latter what it would be over all records, incomplete ones without any « no » taken
    for failed (``_least``) or for met (``_most``): two bounds, which have no interval.
    """
    yield _pooled(coded, rows, items, breakdown, dimension)
    states = coded.states[rows]
    yield _mean_of(met_all(states), breakdown, dimension, "all_or_none", [])
    for name, met in zip(("least", "most"), bounds_of_met(states), strict=True):
        bound = _mean_of(met, breakdown, dimension, f"all_or_none_{name}", [])
        yield replace(bound, bounds=(bound.share, bound.share))


def _pooled(
    coded: Coded, rows: list[int], items: list[Measured], breakdown: Breakdown, dimension: Dimension
) -> Measured:
    """The variance is between records: the criteria of one record are not independent."""
    states = coded.states[rows]
    met, valid = (states == 1).sum(axis=0), (states < NOT_APPLICABLE).sum(axis=0)
    all_met, all_valid = _sums(breakdown, met), _sums(breakdown, valid)
    n = _sums(breakdown, valid > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = all_met / all_valid
        own = np.append(share, np.nan)[breakdown.codes_or_last]
        pull = np.where(valid > 0, met - valid * own, 0)
        variance = _sums(breakdown, pull * pull) / all_valid**2
        independent = share * (1 - share) / all_valid
    return Measured(
        dimension.id, "", "pooled", n, share, variance, independent, n, n, n < 0,
        criteria=tuple(items),
    )  # fmt: skip


def met_all(states: np.ndarray) -> np.ndarray:
    """For each complete record 1 when it meets every applicable criterion, 0 when it fails one.

    NaN when no criterion applies, and for a record with a criterion missing or not recorded, even
    when another is failed: its fate is known, but those that fail would be kept and those that
    meet everything else left out, which lowers the share. ``states``: (criteria, records).

    >>> met_all(np.array([[1, 1, 0, 0, 1], [1, NOT_APPLICABLE, 1, 13, 13]])).tolist()
    [1.0, 1.0, 0.0, nan, nan]
    """
    known = (states <= NOT_APPLICABLE).all(axis=0) & (states < NOT_APPLICABLE).any(axis=0)
    return np.where(known, 1.0 - (states == 0).any(axis=0), np.nan)


def bounds_of_met(states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`met_all` of every record judged on a criterion, at least then at most.

    What is missing or not recorded is taken for a « no », then for a « yes ».

    >>> least, most = bounds_of_met(np.array([[1, 0, 1], [1, 13, 13]]))
    >>> least.tolist(), most.tolist()
    ([1.0, 0.0, 0.0], [1.0, 0.0, 1.0])
    """
    unknown, judged = states > NOT_APPLICABLE, (states < NOT_APPLICABLE).any(axis=0)
    least, most = (met_all(np.where(unknown, answer, states)) for answer in (0, 1))
    return np.where(judged, least, np.nan), np.where(judged, most, np.nan)


def _median_item(
    coded: Coded, counts: np.ndarray, item: Item, rule: Rule, dimension: Dimension
) -> Measured:
    """The median level of one item."""
    measured = _measure_item(coded, counts, item, rule, dimension)
    levels = counts[:, : len(coded.instrument.scale_of(item).options)]
    return replace(measured, share=median_of_counts(levels)[0], ordered=(levels, None))


def _median_of_subjects(
    coded: Coded, rows: list[int], items: list[Measured], breakdown: Breakdown, dimension: Dimension
) -> Iterator[Measured]:
    """Median over subjects of each subject's own median, counted in half levels."""
    medians = subject_medians(coded, rows)
    known = ~np.isnan(medians)
    places, halves = np.unique(medians[known], return_inverse=True)
    groups, width = len(breakdown.groups), len(places)
    cells = breakdown.codes_or_last[known] * width + halves
    counts = np.bincount(cells, minlength=(groups + 1) * width)[: groups * width]
    ordered = counts.reshape(groups, width), places
    n, nothing = _sums(breakdown, known), np.zeros(groups)
    yield Measured(
        dimension.id, "", dimension.rule, n, median_of_counts(*ordered)[0], nothing, nothing,
        np.minimum(n, _fewest(items)), n, n < 0, ordered,
    )  # fmt: skip


def subject_medians(coded: Coded, rows: list[int]) -> np.ndarray:
    """Each subject's median level, 0 to 1; NaN under the instrument's minimum of answers."""
    last = [len(coded.instrument.scale_of(coded.instrument.items[row]).options) - 1 for row in rows]
    valid = coded.states[rows] < NOT_APPLICABLE
    levels = np.where(valid, coded.states[rows] / np.array(last)[:, None], np.nan)
    enough = valid.sum(axis=0) >= max(1.0, coded.instrument.missing.minimum_answered * len(rows))
    medians = np.full(levels.shape[1], np.nan)
    if enough.any():
        medians[enough] = np.nanmedian(levels[:, enough], axis=0)
    return medians.round(9)


def _zone(
    coded: Coded, rows: list[int], items: list[Measured], breakdown: Breakdown, dimension: Dimension
) -> Iterator[Measured]:
    """The zone of a risk as one group placed it; ranks are never averaged over several groups."""
    zones = subject_zones(coded, rows)
    known = ~np.isnan(zones)
    n, alone = _sums(breakdown, known), breakdown.sizes() == 1
    share = np.where(alone & (n == 1), _sums(breakdown, np.where(known, zones, 0)), np.nan)
    n = np.where(np.isnan(share), 0, n)
    nothing = np.zeros(len(n))
    yield Measured(
        dimension.id, "", dimension.rule, n, share, nothing, nothing, n, n, n < 0,
        bounds=(share, share),
    )  # fmt: skip


def _rating_item(
    coded: Coded, counts: np.ndarray, item: Item, rule: Rule, dimension: Dimension
) -> Measured:
    """The rating one group gave; nothing for several groups, as for their zone."""
    measured = _measure_item(coded, counts, item, rule, dimension)
    n = np.where(counts.sum(axis=1) == 1, measured.n_valid, 0)
    share = np.where(n == 1, measured.share, np.nan)
    return replace(measured, n_valid=n, share=share, fewest=n, bounds=(share, share))


def subject_zones(coded: Coded, rows: list[int]) -> np.ndarray:
    """The zone of each subject from 0 (worst) to 1; NaN when one of the three is not rated.

    Of several gravities the worst counts, once each is rated or said not to exist.
    """
    risk = coded.instrument.risk
    if risk is None:
        raise ValueError("rule risk needs the instrument's risk tables")
    rated = {
        role: [_ratings(coded, row) for row in rows if coded.instrument.items[row].role == role]
        for role in ("gravity", "likelihood", "control")
    }
    triples = zip(*([gravest(given) for given in zip(*each, strict=True)]
                    for each in rated.values()), strict=True)  # fmt: skip
    worst = len(risk.zones) - 1
    return np.array([risk.zone(*three) / worst if all(three) else np.nan for three in triples])


def _ratings(coded: Coded, row: int) -> list[int | None]:
    """The ratings, 1 to 5, that each subject gave an item; 0 out of the field, None when none."""
    options = coded.instrument.scale_of(coded.instrument.items[row]).options
    rated = {state: option.code for state, option in enumerate(options)} | {NOT_APPLICABLE: 0}
    return [rated.get(state) for state in coded.states[row].tolist()]


MEASURE_ITEM = {"median": _median_item, "zone": _rating_item}
COMBINE = {
    "items": _mean_of_items,
    "subjects": _mean_of_subjects,
    "median": _median_of_subjects,
    "zone": _zone,
}
