"""Steadied scores: how much of what sets a service apart would be found again with more people.

A mean of nine people moves a good deal by chance, and those that stand furthest out moved most. A
steadied score goes back towards the mean of all services by the part of the differences that chance
explains, more where fewer answered. It is nearer to what everybody of the service would say in the
long run; it stands beside the raw score, and never replaces it: the raw one is what people said.

Here all services count, those that are unusual too, for the question is how much of the differences
is real: the spread between services is not that of `funnel.fit_funnel`, which leaves the unusual
ones out to say what is ordinary.

**The interval says that the spread and the mean are only estimated.** The plain one of textbooks,
t ± 1.96 √(s²(1 − B)), takes both for known. With eight services neither is: where it says 95 % it
holds the true score of 38 to 92 %, least when the spread is small and found to be zero. It is
not offered. Morris (1983) averages over what the spread may be, all variances being as likely
before anything is seen, and gives formulas near that average. Those hold too little (88 to 92 %)
where many small teams differ by less than chance, for they start from one value, often 0; here the
average itself is computed. Figures: ``docs/calibration.md``.

Scores, ``within`` and ``between`` are in points of 0 to 100, as in `qgdr_eval.comparison.funnel`.
Sources: Morris, J Am Stat Assoc 1983;78:47; Morris & Lysy, Stat Sci 2012;27:115 (the average).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from qgdr_eval.comparison.between import GAUSS, paule_mandel
from qgdr_eval.comparison.funnel import FEWEST, standard_error
from qgdr_eval.scoring.intervals import Z

RELIABLE = 0.70
"""The part of the variance that is not chance from which scores of services may be compared."""


@dataclass(frozen=True)
class Steadied:
    """What steadying gives of each service, NaN where it has no score or services are too few.

    ``low`` and ``high``: 95 % interval; ``reliability``: part of the variance between scores of
    services of that size which is not chance; ``needed``: people in a service for `RELIABLE`,
    infinite when services do not differ; ``centre`` and ``between``: mean and standard deviation of
    the services.
    """

    score: np.ndarray
    low: np.ndarray
    high: np.ndarray
    reliability: np.ndarray
    needed: float
    centre: float
    between: float


def steady(score: ArrayLike, n: ArrayLike, within: float) -> Steadied:
    """Scores brought towards their mean by what chance explains of their differences.

    Scores and intervals are those of `average_spreads`, bounded to 0 and 100. Reliability,
    ``between`` and the mean are for the spread that fits best (`paule_mandel`). That may be 0:
    reliability is 0 then, yet something is left of the differences, for 0 is not sure.

    >>> steadied = steady([52, 55, 58, 60, 62, 64, 66, 69, 71, 43], [16] * 10, within=20)
    >>> steadied.score.round(1).tolist()
    [54.2, 56.4, 58.5, 60.0, 61.5, 62.9, 64.4, 66.5, 68.0, 47.6]
    >>> steadied.needed  # 0.7/0.3 · 400/46.1
    21.0
    """
    y, error = np.broadcast_arrays(np.asarray(score, float), standard_error(n, within))
    kept = np.isfinite(y) & np.isfinite(error)
    if kept.sum() < FEWEST:
        return _nothing(y.shape)
    chance = error[kept] ** 2
    steadied, variance = average_spreads(y[kept], chance)
    between, half = paule_mandel(y[kept], chance), Z * np.sqrt(variance)

    def placed(values: np.ndarray) -> np.ndarray:
        whole = np.full(y.shape, np.nan)
        whole[kept] = values
        return whole

    return Steadied(
        score=placed(steadied),
        low=placed(np.clip(steadied - half, 0, 100)),
        high=placed(np.clip(steadied + half, 0, 100)),
        reliability=placed(between / (between + chance)),
        needed=people_needed(within, float(np.sqrt(between))),
        centre=float(np.average(y[kept], weights=1 / (between + chance))),
        between=float(np.sqrt(between)),
    )


def average_spreads(score: ArrayLike, variance: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Steadied scores and their variances, averaged over what the spread between services may be.

    The scores of `shrink` and their variances, averaged by how likely each spread leaves the raw
    scores, any variance between services being as likely as another before; what steadied scores
    vary from one spread to another is added to the variance. Along the last axis: many sets of
    services at once are rows.

    >>> scores, variances = average_spreads([1, 2, 3, 4, 5, 6, 7, 8], [0.5] * 8)
    >>> scores.round(2).tolist()  # equal variances, far apart: B is Morris's 5 · 0.5/42
    [1.21, 2.15, 3.09, 4.03, 4.97, 5.91, 6.85, 7.79]
    """
    y, v = np.asarray(score, float), np.asarray(variance, float)
    spreads, weights = _likely_spreads(y, v)
    near = shrink(y, v, spreads)
    weights = weights[..., None]
    steadied = (weights * near.score).sum(axis=0)
    return steadied, (weights * (near.variance + (near.score - steadied) ** 2)).sum(axis=0)


