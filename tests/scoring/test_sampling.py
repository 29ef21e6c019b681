"""What records can conclude, how many to draw, and draws anybody can make again."""

from math import ceil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare
from statsmodels.stats.proportion import proportion_confint

from qgdr_eval.problems import Refused
from qgdr_eval.responses.draw import draw_records
from qgdr_eval.scoring.sampling import (
    SAMPLE_SIZE_COLUMNS,
    conclusive_counts,
    half_width,
    records_for,
    tabulate_sample_sizes,
)
from tests.thorough import examples

Z = 1.959963984540054
RECORDS = [f"d{i:03}" for i in range(100)]
WARDS = ["a"] * 60 + ["b"] * 30 + ["c"] * 10
LISTED = pd.DataFrame({"subject": RECORDS, "ward": WARDS})


@pytest.mark.parametrize(
    ("n", "fewest"),
    # All met gives n / (n + Z²): above 80 % from n = 4 Z² = 15.4 on.
    [(10, None), (15, None), (16, 16), (30, 29), (60, 55), (80, 72)],
)
def test_fewest_met_to_be_above_80_percent(n: int, fewest: int | None) -> None:
    assert conclusive_counts(n).fewest_above == fewest


@given(st.integers(1, 150), st.integers(1, 99))
def test_counts_are_where_statsmodels_interval_leaves_the_target(n: int, target: int) -> None:
    found = conclusive_counts(n, target)
    low, high = proportion_confint(np.arange(n + 1), n, method="wilson")
    assert [met for met in range(n + 1) if low[met] > target / 100] == (
        [] if found.fewest_above is None else list(range(found.fewest_above, n + 1))
    )
    assert [met for met in range(n + 1) if high[met] < target / 100] == (
        [] if found.most_below is None else list(range(found.most_below + 1))
    )


@pytest.mark.parametrize(("target", "above", "below"), [(100, None, 9), (0, 1, None)])
def test_nothing_is_above_everything_or_below_nothing(target, above, below) -> None:
    found = conclusive_counts(10, target, population=10)
    assert (found.fewest_above, found.most_below) == (above, below)


def test_all_the_records_there_are_leave_no_doubt_but_equality() -> None:
    found = conclusive_counts(10, 80, population=10)
    assert (found.fewest_above, found.most_below) == (9, 7)


@pytest.mark.parametrize(("n", "share"), [(30, 60), (10, 0), (80, 90)])
def test_half_width_is_half_of_wilsons_interval(n: int, share: int) -> None:
    low, high = proportion_confint(n * share / 100, n, method="wilson")
    assert half_width(n, share) == pytest.approx(100 * (high - low) / 2)


def test_half_width_among_a_known_number_of_records() -> None:
    # 9 of 12 weigh 33. R: prop.test(22, 33, correct = FALSE) gives .4960789, .8024977.
    assert half_width(9, 200 / 3, 12) == pytest.approx(50 * (0.8024977 - 0.4960789), abs=1e-5)
    assert half_width(12, 70, 12) == 0


@pytest.mark.parametrize("points", [3, 5, 10, 15, 20, 33.3])
def test_records_for_half_of_them_by_hand(points: float) -> None:
    # At 50 % the half width is Z / 2√(n + Z²), hence n = Z² (1 / 4h² − 1).
    assert records_for(points) == ceil(Z**2 * (1 / (4 * (points / 100) ** 2) - 1))


@given(st.floats(2, 45), st.floats(0, 100), st.none() | st.integers(1, 400))
def test_records_for_are_the_fewest(points: float, share: float, population: int | None) -> None:
    n = records_for(points, share, population)
    assert half_width(n, share, population) <= points
    assert n == 1 or half_width(n - 1, share, population) > points
    assert n <= (population or n)


def test_no_number_of_records_is_exact_beyond_them() -> None:
    with pytest.raises(ValueError, match="half width of 0"):
        records_for(0)


def test_the_table_says_what_each_number_says_alone() -> None:
    table = tabulate_sample_sizes([10, 30], target=80, share=60, population=500)
    assert list(table.columns) == SAMPLE_SIZE_COLUMNS
    assert table["fewest_above"].isna().tolist() == [True, False]
    alone = conclusive_counts(30, 80, 500)
    assert table.loc[1, ["fewest_above", "most_below"]].tolist() == [
        alone.fewest_above,
        alone.most_below,
    ]
    assert table["half_width"].tolist() == [half_width(n, 60, 500) for n in (10, 30)]


