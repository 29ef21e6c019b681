"""An indicator against its own past and its target: run charts, control charts, intervals.

A signal is a change that usual chance does not explain. It is never a cause.

Which chart when. Nothing is read under `FEWEST` points (``too_few``). From there on, every series
has the two run rules of its median; it also has limits, three standard deviations around its mean:

- a proportion on a p chart, a rate on a u chart, a count on a c chart, unless fewer than
  `EXPECTED` events (or, for a proportion, non-events) are expected in the median period: limits of
  three standard deviations would then ring by chance, and the run rules stand alone (``run``);
- Laney's p′ or u′ in their place when half the denominators at least reach `LARGE` and the z
  scores spread more than `SPREAD` times what the p or u chart expects (``p_laney``, ``u_laney``);
- a value on an individuals chart, limits from the mean moving range (``xmr``).

Sources. Run rules: Anhøj & Olesen, PLoS ONE 2014;9:e113825; Anhøj & Wentzel-Larsen, BMC Med Res
Methodol 2018;18:100. p′ and u′: Laney, Quality Engineering 2002;14:531. p, u, c and individuals
charts: Montgomery, Introduction to Statistical Quality Control, chapters 6 and 7. Exact interval
of a count: Garwood, Biometrika 1936;28:437.
"""

from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import binom, chi2

from qgdr_eval.scoring.intervals import wilson

FEWEST = 8  # points before anything is said of a change
EXPECTED = 5  # events expected in the median period, before limits are drawn
LARGE, SPREAD = 1000, 1.3  # denominator and spread of z that call for Laney
D2 = 1.128  # mean range of two normal values, in standard deviations
LIMIT_COLUMNS = ["centre", "low_limit", "high_limit"]


@dataclass(frozen=True)
class Runs:
    """How points stand around their median; ``useful``: those that are not on it.

    Usual chance leaves no run longer than ``longest_limit`` and at least ``crossings_limit``
    crossings of the median.
    """

    points: int
    useful: int
    longest: int
    longest_limit: int
    crossings: int
    crossings_limit: int

    @property
    def readable(self) -> bool:
        """Whether the two rules may be read: enough points, and not most of them on the median."""
        return self.points >= FEWEST and 2 * self.useful >= self.points


def read_runs(values: ArrayLike) -> Runs:
    """Longest run and crossings of the median, with what usual chance leaves of them.

    With n useful points: no run longer than round(log2 n) + 3, and at least the 5 % quantile of a
    binomial (n − 1, ½) crossings (Anhøj & Olesen 2014).

    >>> read_runs([1, 9, 2, 8, 5, 7, 3, 6, 4, 5])
    Runs(points=10, useful=8, longest=2, longest_limit=6, crossings=6, crossings_limit=1)
    """
    given = np.asarray(values, float)
    lengths = [last - first + 1 for _, first, last in runs_of(sides_of(given))]
    useful = sum(lengths)
    return Runs(
        points=len(given),
        useful=useful,
        longest=max(lengths, default=0),
        longest_limit=round(np.log2(useful)) + 3 if useful else 3,
        crossings=max(len(lengths) - 1, 0),
        crossings_limit=int(binom.ppf(0.05, useful - 1, 0.5)) if useful > 1 else 0,
    )


def sides_of(values: np.ndarray) -> np.ndarray:
    """Side of the median of the useful points: 1 above, −1 below, without those on it."""
    if not len(values):
        return values
    sides = np.sign(np.round(values - np.median(values), 9))
    return sides[sides != 0]


def runs_of(sides: np.ndarray) -> list[tuple[int, int, int]]:
    """(side, first rank, last rank) of each run of useful points."""
    runs, start = [], 0
    for side, run in groupby(sides):
        length = len(list(run))
        runs.append((int(side), start, start + length - 1))
        start += length
    return runs


def long_runs(values: np.ndarray) -> list[tuple[int, int, int]]:
    """The runs longer than usual chance leaves, as `runs_of` gives them; none when not readable."""
    runs = read_runs(values)
    if not runs.readable:
        return []
    return [run for run in runs_of(sides_of(values)) if run[2] - run[1] >= runs.longest_limit]


def proportion_limits(
    numerators: ArrayLike, denominators: ArrayLike, sigma_z: float = 1.0
) -> pd.DataFrame:
    """Limits of a p chart, in shares: p̄ ± 3 √(p̄ (1 − p̄) / n), kept between 0 and 1.

    Laney's p′ multiplies the standard deviation by ``sigma_z`` (see `spread_of_z`).
    Columns `LIMIT_COLUMNS`, a row per period.

    >>> proportion_limits([40, 44, 12], [200, 200, 200]).iloc[0].round(3).tolist()
    [0.16, 0.082, 0.238]
    """
    centre, size = _mean_share(numerators, denominators)
    return _around(centre, sigma_z * np.sqrt(centre * (1 - centre) / size), 1.0)


def rate_limits(
    numerators: ArrayLike, denominators: ArrayLike, sigma_z: float = 1.0
) -> pd.DataFrame:
    """Limits of a u chart, in events per unit: ū ± 3 √(ū / n), never below 0.

    With denominators of 1 it is a c chart. ``sigma_z`` as in `proportion_limits`.

    >>> rate_limits([16, 14, 18], [1, 1, 1]).iloc[0].tolist()
    [16.0, 4.0, 28.0]
    """
    centre, size = _mean_share(numerators, denominators)
    return _around(centre, sigma_z * np.sqrt(centre / size), np.inf)


