"""Indicators: small groups of people are hidden, and cannot be worked out from a total."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qgdr_eval.disclosure.indicators import PublishedIndicators, publish_indicators
from qgdr_eval.responses.indicators import INDICATOR_COLUMNS
from tests.thorough import examples

MINIMUM = 11


def row(met: float, among: float, service: str = "", kind: str = "proportion", **more: Any) -> dict:
    scale = {"proportion": 100, "rate": 1000}.get(kind, 1)
    value = met if kind in ("count", "value") else scale * met / among if among else np.nan
    return {
        "indicator": "i",
        "family": "practices",
        "facility": "f",
        "pole": "p",
        "service": service,
        "period": "2026-01",
        "label": "janv. 2026",
        "frequency": "M",
        "kind": kind,
        "numerator": np.nan if kind == "value" else met,
        "denominator": among,
        "value": value,
        "per": scale,
        "target": np.nan,
        "direction": "up",
        "unit": "",
        "reference": np.nan,
        "reference_source": "",
        "comment": "dit",
        **more,
    }


def published(*rows: dict) -> pd.DataFrame:
    return publish_indicators(pd.DataFrame(rows, columns=INDICATOR_COLUMNS)).rows


def statuses(*rows: dict) -> dict[str, str]:
    shown = published(*rows)
    return dict(zip(shown["service"], shown["status"], strict=True))


def test_only_disclosure_makes_published_indicators():
    with pytest.raises(TypeError):
        PublishedIndicators(pd.DataFrame(), MINIMUM)


def test_a_minimum_that_protects_nobody_is_refused():
    with pytest.raises(ValueError, match="4"):
        publish_indicators(pd.DataFrame(columns=INDICATOR_COLUMNS), minimum=4)


@pytest.mark.parametrize(
    ("met", "among", "kind", "status"),
    [
        (8, 11, "proportion", "published"),
        (8, 10, "proportion", "suppressed"),
        (0, 1, "proportion", "suppressed"),
        (0, 0, "proportion", "no_data"),
        (np.nan, np.nan, "proportion", "no_data"),
        (71.5, 11, "value", "published"),
        (71.5, 10, "value", "suppressed"),
        (71.5, np.nan, "value", "published"),  # nothing says that people stand behind it
        (2, 4, "rate", "published"),  # days: an organisation, not people
        (1, np.nan, "count", "published"),
    ],
)
def test_the_rule_for_one_row(met, among, kind, status):
    assert published(row(met, among, kind=kind))["status"].tolist() == [status]


def test_what_is_hidden_keeps_neither_number_nor_comment():
    hidden = published(row(3, 4)).iloc[0]
    assert hidden[["numerator", "denominator", "value"]].isna().all()
    assert hidden["comment"] == ""


def test_another_service_is_hidden_beside_a_total_that_would_give_the_small_one_back():
    assert statuses(row(60, 80), row(5, 8, "A"), row(22, 30, "B"), row(33, 42, "C")) == {
        "": "published",
        "A": "suppressed",
        "B": "complementary",
        "C": "published",
    }


@pytest.mark.parametrize("rate", [0, 1])
def test_a_pole_where_all_are_alike_tells_its_small_service(rate):
    """0 of 80: nobody of A either, whoever else is hidden."""
    assert statuses(*(row(rate * n, n, name) for n, name in ((80, ""), (8, "A"), (72, "B")))) == {
        "": "complementary",
        "A": "suppressed",
        "B": "published",
    }


def test_two_small_services_alike_are_hidden_with_a_third():
    """0 of 8 and 0 of 9: what their pôle leaves of the others would tell both."""
    shown = statuses(row(9, 60), row(0, 8, "A"), row(0, 9, "B"), row(4, 20, "C"), row(5, 23, "D"))
    assert (shown["C"], shown["D"], shown[""]) == ("complementary", "published", "published")


def test_a_quarter_hidden_in_its_year_is_not_given_back():
    """30 − 9 − 8 − 9 of 100 would be the fourth quarter of A."""
    quarters = [
        row(met, n, "A", period=f"2026Q{rank}", frequency="Q")
        for rank, (met, n) in enumerate([(9, 30), (8, 32), (9, 30), (4, 8)], 1)
    ]
    year = row(30, 100, "A", indicator="i, année", period="2026", frequency="Y")
    shown = published(*quarters, year).set_index("period")["status"]
    assert shown["2026Q4"] == "suppressed"
    assert shown["2026Q1"] == "complementary"
    assert shown["2026"] == "published"


def test_a_year_of_one_quarter_is_that_quarter():
    """S2, hidden beside S1 in the last quarter, answered in no other: its year would say it."""
    quarter = {"period": "2026Q4", "frequency": "Q"}
    year = {"indicator": "i, année", "period": "2026", "frequency": "Y"}
    shown = published(
        row(12, 30, **quarter),
        row(10, 15, "S0", **quarter),
        row(1, 3, "S1", **quarter),
        row(1, 12, "S2", **quarter),
        row(1, 12, "S2", **year),
    )
    status = dict(zip(zip(shown["service"], shown["period"], strict=True), shown["status"],
                      strict=True))  # fmt: skip
    assert status["S1", "2026Q4"] == "suppressed"
    assert status["S2", "2026Q4"] == status["S2", "2026"] == "complementary"
    assert status["S0", "2026Q4"] == "published"


def test_two_small_services_that_make_a_large_one_need_no_third():
    assert (
        statuses(row(40, 50), row(5, 8, "A"), row(5, 9, "B"), row(30, 33, "C"))["C"] == "published"
    )


def test_without_a_total_only_the_small_service_is_hidden():
    values = (row(71, 8, "A", "value"), row(70, 30, "B", "value"))
    assert statuses(*values) == {"A": "suppressed", "B": "published"}


def test_a_service_with_nobody_hides_nobody():
    shown = statuses(row(22, 30), row(0, 0, "A"), row(22, 30, "B"))
    assert shown == {"": "published", "A": "no_data", "B": "published"}


def test_services_are_summed_when_the_pole_has_no_row_of_its_own():
    total = published(row(5, 8, "A"), row(22, 30, "B")).iloc[0]
    assert (total["service"], total["numerator"], total["denominator"]) == ("", 27, 38)
    assert total["value"] == pytest.approx(100 * 27 / 38)
    assert total["summed"]


def test_a_sum_wants_every_service():
    february = {"period": "2026-02"}
    rows = published(row(5, 20, "A"), row(5, 20, "B"), row(5, 20, "A", **february))
    assert rows.loc[rows["summed"], "period"].tolist() == ["2026-01"]


@pytest.mark.parametrize(
    "rows",
    [
        (row(5, 20, "A"),),
        (row(5, 20), row(5, 20, "A"), row(5, 20, "B")),
        (row(71, 20, "A", "value"), row(73, 20, "B", "value")),
    ],
)
def test_no_sum_of_one_service_of_values_or_beside_a_total(rows):
    assert not published(*rows)["summed"].any()


def test_counts_and_rates_are_summed_too():
    counts = published(row(2, np.nan, "A", "count"), row(3, np.nan, "B", "count"))
    assert counts.iloc[0]["value"] == 5
    rates = published(row(2, 500, "A", "rate"), row(4, 1500, "B", "rate"))
    assert rates.iloc[0]["value"] == pytest.approx(3)


def test_one_pole_is_kept_whole_and_alone():
    both = publish_indicators(
        pd.DataFrame([row(9, 20), row(9, 20, pole="q")], columns=INDICATOR_COLUMNS)
    )
    assert both.poles == [("f", "p"), ("f", "q")]
    assert both.of("f", "q").rows["pole"].tolist() == ["q"]


sizes = st.lists(st.integers(0, 40), min_size=1, max_size=6)


@settings(max_examples=examples(50), deadline=None)
@given(sizes, st.booleans())
def test_nobody_can_subtract_their_way_to_a_small_group(services, given_total):
    rows = [row(size // 2, size, f"s{rank}") for rank, size in enumerate(services)]
    if given_total:
        rows.insert(0, row(sum(size // 2 for size in services), sum(services)))
    shown = published(*rows).set_index("service")
    assert (shown["denominator"].dropna() >= MINIMUM).all()
    if "" in shown.index and shown.loc["", "status"] == "published":
        rest = shown.loc["", "denominator"] - shown["denominator"].drop("").sum()
        assert rest == 0 or rest >= MINIMUM


@settings(max_examples=examples(50), deadline=None)
@given(sizes)
def test_no_more_is_hidden_than_it_takes(services):
    rows = [row(1, size, f"s{rank}") for rank, size in enumerate(services) if size]
    hidden = published(*rows)["status"]
    if all(size >= MINIMUM for size in services if size):
        assert set(hidden) <= {"published"}
    small = sum(size for size in services if size < MINIMUM)
    if small >= MINIMUM:
        assert "complementary" not in set(hidden)
