"""What stood low comes back by itself: a gain is judged from where the measure was expected."""

from math import hypot, sqrt

import numpy as np
import pandas as pd
import pytest

from qgdr_eval.comparison.regression import EXPECTED_COLUMNS, expect_unchanged
from qgdr_eval.scoring import wilson
from qgdr_eval.scoring.intervals import Z

COLUMNS = [
    "dimension", "item", "score_before", "below_before", "above_before", "score", "below", "above",
]  # fmt: skip


def rows_of(rows: list[tuple[object, ...]], method: str = "mover") -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).assign(facility="f", service="a", method=method)


def around(
    dimension: str, item: str, before: float, now: float, error: float
) -> tuple[object, ...]:
    """A measure whose two intervals are those of a standard error, in points."""
    half = Z * error
    return dimension, item, before, before - half, before + half, now, now - half, now + half


def test_three_dimensions_by_hand() -> None:
    """Scores 40, 60, 80: variance 400; standard error 10: ρ = 1 − 100/400 = 0.75, so 45, 60, 75."""
    rows = rows_of([around(id, "", x, 60, 10) for id, x in zip("abc", (40, 60, 80), strict=True)])
    found = expect_unchanged(rows)
    assert list(found) == EXPECTED_COLUMNS
    assert found["expected"].tolist() == pytest.approx([45, 60, 75])
    half = Z * hypot(10, sqrt(0.75 * 100))
    for end, side in (("beyond_low", -half), ("beyond_high", half)):
        assert found[end].tolist() == pytest.approx([15 + side, side, -15 + side])


def test_dimensions_that_differ_by_luck_alone_are_all_expected_at_their_mean() -> None:
    rows = rows_of([around(id, "", x, 60, 15) for id, x in zip("abc", (50, 60, 70), strict=True)])
    assert expect_unchanged(rows)["expected"].tolist() == pytest.approx([60, 60, 60])


def test_two_dimensions_are_expected_where_they_stood() -> None:
    rows = rows_of([around(id, "", x, 60, 15) for id, x in zip("ab", (50, 60), strict=True)])
    assert expect_unchanged(rows)["expected"].tolist() == pytest.approx([50, 60])


def test_items_are_pulled_to_their_dimension() -> None:
    """Twelve items 20 points off: variance 16 × 400 / 12, one error of √(2/12) lower, less 25.

    Their dimension stands at 50 in all four; so does the luck of their items.
    """
    rows = [around(id, "", 50, 50, 5) for id in "abcd"]
    rows += [
        around(id, f"{id}{i}", 50 + side * 20, 50, 5)
        for id in "abcd"
        for i, side in enumerate((-1, 1, -1, 1))
    ]
    found = expect_unchanged(rows_of(rows))
    true = 16 * 400 / 12 * (1 - sqrt(2 / 12)) - 25
    kept = true / (true + 25)
    assert found["expected"].tolist() == pytest.approx(
        [50] * 4 + [50 - 20 * kept, 50 + 20 * kept] * 8
    )


@pytest.mark.parametrize("method", ["paired", "declared", ""])
def test_what_was_not_drawn_twice_has_no_luck_to_lose(method: str) -> None:
    rows = rows_of([around(id, "", 40, 60, 10) for id in "abc"], method)
    assert expect_unchanged(rows).isna().all(axis=None)


def simulated(people: int, rng: np.random.Generator) -> pd.DataFrame:
    """A team asked twice with nothing changed: twelve dimensions of four yes/no items."""
    share = rng.uniform(0.35, 0.95, (1, 12))
    leaning = rng.beta(share, 1 - share, (people, 12))
    rounds = [rng.binomial(1, leaning[..., None], (people, 12, 4)).mean(axis=0) for _ in range(2)]
    sides = [
        [(means, *wilson(means, np.full(means.shape, size))) for means, size in
         ((one.mean(axis=1), people / 0.62 / 0.2), (one.ravel(), people / 0.5))]
        for one in rounds
    ]  # fmt: skip
    names = [
        [(f"d{d}", "") for d in range(12)],
        [(f"d{d}", f"d{d}i{i}") for d in range(12) for i in range(4)],
    ]
    tables = [
        pd.DataFrame(100 * np.array([*sides[0][k], *sides[1][k]]).T, columns=COLUMNS[2:]).assign(
            **dict(zip(COLUMNS[:2], zip(*names[k], strict=True), strict=True))
        )
        for k in (0, 1)
    ]
    rows = pd.concat(tables, ignore_index=True)
    return rows.assign(facility="f", service="a", method="mover")


@pytest.mark.parametrize("people", [5, 9, 15])
def test_with_nothing_changed_the_lowest_question_gains_almost_nothing_beyond(people: int) -> None:
    rng = np.random.default_rng(people)
    gains, beyond = [], []
    for _ in range(150):
        rows = simulated(people, rng)
        found = rows.join(expect_unchanged(rows))
        lowest = found.loc[found[found["item"] != ""]["score_before"].idxmin()]
        gains.append(lowest["score"] - lowest["score_before"])
        beyond.append(lowest["beyond"])
    assert np.mean(gains) > 10
    assert abs(np.mean(beyond)) < np.mean(gains) / 4
