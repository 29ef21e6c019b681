"""Intervals against textbooks, statsmodels, R and arithmetic anyone can redo.

Numbers marked R: R 4.2.2, ``prop.test(x, n, correct = FALSE)$conf.int``, which is Wilson's.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student
from statsmodels.stats.proportion import proportion_confint

from qgdr_eval.scoring.intervals import Z, effective_size, finite_size, wilson


@pytest.mark.parametrize(
    ("positive", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
    ],
)
def test_wilson_textbook(positive: int, n: int, low: float, high: float) -> None:
    assert np.round(wilson(positive / n, n), 4).tolist() == [low, high]


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_agrees_with_statsmodels(counts: tuple[int, int]) -> None:
    positive, n = counts
    theirs = proportion_confint(positive, n, method="wilson")
    assert np.array(wilson(positive / n, n)) == pytest.approx(np.clip(theirs, 0, 1), abs=1e-9)


def test_nobody_has_no_interval_and_everybody_no_width() -> None:
    assert np.isnan(wilson(np.nan, 0)).all()
    assert np.isnan(wilson(0.5, 0)).all()
    assert np.array(wilson(0.3, math.inf)) == pytest.approx([0.3, 0.3])


def test_finite_size_by_hand() -> None:
    # 9 of 12: 9 × 11 / 3 = 33. R: prop.test(22, 33, correct = FALSE) gives .4960789, .8024977.
    assert finite_size(9, 9, 12) == 33
    assert np.array(wilson(6 / 9, finite_size(9, 9, 12))) == pytest.approx(
        [0.4960789, 0.8024977], abs=5e-8
    )


def test_finite_size_at_the_edges() -> None:
    assert np.isinf(finite_size(12, 12, 12))
    assert np.isinf(finite_size(13, 13, 12))  # more answers than people: nobody is left unknown
    assert finite_size(9, 9, np.nan) == 9
    assert finite_size(1, 1, 1_000_000) == pytest.approx(1)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 9, 15, 30, 400, 3000])
@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 1.0])
def test_a_yes_no_item_is_worth_exactly_its_answers(n: int, share: float) -> None:
    variance = share * (1 - share) / n
    assert effective_size(share, variance, variance, n) == n


def test_perfectly_alike_items_are_worth_one() -> None:
    assert effective_size(0.4, 0.24 / 9, 0.24 / 9 / 4, 9) == 9


@pytest.mark.parametrize(("n", "items"), [(9, 4), (30, 4), (30, 10), (900, 10)])
def test_unrelated_items_are_worth_nearly_all_their_answers(n: int, items: int) -> None:
    few = (n - 1) / n * (Z / student.ppf(0.975, n - 1)) ** 2
    variance = 0.21 / n / items
    size = float(effective_size(0.3, variance, variance, n))
    assert size == pytest.approx(n * items * few)
    assert size == pytest.approx(n * items, rel=4 / n)


def test_too_little_spread_by_luck_is_not_believed() -> None:
    lucky, honest = (effective_size(0.5, v, 0.25 / 40, 10) for v in (0.25 / 4000, 0.25 / 40))
    assert lucky == honest


def test_no_spread_at_all_is_worth_the_subjects() -> None:
    assert effective_size([0, 0.5, 1], 0, 0, [7, 7, 7]).tolist() == [7, 7, 7]
    assert effective_size(np.nan, np.nan, np.nan, 0) == 0


@given(st.floats(0, 1), st.floats(0.5, 1e6))
def test_bounds_hold_the_share(share: float, n: float) -> None:
    low, high = wilson(share, n)
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
