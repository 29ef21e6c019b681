"""Scores of the groups of one breakdown, from one count per item."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from qgdr_eval.instruments import Dimension, Item
from qgdr_eval.scoring.breakdowns import Breakdown
from qgdr_eval.scoring.coding import NOT_APPLICABLE, STATES, Coded, favourable_poles
from qgdr_eval.scoring.rules import RULES, Rule


@dataclass(frozen=True)
class Measured:
    """One row of scores for every group. Shares between 0 and 1.

    ``variance`` of the share, measured between subjects; ``independent``: what it would be if the
    answers of one person had nothing in common. ``fewest``: valid answers of the least answered
    item the row rests on. ``telling``: the score says what every person answered.
    """

    dimension: str
    item: str
    measure: str
    n_valid: np.ndarray
    share: np.ndarray
    variance: np.ndarray
    independent: np.ndarray
    fewest: np.ndarray
    telling: np.ndarray


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
    items = [
        _measure_item(coded, counts[i], coded.instrument.items[i], rule, dimension) for i in rows
    ]
    if rule.combine == "items":
        yield _mean_of_items(coded, rows, items, breakdown, dimension)
    else:
        yield from _mean_of_subjects(coded, rows, items, breakdown, dimension)
    yield from items


def values_of(coded: Coded, item: Item, rule: Rule) -> np.ndarray:
    """The value of each position of an item under a rule: its valid states, which come first."""
    return rule.values(favourable_poles(coded.instrument.scale_of(item), item))


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
    telling = _telling(valid, values) & (coded.instrument.subject == "respondent")
    return Measured(
        dimension.id, item.code, dimension.rule, n, share, variance, variance, n, telling
    )


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


def _mean_of_items(
    coded: Coded, rows: list[int], items: list[Measured], breakdown: Breakdown, dimension: Dimension
) -> Measured:
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
    return Measured(
        dimension.id, "", dimension.rule, n, share, variance, independent, _fewest(items), n < 0
    )


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
    unrelated, fewest = (independent, np.minimum(n, _fewest(items))) if items else (variance, n)
    return Measured(dimension.id, "", measure, n, share, variance, unrelated, fewest, n < 0)


def _sums(breakdown: Breakdown, weights: np.ndarray) -> np.ndarray:
    return np.bincount(
        breakdown.codes_or_last, weights=weights, minlength=len(breakdown.groups) + 1
    )[:-1]
