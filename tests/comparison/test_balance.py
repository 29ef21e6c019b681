"""How dimensions balance: worked by hand, the same whatever their order, between 0 and 100."""

import math
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgdr_eval.comparison import read_interval
from qgdr_eval.comparison.balance import read_balance
from qgdr_eval.comparison.differences import mover
from tests.comparison.published import MARKS

POINTS = st.floats(0, 100)


def reading(id: str, score: float, low: float, high: float) -> SimpleNamespace:
    """A dimension as it is read against the marks 75 and 50."""
    verdict, band = read_interval(score, low, high, MARKS)
    return SimpleNamespace(
        dimension=id, score=score, low=low, high=high, verdict=verdict, band=band
    )


HIDDEN = SimpleNamespace(
    dimension="h", score=math.nan, low=math.nan, high=math.nan, verdict="hidden", band="between"
)
WEAK, STRONG = reading("a", 40, 34, 44), reading("b", 80, 77, 88)


@st.composite
def readings(draw: st.DrawFn) -> list[SimpleNamespace]:
    """From none to six dimensions, some hidden."""
    rows = []
    for rank in range(draw(st.integers(0, 6))):
        low, score, high = sorted(draw(st.tuples(POINTS, POINTS, POINTS)))
        rows.append(reading(f"d{rank}", score, low, high) if draw(st.booleans()) else HIDDEN)
    return rows


def test_the_spread_is_pythagoras_on_each_side() -> None:
    found = read_balance([WEAK, STRONG])
    assert (found.weakest, found.strongest, found.spread) == ("a", "b", 40)
    # Down: 80 − 77 and 44 − 40, √(3² + 4²) = 5. Up: 88 − 80 and 40 − 34, √(8² + 6²) = 10.
    assert (found.low, found.high) == (35, 50)


def test_what_stands_between_the_extremes_changes_nothing_of_the_spread() -> None:
    found = read_balance([STRONG, reading("c", 60, 20, 90), HIDDEN, WEAK])
    assert (found.weakest, found.strongest) == ("a", "b")
    assert (found.spread, found.low, found.high) == (40, 35, 50)


@pytest.mark.parametrize("shown", [[], [WEAK], [WEAK, HIDDEN], [HIDDEN, HIDDEN]])
def test_one_dimension_alone_balances_nothing(shown) -> None:
    assert read_balance(shown) is None


@pytest.mark.parametrize(
    ("rows", "lacking", "sure"),
    [
        ([(80, 77, 88), (60, 55, 70)], [], True),
        ([(80, 77, 88), (40, 34, 44)], ["d1"], True),
        ([(80, 77, 88), (48, 40, 56)], ["d1"], False),
        ([(30, 25, 35), (80, 77, 88), (40, 34, 44)], ["d0", "d2"], True),
        ([(30, 25, 35), (80, 77, 88), (48, 40, 56)], ["d0", "d2"], False),
        ([(50, 50, 50), (51, 51, 51)], ["d0"], True),
    ],
)
def test_what_lacks_is_at_its_low_mark_or_under(rows, lacking, sure) -> None:
    found = read_balance([reading(f"d{rank}", *row) for rank, row in enumerate(rows)])
    assert (list(found.lacking), found.sure) == (lacking, sure)


def test_equal_dimensions_stand_in_the_order_of_the_instrument() -> None:
    found = read_balance([reading(id, 60, 50, 70) for id in "abc"])
    assert (found.weakest, found.strongest, found.spread, found.low) == ("a", "a", 0, 0)
    assert found.high == pytest.approx(math.hypot(10, 10))


def test_declared_positions_have_a_spread_and_no_interval() -> None:
    found = read_balance([reading("a", 25, 25, 25), reading("b", 75, 75, 75)], declared=True)
    assert found.spread == 50
    assert math.isnan(found.low)
    assert math.isnan(found.high)


@given(readings())
def test_bounds_hold_the_spread_and_stay_on_the_scale(rows) -> None:
    found = read_balance(rows)
    if found is not None:
        assert 0 <= found.low <= found.spread <= found.high <= 100 + 1e-9


@given(readings())
def test_the_spread_is_the_difference_of_the_extremes_never_under_zero(rows) -> None:
    found = read_balance(rows)
    if found is None:
        return
    shown = {row.dimension: row for row in rows if row is not HIDDEN}
    scores = [row.score for row in shown.values()]
    top, bottom = shown[found.strongest], shown[found.weakest]
    assert (bottom.score, top.score) == (min(scores), max(scores))
    _, low, high = mover(top.score, top.low, top.high, bottom.score, bottom.low, bottom.high)
    assert (found.low, found.high) == pytest.approx((max(low, 0), high), abs=1e-9)


@given(readings().flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_readings_settles_ties_and_nothing_else(both) -> None:
    rows, shuffled = both
    one, other = read_balance(rows), read_balance(shuffled)
    assert (one is None) == (other is None)
    if one is None:
        return
    assert one.spread == other.spread
    assert (set(one.lacking), one.sure) == (set(other.lacking), other.sure)
    scores = [row.score for row in rows if row is not HIDDEN]
    if len(set(scores)) == len(scores):
        assert (one.weakest, one.strongest) == (other.weakest, other.strongest)
        assert (one.low, one.high) == (other.low, other.high)


@given(readings())
def test_declared_or_not_only_the_bounds_change(rows) -> None:
    sampled, declared = read_balance(rows), read_balance(rows, declared=True)
    if sampled is None:
        assert declared is None
        return
    assert (sampled.weakest, sampled.strongest, sampled.spread, sampled.lacking) == (
        declared.weakest, declared.strongest, declared.spread, declared.lacking
    )  # fmt: skip
    assert math.isnan(declared.low)
    assert math.isnan(declared.high)


@pytest.mark.parametrize(
    ("others", "declared", "apart"),
    [
        ([STRONG], False, True),
        ([STRONG, reading("c", 48, 43, 55)], False, False),  # 43 is under the 44 of the weakest
        ([STRONG, reading("c", 48, 45, 55)], False, True),
        ([STRONG, HIDDEN], False, True),
        ([STRONG, reading("c", 48, 43, 55)], True, True),  # a position has no interval
        ([STRONG, reading("c", 40, 40, 40)], True, False),
    ],
)
def test_the_weakest_stands_apart_when_no_other_overlaps_it(others, declared, apart) -> None:
    for rows in ([WEAK, *others], [*others, WEAK]):
        assert read_balance(rows, declared=declared).apart is apart
