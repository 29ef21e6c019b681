"""Bounds of records against R and against the probabilities they stand on.

R 4.2.2, x met of n drawn out of N:

    M <- x:(N - n + x)
    min(M[phyper(x - 1, M, N - M, n, lower.tail = FALSE) > .025])
    max(M[phyper(x, M, N - M, n) > .025])
"""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qgdr_eval.scoring.exact import records_bounds
from tests.thorough import examples


@pytest.mark.parametrize(
    ("met", "n", "population", "fewest", "most"),
    [
        (4, 4, 5, 4, 5),
        (24, 30, 40, 28, 34),
        (27, 30, 40, 33, 37),
        (0, 10, 25, 0, 6),
        (10, 10, 25, 19, 25),
        (30, 30, 30, 30, 30),
        (7, 12, 300, 85, 253),
        (3, 5, 8, 3, 6),
        (60, 80, 1000, 645, 836),
    ],
)
def test_bounds_are_r_s(met: int, n: int, population: int, fewest: int, most: int) -> None:
    assert records_bounds(met, n, population).tolist() == [fewest, most]


DRAWS = st.integers(1, 25).flatmap(
    lambda whole: st.integers(1, whole).flatmap(
        lambda n: st.tuples(st.integers(0, n), st.just(n), st.just(whole))
    )
)


def tail(at_least: int, n: int, met: int, whole: int) -> Fraction:
    """P(X ≥ at_least) when ``met`` of the whole are met, counted one by one."""
    ways = sum(comb(met, k) * comb(whole - met, n - k) for k in range(at_least, n + 1))
    return Fraction(ways, comb(whole, n))


@given(DRAWS)
@settings(deadline=None, max_examples=examples(60))
def test_bounds_are_the_last_that_do_not_surprise(draw: tuple[int, int, int]) -> None:
    x, n, whole = draw
    low, high = map(int, records_bounds(x, n, whole))
    possible = range(x, whole - n + x + 1)
    surprising = Fraction(25, 1000)  # exactly: none of 2 drawn out of 16, 13 met, is 3/120
    assert low == min(m for m in possible if tail(x, n, m, whole) > surprising)
    assert high == max(m for m in possible if 1 - tail(x + 1, n, m, whole) > surprising)


def test_many_at_once_and_what_is_not_known() -> None:
    found = records_bounds([[4, 0], [2, 1]], [[4, 0], [2, 3]], [[5, 9], [np.nan, 3]])
    assert found[:, 0, 0].tolist() == [4, 5]
    assert np.isnan(found[:, 0, 1]).all()
    assert np.isnan(found[:, 1, 0]).all()
    assert found[:, 1, 1].tolist() == [1, 1]
