"""An indicator against its own past and its target: run charts, control charts, intervals.

A signal is a change that usual chance does not explain. It is never a cause.

Which chart when. Nothing is read under `FEWEST` points (``too_few``): with fewer, neither run rule
can ring whatever the points. From there on, every series has the two run rules of its median, and
limits that usual chance crosses about once in 370 points on both sides together:

- a proportion on a p chart, a rate on a u chart, a count on a c chart. The limits are quantiles of
  the binomial or Poisson law, not three standard deviations: those ring by chance where few events
  are expected;
- Laney's p′, u′ or c′ as soon as the points spread more than that law (`spread_of_z` over 1): the
  quantiles are taken as far out as the measured spread asks. Twelve points cannot prove a spread
  usual, so it is never tested, only followed, and limits are never narrower than the law's;
- a value on an individuals chart, limits from the mean moving range (``xmr``). Where the largest
  value is over `WIDE` times the smallest, all being positive, the limits are on each side the wider
  of those of the values and of their logarithms, for durations and amounts are skewed. Values with
  zeros among them and nothing below have no limits (``run``): no scale makes them even.

The rates of false signals this leaves are in ``docs/decisions/0009-control-charts.md``.

Sources. Run rules: Anhøj & Olesen, PLoS ONE 2014;9:e113825; Anhøj & Wentzel-Larsen, BMC Med Res
Methodol 2018;18:100. p′ and u′: Laney, Quality Engineering 2002;14:531. p, u, c and
individuals charts, probability limits: Montgomery, Introduction to Statistical Quality Control,
chapters 6 and 7. Exact interval of a count: Garwood, Biometrika 1936;28:437.
"""

from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import gdtrib, ndtr

from qgdr_eval.scoring.intervals import wilson

FEWEST = 10  # points before anything is said of a change: with nine no run rule can ring
WIDE = 2  # largest ÷ smallest value from which logarithms are looked at too
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
        """Whether the two rules may be read: they could ring, and half the points are useful."""
        return self.useful >= FEWEST and 2 * self.useful >= self.points


def read_runs(values: ArrayLike, centre: float | None = None) -> Runs:
    """Longest run and crossings of the median, with what usual chance leaves of them.

    ``centre``: the median of a frozen baseline, in place of that of the values.

    With n useful points: no run longer than round(log2 n) + 3, and at least the 5 % quantile of a
    binomial (n − 1, ½) crossings (Anhøj & Olesen 2014).

    >>> read_runs([1, 9, 2, 8, 5, 7, 3, 6, 4, 5])
    Runs(points=10, useful=8, longest=2, longest_limit=6, crossings=6, crossings_limit=1)
    """
    from scipy.stats import binom  # slow to load, here and below

    given = np.asarray(values, float)
    lengths = [last - first + 1 for _, first, last in runs_of(sides_of(given, centre))]
    useful = sum(lengths)
    return Runs(
        points=len(given),
        useful=useful,
        longest=max(lengths, default=0),
        longest_limit=round(np.log2(useful)) + 3 if useful else 3,
        crossings=max(len(lengths) - 1, 0),
        crossings_limit=int(binom.ppf(0.05, useful - 1, 0.5)) if useful > 1 else 0,
    )


def sides_of(values: np.ndarray, centre: float | None = None) -> np.ndarray:
    """Side of the median of the useful points: 1 above, −1 below, without those on it."""
    if not len(values):
        return values
    middle = np.median(values) if centre is None else centre
    sides = np.sign(np.round(values - middle, 9))
    return sides[sides != 0]


def runs_of(sides: np.ndarray) -> list[tuple[int, int, int]]:
    """(side, first rank, last rank) of each run of useful points."""
    runs, start = [], 0
    for side, run in groupby(sides):
        length = len(list(run))
        runs.append((int(side), start, start + length - 1))
        start += length
    return runs


def long_runs(values: np.ndarray, centre: float | None = None) -> list[tuple[int, int, int]]:
    """The runs longer than usual chance leaves, as `runs_of` gives them; none when not readable."""
    runs = read_runs(values, centre)
    if not runs.readable:
        return []
    every = runs_of(sides_of(values, centre))
    return [run for run in every if run[2] - run[1] >= runs.longest_limit]


def proportion_limits(
    numerators: ArrayLike,
    denominators: ArrayLike,
    sigma_z: float = 1.0,
    base: ArrayLike | None = None,
) -> pd.DataFrame:
    """Limits of a p chart, in shares: quantiles of Binomial(n, p̄) at the tails of ±3 ``sigma_z``.

    A tail is Φ(−3), or 0.135 %, when ``sigma_z`` is 1; Laney's p′ goes further out (see
    `spread_of_z`). ``base``: which periods p̄ is the share of; all of them when None. A point is
    outside when it is beyond a limit, not on it. Columns `LIMIT_COLUMNS`, a row per period.

    >>> proportion_limits([40, 44, 12], [200, 200, 200]).iloc[0].round(3).tolist()
    [0.16, 0.085, 0.24]
    """
    from scipy.stats import binom

    centre, size = _mean_share(numerators, denominators, base)
    tail = _tail(sigma_z)
    low, high = binom.ppf(tail, size, centre), size - binom.ppf(tail, size, 1 - centre)
    return _limits(centre, low / size, high / size)


