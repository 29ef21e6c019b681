"""Steadied scores against published figures and R; what must hold whatever the scores.

R 4.2.2, metafor 3.8-1 for the spread, Morris's formulas as he wrote them::

    morris <- function(y, v) {
      k <- length(y)
      a <- metafor::rma(y, v, method = "PM", control = list(tol = 1e-12, maxiter = 1000))$tau2
      w <- 1 / (v + a); mu <- sum(w * y) / sum(w)
      b <- (k - 3) / (k - 1) * v * w
      t <- (1 - b) * y + b * mu
      vbar <- sum(w * v) / sum(w)
      s2 <- v * (1 - (k - k * w / sum(w)) / k * b) +
        2 / (k - 3) * b^2 * (vbar + a) * w * (y - mu)^2
      cat(sprintf("%.8f", c(a, mu, t[1:3], sqrt(s2[1:3]))), "\\n")
    }

of the data of ``tests/comparison/effects.py``, then of sqrt(45) * asin(2 * hits / 45 - 1) with
variances of 1.
"""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgdr_eval.comparison.shrinkage import RELIABLE, morris, people_needed, steady
from tests.comparison.effects import BCG, HITS, SCHOOLS, SEASON, STROKE, WRITING, Effects

DATA = Path(__file__).parents[3] / "shared" / "data" / "bhr2000_leadership.csv"
SERVICES = st.lists(st.tuples(st.floats(0, 100), st.integers(2, 200)), min_size=8, max_size=40)
BASEBALL = Effects(45**0.5 * np.arcsin(2 * HITS / 45 - 1), np.ones(18))


@pytest.mark.parametrize(
    ("effects", "between", "centre", "scores", "errors"),
    [
        (SCHOOLS, 0, 7.68561672, (13.48972623, 7.77544052, 4.63258337),
         (11.21510970, 6.35935661, 9.85190828)),
        (BCG, 0.31806845, -0.71496815, (-0.81582005, -1.31007487, -1.04928386),
         (0.44275431, 0.38670745, 0.48830278)),
        (STROKE, 728.25112859, -15.14568003, (-19.80815945, -2.02808809, -54.36926245),
         (6.25269213, 1.44117711, 3.95152116)),
        (WRITING, 0.06890185, 0.22829965, (0.44652614, -0.14446237, -0.05107352),
         (0.19615330, 0.24354818, 0.16842568)),
        (BASEBALL, 0.11545411, -3.31656314, (-2.90575884, -2.96966712, -3.03431911),
         (0.75850320, 0.69485036, 0.63648203)),
    ],
)  # fmt: skip
def test_steadied_scores_and_their_errors_are_those_of_r(effects, between, centre, scores, errors):
    found = morris(effects.y, effects.variance)
    assert found.between == pytest.approx(between, rel=1e-7, abs=1e-8)
    assert found.centre == pytest.approx(centre, abs=1e-6)
    assert found.score[:3] == pytest.approx(scores, abs=1e-6)
    assert np.sqrt(found.variance[:3]) == pytest.approx(errors, abs=1e-6)


def test_baseball_players_are_steadied_as_published():
    """A fifth of what sets a player apart is kept: 0.212 (Efron & Morris 1977)."""
    share = HITS / 45
    mean = share.mean()
    found = steady(100 * share, [45] * 18, 100 * (mean * (1 - mean)) ** 0.5)
    kept = (found.score / 100 - mean) / (share - mean)
    assert kept == pytest.approx([0.212] * 18, abs=5e-4)
    # What they went on to do is nearer to it: 3.5 times in squares, says the paper.
    ratio = ((share - SEASON) ** 2).sum() / ((found.score / 100 - SEASON) ** 2).sum()
    assert ratio == pytest.approx(3.5, abs=0.05)
    inside = (found.low / 100 <= SEASON) & (found.high / 100 >= SEASON)
    assert inside.sum() >= 17


@given(SERVICES, st.floats(1, 40))
def test_a_steadied_score_is_between_the_raw_one_and_the_centre(services, within):
    score, n = np.array(services, float).T
    found = steady(score, n, within)
    least, most = np.minimum(score, found.centre), np.maximum(score, found.centre)
    assert (least - 1e-9 <= found.score).all()
    assert (found.score <= most + 1e-9).all()


