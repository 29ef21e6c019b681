"""Medians of ordered answers: published examples, scipy, and exact coverage by enumeration."""

from itertools import combinations_with_replacement
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, quantile_test

from qgdr_eval.scoring.medians import median_of_counts
from tests.thorough import examples

# Altman, Machin, Bryant and Gardner, Statistics with Confidence, BMJ Books, 2000, ch. 5: beta
# endorphin (pmol/l) of eleven runners who had collapsed; median 107.6, second to tenth value.
ENDORPHIN = [66, 71.2, 83, 83.6, 101, 107.6, 122, 143, 160, 177, 414]
# Example of `ci.median` of the R package statpsych (Bonett): 20.7, from 10.8 to 30.9.
STATPSYCH = [
    *(30.2, 20.4, 15.1, 10.2, 10.5, 60.8, 20.8, 25.0, 20.7, 30.9),
    *(10.8, 5.1, 50.9, 40.0, 20.9, 10.8, 0, 20.5, 50.8),
]


def median_of(values: list[float]) -> list[float]:
    """Median, low and high of plain values: one level per distinct value."""
    places, counts = np.unique(values, return_counts=True)
    return [float(found[0]) for found in median_of_counts(counts[None, :], places)]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [(ENDORPHIN, [107.6, 71.2, 177.0]), (STATPSYCH, [20.7, 10.8, 30.9])],
    ids=["Altman 2000", "statpsych"],
)
def test_published_examples(values: list[float], wanted: list[float]) -> None:
    assert median_of(values) == wanted


@given(st.lists(st.integers(0, 9), min_size=6, max_size=80))
@settings(deadline=None, max_examples=examples(80))
def test_the_same_as_scipy(values: list[int]) -> None:
    bounds = quantile_test(values, p=0.5).confidence_interval(0.95)
    assert median_of(values) == [np.median(values), bounds.low, bounds.high]


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30))
@settings(deadline=None, max_examples=examples(60))
def test_the_median_is_that_of_numpy(values: list[int]) -> None:
    counts = np.bincount(values, minlength=5)[None, :]
    middle, low, high = median_of_counts(counts)
    assert middle[0] == np.median(values) / 4
    assert 0 <= low[0] <= middle[0] <= high[0] <= 1


@given(st.lists(st.lists(st.integers(0, 6), min_size=4, max_size=4), min_size=1, max_size=6))
@settings(deadline=None, max_examples=examples(40))
def test_groups_do_not_touch_one_another(counts: list[list[int]]) -> None:
    together = median_of_counts(np.array(counts))
    alone = [median_of_counts(np.array([one])) for one in counts]
    for found, parts in zip(together, zip(*alone, strict=True), strict=True):
        assert np.array_equal(found, np.concatenate(parts), equal_nan=True)


@pytest.mark.parametrize("n", range(1, 6))
def test_fewer_than_six_answers_bound_nothing(n: int) -> None:
    """Their whole range misses the median more than once in twenty: 2 × 0.5ⁿ."""
    assert 2 * 0.5**n > 0.05 >= 2 * 0.5**6
    assert [found[0] for found in median_of_counts(np.array([[0, n, 0]]))] == [0.5, 0, 1]


@pytest.mark.parametrize("n", [6, 7, 8, 9, 10, 12, 15, 20, 30, 57, 200])
def test_the_ranks_cover_95_percent_and_the_next_ones_do_not(n: int) -> None:
    """The median lies between the r-th and the s-th of n values with probability Σ C(n,k) / 2ⁿ."""
    _, low, high = median_of_counts(np.ones((1, n), int), np.arange(1, n + 1))
    r, s = int(low[0]), int(high[0])
    assert r + s == n + 1
    assert sum(binom.pmf(k, n, 0.5) for k in range(r, s)) >= 0.95
    assert sum(binom.pmf(k, n, 0.5) for k in range(r + 1, s - 1)) < 0.95


LAWS = [(0.25, 0.25, 0.25, 0.25), (0.5, 0.5, 0, 0), (0.1, 0.41, 0.4, 0.09), (0.02, 0.03, 0.05, 0.9)]


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("n", [3, 6, 9, 12])
def test_coverage_on_four_levels(n: int, law: tuple[float, ...]) -> None:
    """Every sample of n answers, with its probability; a true median may be any middle level."""
    samples = np.array(
        [np.bincount(one, minlength=4) for one in combinations_with_replacement(range(4), n)]
    )
    chances = [
        factorial(n) * prod(p**k / factorial(k) for p, k in zip(law, one, strict=True))
        for one in samples.tolist()
    ]
    assert sum(chances) == pytest.approx(1)
    _, low, high = (3 * found for found in median_of_counts(samples))
    below = np.cumsum(law)
    for level in range(4):
        if below[level] >= 0.5 - 1e-12 and below[level] - law[level] <= 0.5 + 1e-12:
            covered = (low <= level + 1e-9) & (level <= high + 1e-9)
            assert np.dot(chances, covered) >= 0.95


def test_nothing_answered_is_no_number() -> None:
    for counts in (np.zeros((2, 5), int), np.zeros((2, 0), int)):
        for found in median_of_counts(counts):
            assert np.isnan(found).tolist() == [True, True]


def test_places_are_kept_whatever_the_levels() -> None:
    assert median_of([0.0, 0.125, 0.125, 1.0, 1.0, 1.0]) == [0.5625, 0, 1]