@given(st.permutations(RECORDS[:12]), st.integers(1, 12), st.integers(0, 2**63))
@settings(deadline=None)
def test_a_draw_depends_on_the_list_and_the_seed_not_on_the_order(order, n, seed) -> None:
    first, again = draw_records(RECORDS[:12], n, seed), draw_records(order, n, seed)
    pd.testing.assert_frame_equal(first, again)
    assert len(set(first["subject"])) == n
    assert set(first["subject"]) <= set(RECORDS[:12])


@pytest.mark.parametrize("by", [None, "ward"])
@pytest.mark.parametrize("allocation", ["proportional", "equal"])
def test_drawing_more_keeps_what_was_drawn(by, allocation) -> None:
    few, more = (draw_records(LISTED, n, 7, by, allocation) for n in (17, 40))
    pd.testing.assert_frame_equal(few, more.head(17))


def test_another_seed_is_another_draw() -> None:
    draws = {tuple(draw_records(RECORDS, 10, seed)["subject"]) for seed in range(50)}
    assert len(draws) == 50


def test_every_record_and_every_rank_has_the_same_chance() -> None:
    draws = np.array([draw_records(RECORDS[:8], 4, seed)["subject"] for seed in range(400)])
    for drawn in (draws, draws[:, 0], draws[:, 3]):
        assert chisquare(np.unique(drawn, return_counts=True)[1]).pvalue > 0.01


def test_the_rows_drawn_keep_their_columns() -> None:
    drawn = draw_records(LISTED, 20, 3)
    assert list(drawn.columns) == ["subject", "ward"]
    assert drawn.merge(LISTED).shape == drawn.shape


@pytest.mark.parametrize(
    ("allocation", "n", "shares"),
    [
        ("proportional", 3, {"a": 2, "b": 1}),  # shares 1.8, .9 and .3
        ("proportional", 10, {"a": 6, "b": 3, "c": 1}),
        ("proportional", 50, {"a": 30, "b": 15, "c": 5}),
        ("equal", 12, {"a": 4, "b": 4, "c": 4}),
        ("equal", 60, {"a": 25, "b": 25, "c": 10}),  # c has no more
        ("equal", 100, {"a": 60, "b": 30, "c": 10}),
    ],
)
def test_strata_share_the_draw(allocation, n, shares) -> None:
    drawn = draw_records(LISTED.sample(frac=1, random_state=1), n, 11, "ward", allocation)
    assert drawn["ward"].value_counts().to_dict() == shares


@given(st.lists(st.integers(1, 40), min_size=1, max_size=5), st.data())
@settings(max_examples=examples(50), deadline=None)
def test_proportional_shares_stay_near_the_strata_sizes(sizes, data) -> None:
    wards = np.repeat([f"w{i}" for i in range(len(sizes))], sizes)
    records = pd.DataFrame({"subject": [str(i) for i in range(len(wards))], "ward": wards})
    n = data.draw(st.integers(1, len(wards)))
    drawn = draw_records(records, n, 5, "ward")["ward"].value_counts()
    exact = n * np.array(sizes) / sum(sizes)
    found = drawn.reindex(pd.unique(wards), fill_value=0)
    # Sainte-Laguë may leave the whole number under or over the exact share, hardly ever by more.
    assert (np.abs(found - exact) < 2).all()
    assert len(sizes) > 2 or (np.abs(found - exact) < 1).all()


@pytest.mark.parametrize(
    ("records", "n", "by", "said"),
    [
        (["a", "b", "a"], 1, None, "1 identifiant en double : « a »"),
        (["a", " a", "b"], 1, None, "1 identifiant en double : « a »"),
        (["a", " ", ""], 1, None, "2 dossiers sans valeur, aux rangs 2, 3 de la liste"),
        (["a", "b"], 3, None, "3 dossiers à tirer dans une liste de 2"),
        (["a", "b"], 0, None, "0 dossier à tirer dans une liste de 2"),
        (["a", "b"], 1, "ward", "la colonne « ward » n'existe pas"),
        (pd.DataFrame({"id": ["a"]}), 1, None, "la colonne « subject » n'existe pas"),
        (LISTED.assign(ward=[None, *WARDS[1:]]), 5, "ward", "1 dossier sans valeur"),
    ],
)
def test_what_cannot_be_drawn_is_refused(records, n, by, said) -> None:
    with pytest.raises(Refused) as refused:
        draw_records(records, n, 1, by)
    assert said in _spaced(refused.value)
    assert all(problem.cure for problem in refused.value.problems)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        draw_records(["a", "a", ""], 5, -1, "ward")
    assert len(refused.value.problems) == 5


def _spaced(refused: Refused) -> str:
    return str(refused).replace("\u202f", " ").replace("\u00a0", " ")
