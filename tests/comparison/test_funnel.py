"""Funnels against FunnelPlotR, R and a second implementation; what must hold whatever the scores.

R 4.2.2, with ``od_adjustment.R`` of FunnelPlotR 0.6.0 (NHS-R Community)::

    source("od_adjustment.R")
    usual <- function(y, s) {
      w <- 1 / s^2; centre <- sum(w * y) / sum(w)
      d <- winsorisation(data.frame(Uzscore = (y - centre) / s), 0.1)
      phi <- phi_func(length(y), d$Wuzscore)
      tau2 <- tau_func(length(y), phi, s)
      half <- c(1.959964, 3.090232) %o% sqrt(s[1]^2 + tau2)
      cat(sprintf("%.10f", c(centre, phi, tau2, centre - half, centre + half)), "\\n")
    }
    usual(c(28, 8, -3, 7, -1, 1, 18, 12), c(15, 10, 16, 11, 9, 11, 10, 18))
    b <- metafor::escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg)
    usual(as.numeric(b$yi), sqrt(b$vi))
    l <- metafor::escalc("MD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i,
                         n2i = n2i, data = metadat::dat.normand1999)
    usual(as.numeric(l$yi), sqrt(l$vi))
    w <- metadat::dat.bangertdrowns2004; usual(w$yi, sqrt(w$vi))

    exact <- function(n, t, p = c(.025, .975, .001, .999)) {
      r <- qbinom(p, n, t); a <- (pbinom(r, n, t) - p) / dbinom(r, n, t)
      100 * (r - a) / n
    }
"""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import norm

from qgdr_eval.comparison.between import (
    ASYMPTOTE,
    expected_overdispersion,
    overdispersion,
    robust_variance,
    usual_variance,
)
from qgdr_eval.comparison.funnel import (
    FEWEST,
    Funnel,
    fit_funnel,
    record_limits,
    usual_rule,
)
from tests.comparison.effects import BCG, SCHOOLS, STROKE, WRITING, Effects

DATA = Path(__file__).parents[3] / "shared" / "data" / "bhr2000_leadership.csv"
SERVICES = st.lists(st.tuples(st.floats(0, 100), st.integers(2, 200)), min_size=8, max_size=40)
FUNNELS = st.builds(
    Funnel, st.floats(0, 100), st.floats(0, 20), st.floats(1, 50), st.integers(8, 600)
)

# Usual practice


@pytest.mark.parametrize(
    ("effects", "centre", "phi", "variance", "low", "very_low", "high", "very_high"),
    [
        (SCHOOLS, 7.6856167250, 0.4734670404, 0, -21.7138432750, -38.6678632750, 37.0850767250,
         54.0390967250),
        (BCG, -0.4302851637, 5.3367041180, 0.1263310632, -1.7478647900, -2.5076838934,
         0.8872944627, 1.6471135661),
        (STROKE, -3.4636126278, 12.1237484759, 89.9449428934, -25.8495391227, -38.7590090760,
         18.9223138671, 31.8317838204),
        (WRITING, 0.1656263592, 1.5406008807, 0.0204195307, -0.4237316892, -0.7636014739,
         0.7549844076, 1.0948541923),
    ],
)  # fmt: skip
def test_the_usual_rule_is_that_of_funnelplotr(
    effects, centre, phi, variance, low, very_low, high, very_high
):
    funnel = usual_rule(effects.y, effects.people, 1)
    assert (funnel.centre, funnel.between**2) == pytest.approx((centre, variance), abs=1e-8)
    z = (effects.y - funnel.centre) / np.sqrt(effects.variance)
    assert overdispersion(z) == pytest.approx(phi, abs=1e-8)
    # Limits of the first place, without the bounds of a score; FunnelPlotR rounds its quantiles
    # to 1.959964 and 3.090232.
    for level, ends in ((0.95, (low, high)), (0.998, (very_low, very_high))):
        half = norm.isf((1 - level) / 2) * np.hypot(funnel.between, funnel.error(effects.people[0]))
        assert (centre - half, centre + half) == pytest.approx(ends, abs=1e-5, rel=1e-6)


# The spread between services


def _sorted_winsorised(z: list[float]) -> list[float]:
    """The extreme tenths drawn in, with the quantile written out."""
    ranked = sorted(z)
    place = 0.1 * (len(z) - 1)
    whole = int(place)
    low = ranked[whole] + (place - whole) * (ranked[whole + 1] - ranked[whole])
    high = ranked[-1 - whole] - (place - whole) * (ranked[-1 - whole] - ranked[-2 - whole])
    return [min(max(one, low), high) for one in z]


def _paule_mandel(effects: Effects) -> float:
    """τ² by Brent's root of the mean winsorised square less what a normal law leaves of it."""
    middle = float(np.median(effects.y))
    target = expected_overdispersion(len(effects.y))

    def excess(variance: float) -> float:
        pairs = zip(effects.y, effects.variance, strict=True)
        z = [(y - middle) / (v + variance) ** 0.5 for y, v in pairs]
        return sum(one**2 for one in _sorted_winsorised(z)) / len(z) - target

    return brentq(excess, 0, 1e6, xtol=1e-13) if excess(0) > 0 else 0.0


