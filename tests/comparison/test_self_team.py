"""A leader beside the team: the whole interval comes from the team, and few gaps are claimed."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student
from statsmodels.stats.multitest import multipletests

from qgdr_eval.comparison.self_team import GAP_COLUMNS, compare_self_to_team

POINTS = st.floats(0, 100)
Row = tuple[str, float, float, float]
PEOPLE = 12


def row(id: str, score: float, low: float, high: float, status: str = "published"):
    return SimpleNamespace(
        dimension=id, n_valid=PEOPLE, score=score, low=low, high=high, status=status
    )


def own(id: str, score: float, status: str = "published"):
    """A position: it is no sample, so its interval is the position itself."""
    return row(id, score, score, score, status)


@st.composite
def sides(draw: st.DrawFn):
    """What a person and a team say of some dimensions, a few hidden or of one side only."""
    mine, theirs = [], []
    for rank in range(draw(st.integers(0, 7))):
        low, score, high = sorted(draw(st.tuples(POINTS, POINTS, POINTS)))
        status = draw(st.sampled_from(["published", "published", "published", "suppressed"]))
        mine.append(own(f"d{rank}", draw(POINTS)))
        if draw(st.integers(0, 4)):
            theirs.append(row(f"d{rank}", score, low, high, status))
    return mine, theirs


def test_worked_by_hand() -> None:
    """Self 80; the team 60, from 52 to 67: a gap of 20, from 80 − 67 to 80 − 52."""
    found = compare_self_to_team([own("a", 80)], [row("a", 60, 52, 67)])
    assert list(found.columns) == GAP_COLUMNS
    assert found.iloc[0].drop("p").tolist() == ["a", 80, 60, 20, 13, 28, "higher"]
    # The half interval towards zero, 7 points, stands for t standard errors, 11 degrees of freedom.
    # R 4.2.2: 2 * pt(-20 / 7 * qt(.975, 11), 11)
    assert found.loc[0, "p"] == pytest.approx(5.93165933e-05, rel=1e-5)


@pytest.mark.parametrize(
    ("mine", "team", "verdict"),
    [
        (80, (60, 52, 67), "higher"),
        (40, (60, 52, 67), "lower"),
        (66, (60, 52, 67), "not_established"),
        (60, (60, 52, 67), "not_established"),
        (53, (60, 52, 67), "not_established"),
        (52, (60, 60, 60), "lower"),  # everybody answered: there is nothing left to draw
        (100, (100, 72, 100), "not_established"),
        (0, (0, 0, 28), "not_established"),
    ],
)
def test_one_dimension_alone_follows_its_interval(mine, team, verdict) -> None:
    found = compare_self_to_team([own("a", mine)], [row("a", *team)])
    assert found.loc[0, "verdict"] == verdict


def test_what_one_side_does_not_show_is_not_compared() -> None:
    mine = [own("a", 80), own("b", 80), own("c", 80, "no_answer"), own("d", 80)]
    team = [
        row("d", 60, 52, 67),
        row("a", np.nan, np.nan, np.nan, "suppressed"),
        row("c", 60, 52, 67),
    ]
    found = compare_self_to_team(mine, team).set_index("dimension")
    assert found["verdict"].tolist() == ["not_compared"] * 3 + ["higher"]
    numbers = ["own", "team", "difference", "low", "high", "p"]
    assert found.loc[["a", "b", "c"], numbers].isna().all(axis=None)
    alone = compare_self_to_team([own("d", 80)], [row("d", 60, 52, 67)])
    assert found.loc["d", "p"] == alone.loc[0, "p"]  # what is not compared is no comparison


def test_nothing_to_compare_is_an_empty_frame() -> None:
    assert list(compare_self_to_team([], [row("a", 60, 52, 67)]).columns) == GAP_COLUMNS
    assert compare_self_to_team([], []).empty


def test_among_seven_dimensions_one_small_gap_is_not_claimed() -> None:
    """Alone, 69 before [52 ; 67] is established (p about 1 %); among seven, it is not."""
    mine = [own("a", 69), *(own(id, 60) for id in "bcdefg")]
    team = [row(id, 60, 52, 67) for id in "abcdefg"]
    assert compare_self_to_team(mine[:1], team).loc[0, "verdict"] == "higher"
    assert set(compare_self_to_team(mine, team)["verdict"]) == {"not_established"}


@given(sides())
def test_p_is_that_of_the_interval_adjusted_by_statsmodels(both) -> None:
    found = compare_self_to_team(*both).dropna(subset=["difference"])
    if found.empty:
        return
    gap, half = found["difference"].to_numpy(), np.where(
        found["difference"] > 0,
        found["difference"] - found["low"],
        found["high"] - found["difference"],
    )  # fmt: skip
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(gap == 0, 0, np.abs(gap) / half)
    alone = 2 * student.sf(z * student.ppf(0.975, PEOPLE - 1), PEOPLE - 1)
    assert found["p"].to_numpy() == pytest.approx(multipletests(alone, method="fdr_bh")[1])


@given(sides())
def test_the_interval_is_the_team_s_and_holds_the_gap(both) -> None:
    mine, team = both
    widths = {one.dimension: one.high - one.low for one in team}
    for found in compare_self_to_team(mine, team).dropna().itertuples():
        assert found.low <= found.difference <= found.high
        assert found.high - found.low == pytest.approx(widths[found.dimension])
        assert found.low >= -100
        assert found.high <= 100


@given(sides())
def test_a_claim_is_on_the_side_of_the_gap_and_leaves_zero_out(both) -> None:
    for found in compare_self_to_team(*both).itertuples():
        if found.verdict == "higher":
            assert found.low > 0
        if found.verdict == "lower":
            assert found.high < 0


@given(sides().flatmap(lambda both: st.tuples(st.just(both), st.permutations(both[0]))))
def test_the_order_is_that_of_the_person_and_changes_no_figure(given_) -> None:
    (mine, team), shuffled = given_
    found = compare_self_to_team(mine, team).set_index("dimension")
    other = compare_self_to_team(shuffled, team[::-1]).set_index("dimension")
    assert list(other.index) == [one.dimension for one in shuffled]
    assert other.loc[found.index, "verdict"].tolist() == found["verdict"].tolist()
    assert other.loc[found.index, "p"].tolist() == pytest.approx(found["p"].tolist(), nan_ok=True)


@given(sides())
def test_seen_from_the_other_end_of_the_scale_every_claim_turns_round(both) -> None:
    mine, team = both
    turned_mine = [own(one.dimension, 100 - one.score) for one in mine]
    turned_team = [
        row(one.dimension, 100 - one.score, 100 - one.high, 100 - one.low, one.status)
        for one in team
    ]
    found = compare_self_to_team(mine, team)
    turned = compare_self_to_team(turned_mine, turned_team)
    assert turned["difference"].tolist() == pytest.approx(
        (-found["difference"]).tolist(), nan_ok=True
    )
    assert turned["low"].tolist() == pytest.approx((-found["high"]).tolist(), nan_ok=True)
