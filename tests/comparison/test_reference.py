"""Differences to a reference: intervals by hand, published examples, and what stays out."""

import dataclasses
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
from tests.comparison.published import Counts, published
from tests.thorough import examples

Z = 1.959963984540054
MET = {"a": (56, 70), "b": (48, 80), "c": (40, 80)}  # 80, 60 and 50 %
TWO_OTHERS: dict[str, Counts] = {service: {"Id": counts} for service, counts in MET.items()}
NUMBERS = ["reference_score", "difference", "low", "high"]


def of(comparisons: pd.DataFrame, service: str, dimension: str = "d") -> pd.Series:
    rows = comparisons[
        (comparisons["service"] == service) & (comparisons["dimension"] == dimension)
    ]
    assert len(rows) == 1
    return rows.iloc[0]


def ends(met: int, n: int) -> list[float]:
    return [100 * float(end) for end in wilson(met / n, n)]


def two_sided(z: float) -> float:
    return 1 - erf(abs(z) / sqrt(2))


def test_reference_is_the_mean_of_the_others_with_its_interval() -> None:
    row = of(compare_to_reference(published(TWO_OTHERS)), "a")
    (low, high), (low_b, high_b), (low_c, high_c) = (ends(*counts) for counts in MET.values())
    below, above = hypot(60 - low_b, 50 - low_c) / 2, hypot(high_b - 60, high_c - 50) / 2
    wanted = [55, 25, 25 - hypot(80 - low, above), 25 + hypot(high - 80, below)]
    assert row[NUMBERS].tolist() == pytest.approx(wanted)
    assert row["reference"] == "campaign"


def test_each_other_service_counts_once() -> None:
    found = compare_to_reference(published(TWO_OTHERS))
    assert found["reference_score"].tolist() == pytest.approx([55, 65, 70])
    assert found["service"].tolist() == ["a", "b", "c"]
    assert list(found.columns) == COMPARISON_COLUMNS


def test_newcombe_is_what_two_wilson_intervals_give() -> None:
    # Newcombe 1998, example: 56/70 − 48/80 = .20 (.0524 to .3339).
    campaign = published({"a": {"Id": (56, 70)}}, "Région", [("d", 60, *ends(48, 80))])
    row = of(compare_to_reference(campaign), "a")
    assert row[NUMBERS].tolist() == pytest.approx([60, 20, 5.24, 33.39], abs=0.005)
    assert (row["verdict"], row["reference"]) == ("higher", "Région")


def test_the_other_way_round_is_the_mirror() -> None:
    campaign = published({"a": {"Id": (48, 80)}}, "Région", [("d", 80, *ends(56, 70))])
    row = of(compare_to_reference(campaign), "a")
    assert row[NUMBERS].tolist() == pytest.approx([80, -20, -33.39, -5.24], abs=0.005)
    assert row["verdict"] == "lower"


def test_an_external_value_without_interval_is_exact() -> None:
    row = of(compare_to_reference(published(TWO_OTHERS, "Région", [("d", 70, None, None)])), "a")
    low, high = ends(56, 70)
    assert row[NUMBERS].tolist() == pytest.approx([70, 10, low - 70, high - 70])
    # The largest of three, so as it is.
    assert row["p"] == pytest.approx(two_sided(Z * 10 / (80 - low)))


def test_a_dimension_without_external_value_is_not_compared() -> None:
    both = {"a": {"Id": (56, 70), "Ie": (48, 80)}}
    found = compare_to_reference(published(both, "Région", [("e", 55, 50, 60)]))
    assert found["dimension"].tolist() == ["e"]


def test_p_is_adjusted_over_the_whole_campaign() -> None:
    scores = zip("abcz", (40, 30, 25, 33), (20, 21, 35, 27), strict=True)
    found = compare_to_reference(
        published({service: {"Id": (d, 50), "Ie": (e, 50)} for service, d, e in scores})
    )
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
    found = compare_to_reference(published({service: {"Id": (20, 20)} for service in "abc"}))
    assert found["p"].tolist() == [1, 1, 1]
    assert set(found["verdict"]) == {"not_established"}


def first(services: int) -> dict[str, Counts]:
    return {name: TWO_OTHERS[name] for name in [*TWO_OTHERS][:services]}


@pytest.mark.parametrize("services", [1, 2])
def test_one_or_two_services_have_no_reference_inside(services: int) -> None:
    found = compare_to_reference(published(first(services)))
    assert found.empty
    assert list(found.columns) == COMPARISON_COLUMNS


def test_one_service_may_have_an_external_reference() -> None:
    found = compare_to_reference(published(first(1), "Région", [("d", 60, 55, 65)]))
    assert len(found) == 1


def test_no_reference_asked() -> None:
    found = compare_to_reference(published(TWO_OTHERS, "none"))
    assert found.empty
    assert list(found.columns) == COMPARISON_COLUMNS


def test_hidden_services_neither_appear_nor_count() -> None:
    hidden = TWO_OTHERS | {"h": {"Id": (2, 4)}}
    pd.testing.assert_frame_equal(
        compare_to_reference(published(hidden)), compare_to_reference(published(TWO_OTHERS))
    )


def test_totals_strata_and_items_do_not_enter() -> None:
    campaign = published(TWO_OTHERS)
    scores = campaign.scores.astype({"service": "str", "stratum": "str", "item": "str"})
    total, stratum, item = (
        scores.iloc[:1].assign(**{column: value, "score": 0.0})
        for column, value in (("service", ""), ("stratum", "job=x"), ("item", "Id"))
    )
    more = dataclasses.replace(campaign, scores=pd.concat([scores, total, stratum, item]))
    pd.testing.assert_frame_equal(compare_to_reference(more), compare_to_reference(campaign))


@given(st.permutations(range(5)), st.lists(st.integers(5, 95), min_size=5, max_size=5))
@settings(deadline=None, max_examples=examples(15))
def test_order_of_services_changes_nothing(order: list[int], scores: list[int]) -> None:
    services = {f"s{i}": {"Id": (met, 100 + 20 * i)} for i, met in enumerate(scores)}
    reordered = {f"s{i}": services[f"s{i}"] for i in order}
    found = compare_to_reference(published(services)).set_index("service")
    again = compare_to_reference(published(reordered)).set_index("service")
    pd.testing.assert_frame_equal(found, again.loc[found.index])
    assert again.index.tolist() == [f"s{i}" for i in order]


@given(st.lists(st.integers(10, 90), min_size=3, max_size=8))
@settings(deadline=None, max_examples=examples(15))
def test_bounds_hold_the_difference(scores: list[int]) -> None:
    found = compare_to_reference(
        published({f"s{i}": {"Id": (met, 100)} for i, met in enumerate(scores)})
    )
    assert ((found["low"] <= found["difference"]) & (found["difference"] <= found["high"])).all()
    assert found["p"].between(0, 1).all()