@given(SERVICES, st.floats(1, 40))
def test_intervals_hold_the_score_within_the_scale(services, within):
    found = steady(*np.array(services, float).T, within)
    assert (found.low >= 0).all()
    assert (found.low <= found.score).all()
    assert (found.score <= found.high).all()
    assert (found.high <= 100).all()
    assert ((found.reliability >= 0) & (found.reliability <= 1)).all()


@given(SERVICES, st.randoms())
def test_the_order_of_services_changes_nothing(services, chance):
    ranks = list(range(len(services)))
    chance.shuffle(ranks)
    score, n = np.array(services, float).T
    one, other = steady(score, n, 25), steady(score[ranks], n[ranks], 25)
    for column in ("score", "low", "high", "reliability"):
        assert getattr(other, column) == pytest.approx(getattr(one, column)[ranks], abs=1e-6)
    assert other.centre == pytest.approx(one.centre)


def test_fewer_people_are_brought_further_back_and_less_reliable():
    score, n = [50, 70, 50, 70, 50, 70, 50, 70], [6, 6, 12, 12, 24, 24, 96, 96]
    found = steady(score, n, 25)
    moved = np.abs(found.score - score)
    assert (np.diff(moved[::2]) < 0).all()
    assert (np.diff(moved[1::2]) < 0).all()
    assert (np.diff(found.reliability[::2]) > 0).all()


def test_reliability_is_that_of_services_as_large_as_needed():
    between, within = 6.0, 24.0
    n = people_needed(within, between)
    assert between**2 / (between**2 + within**2 / n) >= RELIABLE
    assert between**2 / (between**2 + within**2 / (n - 1)) < RELIABLE


def test_services_closer_than_chance_need_more_people_than_there_are():
    found = steady(range(56, 66), [9] * 10, 24)
    assert found.between == 0
    assert found.needed == np.inf
    assert found.reliability.tolist() == [0] * 10
    # Morris keeps 2/9 of the differences all the same: that there is no spread is not sure.
    assert found.score == pytest.approx(60.5 + (np.arange(56, 66) - 60.5) * 2 / 9)


def test_services_without_a_score_are_passed_over():
    score, n = [50.0, 55, 58, 60, 62, 65, 70, 72], [9, 9, 12, 12, 15, 15, 30, 30]
    found, alone = steady([np.nan, *score, 99], [20, *n, 0], 25), steady(score, n, 25)
    assert np.isnan(found.score[[0, 9]]).all()
    assert np.isnan(found.reliability[[0, 9]]).all()
    assert found.low[1:9].tolist() == alone.low.tolist()


def test_under_eight_services_nothing_is_steadied():
    found = steady([50, 55, 58, 60, 62, 65, 70], [9] * 7, 25)
    assert np.isnan([*found.score, *found.low, *found.high, found.needed, found.between]).all()
    assert len(found.score) == 7


# A public data set


def test_steadied_scores_of_groups_cut_to_twelve_are_nearer_to_the_rest_of_each():
    """Mean of eleven items, 0 to 100; the rest of a group being at least fourteen people."""
    if not DATA.is_file():
        pytest.skip(f"no {DATA.name} beside the checkout")
    people = defaultdict(list)
    with DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            answers = [int(row[item]) for item in row if item[:2] in ("AF", "AP", "AS")]
            people[row["GRP"]].append(25 * (sum(answers) / len(answers) - 1))
    groups = [group for group in people.values() if len(group) >= 12 + 14]
    first, rest = [group[:12] for group in groups], [np.mean(group[12:]) for group in groups]
    within = np.sqrt(np.mean([np.var(group, ddof=1) for group in first]))
    raw = np.mean(first, axis=1)
    steadied = steady(raw, [12] * len(raw), within).score
    errors = [np.sqrt(np.mean((one - rest) ** 2)) for one in (raw, steadied)]
    assert np.round(errors, 1).tolist() == [6.9, 5.8]
