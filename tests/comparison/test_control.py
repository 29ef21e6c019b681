"""Run and control charts against published numbers, and what they may never say."""

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson

from qgdr_eval.comparison.control import (
    against_target,
    choose_chart,
    count_interval,
    level_interval,
    limits,
    proportion_limits,
    rate_limits,
    read_runs,
    spread_of_z,
    value_limits,
)
from qgdr_eval.comparison.series import SIGNAL_COLUMNS, Series, read_series
from qgdr_eval.disclosure.indicators import publish_indicators
from qgdr_eval.responses.indicators import INDICATOR_COLUMNS
from tests.thorough import examples

# Upper limits of the longest run by number of useful observations, from a published table of
# critical values for run charts (Etta, « Length of run in a run chart »).
LONGEST = [(10, 6), (11, 6), (12, 7), (20, 7), (22, 7), (23, 8), (24, 8), (45, 8), (46, 9), (59, 9)]

# NIST/SEMATECH e-Handbook, 6.3.3.2: misregistered chips out of 50 on each of thirty wafers.
WAFERS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15,
          9, 12, 7, 13, 9, 6]  # fmt: skip
# NIST/SEMATECH e-Handbook, 6.3.3.1: defects of twenty-five wafers.
DEFECTS = [16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19,
           16, 31, 13]  # fmt: skip
# NIST/SEMATECH e-Handbook, 6.3.2.2: flow rates of ten batches.
FLOWS = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]


def alternating(n: int) -> list[float]:
    return [float(rank % 2) for rank in range(n)]


def make_series(
    values: list[float],
    kind: str = "value",
    direction: str = "up",
    target: float = float("nan"),
    denominators: list[float] | None = None,
    periods: list[str] | None = None,
    changes: dict[int, str] | None = None,
    base: range = range(0),
) -> Series:
    """One published series; proportions and rates are given by their numerators.

    ``changes``: what is declared at the rank of a point; ``base``: the ranks of the baseline.
    """
    sizes = denominators or [float("nan")] * len(values)
    scale = {"proportion": 100.0, "rate": 1000.0}.get(kind, float("nan"))
    months = periods or [str(p) for p in pd.period_range("2024-01", periods=len(values), freq="M")]
    shared = {"indicator": "i", "family": "practices", "facility": "f", "pole": "p", "service": ""}
    rows = [
        {
            **shared,
            "period": period,
            "label": period,
            "frequency": "M",
            "kind": kind,
            "numerator": value,
            "denominator": size,
            "value": value if kind in ("value", "count") else scale * value / size,
            "per": scale,
            "target": target,
            "direction": direction,
            "unit": "",
            "reference": float("nan"),
            "reference_source": "",
            "comment": "",
            "change": (changes or {}).get(rank, ""),
            "baseline": rank in base,
        }
        for rank, (period, value, size) in enumerate(zip(months, values, sizes, strict=True))
    ]
    return read_series(publish_indicators(pd.DataFrame(rows, columns=INDICATOR_COLUMNS)))[0]


def signals(series: Series) -> list[tuple[str, str]]:
    return list(series.signals[["signal", "side"]].itertuples(index=False, name=None))


# The two run rules


@pytest.mark.parametrize(("useful", "limit"), LONGEST)
def test_the_longest_run_that_chance_leaves(useful, limit):
    below = useful // 2
    runs = read_runs([-1.0] * below + [0.0, 0.0] + [1.0] * (useful - below))
    assert (runs.useful, runs.longest_limit) == (useful, limit)


def test_twenty_useful_points_allow_seven_in_a_row_and_want_six_crossings():
    runs = read_runs(alternating(20))
    assert (runs.useful, runs.longest_limit, runs.crossings_limit) == (20, 7, 6)
    assert (runs.longest, runs.crossings) == (1, 19)


@given(st.integers(2, 120))
def test_fewer_crossings_than_the_limit_happen_less_than_one_time_in_twenty(half):
    runs = read_runs(alternating(2 * half))
    n, limit = 2 * half - 1, runs.crossings_limit
    below = sum(comb(n, k) for k in range(limit)) / 2**n
    assert below < 0.05 <= below + comb(n, limit) / 2**n


