"""Reading thresholds: the verdicts themselves are in ``tests/spec``; here, the frame and bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgdr_eval.comparison import read_dimensions, read_interval
from qgdr_eval.comparison.reading import READING_COLUMNS
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
