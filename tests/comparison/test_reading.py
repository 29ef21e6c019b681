"""Reading thresholds: the verdicts themselves are in ``tests/spec``; here, the frame and bounds."""

import dataclasses

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgdr_eval.comparison import read_dimensions, read_interval
from qgdr_eval.comparison.reading import READING_COLUMNS
from qgdr_eval.disclosure import Published
from qgdr_eval.instruments import Instrument
from tests.comparison.published import MARKS, Counts, instrument, published

PEOPLE = instrument(subject="respondent")
ANSWERS: dict[str, Counts] = {
    "a": {"Id": (320, 400), "Ie": (8, 20)},
    "b": {"Id": (2, 4), "Ie": (300, 500)},
}


def of_services(readings: pd.DataFrame) -> pd.DataFrame:
    return readings[readings["service"] != ""]


def test_one_reading_per_service_and_dimension() -> None:
    readings = read_dimensions(published(ANSWERS, asked=PEOPLE))
    assert list(readings.columns) == READING_COLUMNS
    named = of_services(readings)[["service", "dimension", "verdict", "band"]]
    assert named.to_numpy().tolist() == [
        ["a", "d", "established", "strength"],
        ["a", "e", "to_confirm", "priority"],
        ["b", "d", "hidden", "between"],
        ["b", "e", "established", "between"],
    ]


def test_the_interval_read_is_that_of_these_records() -> None:
    results = published({"a": {"Id": (16, 20), "Ie": (16, 20)}}, drawn_from=25)
    shown = results.dimension_scores().iloc[0]
    read = read_dimensions(results).iloc[0]
    assert read[["low", "high"]].tolist() == shown[["low", "high"]].tolist()
    assert shown["wide_low"] < read["low"] < read["high"] < shown["wide_high"]


def test_without_thresholds_nothing_is_concluded() -> None:
    unmarked = instrument(marks=(), subject="respondent")
    readings = of_services(read_dimensions(published(ANSWERS, asked=unmarked)))
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


ITEMS = ("I1d", "I2d", "I3d", "I4d", "I5d", "Kd", "Ld", "Me")
ORDINARY = ITEMS[:5]


def audited(rest: tuple[int, int] = (400, 400), **others: tuple[int, int]) -> Counts:
    """Ordinary criteria of the dimension "d" met so many times of so many, and others."""
    return dict.fromkeys(ORDINARY, rest) | others


def verdict(campaign: Published, service: str = "a", dimension: str = "d") -> tuple[str, str]:
    readings = read_dimensions(campaign).query("facility == 'f'")
    readings = readings.set_index(["service", "dimension"])
    return tuple(readings.loc[(service, dimension), ["verdict", "band"]])


def marked(*critical: str) -> Instrument:
    return instrument(ITEMS, critical=critical)


@pytest.mark.parametrize(
    ("services", "wanted"),
    [
        ({"a": audited(Kd=(400, 400))}, "established"),  # met each time
        ({"a": audited(Kd=(398, 400))}, "capped"),  # failed twice
        ({"a": audited(Kd=(0, 400))}, "capped"),
        ({"a": audited()}, "established"),  # never applicable: not known to fail
        ({"a": audited(Ld=(398, 400))}, "established"),  # not a critical one
        ({"a": audited(Me=(0, 400))}, "established"),  # nor of this dimension
        ({"a": audited(), "b": audited(Kd=(0, 400))}, "established"),  # another service
    ],
)
def test_a_critical_criterion_that_fails_caps_its_dimension(
    services: dict[str, Counts], wanted: str
) -> None:
    assert verdict(published(services, asked=marked("Kd"))) == (wanted, "strength")


def test_one_critical_criterion_that_fails_is_enough() -> None:
    answers = {"a": audited(Kd=(400, 400), Ld=(360, 400))}
    assert verdict(published(answers, asked=marked("Kd", "Ld"))) == ("capped", "strength")


def test_a_strength_to_confirm_is_capped_too() -> None:
    answers = {"a": audited((18, 20), Kd=(10, 20))}
    assert verdict(published(answers, asked=marked())) == ("to_confirm", "strength")
    assert verdict(published(answers, asked=marked("Kd"))) == ("capped", "strength")


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        (audited((300, 400), Kd=(0, 400)), ("established", "between")),
        (audited((14, 20), Kd=(0, 20)), ("to_confirm", "between")),
        (audited((80, 400), Kd=(0, 400)), ("established", "priority")),
    ],
)
def test_only_a_strength_is_capped(answers: Counts, wanted: tuple[str, str]) -> None:
    """Between the marks, or under them, the reading says enough."""
    for asked in (marked(), marked("Kd")):
        assert verdict(published({"a": answers}, asked=asked)) == wanted


def test_a_stratum_that_fails_says_nothing_of_everybody() -> None:
    """Its own group is read on its own item row."""
    campaign = published({"a": audited(Kd=(400, 400))}, asked=marked("Kd"))
    failed = campaign.scores.query("service == 'a' and item == 'Kd'").assign(score=50.0)
    failed["stratum"] = "profession=x"
    scores = pd.concat([campaign.scores.astype({"stratum": "str"}), failed], ignore_index=True)
    campaign = dataclasses.replace(campaign, scores=scores)
    assert verdict(campaign) == ("established", "strength")


def test_a_hidden_dimension_stays_hidden() -> None:
    answers = {"a": audited(Kd=(400, 400)), "b": audited((4, 4), Kd=(0, 4))}
    assert verdict(published(answers, asked=marked("Kd")), "b") == ("hidden", "between")


def test_without_thresholds_nothing_is_capped() -> None:
    unmarked = instrument(ITEMS, marks=(), critical=["Kd"])
    campaign = published({"a": audited(Kd=(200, 400))}, asked=unmarked)
    assert verdict(campaign) == ("no_threshold", "between")


def test_a_total_is_capped_by_its_own_criterion() -> None:
    """A total stands under the facility's name with no service."""
    services = {"a": audited(Kd=(400, 400)), "b": audited(Kd=(398, 400))}
    campaign = published(services, asked=marked("Kd"))
    assert verdict(campaign, "") == ("capped", "strength")
    assert verdict(campaign, "a") == ("established", "strength")