def test_points_on_the_median_neither_break_a_run_nor_count():
    runs = read_runs([1, 5, 1, 1, 9, 5, 9, 9, 1, 9, 5])
    assert (runs.points, runs.useful, runs.longest, runs.crossings) == (11, 8, 3, 3)


@pytest.mark.parametrize(("on_the_median", "readable"), [(10, True), (11, False)])
def test_the_rules_want_at_least_half_of_the_points_off_the_median(on_the_median, readable):
    assert read_runs([*[5.0] * on_the_median, *[1.0, 9.0] * 5]).readable == readable


def rings(points: tuple[float, ...]) -> bool:
    runs = read_runs(points)
    return runs.longest > runs.longest_limit or runs.crossings < runs.crossings_limit


@pytest.mark.parametrize(("useful", "can_ring"), [(8, False), (9, False), (10, True)])
def test_no_rule_can_ring_under_ten_useful_points_so_none_is_read(useful, can_ring):
    """Every way to put points on both sides of a median, one of them on it when they are odd."""
    half = useful // 2
    ways = {
        tuple(1.0 if rank in chosen else -1.0 for rank in range(2 * half))
        for chosen in combinations(range(2 * half), half)
    }
    assert any(map(rings, ways)) == can_ring
    assert read_runs(next(iter(ways))).readable == can_ring


# Limits


def test_p_chart_of_the_nist_wafers():
    limits = proportion_limits(WAFERS, [50] * 30)
    assert limits["centre"].iloc[0] == pytest.approx(0.2313, abs=5e-5)
    # R 4.2.2: qbinom(c(pnorm(-3), pnorm(3)), 50, sum(wafers) / 1500) is 4 and 21
    assert limits.loc[0, ["low_limit", "high_limit"]].tolist() == [4 / 50, 21 / 50]
    outside = np.array(WAFERS) / 50 > limits["high_limit"]
    assert np.flatnonzero(outside).tolist() == [14, 22]  # wafers 15 and 23, as in the handbook


def test_what_varies_more_than_its_law_has_wider_limits_whatever_its_size():
    """R: z <- (w/50 - p) / sqrt(p*(1-p)/50); s <- mean(abs(diff(z))) / 1.128 is 1.660867;
    qbinom(pnorm(c(-3, 3) * s), 50, p) is 0 and 28: nothing is outside any more.
    """
    series = make_series([float(n) for n in WAFERS], "proportion", denominators=[50.0] * 30)
    assert series.chart == "p_laney"
    assert series.points.loc[0, ["low_limit", "high_limit"]].tolist() == pytest.approx([0, 56])
    assert (series.points["outside"] == "").all()


def test_p_chart_of_a_textbook():
    """An Introduction to Business Statistics, example 16.6: ten samples of 200."""
    limits = proportion_limits([40, 44, 22, 34, 24, 32, 28, 32, 34, 30], [200] * 10)
    # 0.0822 and 0.2378 in the book, three standard deviations; R: qbinom(pnorm(c(-3, 3)), 200, .16)
    assert limits.iloc[0].tolist() == pytest.approx([0.16, 17 / 200, 48 / 200])


def test_limits_are_wider_where_the_denominator_is_smaller():
    limits = proportion_limits([1000, 4000], [2000, 8000])
    widths = limits["high_limit"] - limits["low_limit"]
    assert widths[0] == pytest.approx(2 * widths[1], rel=0.01)


def test_c_chart_of_the_nist_wafers():
    limits = rate_limits(DEFECTS, [1] * 25)
    assert limits.iloc[0].tolist() == [16, 5, 29]  # R: qpois(pnorm(c(-3, 3)), 16)
    series = make_series([float(n) for n in DEFECTS], "count", "down")
    assert series.chart == "c_laney"
    assert np.flatnonzero(np.array(DEFECTS) > limits["high_limit"]).tolist() == [23]


def test_u_chart_by_hand():
    # 20 events in 4,000 days: 5 per 1,000. R: qpois(pnorm(c(-3, 3)), c(5, 5, 10, 10))
    limits = 1000 * rate_limits([5, 5, 10], [1000, 1000, 2000])
    assert limits.iloc[0].tolist() == pytest.approx([5, 0, 13])
    assert limits.iloc[2].tolist() == pytest.approx([5, 2 / 2, 21 / 2])


