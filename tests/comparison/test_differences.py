"""Differences of shares against published tables, statsmodels, R and exact coverage."""

from itertools import product
from math import hypot

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, multinomial
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep

from qgdr_eval.comparison.differences import (
    interval_p,
    mcnemar_mid_p,
    mover,
    newcombe,
    newcombe_paired,
)

COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
TABLE = st.tuples(*[st.integers(0, 40)] * 4).filter(any)


@pytest.mark.parametrize(
    ("counts", "difference", "low", "high"),
    # Newcombe, Stat Med 1998;17:873, table II, method 10.
    [
        ((56, 70, 48, 80), 0.2000, 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.6000, 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.5714, 0.0582, 0.8062),
        ((5, 56, 0, 29), 0.0893, -0.0381, 0.1926),
    ],
)
def test_newcombe_published(counts, difference, low, high) -> None:
    assert np.round(newcombe(*counts), 4).tolist() == [difference, low, high]


@given(COUNTS, COUNTS)
def test_newcombe_agrees_with_statsmodels(after, before) -> None:
    difference, low, high = newcombe(*after, *before)
    assert difference == pytest.approx(after[0] / after[1] - before[0] / before[1])
    theirs = confint_proportions_2indep(*after, *before, method="newcomb")
    assert (low, high) == pytest.approx(theirs, abs=1e-9)


def test_arrays_are_taken_element_by_element_and_nobody_is_nan() -> None:
    difference, low, high = newcombe([56, 0, 9], [70, 0, 10], [48, 3, 0], [80, 4, 0])
    assert [difference[0], low[0], high[0]] == [*newcombe(56, 70, 48, 80)]
    assert np.isnan([difference[1:], low[1:], high[1:]]).all()


def test_mover_is_pythagoras_on_each_side() -> None:
    assert np.array(mover(70, 66, 82, 60, 55, 63)).tolist() == [10, 10 - 5, 10 + 13]


@given(st.floats(0, 1))
def test_what_goes_together_differs_less_surely_by_chance(correlation) -> None:
    apart, together = mover(70, 60, 80, 50, 42, 61), mover(70, 60, 80, 50, 42, 61, correlation)
    assert together[1] >= apart[1]
    assert together[2] <= apart[2]
    # Fully together, a difference moves by the difference of the two half intervals.
    assert mover(70, 60, 80, 50, 42, 61, 1)[1] == pytest.approx(20 - (11 - 10))


@pytest.mark.parametrize(
    ("table", "published"),
    # Fagerland, Lydersen & Laake, Stat Med 2014;33:2850, airway hyper-responsiveness in 21
    # children before and after transplantation: −.286 (−.507 to −.026) with this interval.
    [((1, 1, 7, 12), (-0.286, -0.507, -0.026)), ((1, 7, 1, 12), (0.286, 0.026, 0.507))],
)
def test_paired_published(table, published) -> None:
    assert np.round(newcombe_paired(*table), 3).tolist() == [*published]


def _slowly(both: int, gained: int, lost: int, neither: int) -> tuple[float, float]:
    """Method 10 in the letters of Newcombe's paper: e, f, g, h and n; δ below, ε above."""
    e, f, g, h = both, gained, lost, neither
    n, z = e + f + g + h, 1.959963984540054

    def wilson(r: int) -> tuple[float, float]:
        middle, half = 2 * r + z * z, z * (z * z + 4 * r * (1 - r / n)) ** 0.5
        return (middle - half) / (2 * (n + z * z)), (middle + half) / (2 * (n + z * z))

    margins = (e + f) * (g + h) * (e + g) * (f + h)
    cross = e * h - f * g
    cross = max(cross - n / 2, 0) if cross > 0 else cross
    phi = cross / margins**0.5 if margins else 0
    (l2, u2), (l3, u3) = wilson(e + f), wilson(e + g)
    dl2, du2, dl3, du3 = (e + f) / n - l2, u2 - (e + f) / n, (e + g) / n - l3, u3 - (e + g) / n
    delta = (dl2**2 - 2 * phi * dl2 * du3 + du3**2) ** 0.5
    epsilon = (du2**2 - 2 * phi * du2 * dl3 + dl3**2) ** 0.5
    return (f - g) / n - delta, (f - g) / n + epsilon


@given(TABLE)
def test_paired_is_method_10(table) -> None:
    difference, low, high = newcombe_paired(*table)
    assert (low, high) == pytest.approx(_slowly(*table), abs=1e-7)
    assert -1 - 1e-12 <= low <= difference <= high <= 1 + 1e-12


@given(TABLE)
def test_gains_and_losses_mirror_each_other(table) -> None:
    both, gained, lost, neither = table
    difference, low, high = newcombe_paired(*table)
    mirror = newcombe_paired(both, lost, gained, neither)
    assert (-difference, -high, -low) == pytest.approx(tuple(map(float, mirror)), abs=1e-12)


