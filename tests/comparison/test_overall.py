"""The same team twice: what these people would say another day, and all dimensions together."""

import dataclasses
from collections.abc import Sequence
from math import hypot

import numpy as np
import pandas as pd
import pytest

from qgdr_eval.comparison.evolution import compare_campaigns
from qgdr_eval.comparison.overall import OVERALL, overall_rows
from qgdr_eval.disclosure import Published
from qgdr_eval.instruments import Instrument
from qgdr_eval.scoring import wilson
from qgdr_eval.scoring.spread import SPREAD_COLUMNS
from tests.comparison.test_evolution import grid, of
from tests.comparison.test_evolution import published as answer

PEOPLE = grid("dA", "eA", subject="respondent")
# service, dimension, n, score, low and high of these people; the wide bounds are far wider.
Row = tuple[str, str, int, float | None, float, float]


def published(
    rows: Sequence[Row],
    spread: tuple[float, float] | None = None,
    heads: int = 12,
    asked: Instrument = PEOPLE,
) -> Published:
    """A round of people; ``spread``: design effect and alpha of their mean over all dimensions.

    Teams that did answer, so many to each dimension; their scores, ends and spread are these, so
    that the arithmetic can be done by hand.
    """
    items = {item.dimension: item.code for item in asked.items}
    teams: dict[str, dict[str, tuple[int, int]]] = {}
    for service, dimension, n, *_ in rows:
        teams.setdefault(service, {})[items[dimension]] = (n // 2, n)
    made = answer(teams, asked)
    given = pd.DataFrame(rows, columns=["service", "dimension", "n", "score", "low", "high"])
    scores = given.assign(
        facility="f",
        item="",
        stratum="",
        measure="positive_share",
        n_valid=given["n"],
        wide_low=0.0,
        wide_high=100.0,
        status=["suppressed" if row[3] is None else "published" for row in rows],
    )
    places = pd.DataFrame({"service": list(teams)})
    pooled = [("", "", *spread, 3, 20)] if spread else []
    return dataclasses.replace(
        made,
        scores=scores[made.scores.columns.intersection(scores.columns)],
        participation=places.assign(facility="f", head_count=float(heads), status="published"),
        spread=pd.DataFrame(pooled, columns=SPREAD_COLUMNS),
    )


BEFORE = [("a", "d", 9, 60.0, 52.0, 67.0), ("a", "e", 9, 40.0, 30.0, 50.0)]
AFTER = [("a", "d", 9, 75.0, 69.0, 80.0), ("a", "e", 9, 45.0, 36.0, 54.0)]


def test_a_team_is_compared_with_itself_by_what_these_people_would_say() -> None:
    row = of(compare_campaigns(published(BEFORE), published(AFTER)), dimension="d")
    ends = [15 - hypot(75 - 69, 67 - 60), 15 + hypot(80 - 75, 60 - 52)]
    assert row[["difference", "low", "high"]].tolist() == pytest.approx([15, *ends])


def test_p_counts_how_few_people_there_are() -> None:
    """R 4.2.2, before adjustment: 2 * pt(-15 / sqrt(6^2 + 7^2) * qt(.975, 16), 16)."""
    alone = [published(rows[:1]) for rows in (BEFORE, AFTER)]
    found = compare_campaigns(*alone)
    assert found["dimension"].tolist() == ["d"]
    assert found["p"].iloc[0] == pytest.approx(0.0033003, abs=5e-7)


def test_all_dimensions_together_by_hand() -> None:
    """Means 50 and 60 of nine people of twelve: size 9 / 0.5 / (1 − 9/12 × 0.9) = 55.38."""
    rounds = [published(rows, (0.5, 0.9)) for rows in (BEFORE, AFTER)]
    row = of(compare_campaigns(*rounds), measure=OVERALL)
    size = 9 / 0.5 / (1 - 9 / 12 * 0.9)
    ends = [np.array(wilson(mean, size)) * 100 for mean in (0.5, 0.6)]
    below, above = hypot(60 - ends[1][0], ends[0][1] - 50), hypot(ends[1][1] - 60, 50 - ends[0][0])
    assert row[["difference", "low", "high"]].tolist() == pytest.approx(
        [10, 10 - below, 10 + above]
    )
    assert row[["dimension", "item", "method"]].tolist() == ["", "", "mover"]
    assert row[["score", "score_before"]].isna().all()  # a test, never a score for all


def test_where_no_spread_was_pooled_all_dimensions_may_be_wrong_together() -> None:
    found = overall_rows(published(BEFORE))
    assert found[["n", "score", "below", "above"]].to_numpy().tolist() == [[9, 50, 41, 58.5]]


def test_answers_behind_all_dimensions_are_those_of_a_typical_one() -> None:
    rows = [("a", "d", 12, 60.0, 50.0, 70.0), ("a", "e", 6, 40.0, 30.0, 50.0)]
    assert overall_rows(published(rows))["n"].tolist() == pytest.approx([8])


HIDDEN = [("a", "d", 9, 60.0, 52.0, 67.0), ("a", "e", 9, None, 0.0, 0.0)]


@pytest.mark.parametrize(("before", "after"), [(HIDDEN, AFTER), (BEFORE, HIDDEN)])
def test_a_dimension_hidden_or_not_compared_leaves_no_test_of_all(
    before: list[Row], after: list[Row]
) -> None:
    found = compare_campaigns(published(before, (0.5, 0.9)), published(after, (0.5, 0.9)))
    assert OVERALL not in set(found["measure"])


@pytest.mark.parametrize(
    "asked",
    [
        grid("dA", "eA"),
        grid("dA", "dB", subject="respondent"),
        grid("dA", "eA", subject="group"),
        grid("dA", "eA", subject="respondent", rule="maturity"),
    ],
)
def test_records_positions_levels_and_one_dimension_have_no_test_of_all(
    asked: Instrument,
) -> None:
    assert overall_rows(published([("a", "d", 9, 60.0, 52.0, 67.0)], asked=asked)).empty


def test_the_test_of_all_is_one_of_the_page_s_family() -> None:
    """Alone p is 0.0033; with e and the test of all it can only grow."""
    rounds = [published(rows, (0.5, 0.9)) for rows in (BEFORE, AFTER)]
    found = compare_campaigns(*rounds)
    assert found["measure"].tolist() == ["positive_share", "positive_share", OVERALL]
    assert found["p"].notna().all()
    assert found["p"].iloc[0] == pytest.approx(min(3 * 0.0033003, found["p"].max()), rel=0.01)


def test_a_page_and_its_campaign_may_conclude_otherwise_each_under_its_name() -> None:
    others = [(f"s{i}", id, 9, 50.0, 40.0, 60.0) for i in range(12) for id in "de"]
    found = compare_campaigns(published([*BEFORE, *others]), published([*AFTER, *others]))
    row = found[(found["service"] == "a") & (found["dimension"] == "d")].iloc[0]
    assert row[["verdict", "campaign_verdict"]].tolist() == ["improved", "not_established"]
    rest = found[found["service"] != "a"]
    assert set(rest["verdict"]) == set(rest["campaign_verdict"]) == {"not_established"}
