"""Run and control charts against published numbers, and what they may never say."""

from math import comb, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson

from qgdr_eval.comparison.control import (
    EXPECTED,
    against_target,
    choose_chart,
    count_interval,
    level_interval,
    proportion_limits,
    rate_limits,
    read_runs,
    spread_of_z,
    value_limits,
)
from qgdr_eval.comparison.series import SIGNAL_COLUMNS, Series, read_series
from qgdr_eval.disclosure.indicators import publish_indicators
from qgdr_eval.responses.indicators import INDICATOR_COLUMNS

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
) -> Series:
    """One published series; proportions and rates are given by their numerators."""
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
        }
        for period, value, size in zip(months, values, sizes, strict=True)
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


@pytest.mark.parametrize(("on_the_median", "readable"), [(4, True), (5, False)])
def test_the_rules_want_at_least_half_of_the_points_off_the_median(on_the_median, readable):
    assert read_runs([*[5.0] * on_the_median, 1, 9, 1, 9]).readable == readable


# Limits


def test_p_chart_of_the_nist_wafers():
    limits = proportion_limits(WAFERS, [50] * 30)
    assert limits["centre"].iloc[0] == pytest.approx(0.2313, abs=5e-5)
    # .2313 ± 3 √(.2313 × .7687 / 50) by hand
    half = 3 * sqrt(0.23133 * 0.76867 / 50)
    assert limits["high_limit"].iloc[0] == pytest.approx(0.23133 + half, abs=1e-4)
    assert limits["low_limit"].iloc[0] == pytest.approx(0.23133 - half, abs=1e-4)
    series = make_series([float(n) for n in WAFERS], "proportion", denominators=[50.0] * 30)
    outside = series.points[series.points["outside"] == "above"]
    assert outside["value"].tolist() == [44, 48]  # wafers 15 and 23


def test_p_chart_of_a_textbook():
    """An Introduction to Business Statistics, example 16.6: ten samples of 200."""
    limits = proportion_limits([40, 44, 22, 34, 24, 32, 28, 32, 34, 30], [200] * 10)
    assert limits.iloc[0].tolist() == pytest.approx([0.16, 0.0822, 0.2378], abs=5e-5)


def test_limits_are_wider_where_the_denominator_is_smaller():
    limits = proportion_limits([10, 40], [20, 80])
    widths = limits["high_limit"] - limits["low_limit"]
    assert widths[0] == pytest.approx(2 * widths[1])


def test_c_chart_of_the_nist_wafers():
    limits = rate_limits(DEFECTS, [1] * 25)
    assert limits.iloc[0].tolist() == [16, 4, 28]
    series = make_series([float(n) for n in DEFECTS], "count", "down")
    assert series.chart == "c"
    assert ("outside", "above") in signals(series)
    assert series.points.loc[series.points["outside"] == "above", "value"].tolist() == [31]


def test_u_chart_by_hand():
    # 20 events in 4,000 days: ū = 5 per 1,000; with 1,000 days 5 ± 3 √5 = [0; 11.708]
    limits = 1000 * rate_limits([5, 5, 5, 5], [1000] * 4)
    assert limits.iloc[0].tolist() == pytest.approx([5, 0, 11.7082], abs=1e-4)


def test_individuals_chart_of_the_nist_batches():
    limits = value_limits(FLOWS)
    assert limits["centre"].iloc[0] == pytest.approx(50.81)
    assert limits["low_limit"].iloc[0] == pytest.approx(45.8159, abs=5e-4)
    assert limits["high_limit"].iloc[0] == pytest.approx(55.8041, abs=5e-4)


def test_laney_by_hand():
    # p̄ = 50/300; sd = √(p̄ (1 − p̄) / 100) = .037268; z = −1.78885, 3.57771, −1.78885;
    # moving ranges 5.36656; σz = 5.36656 / 1.128 = 4.75759
    sigma = spread_of_z([10, 30, 10], [100] * 3, proportion=True)
    assert sigma == pytest.approx(4.75759, abs=1e-5)
    limits = proportion_limits([10, 30, 10], [100] * 3, sigma)
    assert limits["high_limit"].iloc[0] == pytest.approx(1 / 6 + 3 * 4.75759 * 0.037268, abs=1e-5)
    # ū = 60/300; sd = √(.2/100) = .044721; z = ∓2.23607, 4.47214; ranges 6.7082; σz = 5.94699
    assert spread_of_z([10, 40, 10], [100] * 3, proportion=False) == pytest.approx(
        5.94699, abs=1e-5
    )


counts = st.lists(st.tuples(st.integers(0, 60), st.integers(60, 400)), min_size=8, max_size=40)