@pytest.mark.parametrize(
    "table",
    # Φ is 0: an empty margin, no link at all, or one within the continuity correction.
    [(0, 0, 5, 10), (12, 0, 0, 0), (6, 3, 4, 2), (3, 2, 2, 3)],
)
def test_without_correlation_pairs_are_two_samples(table) -> None:
    both, gained, lost, _ = table
    n = sum(table)
    two = newcombe(both + gained, n, both + lost, n)
    assert np.array(newcombe_paired(*table)) == pytest.approx(np.array(two), abs=1e-12)


def test_alike_pairs_say_more_than_two_samples() -> None:
    pairs, two = newcombe_paired(15, 7, 1, 17), newcombe(22, 40, 16, 40)
    assert pairs[1] > 0 > two[1]  # the same 15 points, established on the pairs only


@pytest.mark.parametrize(
    ("shares", "n"),
    [
        (shares, n)
        for shares in [(0.4, 0.2, 0.1, 0.3), (0.6, 0.2, 0.05, 0.15), (0.85, 0.05, 0.05, 0.05)]
        for n in (15, 30)
    ],
)
def test_paired_holds_the_truth_about_95_times_in_100(shares, n) -> None:
    """Exactly: every table of n pairs, with its probability."""
    tables = np.array(
        [(a, b, c, n - a - b - c) for a, b, c in product(range(n + 1), repeat=3) if a + b + c <= n]
    )
    _, low, high = newcombe_paired(*tables.T)
    truth = shares[1] - shares[2]
    held = multinomial(n, shares).pmf(tables)[(low <= truth) & (truth <= high)].sum()
    assert 0.93 < held < (0.98 if max(shares) < 0.8 else 1)


def test_no_pair_says_nothing() -> None:
    assert np.isnan(newcombe_paired(0, 0, 0, 0)).all()
    assert np.isnan(newcombe_paired([1, 0], [2, 0], [0, 0], [1, 0])).tolist() == [[False, True]] * 3


@pytest.mark.parametrize(
    ("gained", "lost", "p"),
    # Fagerland et al. 2013, airway hyper-responsiveness: 7 and 1, mid-p .0391, exact .0703.
    # R: 2 * pbinom(m, b + c, .5) - dbinom(m, b + c, .5), m the smaller.
    [
        (7, 1, 0.0390625),
        (9, 1, 0.01171875),
        (20, 8, 0.02411954477),
        (6, 16, 0.03468966484),
        (59, 6, 2.725803199e-12),
        (5, 5, 1),
        (0, 0, 1),
        (0, 5, 1 / 32),
        (0, 6, 1 / 64),
    ],
)
def test_mcnemar_by_hand_by_a_paper_and_by_r(gained, lost, p) -> None:
    assert mcnemar_mid_p(gained, lost) == pytest.approx(p, rel=1e-8)


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=1, max_size=5))
def test_the_mid_p_is_the_exact_p_of_statsmodels_less_the_smaller_count_once(changes) -> None:
    for b, c in changes:
        exact = mcnemar([[0, b], [c, 0]], exact=True).pvalue
        less = binom.pmf(min(b, c), b + c, 0.5) if b != c else 0
        assert mcnemar_mid_p(b, c) == pytest.approx(exact - less, rel=1e-7, abs=1e-12)


def test_mcnemar_of_nothing_known_is_not_known() -> None:
    assert np.isnan(mcnemar_mid_p([np.nan, 3], [1, 2])).tolist() == [True, False]


@given(st.floats(-50, 50), st.floats(0.1, 60), st.floats(0.1, 60))
def test_p_is_under_5_percent_when_the_interval_leaves_zero_out(difference, down, up) -> None:
    low, high = difference - down, difference + up
    p = float(interval_p(difference, low, high))
    assert 0 <= p <= 1
    if min(abs(low), abs(high)) > 1e-6:
        assert (p < 0.05) == (low > 0 or high < 0)


def test_p_of_no_difference_is_1_and_of_nothing_is_nan() -> None:
    p = interval_p([0, 0, np.nan, 3], [-1, 0, np.nan, np.nan], [1, 0, np.nan, np.nan])
    assert p[:2].tolist() == [1, 1]
    assert np.isnan(p[2:]).all()


def test_no_difference_stands_in_the_middle_of_its_interval() -> None:
    _, low, high = newcombe(8, 10, 8, 10)
    assert high == pytest.approx(-low)
    # R: prop.test(8, 10, correct = FALSE) gives .4901625, .9433178.
    assert hypot(0.8 - 0.4901625, 0.9433178 - 0.8) == pytest.approx(high, abs=1e-6)