class Shrunk(NamedTuple):
    """Steadied scores given the spread between services; ``likelihood``: logarithm of its own."""

    score: np.ndarray
    variance: np.ndarray
    likelihood: np.ndarray


def shrink(score: ArrayLike, variance: ArrayLike, between: ArrayLike) -> Shrunk:
    """Steadied scores and their variances if that ``between`` services were known.

    With V the ``variance`` of a score by chance, A that between services and w = 1/(V + A), the
    steadied score is (1 − B)·score + B·mean, where B = V·w and the mean has weights w; its variance
    is V·(1 − B) + B²/Σw, the last for the mean. Services are the last axis, several ``between``
    come first. The likelihood is the restricted one (Harville, J Am Stat Assoc 1977;72:320).

    >>> shrink([1, 2, 3, 4, 5], [0.5] * 5, 2).score.round(2).tolist()  # B = 0.5/2.5
    [1.4, 2.2, 3.0, 3.8, 4.6]
    """
    y, v, spread = (np.asarray(part, float) for part in (score, variance, between))
    weight = 1 / (v + spread[..., None])
    total = weight.sum(axis=-1, keepdims=True)
    back, far = v * weight, y - (weight * y).sum(axis=-1, keepdims=True) / total
    squares = (weight * far**2).sum(axis=-1)
    likelihood = (np.log(weight).sum(axis=-1) - np.log(total[..., 0]) - squares) / 2
    return Shrunk(y - back * far, v * (1 - back) + back**2 / total, likelihood)


def _likely_spreads(y: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Variances between services, and the weight of each; they come first, sets of services last.

    Gauss and Legendre on the logarithm, where a first coarse look finds likelihood enough.
    """
    least, most = np.log(v.mean(axis=-1)), np.log(v.mean(axis=-1) + y.var(axis=-1))
    coarse = np.linspace(least - 16, most + 9, 80)
    density = shrink(y, v, np.exp(coarse)).likelihood + coarse
    enough = density > density.max(axis=0) - 24
    step = coarse[1] - coarse[0]
    low = np.where(enough, coarse, np.inf).min(axis=0) - step
    high = np.where(enough, coarse, -np.inf).max(axis=0) + step
    nodes, weights = (part.reshape(-1, *[1] * low.ndim) for part in GAUSS)
    fine = low + (high - low) * nodes
    density = shrink(y, v, np.exp(fine)).likelihood + fine
    mass = weights * np.exp(density - density.max(axis=0))
    return np.exp(fine), mass / mass.sum(axis=0)


def people_needed(within: float, between: float) -> float:
    """People in a service for the reliability between² / (between² + within² / n) of `RELIABLE`.

    >>> people_needed(24, 6)  # 0.7/0.3 · 16 = 37.3
    38.0
    """
    if between == 0:
        return float("inf")
    needed = np.ceil(round(RELIABLE / (1 - RELIABLE) * (within / between) ** 2, 9))
    return max(1.0, float(needed))


def _nothing(shape: tuple[int, ...]) -> Steadied:
    none = np.full(shape, np.nan)
    return Steadied(none, none, none, none, np.nan, np.nan, np.nan)
