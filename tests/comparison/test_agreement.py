"""Two auditors: kappa and specific agreements against statsmodels, R and published tables."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from qgdr_eval.comparison.agreement import measure_agreement

TABLE = st.tuples(*[st.integers(0, 60)] * 4)
ORDINARY = TABLE.filter(lambda table: all(table))


@pytest.mark.parametrize(
    ("table", "observed", "kappa", "low", "high"),
    # R: psych::cohen.kappa(matrix(table, 2, byrow = TRUE)). The second and third are Feinstein
    # & Cicchetti's (J Clin Epidemiol 1990;43:543): the same agreement, .70 and .32.
    [
        ((20, 5, 10, 15), 0.70, 0.40, 0.15109229, 0.64890771),
        ((40, 9, 6, 45), 0.85, 0.69951923, 0.55959034, 0.83944812),
        ((80, 10, 5, 5), 0.85, 0.31818182, 0.05661184, 0.57975179),
    ],
)
def test_kappa_by_r(table, observed, kappa, low, high) -> None:
    found = measure_agreement(*table)
    assert (found.n, found.reason) == (sum(table), "")
    assert [found.observed, found.kappa, found.low, found.high] == pytest.approx(
        [observed, kappa, low, high], abs=1e-8
    )


@given(ORDINARY)
def test_kappa_agrees_with_statsmodels(table) -> None:
    found = measure_agreement(*table)
    theirs = cohens_kappa([table[:2], table[2:]])
    assert found.kappa == pytest.approx(theirs.kappa, abs=1e-12)
    assert (found.low, found.high) == pytest.approx(
        (max(theirs.kappa_low, -1), min(theirs.kappa_upp, 1)), abs=1e-9
    )


@pytest.mark.parametrize(
    ("table", "positive", "negative"),
    # 2a / (2a + b + c): where nearly all are yes, the no is what the auditors do not agree on.
    [((40, 9, 6, 45), 80 / 95, 90 / 105), ((80, 10, 5, 5), 160 / 175, 10 / 25)],
)
def test_specific_agreements_by_hand(table, positive, negative) -> None:
    found = measure_agreement(*table)
    assert (found.positive, found.negative) == pytest.approx((positive, negative))


@pytest.mark.parametrize(
    ("table", "kappa", "reason"),
    [
        ((0, 0, 0, 0), math.nan, "no_record"),
        ((30, 0, 0, 0), math.nan, "one_category"),
        ((0, 0, 0, 30), math.nan, "one_category"),
        ((25, 0, 5, 0), 0, "constant_auditor"),
        ((0, 25, 0, 5), 0, "constant_auditor"),
        ((0, 30, 0, 0), 0, "constant_auditor"),
        ((20, 0, 0, 10), 1, "no_spread"),
        ((0, 10, 10, 0), -1, "no_spread"),
    ],
)
def test_what_has_no_interval_says_why(table, kappa, reason) -> None:
    found = measure_agreement(*table)
    assert found.kappa == pytest.approx(kappa, nan_ok=True)
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert found.reason == reason


def test_what_nobody_said_has_no_specific_agreement() -> None:
    found = measure_agreement(30, 0, 0, 0)
    assert (found.observed, found.positive) == (1, 1)
    assert math.isnan(found.negative)
    assert math.isnan(measure_agreement(0, 0, 0, 0).observed)


@given(TABLE)
def test_auditors_and_answers_may_change_places(table) -> None:
    found = measure_agreement(*table)
    both_yes, only_first, only_second, both_no = table
    swapped = measure_agreement(both_yes, only_second, only_first, both_no)
    turned = measure_agreement(both_no, only_second, only_first, both_yes)
    for other in (swapped, turned):
        assert (other.observed, other.kappa, other.low, other.high) == pytest.approx(
            (found.observed, found.kappa, found.low, found.high), nan_ok=True, abs=1e-9
        )
        assert other.reason == found.reason
    assert (turned.positive, turned.negative) == pytest.approx(
        (found.negative, found.positive), nan_ok=True
    )


@given(ORDINARY)
def test_bounds_hold_kappa_and_observed_stands_between_the_specific_ones(table) -> None:
    found = measure_agreement(*table)
    assert -1 <= found.low <= found.kappa <= found.high <= 1
    specific = sorted([found.positive, found.negative])
    assert specific[0] - 1e-12 <= found.observed <= specific[1] + 1e-12