def test_individuals_chart_of_the_nist_batches():
    limits = value_limits(FLOWS)
    assert limits["centre"].iloc[0] == pytest.approx(50.81)
    assert limits["low_limit"].iloc[0] == pytest.approx(45.8159, abs=5e-4)
    assert limits["high_limit"].iloc[0] == pytest.approx(55.8041, abs=5e-4)


def test_laney_by_hand():
    # p̄ = 50/300; sd = √(p̄ (1 − p̄) / 100) = .037268; z = −1.78885, 3.57771, −1.78885;
    # moving ranges 5.36656; σz = 5.36656 / 1.128 = 4.75759
    sigma = spread_of_z([10, 30, 10], [100] * 3, proportion=True)
    assert spread_of_z([0, 0, 0], [100] * 3, proportion=True) == 1  # no variation is expected at 0
    assert sigma == pytest.approx(4.75759, abs=1e-5)
    # R: t <- pnorm(-3 * 4.75759); qbinom(t, 100, 1/6); qbinom(t, 100, 1/6, lower.tail = FALSE)
    limits = proportion_limits([10, 30, 10], [100] * 3, sigma)
    assert limits.loc[0, ["low_limit", "high_limit"]].tolist() == [0, 0.82]
    # ū = 60/300; sd = √(.2/100) = .044721; z = ∓2.23607, 4.47214; ranges 6.7082; σz = 5.94699
    assert spread_of_z([10, 40, 10], [100] * 3, proportion=False) == pytest.approx(
        5.94699, abs=1e-5
    )


counts = st.lists(st.tuples(st.integers(0, 60), st.integers(60, 400)), min_size=8, max_size=40)


@given(counts)
def test_laney_with_a_sigma_of_one_is_the_plain_chart(pairs):
    met, among = zip(*pairs, strict=True)
    pd.testing.assert_frame_equal(proportion_limits(met, among, 1.0), proportion_limits(met, among))
    wide, plain = rate_limits(met, among, 2.0), rate_limits(met, among)
    assert (wide["high_limit"] >= plain["high_limit"]).all()
    assert (wide["low_limit"] <= plain["low_limit"]).all()


@given(counts)
def test_limits_hold_their_centre_and_stay_where_the_measure_can_be(pairs):
    met, among = zip(*pairs, strict=True)
    limits = proportion_limits(met, among)
    assert (limits["low_limit"] >= 0).all()
    assert (limits["high_limit"] <= 1).all()
    assert (limits["low_limit"] <= limits["centre"] + 1e-12).all()
    assert (limits["centre"] <= limits["high_limit"] + 1e-12).all()
    assert (rate_limits(met, among)["low_limit"] >= 0).all()


# Which chart when


@pytest.mark.parametrize(
    ("kind", "met", "among", "chart"),
    [
        ("proportion", [30] * 9, [60] * 9, "too_few"),
        ("proportion", [30] * 10, [60] * 10, "p"),
        ("proportion", [58] * 12, [60] * 12, "p"),  # two non-events a month
        ("rate", [4] * 12, [1500] * 12, "u"),
        ("count", [4] * 12, [1] * 12, "c"),
        ("value", [70.0] * 10, [np.nan] * 10, "xmr"),
        ("value", [70.0] * 9, [np.nan] * 9, "too_few"),
        ("proportion", [400, 600] * 10, [1000] * 20, "p_laney"),
        ("proportion", [12, 28] * 5, [40] * 10, "p_laney"),  # however small
        ("rate", [300, 600] * 5, [1000, 2000] * 5, "u"),  # the same rate every time
        ("proportion", [500, 501] * 10, [1000] * 20, "p"),  # not dispersed
        ("rate", [400, 600] * 10, [1000] * 20, "u_laney"),
        ("count", [2, 16] * 6, [1] * 12, "c_laney"),
    ],
)
def test_the_chart_follows_the_kind_the_size_and_the_spread(kind, met, among, chart):
    assert choose_chart(kind, met, among) == chart


# What is said of a series