@pytest.mark.parametrize("effects", [SCHOOLS, BCG, STROKE, WRITING])
def test_the_spread_is_that_of_a_second_implementation(effects):
    funnel = fit_funnel(effects.y, effects.people, 1)
    assert funnel.centre == sorted(effects.y)[len(effects.y) // 2] or len(effects.y) % 2 == 0
    assert funnel.between**2 == pytest.approx(_paule_mandel(effects), rel=1e-6, abs=1e-9)


@given(SERVICES, st.floats(1, 40))
def test_any_spread_is_that_of_a_second_implementation(services, within):
    score, n = np.array(services, float).T
    expected = _paule_mandel(Effects(score, within**2 / n))
    assert fit_funnel(score, n, within).between ** 2 == pytest.approx(expected, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("services", [8, 9, 10, 13, 18, 30])
def test_what_winsorising_leaves_of_a_normal_law_is_what_chance_leaves(services):
    z = np.random.default_rng(services).normal(size=(100_000, services))
    phi = overdispersion(z - np.median(z, axis=1, keepdims=True))
    assert expected_overdispersion(services) == pytest.approx(
        phi.mean(), abs=4 * phi.std() / len(phi) ** 0.5
    )


def test_with_many_services_it_is_the_winsorised_variance_of_the_normal_law():
    edge = norm.ppf(0.9)
    inside = norm.expect(lambda z: z**2, lb=-edge, ub=edge)
    assert pytest.approx(inside + 0.2 * edge**2) == ASYMPTOTE
    assert expected_overdispersion(400) == pytest.approx(ASYMPTOTE, abs=3e-4)
    assert expected_overdispersion(401) == ASYMPTOTE


def test_services_of_one_size_have_a_spread_computed_by_hand():
    # Winsorised squares 9, 9, 4, 1, 1, 4, 9, 9: the quantile falls between two equal scores.
    funnel = fit_funnel([57, 57, 58, 59, 61, 62, 63, 63], [4] * 8, 2)
    assert (funnel.centre, funnel.within, funnel.services) == (60, 2, 8)
    assert funnel.between**2 == pytest.approx(46 / 8 / expected_overdispersion(8) - 1)


def test_services_closer_than_chance_have_no_spread_between_them():
    funnel = fit_funnel(range(56, 66), [16] * 10, 24)
    assert (funnel.centre, funnel.between) == (60.5, 0)


def test_services_whose_people_all_agree_have_the_spread_of_their_scores():
    score = [57, 57, 58, 59, 61, 62, 63, 63]
    funnel = fit_funnel(score, [4] * 8, 0)
    assert funnel.between**2 == pytest.approx(46 / 8 / expected_overdispersion(8))
    assert funnel.position([60, 60.5], [4, 4]).tolist() == ["usual", "usual"]
    alike = fit_funnel([60] * 8, [4] * 8, 0)
    assert (alike.between, alike.position([60, 61], [4, 4]).tolist()) == (0, ["usual", "very_high"])


@pytest.mark.parametrize(("services", "drawn"), [(7, False), (8, True)])
def test_under_eight_services_there_is_no_funnel(services, drawn):
    assert FEWEST == 8
    assert (fit_funnel(range(services), [12] * services, 20) is not None) is drawn


def test_services_without_a_score_or_without_people_are_passed_over():
    score, n = [50.0, 55, 58, 60, 62, 65, 70, 72], [9, 9, 12, 12, 15, 15, 30, 30]
    without = fit_funnel([*score, np.nan, 99], [*n, 20, 0], 25)
    assert without == fit_funnel(score, n, 25)
    assert without.position([np.nan, 60, 60], [20, 0, 9]).tolist() == ["", "", "usual"]


@given(SERVICES, st.randoms())
def test_the_order_of_services_changes_nothing(services, chance):
    mixed = list(services)
    chance.shuffle(mixed)
    for rule in (fit_funnel, usual_rule):
        one, other = (rule(*np.array(given, float).T, 25) for given in (services, mixed))
        assert other.centre == pytest.approx(one.centre)
        assert other.between == pytest.approx(one.between, abs=1e-6)


@pytest.mark.parametrize(
    ("services", "between", "least", "most"), [(8, 8, 3.5, 6), (18, 8, 4, 6), (18, 0, 2.5, 6)]
)
def test_ordinary_services_are_seldom_called_unusual(services, between, least, most):
    """Normal scores with errors of 5; the usual rule calls 7.5 to 10.5 % of the second unusual."""
    rng = np.random.default_rng(services)
    score = np.hypot(5, between) * rng.normal(size=(3000, services))
    far, variance = score - np.median(score, axis=1, keepdims=True), np.full(score.shape, 25.0)
    z = far / np.sqrt(25 + robust_variance(far, variance))[:, None]
    assert least < 100 * np.mean(np.abs(z) > 1.96) < most
    if (services, between) == (18, 8):
        apart = score - score.mean(axis=1, keepdims=True)
        z = apart / np.sqrt(25 + usual_variance(apart / 5, variance))[:, None]
        assert 7.5 < 100 * np.mean(np.abs(z) > 1.96) < 10.5


# Limits, positions, power


@given(FUNNELS, st.integers(1, 5000), st.sampled_from([0.5, 0.95, 0.998]))
def test_limits_narrow_with_people_and_stay_within_the_scale(funnel, n, level):
    (low, more_low), (high, more_high) = funnel.limits([n, n + 1], level)
    assert 0 <= low <= more_low <= funnel.centre <= more_high <= high <= 100


@given(FUNNELS, st.floats(0, 100), st.integers(1, 500))
def test_a_position_says_which_limits_a_score_is_beyond(funnel, score, n):
    position = funnel.position(score, n).item()
    half = [norm.isf(tail) * np.hypot(funnel.between, funnel.within / n**0.5)
            for tail in (0.025, 0.001)]  # fmt: skip
    gap = score - funnel.centre
    beyond = sum(abs(gap) > one * (1 + 1e-7) for one in half)
    assert any(abs(abs(gap) - one) < 1e-6 * one for one in half) or position == (
        ["usual", "high", "very_high"][beyond] if gap > 0 else ["usual", "low", "very_low"][beyond]
    )


def test_a_score_on_a_limit_is_within_it():
    funnel = Funnel(60, 6, 24, 20)
    low, high = funnel.limits([9, 36, 144])
    assert funnel.position(low, [9, 36, 144]).tolist() == ["usual"] * 3
    assert funnel.position(high + 0.001, [9, 36, 144]).tolist() == ["high"] * 3


def test_the_smallest_gap_is_seen_four_times_in_five():
    funnel, rng = Funnel(60, 6, 24, 20), np.random.default_rng(4)
    for n in (9, 36, 144):
        gap = float(funnel.smallest_gap(n))
        seen = funnel.position(rng.normal(60 - gap, 24 / n**0.5, 40_000), n) != "usual"
        assert seen.mean() == pytest.approx(0.8, abs=0.01)


@given(FUNNELS, st.integers(1, 5000))
def test_more_people_reveal_smaller_gaps_never_smaller_than_the_spread(funnel, n):
    fewer, more = funnel.smallest_gap([n, n + 1])
    assert norm.isf(0.025) * funnel.between <= more <= fewer


# Records


@pytest.mark.parametrize(
    ("n", "target", "limits"),
    [
        (30, 80, (63.2059272994, 91.8994833197, 53.4813983804, 97.3073547768)),
        (12, 75, (43.8973360887, 93.4230642097, 27.1212570146, 99.7369225684)),
        (239, 12, (7.81573349711, 16.06830588661, 5.77743358517, 18.72392107576)),
        (5, 90, (44.5102880658, 99.1532456096, 21.3333333333, 99.9661298244)),
    ],
)
def test_limits_of_records_are_those_of_r(n, target, limits):
    found = [*record_limits(target, n), *record_limits(target, n, 0.998)]
    assert found == pytest.approx(limits, abs=1e-6)


@given(st.floats(0, 100), st.integers(1, 2000))
def test_limits_of_records_stay_within_the_scale_and_around_the_target(target, n):
    (low,), (high,) = record_limits(target, [n])
    assert 0 <= low <= high <= 100
    assert low - 100 / n <= target <= high + 100 / n


# A public data set


@pytest.fixture(scope="module")
def groups() -> tuple[np.ndarray, np.ndarray, float]:
    """Of 99 groups: the positive share of eleven items, the people, their spread within groups."""
    if not DATA.is_file():
        pytest.skip(f"no {DATA.name} beside the checkout")
    people = defaultdict(list)
    with DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            given = [int(row[item]) for item in row if item[:2] in ("AF", "AP", "AS")]
            people[row["GRP"]].append(100 * sum(one >= 4 for one in given) / len(given))
    squares = sum(np.var(group) * len(group) for group in people.values())
    n = np.array([len(group) for group in people.values()])
    score = np.array([np.mean(group) for group in people.values()])
    return score, n, float(np.sqrt(squares / (n.sum() - len(n))))


def test_ninety_nine_groups_differ_and_few_are_unusual(groups):
    """The four ways of counting, from the one that takes answers for people to the kit's own."""
    score, n, within = groups
    mean = (n * score).sum() / n.sum()
    low, high = record_limits(mean, 11 * n)
    assert ((score < low) | (score > high)).sum() == 73
    no_spread = Funnel(mean, 0, within, 99)
    for funnel, unusual in (
        (no_spread, 52),
        (usual_rule(score, n, within), 11),
        (fit_funnel(score, n, within), 3),
    ):
        assert (funnel.position(score, n) != "usual").sum() == unusual