@given(counts)
def test_laney_with_a_sigma_of_one_is_the_plain_chart(pairs):
    met, among = zip(*pairs, strict=True)
    pd.testing.assert_frame_equal(proportion_limits(met, among, 1.0), proportion_limits(met, among))
    wide = rate_limits(met, among, 2.0)["high_limit"] - rate_limits(met, among)["centre"]
    plain = rate_limits(met, among)["high_limit"] - rate_limits(met, among)["centre"]
    assert wide.tolist() == pytest.approx((2 * plain).tolist())


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
        ("proportion", [30] * 7, [60] * 7, "too_few"),
        ("proportion", [30] * 8, [60] * 8, "p"),
        ("proportion", [58] * 12, [60] * 12, "run"),  # two non-events a month
        ("proportion", [EXPECTED] * 12, [60] * 12, "p"),
        ("rate", [4] * 12, [1500] * 12, "run"),
        ("rate", [6] * 12, [1500] * 12, "u"),
        ("count", [4] * 12, [1] * 12, "run"),
        ("count", [6] * 12, [1] * 12, "c"),
        ("value", [70.0] * 8, [np.nan] * 8, "xmr"),
        ("value", [70.0] * 7, [np.nan] * 7, "too_few"),
        ("proportion", [400, 600] * 10, [1000] * 20, "p_laney"),
        ("proportion", [400, 600] * 4, [900, 1000] * 4, "p"),  # the median is 950
        ("rate", [300, 600] * 4, [1000, 2000] * 4, "u"),  # the same rate every time
        ("proportion", [360, 540] * 10, [900] * 20, "p"),  # not that large
        ("proportion", [500, 501] * 10, [1000] * 20, "p"),  # not dispersed
        ("rate", [400, 600] * 10, [1000] * 20, "u_laney"),
    ],
)
def test_the_chart_follows_the_kind_the_size_and_the_spread(kind, met, among, chart):
    assert choose_chart(kind, met, among) == chart


# What is said of a series


@pytest.mark.parametrize("kind", ["value", "count", "proportion", "rate"])
@pytest.mark.parametrize("n", [8, 9, 40])
def test_what_never_changes_gives_no_signal(n, kind):
    series = make_series([12.0] * n, kind, denominators=[40.0] * n)
    assert signals(series) == []
    assert series.change == "flat"


@settings(max_examples=25, deadline=None)
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


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 100), min_size=8, max_size=30))
def test_a_mirror_turns_every_side(values):
    assume(len(set(values)) > 1)
    turned = {"above": "below", "below": "above", "": ""}
    one = signals(make_series(values))
    other = signals(make_series([-value for value in values]))
    assert sorted(other) == sorted((signal, turned[side]) for signal, side in one)


STEP = [10.0, 12, 11, 9, 10, 12, 11, 10, 9, 11, 12, 10, 16, 18, 17, 16, 18, 17, 19, 16, 17, 18]
PAST = [1.0, 9, 1, 9, 1, *[9] * 9, 1, 1, 1, 9, *[1] * 6]  # nine in a row that ended long ago


@pytest.mark.parametrize(
    ("values", "direction", "change"),
    [
        (STEP, "up", "favourable"),
        (STEP, "down", "unfavourable"),
        (STEP, "neutral", "signal"),
        ([1.0, 9.0] * 10, "up", "none"),
        ([5.0] * 11 + [1.0, 9.0] * 4, "up", "flat"),
        (STEP[:7], "up", "too_few"),
        (PAST, "down", "signal"),
        ([*[4.0, 6] * 9, 30, -30], "up", "signal"),  # outside on both sides, lately
    ],
)
def test_a_change_is_favourable_only_when_it_is_recent_and_has_a_side(values, direction, change):
    assert make_series(values, direction=direction).change == change


def test_a_step_is_told_as_the_latest_long_run():
    series = make_series(STEP)
    shift = series.signals[series.signals["signal"] == "shift"].iloc[0]
    assert (shift["side"], shift["points"], shift["recent"]) == ("above", 10, True)
    assert (shift["first"], shift["last"]) == ("2025-01", "2025-10")
    assert series.points.loc[series.points["run"], "value"].tolist() == STEP[-10:]


def test_hidden_periods_are_passed_over():
    met = [30.0, 3.0, 32.0, 31.0, 29.0, 30.0, 33.0, 28.0, 31.0]
    series = make_series(met, "proportion", denominators=[40.0, 4.0, *[40.0] * 7])
    assert series.runs.points == 8
    assert series.points.loc[1, ["value", "high_limit"]].isna().all()
    assert series.points.loc[0, "centre"] == pytest.approx(100 * (sum(met) - 3) / 320)


def test_signals_have_their_columns_even_when_there_are_none():
    assert list(make_series([1.0, 9.0] * 10).signals.columns) == SIGNAL_COLUMNS


def test_a_stable_series_rings_about_once_in_twelve():
    """What the page tells its readers of chance, for 24 months of 60 records at 80 %."""
    rng = np.random.default_rng(7)
    rung = 0
    for met in rng.binomial(60, 0.8, (1500, 24)):
        runs, limits = read_runs(met / 60), proportion_limits(met, [60] * 24)
        outside = (met / 60 > limits["high_limit"]) | (met / 60 < limits["low_limit"])
        long = runs.longest > runs.longest_limit or runs.crossings < runs.crossings_limit
        rung += bool(outside.any() or long)
    assert 1 / 16 < rung / 1500 < 1 / 9


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
