"""Reading thresholds: the verdicts themselves are in ``tests/spec``; here, the frame and bounds."""

import dataclasses
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgdr_eval.comparison import read_dimensions, read_interval
from qgdr_eval.comparison.reading import READING_COLUMNS
from qgdr_eval.disclosure.published import Published
from tests.comparison.published import MARKS, Row, published

ROWS: list[Row] = [
    ("a", "d", 80, 70, 90),
    ("a", "e", 40, 20, 70),
    ("b", "d", None, None, None),
    ("b", "e", 60, 54, 66),
]


def test_one_reading_per_service_and_dimension() -> None:
    readings = read_dimensions(published(ROWS))
    assert list(readings.columns) == READING_COLUMNS
    assert readings[["service", "dimension", "verdict", "band"]].to_numpy().tolist() == [
        ["a", "d", "established", "strength"],
        ["a", "e", "to_confirm", "priority"],
        ["b", "d", "hidden", "between"],
        ["b", "e", "established", "between"],
    ]


def test_the_interval_read_is_that_of_these_people() -> None:
    assert read_dimensions(published(ROWS)).loc[0, ["low", "high"]].tolist() == [75, 85]


def test_without_thresholds_nothing_is_concluded() -> None:
    readings = read_dimensions(published(ROWS, marks=()))
    assert set(readings["verdict"]) == {"no_threshold", "hidden"}


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (75, "strength"),
        (74.999999, "between"),
        (50, "priority"),
        (50.000001, "between"),
        (100 * (1 + 1 / 3 + 2 / 3 + 1) / 4, "strength"),
        (75 - 1e-13, "strength"),
        (50 + 1e-13, "priority"),
    ],
)
def test_bands_begin_exactly_at_the_marks(score: float, band: str) -> None:
    assert read_interval(score, score, score, MARKS) == ("established", band)


@given(st.tuples(*[st.floats(0, 100)] * 3).map(sorted))
def test_a_narrower_interval_never_says_less(bounds: list[float]) -> None:
    low, score, high = bounds
    order = ["cannot_conclude", "to_confirm", "established"]
    wide, _ = read_interval(score, low, high, MARKS)
    narrow, _ = read_interval(score, (low + score) / 2, (high + score) / 2, MARKS)
    assert order.index(narrow) >= order.index(wide)


# A critical criterion that is not always met: its dimension is no strength, whatever its score.


def with_items(
    campaign: Published, *items: tuple[str, str, float | None], critical: str = "d", **keys: Any
) -> Published:
    """``items``: service, dimension and score of its one item; ``critical``: whose is critical."""
    asked = campaign.instrument
    marked = tuple(
        item.model_copy(update={"critical": item.dimension in critical}) for item in asked.items
    )
    rows = [
        {
            "facility": "f",
            "service": service,
            "stratum": "",
            "dimension": dimension,
            "item": f"I{dimension}",
            "measure": "positive_share",
            "score": score,
            "status": "suppressed" if score is None else "published",
        }
        | keys
        for service, dimension, score in items
    ]
    return dataclasses.replace(
        campaign,
        instrument=asked.model_copy(update={"items": marked}),
        scores=pd.concat([campaign.scores, pd.DataFrame(rows)], ignore_index=True),
    )


def verdict(campaign: Published, service: str = "a", dimension: str = "d") -> tuple[str, str]:
    readings = read_dimensions(campaign).set_index(["service", "dimension"])
    return tuple(readings.loc[(service, dimension), ["verdict", "band"]])


@pytest.mark.parametrize(
    ("items", "wanted"),
    [
        ([("a", "d", 100)], "established"),  # met each time
        ([("a", "d", 99.5)], "capped"),  # failed once
        ([("a", "d", 0)], "capped"),
        ([("a", "d", None)], "established"),  # hidden, or never applicable: not known to fail
        ([("a", "e", 0)], "established"),  # not a critical one
        ([("b", "d", 0)], "established"),  # another service
        ([], "established"),
    ],
)
def test_a_critical_criterion_that_fails_caps_its_dimension(items: Any, wanted: str) -> None:
    assert verdict(with_items(published(ROWS), *items)) == (wanted, "strength")


def test_one_critical_criterion_that_fails_is_enough() -> None:
    campaign = with_items(published(ROWS), ("a", "d", 100), ("a", "d", 90))
    assert verdict(campaign) == ("capped", "strength")


def test_a_strength_to_confirm_is_capped_too() -> None:
    campaign = published([("a", "d", 80, 60, 92)])
    assert verdict(campaign) == ("to_confirm", "strength")
    assert verdict(with_items(campaign, ("a", "d", 50))) == ("capped", "strength")


@pytest.mark.parametrize("row", [("a", "d", 60, 54, 66), ("a", "d", 60, 30, 90)])
def test_only_a_strength_is_capped(row: Row) -> None:
    """Between the marks, or under them, the reading says enough."""
    campaign = published([row])
    assert verdict(with_items(campaign, ("a", "d", 0))) == verdict(campaign)
    low = published([("a", "d", 20, 10, 30)])
    assert verdict(with_items(low, ("a", "d", 0))) == ("established", "priority")


def test_a_stratum_that_fails_says_nothing_of_everybody() -> None:
    """Its own group is read on its own item row."""
    campaign = with_items(published(ROWS), ("a", "d", 50), stratum="profession=x")
    assert verdict(campaign) == ("established", "strength")


def test_a_hidden_dimension_stays_hidden() -> None:
    campaign = with_items(published(ROWS), ("b", "d", 0))
    assert verdict(campaign, "b") == ("hidden", "between")


def test_without_thresholds_nothing_is_capped() -> None:
    campaign = with_items(published(ROWS, marks=()), ("a", "d", 0))
    assert verdict(campaign) == ("no_threshold", "between")


def test_a_total_is_capped_by_its_own_criterion() -> None:
    """A total stands under the facility's name with no service."""
    campaign = with_items(
        published([("", "d", 80, 76, 90), ("a", "d", 80, 76, 90)]), ("", "d", 98), ("a", "d", 100)
    )
    assert verdict(campaign, "") == ("capped", "strength")
    assert verdict(campaign, "a") == ("established", "strength")