@pytest.mark.parametrize("kind", ["value", "count", "proportion", "rate"])
@pytest.mark.parametrize("n", [10, 11, 40])
def test_what_never_changes_gives_no_signal(n, kind):
    series = make_series([12.0] * n, kind, denominators=[40.0] * n)
    assert signals(series) == []
    assert series.change == "flat"


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(st.floats(0, 100), min_size=8, max_size=30), st.randoms())
def test_the_order_of_the_rows_is_nothing_that_of_the_periods_everything(values, chance):
    straight = make_series(values)
    months = list(straight.points["period"])
    shuffled = list(zip(values, months, strict=True))
    chance.shuffle(shuffled)
    again = make_series([v for v, _ in shuffled], periods=[m for _, m in shuffled])
    pd.testing.assert_frame_equal(straight.points, again.points)
    pd.testing.assert_frame_equal(straight.signals, again.signals)
    assert straight.runs == again.runs


def test_the_same_values_in_another_order_of_time_say_something_else():
    assert signals(make_series([1.0, 9.0] * 10)) == []
    assert signals(make_series([1.0] * 10 + [9.0] * 10))


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(st.floats(0, 100), min_size=8, max_size=30))
def test_a_mirror_turns_every_side(values):
    assume(len(set(values)) > 1)
    turned = {"above": "below", "below": "above", "": ""}
    values = [value - 50 for value in values]  # around 0, where no logarithm is taken
    assume(min(values) < 0 < max(values))
    one = signals(make_series(values))
    other = signals(make_series([-value for value in values]))
    assert sorted(other) == sorted((signal, turned[side]) for signal, side in one)


STEP = [10.0, 12, 11, 9, 10, 12, 11, 10, 9, 11, 12, 10, 16, 18, 17, 16, 18, 17, 19, 16, 17, 18]
FALLS = [30.0, 31, 29, 30, 32, 20, 21, 19, 20, 18, 20, 21, 31, 33]  # and back, higher than ever
TWICE = [14.0, 13, 15, 24, 25, 23, 26, 24, 25, 13, 12, 14]
PAST = [1.0, 9, 1, 9, 1, *[9] * 9, 1, 1, 1, 9, *[1] * 6]  # nine in a row that ended long ago


@pytest.mark.parametrize(
    ("values", "direction", "change"),
    [
        (STEP, "up", "favourable"),
        (STEP, "down", "unfavourable"),
        (STEP, "neutral", "signal"),
        ([1.0, 9.0] * 10, "up", "none"),
        ([5.0] * 11 + [1.0, 9.0] * 4, "up", "flat"),
        (STEP[:9], "up", "too_few"),
        (PAST, "down", "signal"),
        ([*[4.0, 6] * 9, 30, -30], "up", "unfavourable"),  # the last point is the low one
        ([*[4.0, 6] * 9, 30], "up", "favourable"),
        ([*[4.0, 6] * 9, 30, 5], "up", "signal"),  # it came back
        ([*[4.0, 6] * 9, 30, 5], "down", "signal"),
        ([*[4.0, 6] * 9, 30], "neutral", "signal"),
        ([*STEP, 9.0], "up", "signal"),  # the long run is over
    ],
)
def test_a_change_is_favourable_only_when_it_is_recent_and_has_a_side(values, direction, change):
    assert make_series(values, direction=direction).change == change


@pytest.mark.parametrize("direction", ["up", "down", "neutral"])
@pytest.mark.parametrize("values", [FALLS, FALLS[::-1], TWICE])
def test_too_few_crossings_say_that_a_series_moved_and_never_which_way(values, direction):
    series = make_series(values, "rate", direction, denominators=[1000.0] * len(values))
    assert signals(series) == [("crossings", "")]
    assert series.change == "signal"


def test_a_step_is_told_as_the_latest_long_run():
    series = make_series(STEP)
    shift = series.signals[series.signals["signal"] == "shift"].iloc[0]
    assert (shift["side"], shift["points"], shift["recent"]) == ("above", 10, True)
    assert (shift["first"], shift["last"]) == ("2025-01", "2025-10")
    assert series.points.loc[series.points["run"], "value"].tolist() == STEP[-10:]


def test_hidden_periods_are_passed_over():
    met = [30.0, 3.0, 32.0, 31.0, 29.0, 30.0, 33.0, 28.0, 31.0, 30.0, 31.0]
    series = make_series(met, "proportion", denominators=[40.0, 4.0, *[40.0] * 9])
    assert series.runs.points == 10
    assert series.points.loc[1, ["value", "high_limit"]].isna().all()
    assert series.points.loc[0, "centre"] == pytest.approx(100 * (sum(met) - 3) / 400)


