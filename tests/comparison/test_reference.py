"""Differences to a reference: intervals by hand, published examples, and what stays out."""

from math import erf, hypot, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from qgdr_eval.comparison import compare_to_reference
from qgdr_eval.comparison.reference import COMPARISON_COLUMNS
from qgdr_eval.scoring import wilson
from tests.comparison.published import Row, published

Z = 1.959963984540054
TWO_OTHERS: list[Row] = [("a", "d", 80, 70, 86), ("b", "d", 60, 50, 69), ("c", "d", 50, 38, 62)]
NUMBERS = ["reference_score", "difference", "low", "high"]


def of(comparisons: pd.DataFrame, service: str, dimension: str = "d") -> pd.Series:
    rows = comparisons[
        (comparisons["service"] == service) & (comparisons["dimension"] == dimension)
    ]
    assert len(rows) == 1
    return rows.iloc[0]


def two_sided(z: float) -> float:
    return 1 - erf(abs(z) / sqrt(2))


def test_reference_is_the_mean_of_the_others_with_its_interval() -> None:
    row = of(compare_to_reference(published(TWO_OTHERS)), "a")
    # Others: mean 55, halves hypot(10, 12)/2 below and hypot(9, 12)/2 = 7.5 above.
    below, above = hypot(10, 12) / 2, 7.5
    wanted = [55, 25, 25 - hypot(10, above), 25 + hypot(6, below)]
    assert row[NUMBERS].tolist() == pytest.approx(wanted)
    assert row["reference"] == "campaign"


def test_each_other_service_counts_once() -> None:
    found = compare_to_reference(published(TWO_OTHERS))
    assert found["reference_score"].tolist() == pytest.approx([55, 65, 70])
    assert found["service"].tolist() == ["a", "b", "c"]
    assert list(found.columns) == COMPARISON_COLUMNS


def test_newcombe_is_what_two_wilson_intervals_give() -> None:
    # Newcombe 1998, example: 56/70 − 48/80 = .20 (.0524 to .3339).
    (low, high), (ref_low, ref_high) = (
        [100 * float(x) for x in wilson(p, n)] for p, n in ((56 / 70, 70), (48 / 80, 80))
    )
    campaign = published([("a", "d", 80, low, high)], "Région", [("d", 60, ref_low, ref_high)])
    row = of(compare_to_reference(campaign), "a")
    assert row[NUMBERS].tolist() == pytest.approx([60, 20, 5.24, 33.39], abs=0.005)
    assert (row["verdict"], row["reference"]) == ("higher", "Région")


def test_the_other_way_round_is_the_mirror() -> None:
    (low, high), (ref_low, ref_high) = (
        [100 * float(x) for x in wilson(p, n)] for p, n in ((48 / 80, 80), (56 / 70, 70))
    )
    campaign = published([("a", "d", 60, low, high)], "Région", [("d", 80, ref_low, ref_high)])
    row = of(compare_to_reference(campaign), "a")
    assert row[NUMBERS].tolist() == pytest.approx([80, -20, -33.39, -5.24], abs=0.005)
    assert row["verdict"] == "lower"


def test_an_external_value_without_interval_is_exact() -> None:
    row = of(compare_to_reference(published(TWO_OTHERS, "Région", [("d", 70, None, None)])), "a")
    assert row[NUMBERS].tolist() == pytest.approx([70, 10, 0, 16])
    assert row["p"] == pytest.approx(two_sided(Z * 10 / 10))  # the largest of three, so as it is


def test_a_dimension_without_external_value_is_not_compared() -> None:
    rows: list[Row] = [("a", "d", 80, 70, 86), ("a", "e", 60, 50, 69)]
    found = compare_to_reference(published(rows, "Région", [("e", 55, 50, 60)]))
    assert found["dimension"].tolist() == ["e"]