def rate_limits(
    numerators: ArrayLike,
    denominators: ArrayLike,
    sigma_z: float = 1.0,
    base: ArrayLike | None = None,
) -> pd.DataFrame:
    """Limits of a u chart, in events per unit: quantiles of Poisson(n ū), over n.

    With denominators of 1 it is a c chart. Everything else as in `proportion_limits`.

    >>> rate_limits([16, 14, 18], [1, 1, 1]).iloc[0].tolist()
    [16.0, 5.0, 29.0]
    """
    from scipy.stats import poisson

    centre, size = _mean_share(numerators, denominators, base)
    tail, expected = _tail(sigma_z), centre * size
    # P(X > x) is the incomplete gamma of x + 1; ``poisson.isf`` has no digits left in far tails.
    high = np.ceil(gdtrib(1, tail, expected) - 1) if centre else np.zeros(len(size))
    return _limits(centre, poisson.ppf(tail, expected) / size, high / size)


def value_limits(values: ArrayLike, base: ArrayLike | None = None) -> pd.DataFrame:
    """Limits of an individuals chart: mean ± 3 × mean moving range / 1.128.

    On each side the wider of these and of those of the logarithms where the values are all
    positive and the largest is over `WIDE` times the smallest. ``base`` as in `proportion_limits`.

    >>> value_limits([10.0, 12.0, 11.0]).iloc[0].round(2).tolist()
    [11.0, 7.01, 14.99]
    >>> value_limits([2.0, 9.0, 3.0, 5.0]).iloc[0].round(1).tolist()
    [4.8, 0.0, 64.1]
    """
    given = np.asarray(values, float)
    kept = _kept(given, base)
    centre, low, high = _three_sigma(kept)
    if given.min() > 0:
        low = max(low, 0.0)
        if given.max() > WIDE * given.min():
            with np.errstate(over="ignore"):  # a limit too high to be written is none
                _, log_low, log_high = np.exp(_three_sigma(np.log(kept)))
            low, high = min(low, log_low), max(high, log_high)
    return _limits(centre, np.full(len(given), low), np.full(len(given), high))


def _three_sigma(values: np.ndarray) -> tuple[float, float, float]:
    centre, half = float(values.mean()), 3 * _mean_range(values) / D2
    return centre, centre - half, centre + half


def _mean_range(values: np.ndarray) -> float:
    return float(np.abs(np.diff(values)).mean())


def _kept(given: np.ndarray, base: ArrayLike | None) -> np.ndarray:
    return given if base is None else given[np.asarray(base, bool)]


def _mean_share(
    numerators: ArrayLike, denominators: ArrayLike, base: ArrayLike | None
) -> tuple[float, np.ndarray]:
    events, size = np.asarray(numerators, float), np.asarray(denominators, float)
    return float(_kept(events, base).sum() / _kept(size, base).sum()), size


def _tail(sigma_z: float) -> float:
    """The share of points beyond 3 ``sigma_z`` on one side; never 0, which has no quantile."""
    return max(float(ndtr(-3 * sigma_z)), 1e-300)


def _limits(centre: float, low: np.ndarray, high: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"centre": centre, "low_limit": low, "high_limit": high})


def spread_of_z(
    numerators: ArrayLike,
    denominators: ArrayLike,
    proportion: bool,
    base: ArrayLike | None = None,
) -> float:
    """How many times wider the points vary than the p (or u) chart expects: Laney's σz.

    z = (point − centre) / its standard deviation; σz = mean |zᵢ − zᵢ₋₁| / 1.128. 1 when every
    point is the same and nothing can be measured.

    >>> round(spread_of_z([10, 30, 10], [100, 100, 100], proportion=True), 2)
    4.76
    """
    centre, size = _mean_share(numerators, denominators, base)
    sd = np.sqrt(centre * ((1 - centre) if proportion else 1) / size)
    if not sd.all():
        return 1.0
    z = (np.asarray(numerators, float) / size - centre) / sd
    return _mean_range(_kept(z, base)) / D2


def choose_chart(
    kind: str,
    numerators: ArrayLike,
    denominators: ArrayLike,
    values: ArrayLike | None = None,
    base: ArrayLike | None = None,
) -> str:
    """The chart of a series: ``too_few``, ``run``, ``xmr``, ``c``, ``p``, ``u``, ``p_laney``…

    The rule is the module's. ``kind`` as in `read_indicators`; a count has denominators of 1.
    ``values``: those of a series of values. ``base``: the points of its frozen baseline.

    >>> choose_chart("count", [7] * 12, [1] * 12), choose_chart("count", [0, 9] * 6, [1] * 12)
    ('c', 'c_laney')
    """
    events, size = np.asarray(numerators, float), np.asarray(denominators, float)
    if len(_kept(events, base)) < FEWEST:
        return "too_few"
    if kind == "value":
        lowest = 1.0 if values is None else np.min(values)
        return "run" if lowest == 0 else "xmr"
    name = {"proportion": "p", "rate": "u", "count": "c"}[kind]
    spread = spread_of_z(events, size, kind == "proportion", base)
    return f"{name}_laney" if spread > 1 + 1e-9 else name


def limits(
    chart: str,
    events: np.ndarray,
    size: np.ndarray,
    values: np.ndarray,
    base: np.ndarray | None = None,
) -> pd.DataFrame:
    """The limits of a chart named by `choose_chart`, NaN when it has none; `LIMIT_COLUMNS`."""
    if chart in ("too_few", "run"):
        return pd.DataFrame(np.nan, index=range(len(values)), columns=LIMIT_COLUMNS)
    if chart == "xmr":
        return value_limits(values, base)
    proportion = chart.startswith("p")
    sigma_z = spread_of_z(events, size, proportion, base) if chart.endswith("laney") else 1.0
    return (proportion_limits if proportion else rate_limits)(events, size, sigma_z, base)


def count_interval(count: float) -> tuple[float, float]:
    """The exact 95 % interval of the mean of a Poisson count (Garwood 1936).

    >>> [round(end, 3) for end in count_interval(10)]
    [4.795, 18.39]
    """
    from scipy.stats import chi2

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