# A declared change, a frozen baseline

BEFORE, AFTER = (
    [30.0, 33, 28, 31, 29, 34, 30, 27, 32, 31],
    [15.0, 18, 14, 16, 15, 17, 13, 16, 15, 18],
)


def test_a_series_is_read_in_two_parts_from_a_declared_change():
    sizes = [100.0] * 20
    whole = make_series([*BEFORE, *AFTER], "proportion", "down", denominators=sizes)
    parts = make_series(
        [*BEFORE, *AFTER], "proportion", "down", denominators=sizes, changes={10: "Protocole"}
    )
    assert (whole.change, parts.change) == ("favourable", "none")
    assert parts.changes == [("2024-11", "2024-11", "Protocole")]
    assert parts.points.groupby("part")["centre"].first().tolist() == pytest.approx([30.5, 15.7])
    assert parts.points.groupby("part")["median"].first().tolist() == [30.5, 15.5]
    alone = make_series(AFTER, "proportion", "down", denominators=sizes[:10])
    limits = ["low_limit", "high_limit"]
    assert (
        parts.points[limits].tail(10).to_numpy().tolist()
        == alone.points[limits].to_numpy().tolist()
    )


def test_what_follows_a_declared_change_needs_ten_points_of_its_own():
    one = make_series([*BEFORE, *AFTER[:9]], "count", "down", changes={10: "Protocole"})
    assert (one.change, one.runs.points) == ("too_few", 9)
    assert one.points["high_limit"].notna().tolist() == [True] * 10 + [False] * 9


def test_a_frozen_baseline_gives_its_median_and_its_limits_to_what_follows():
    one = make_series(
        [*BEFORE, *AFTER], "proportion", "down", denominators=[100.0] * 20, base=range(10)
    )
    assert (one.median, one.base, one.change) == (30.5, 10, "favourable")
    # R: qbinom(pnorm(c(-3, 3)), 100, .305); σz of the ten, 0.5 by hand, does not narrow them
    assert one.points[["centre", "low_limit", "high_limit"]].iloc[15].tolist() == pytest.approx(
        [30.5, 17, 45]
    )
    assert one.points["outside"].tolist()[10:15] == ["below", "", "below", "below", "below"]
    assert ("shift", "below") in signals(one)


def test_a_baseline_of_which_too_few_periods_are_shown_reads_nothing():
    sizes = [5.0, *[100.0] * 19]
    one = make_series(
        [1.0, *BEFORE[1:], *AFTER], "proportion", "down", denominators=sizes, base=range(10)
    )
    assert (one.base, one.change) == (9, "too_few")


def test_a_total_keeps_a_change_that_all_its_services_declare():
    one = make_series(BEFORE, "count", changes={5: "Protocole"})
    rows = one.points.assign(
        indicator="i", family="practices", facility="f", pole="p", frequency="M", kind="count",
        per=np.nan, target=np.nan, direction="down", unit="", reference=np.nan,
        reference_source="",
    )  # fmt: skip
    both = pd.concat([rows.assign(service="A"), rows.assign(service="B")])
    total = read_series(publish_indicators(both[INDICATOR_COLUMNS]))[0]
    assert [change for _, _, change in total.changes] == ["Protocole"]
    mixed = pd.concat([rows.assign(service="A"), rows.assign(service="B", change="")])
    assert read_series(publish_indicators(mixed[INDICATOR_COLUMNS]))[0].changes == []


def test_signals_have_their_columns_even_when_there_are_none():
    assert list(make_series([1.0, 9.0] * 10).signals.columns) == SIGNAL_COLUMNS


def rung(events: np.ndarray, size: float, proportion: bool) -> bool:
    sizes, kind = np.full(len(events), size), "proportion" if proportion else "rate"
    around = limits(choose_chart(kind, events, sizes), events, sizes, events / sizes)
    outside = (events / size > around["high_limit"]) | (events / size < around["low_limit"])
    return bool(outside.any()) or rings(tuple(events / size))


