"""Steadied scores against R and published figures; what must hold whatever the scores.

R 4.2.2, metafor 3.8-1 for the best spread; the average over spreads by R's own quadrature::

    steady <- function(y, v) {
      given <- function(a) {
        w <- 1 / (v + a); mu <- sum(w * y) / sum(w); b <- v * w
        list(l = 0.5 * sum(log(w)) - 0.5 * log(sum(w)) - 0.5 * sum(w * (y - mu)^2),
             t = (1 - b) * y + b * mu, s = v * (1 - b) + b^2 / sum(w))
      }
      top <- optimize(function(x) given(exp(x))$l, log(c(1e-9, 1e4) * mean(v)),
                      maximum = TRUE)$objective
      average <- function(f) {
        whole <- function(x)
          sapply(x, function(x) f(given(exp(x))) * exp(given(exp(x))$l - top + x))
        parts <- log(mean(v)) + c(-35, -12, -6, -3, 0, 3, 6, 12, 35)
        sum(sapply(2:9, function(i) integrate(whole, parts[i - 1], parts[i], rel.tol = 1e-11,
                                              subdivisions = 2000)$value))
      }
      one <- average(function(g) 1)
      t <- sapply(1:3, function(i) average(function(g) g$t[i]) / one)
      s <- sapply(1:3, function(i) average(function(g) g$s[i] + (g$t[i] - t[i])^2) / one)
      a <- metafor::rma(y, v, method = "PM", control = list(tol = 1e-12, maxiter = 1000))
      cat(sprintf("%.8f", c(a$tau2, coef(a), t, sqrt(s))), "\\n")
    }

    dl <- function(y, v) {
      r <- metafor::rma(y, v, method = "DL"); b <- metafor::blup(r)
      cat(sprintf("%.8f", c(r$tau2, b$pred[1:3], b$se[1:3])), "\\n")
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
from scipy.stats import chi2, norm

from qgdr_eval.comparison.between import dersimonian_laird, paule_mandel
from qgdr_eval.comparison.shrinkage import RELIABLE, average_spreads, people_needed, shrink, steady
from tests.comparison.effects import BCG, HITS, SCHOOLS, SEASON, STROKE, WRITING, Effects

DATA = Path(__file__).parents[3] / "shared" / "data" / "bhr2000_leadership.csv"
SERVICES = st.lists(st.tuples(st.floats(0, 100), st.integers(2, 200)), min_size=8, max_size=40)
BASEBALL = Effects(45**0.5 * np.arcsin(2 * HITS / 45 - 1), np.ones(18))


@pytest.mark.parametrize(
    ("effects", "between", "centre", "scores", "errors"),
    [
        (SCHOOLS, 0, 7.68561672, (14.64461185, 8.00133121, 4.63109232),
         (10.45082281, 7.47848229, 9.94161864)),
        (BCG, 0.31806845, -0.71496815, (-0.81604246, -1.31265014, -1.04469352),
         (0.44196335, 0.38537034, 0.48298944)),
        (STROKE, 728.25112859, -15.14568003, (-19.79625579, -2.02969454, -54.33179259),
         (6.24697791, 1.44111222, 3.95553859)),
        (WRITING, 0.06890185, 0.22829965, (0.41502052, -0.08680787, -0.02491187),
         (0.18648357, 0.21986174, 0.16189204)),
        (BASEBALL, 0.11545411, -3.31656314, (-2.67733914, -2.77678237, -2.87738284),
         (0.70121122, 0.67429373, 0.65082351)),
    ],
)  # fmt: skip
def test_steadied_scores_and_their_errors_are_those_of_r(effects, between, centre, scores, errors):
    best = steady(effects.y, effects.people, 1)
    assert best.between**2 == pytest.approx(between, rel=1e-7, abs=1e-8)
    assert best.centre == pytest.approx(centre, abs=1e-6)
    assert best.reliability == pytest.approx(1 - effects.variance / (effects.variance + between))
    found, variance = average_spreads(effects.y, effects.variance)
    assert found[:3] == pytest.approx(scores, abs=1e-6)
    assert np.sqrt(variance[:3]) == pytest.approx(errors, abs=1e-6)


@pytest.mark.parametrize(
    ("effects", "between", "scores", "errors"),
    [
        (BCG, 0.30876026, (-0.79939097, -1.24857357, -0.98442901),
         (0.40852317, 0.35232755, 0.43315169)),
        (STROKE, 205.40937547, (-19.00865675, -2.12014897, -52.08774836),
         (5.87780612, 1.43611419, 3.83618604)),
        (WRITING, 0.04554325, (0.38951787, -0.03749461, -0.00368106),
         (0.16831765, 0.18584523, 0.14937710)),
    ],
)  # fmt: skip
def test_scores_shrunk_with_dersimonian_and_laird_are_those_of_metafor(
    effects, between, scores, errors
):
    mean = np.average(effects.y, weights=1 / effects.variance)
    phi = np.mean((effects.y - mean) ** 2 / effects.variance)
    assert dersimonian_laird(phi, effects.variance) == pytest.approx(between, rel=1e-7)
    found = shrink(effects.y, effects.variance, between)
    assert found.score[:3] == pytest.approx(scores, abs=1e-6)
    assert np.sqrt(found.variance[:3]) == pytest.approx(errors, abs=1e-6)


def test_with_one_size_the_average_is_the_truncated_gamma_of_the_published_one():
    """Efron & Morris (1975) bring baseball players back by 15/S = 0.791, S the sum of squares.

    That is the average over spreads if they might be negative; leaving these out, it is
    0.791 · P(χ²₁₇ < S) / P(χ²₁₅ < S).
    """
    published, y = 0.791, BASEBALL.y
    back = published * chi2.cdf(15 / published, 17) / chi2.cdf(15 / published, 15)
    found, _ = average_spreads(y, BASEBALL.variance)
    assert (y - found) / (y - y.mean()) == pytest.approx([back] * 18, abs=5e-4)


def test_scores_far_apart_are_brought_back_as_morris_does():
    """(k − 3)·V/S when no spread near 0 is likely, and 2/(k − 3)·B²·(y − mean)² of variance."""
    y, v, k = np.arange(0, 60, 4.0), 3.0, 15
    back = (k - 3) * v / ((y - y.mean()) ** 2).sum()
    found, variance = average_spreads(y, [v] * k)
    assert found == pytest.approx(y - back * (y - y.mean()), abs=1e-7)
    morris = v * (1 - (k - 1) / k * back) + 2 / (k - 3) * (back * (y - y.mean())) ** 2
    assert variance == pytest.approx(morris, abs=1e-7)


def test_baseball_players_are_nearer_to_their_season_once_steadied():
    share = HITS / 45
    found = steady(100 * share, [45] * 18, 100 * (share.mean() * (1 - share.mean())) ** 0.5)
    assert ((found.score / 100 - SEASON) ** 2).sum() < ((share - SEASON) ** 2).sum() / 2
    assert ((found.low / 100 <= SEASON) & (found.high / 100 >= SEASON)).sum() >= 17


@given(st.lists(st.floats(0, 100), min_size=8, max_size=40), st.integers(2, 200))
def test_a_steadied_score_is_between_the_raw_one_and_the_mean(score, n):
    found = steady(score, [n] * len(score), 25)
    least, most = (np.sort([score, [found.centre] * len(score)], axis=0))[[0, 1]]
    assert (least - 1e-6 <= found.score).all()
    assert (found.score <= most + 1e-6).all()


@given(SERVICES, st.floats(1, 40))
def test_no_steadied_score_is_further_out_than_all_the_raw_ones(services, within):
    score, n = np.array(services, float).T
    found = steady(score, n, within).score
    assert (score.min() - 1e-6 <= found).all()
    assert (found <= score.max() + 1e-6).all()


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
    # Something is left of the differences all the same: that there is no spread is not sure.
    left = (found.score - 60.5) / (np.arange(56, 66) - 60.5)
    assert left == pytest.approx([left[0]] * 10)
    assert 0.1 < left[0] < 0.4


def test_services_whose_people_all_agree_are_known():
    score = [50.0, 55, 58, 60, 62, 65, 70, 72]
    found = steady(score, [9] * 8, 0)
    assert found.score == pytest.approx(score)
    assert found.reliability == pytest.approx([1.0] * 8)
    assert (found.high - found.low).max() < 1e-6
    assert found.needed == 1


@pytest.mark.parametrize("services", [8, 600, 20_000])
def test_few_or_very_many_services_are_brought_back_as_much(services):
    """Variances of 4 between and of 4 by chance: half of each difference is left."""
    score = 50 + 8**0.5 * norm.ppf((np.arange(services) + 0.5) / services)
    found = steady(score, [25] * services, 10)
    left = (found.score - 50) / (score - 50)
    assert left == pytest.approx([0.5] * services, abs=0.6 / services**0.5)


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


@pytest.mark.parametrize(("between", "plain_most"), [(2, 0.60), (5, 0.86)])
def test_intervals_of_eight_services_hold_the_truth_where_plain_ones_do_not(between, plain_most):
    rng = np.random.default_rng(8)
    truth = 60 + between * rng.normal(size=(1500, 8))
    score, variance = truth + 5 * rng.normal(size=truth.shape), np.full(truth.shape, 25.0)
    steadied, spread = average_spreads(score, variance)
    assert (np.abs(steadied - truth) <= 1.96 * np.sqrt(spread)).mean() > 0.94
    best = paule_mandel(score, variance)[:, None]
    back = variance / (variance + best)
    plain = score - back * (score - score.mean(axis=1, keepdims=True))
    held = np.abs(plain - truth) <= 1.96 * np.sqrt(variance * (1 - back))
    assert held.mean() < plain_most


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