def value_limits(values: ArrayLike) -> pd.DataFrame:
    """Limits of an individuals chart: mean ± 3 × mean moving range / 1.128.

    >>> value_limits([10.0, 12.0, 11.0]).iloc[0].round(2).tolist()
    [11.0, 7.01, 14.99]
    """
    given = np.asarray(values, float)
    spread = np.full(len(given), np.abs(np.diff(given)).mean() / D2)
    return _around(float(given.mean()), spread, np.inf, -np.inf)


def _mean_share(numerators: ArrayLike, denominators: ArrayLike) -> tuple[float, np.ndarray]:
    size = np.asarray(denominators, float)
    return float(np.sum(numerators) / size.sum()), size


def _around(centre: float, sd: np.ndarray, top: float, bottom: float = 0.0) -> pd.DataFrame:
    low, high = np.maximum(centre - 3 * sd, bottom), np.minimum(centre + 3 * sd, top)
    return pd.DataFrame({"centre": centre, "low_limit": low, "high_limit": high})


def spread_of_z(numerators: ArrayLike, denominators: ArrayLike, proportion: bool) -> float:
    """How many times wider the points vary than the p (or u) chart expects: Laney's σz.

    z = (point − centre) / its standard deviation; σz = mean |zᵢ − zᵢ₋₁| / 1.128. 1 when every
    point is the same and nothing can be measured.

    >>> round(spread_of_z([10, 30, 10], [100, 100, 100], proportion=True), 2)
    4.76
    """
    centre, size = _mean_share(numerators, denominators)
    sd = np.sqrt(centre * ((1 - centre) if proportion else 1) / size)
    if not sd.all():
        return 1.0
    z = (np.asarray(numerators, float) / size - centre) / sd
    return float(np.abs(np.diff(z)).mean() / D2)


def choose_chart(kind: str, numerators: ArrayLike, denominators: ArrayLike) -> str:
    """The chart of a series: ``too_few``, ``run``, ``xmr``, ``c``, ``p``, ``u``, ``p_laney``…

    The rule is the module's. ``kind`` as in `read_indicators`; a count has denominators of 1.

    >>> choose_chart("count", [7] * 12, [1] * 12), choose_chart("count", [0, 1] * 6, [1] * 12)
    ('c', 'run')
    """
    events, size = np.asarray(numerators, float), np.asarray(denominators, float)
    if len(events) < FEWEST:
        return "too_few"
    if kind == "value":
        return "xmr"
    share = events.sum() / size.sum()
    rarer = min(share, 1 - share) if kind == "proportion" else share
    if np.median(size) * rarer < EXPECTED:
        return "run"
    name = {"proportion": "p", "rate": "u", "count": "c"}[kind]
    large = np.median(size) >= LARGE
    wide = large and spread_of_z(events, size, kind == "proportion") > SPREAD
    return f"{name}_laney" if wide else name


def limits(chart: str, events: np.ndarray, size: np.ndarray, values: np.ndarray) -> pd.DataFrame:
    """The limits of a chart named by `choose_chart`, NaN when it has none; `LIMIT_COLUMNS`."""
    if chart in ("too_few", "run"):
        return pd.DataFrame(np.nan, index=range(len(values)), columns=LIMIT_COLUMNS)
    if chart == "xmr":
        return value_limits(values)
    proportion = chart.startswith("p")
    sigma_z = spread_of_z(events, size, proportion) if chart.endswith("laney") else 1.0
    return (proportion_limits if proportion else rate_limits)(events, size, sigma_z)


def count_interval(count: float) -> tuple[float, float]:
    """The exact 95 % interval of the mean of a Poisson count (Garwood 1936).

    >>> [round(end, 3) for end in count_interval(10)]
    [4.795, 18.39]
    """
    low = chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    return float(low), float(chi2.ppf(0.975, 2 * count + 2) / 2)


def level_interval(
    kind: str, numerator: float, denominator: float, per: float
) -> tuple[float, float]:
    """The 95 % interval of one period in the indicator's unit, NaN for a value.

    Wilson for a proportion, exact Poisson for a rate or a count.

    >>> [round(end, 1) for end in level_interval("proportion", 30, 40, 100)]
    [59.8, 85.8]
    """
    if kind == "value":
        return float("nan"), float("nan")
    if kind == "proportion":
        ends = wilson(numerator / denominator, denominator)
        return 100 * float(ends[0]), 100 * float(ends[1])
    scale = 1.0 if kind == "count" else per / denominator
    low, high = count_interval(numerator)
    return scale * low, scale * high


def against_target(low: float, high: float, target: float, direction: str) -> str:
    """What an interval allows to say of a target: see `Level`.

    >>> against_target(82, 95, 80, "up"), against_target(70, 85, 80, "up")
    ('reached', 'cannot_conclude')
    """
    if np.isnan(target) or direction == "neutral":
        return "no_target"
    if direction == "down":
        low, high, target = -high, -low, -target
    if np.isnan(low):
        return "cannot_conclude"
    low, high, target = round(low, 9), round(high, 9), round(target, 9)
    return "reached" if low >= target else "not_reached" if high < target else "cannot_conclude"