@pytest.mark.parametrize(
    ("points", "size", "level", "spread", "least", "most"),
    [
        (24, 60, 0.8, 1, 1 / 40, 1 / 14),  # « une sur vingt environ »
        (12, 60, 0.8, 1, 0, 1 / 20),
        (12, 40, 0.8, 4, 0, 1 / 10),  # 76 of 100 with plain limits
        (12, 200, 0.3, 4, 0, 1 / 10),
        (12, 800, 0.3, 9, 0, 1 / 8),
        (12, 20, 0.05, 1, 0, 1 / 20),  # one event a month
    ],
)
def test_an_unchanged_series_seldom_rings(points, size, level, spread, least, most):
    """What the page tells its readers of chance: binomial, or ``spread`` times its variance."""
    rng = np.random.default_rng(7)
    share = np.full((1500, points), level)
    if spread > 1:
        known = (size - 1) / (spread - 1) - 1
        share = rng.beta(level * known, (1 - level) * known, share.shape)
    drawn = rng.binomial(size, share)
    assert least <= np.mean([rung(met, size, True) for met in drawn]) <= most


@pytest.mark.parametrize("spread", [0.05, 0.3, 0.6, 1.0])
def test_unchanged_durations_seldom_ring(spread):
    """Lognormal values; those spread most rang in 36 series of 100 with plain limits."""
    rng = np.random.default_rng(7)
    rung = [
        bool((values > around["high_limit"]).any() or (values < around["low_limit"]).any())
        for values in np.exp(rng.normal(0, spread, (1500, 12)))
        for around in [value_limits(values)]
    ]
    assert np.mean(rung) < 1 / 12


# The last level against the target


@given(st.integers(0, 400))
def test_the_interval_of_a_count_is_the_exact_one_of_statsmodels(count):
    assert count_interval(count) == pytest.approx(confint_poisson(count, 1, "exact-c"))


@given(st.integers(0, 300), st.integers(1, 300))
def test_the_interval_of_a_proportion_is_the_one_of_statsmodels(met, more):
    n = met + more
    expected = [100 * end for end in proportion_confint(met, n, method="wilson")]
    assert level_interval("proportion", met, n, 100) == pytest.approx(expected, abs=1e-9)


def test_the_interval_of_a_rate_is_that_of_its_count():
    low, high = count_interval(12)
    assert level_interval("rate", 12, 1990, 1000) == pytest.approx((low / 1.99, high / 1.99))


@pytest.mark.parametrize(
    ("low", "high", "target", "direction", "verdict"),
    [
        (80, 95, 80, "up", "reached"),
        (79.9, 95, 80, "up", "cannot_conclude"),
        (60, 79.9, 80, "up", "not_reached"),
        (60, 80, 80, "up", "cannot_conclude"),
        (1, 3, 3, "down", "reached"),
        (1, 3.1, 3, "down", "cannot_conclude"),
        (3.1, 5, 3, "down", "not_reached"),
        (1, 3, float("nan"), "down", "no_target"),
        (1, 3, 2, "neutral", "no_target"),
        (float("nan"), float("nan"), 2, "up", "cannot_conclude"),
        (80 - 1e-13, 95, 80, "up", "reached"),
    ],
)
def test_a_target_is_reached_when_the_whole_interval_is_on_its_side(
    low, high, target, direction, verdict
):
    assert against_target(low, high, target, direction) == verdict


@given(st.integers(0, 40), st.integers(41, 80), st.floats(0, 100))
def test_a_target_is_never_both_reached_and_missed(met, n, target):
    ends = level_interval("proportion", met, n, 100)
    both = {against_target(*ends, target, way) for way in ("up", "down")}
    assert both in ({"reached", "not_reached"}, {"cannot_conclude"}, {"reached", "cannot_conclude"})


def test_the_level_is_that_of_the_last_period_shown():
    met, among = [30.0, 31.0, 4.0], [40.0, 40.0, 5.0]
    level = make_series(met, "proportion", target=60, denominators=among).level
    assert (level.period, level.value, level.verdict) == ("2024-02", 77.5, "reached")


def test_a_series_without_any_period_shown_has_no_level():
    level = make_series([3.0, 4.0], "proportion", target=60, denominators=[5.0, 5.0]).level
    assert level.verdict == "no_data"
