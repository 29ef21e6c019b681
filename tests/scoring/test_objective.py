"""Shares against an objective, as HAS publishes them."""

import csv
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgdr_eval.french import round_half_up
from qgdr_eval.scoring.objective import class_against, whole_percent_interval

# Intervals and classes as HAS published them with its indicators (objective 80 %).
PUBLISHED = [
    (76, 80, (88, 99), "A"),
    (71, 80, (80, 95), "B"),
    (65, 80, (71, 89), "B"),
    (31, 60, (38, 65), "C"),
    (15, 21, (48, 89), "B"),
]
RATES = Path(__file__).parents[3] / "shared/data/has/resultats-iqss-open-data-2019.csv"
COUNTS = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(("met", "n", "interval", "named"), PUBLISHED)
def test_published_intervals_and_classes(met, n, interval, named):
    assert whole_percent_interval(met, n) == interval
    assert class_against(*interval) == named


@pytest.mark.parametrize(("met", "interval"), [(0, (0, 0)), (21, (100, 100))])
def test_none_and_all(met, interval):
    assert whole_percent_interval(met, 21) == interval


@given(COUNTS)
def test_the_interval_holds_the_share_and_stays_below_certainty(counts):
    met, n = counts
    low, high = whole_percent_interval(met, n)
    assert low <= 100 * met / n <= high or (met < n and high == 99)
    assert (high == 100) == (met == n)


@given(COUNTS)
def test_the_other_way_round_is_the_mirror(counts):
    met, n = counts
    low, high = whole_percent_interval(met, n)
    mirror_low, mirror_high = whole_percent_interval(n - met, n)
    if high < 99 and mirror_high < 99:
        assert (100 - high, 100 - low) == (mirror_low, mirror_high)


@pytest.mark.parametrize(("met", "n"), [(-1, 10), (11, 10), (0, 0)])
def test_impossible_counts(met, n):
    with pytest.raises(ValueError, match="of"):
        whole_percent_interval(met, n)


@pytest.mark.parametrize(
    ("low", "high", "objective", "named"),
    [(81, 99, 80, "A"), (80, 99, 80, "B"), (60, 80, 80, "B"), (60, 79, 80, "C"), (71, 89, 70, "A")],
)
def test_an_interval_that_touches_the_objective_is_in_the_middle(low, high, objective, named):
    assert class_against(low, high, objective) == named


def published_rates() -> Iterator[tuple[int, str]]:
    """Rates in percent with their class: the file gives neither numerators nor sizes."""
    with RATES.open(encoding="cp1252", newline="") as stream:
        for row in csv.DictReader(stream, delimiter=";"):
            by_name = {name.lower(): text for name, text in row.items()}
            for name, text in by_name.items():
                named = by_name.get(name.replace("res_", "classe_"))
                if name.startswith("res_") and re.fullmatch(r"\d+%", text) and named in {*"ABC"}:
                    yield int(text[:-1]), str(named)


def test_every_published_class_is_one_that_its_rate_can_have():
    """2019: 3,522 rates with a class, all of which some number of records from 10 to 80 gives."""
    if not RATES.exists():
        pytest.skip(f"open data are not distributed with the project: no {RATES.name} beside it")
    sizes = [(met, n) for n in range(10, 81) for met in range(n + 1)]
    possible = {
        (round_half_up(100 * met / n), class_against(*whole_percent_interval(met, n)))
        for met, n in sizes
    }
    rates = list(published_rates())
    assert len(rates) == 3522
    assert set(rates) <= possible
    assert possible < set(product(range(101), "ABC"))