def test_p_is_adjusted_over_the_whole_campaign() -> None:
    rows: list[Row] = [
        (s, d, score, score - 8 - i, score + 7 + i)
        for d, scores in (("d", (80, 60, 50, 66)), ("e", (40, 42, 70, 55)))
        for i, (s, score) in enumerate(zip("abcz", scores, strict=True))
    ]
    found = compare_to_reference(published(rows))
    half = np.where(
        found["difference"] > 0,
        found["difference"] - found["low"],
        found["high"] - found["difference"],
    )
    raw = [two_sided(Z * d / h) for d, h in zip(found["difference"], half, strict=True)]
    adjusted = multipletests(raw, method="fdr_bh")[1]
    assert found["p"].tolist() == pytest.approx(adjusted.tolist())
    assert set(found["verdict"]) == {"higher", "lower", "not_established"}
    wanted = np.where(
        adjusted >= 0.05, "not_established", np.where(found["difference"] > 0, "higher", "lower")
    )
    assert found["verdict"].tolist() == wanted.tolist()


def test_no_difference_is_never_established() -> None:
    rows: list[Row] = [(service, "d", 100, 70, 100) for service in "abc"]
    found = compare_to_reference(published(rows))
    assert found["p"].tolist() == [1, 1, 1]
    assert set(found["verdict"]) == {"not_established"}


@pytest.mark.parametrize("rows", [TWO_OTHERS[:1], TWO_OTHERS[:2]], ids=["one", "two"])
def test_one_or_two_services_have_no_reference_inside(rows: list[Row]) -> None:
    found = compare_to_reference(published(rows))
    assert found.empty
    assert list(found.columns) == COMPARISON_COLUMNS


def test_one_service_may_have_an_external_reference() -> None:
    found = compare_to_reference(published(TWO_OTHERS[:1], "Région", [("d", 60, 55, 65)]))
    assert len(found) == 1


def test_no_reference_asked() -> None:
    found = compare_to_reference(published(TWO_OTHERS, "none"))
    assert found.empty
    assert list(found.columns) == COMPARISON_COLUMNS


def test_hidden_services_neither_appear_nor_count() -> None:
    hidden: list[Row] = [*TWO_OTHERS, ("h", "d", None, None, None)]
    pd.testing.assert_frame_equal(
        compare_to_reference(published(hidden)), compare_to_reference(published(TWO_OTHERS))
    )


def test_totals_strata_and_items_do_not_enter() -> None:
    campaign = published(TWO_OTHERS)
    total, stratum, item = (
        campaign.scores.iloc[:1].assign(**{column: value, "score": 0.0})
        for column, value in (("service", ""), ("stratum", "job=x"), ("item", "Id"))
    )
    more = published(TWO_OTHERS)
    object.__setattr__(more, "scores", pd.concat([campaign.scores, total, stratum, item]))
    pd.testing.assert_frame_equal(compare_to_reference(more), compare_to_reference(campaign))


@given(st.permutations(range(5)), st.lists(st.integers(5, 95), min_size=5, max_size=5))
@settings(deadline=None, max_examples=40)
def test_order_of_services_changes_nothing(order: list[int], scores: list[int]) -> None:
    rows: list[Row] = [(f"s{i}", "d", s, s - 5 + i / 2, s + 5 - i) for i, s in enumerate(scores)]
    first = compare_to_reference(published(rows)).set_index("service")
    again = compare_to_reference(published([rows[i] for i in order])).set_index("service")
    pd.testing.assert_frame_equal(first, again.loc[first.index])
    assert again.index.tolist() == [f"s{i}" for i in order]


@given(st.lists(st.integers(10, 90), min_size=3, max_size=8))
@settings(deadline=None, max_examples=40)
def test_bounds_hold_the_difference(scores: list[int]) -> None:
    rows: list[Row] = [(f"s{i}", "d", s, s - 6, s + 4) for i, s in enumerate(scores)]
    found = compare_to_reference(published(rows))
    assert ((found["low"] <= found["difference"]) & (found["difference"] <= found["high"])).all()
    assert found["p"].between(0, 1).all()
