"""Steadied scores: how much of what sets a service apart would be found again with more people.

A mean of nine people moves a good deal by chance, and those that stand furthest out moved most. A
steadied score goes back towards the mean of all services by the part of the differences that chance
explains, more where fewer answered. It is nearer to what everybody of the service would say in the
long run; it stands beside the raw score, and never replaces it: the raw one is what people said.

Here all services count, those that are unusual too, for the question is how much of the differences
is real: the spread between services is not that of `funnel.fit_funnel`, which leaves the unusual
ones out to say what is ordinary.

**The interval is Morris's.** The plain one of textbooks, t ± 1.96 √(s²(1 − B)), takes the spread
between services and their mean for known. With eight services neither is: it holds the true score
in as few as 41 % of cases where it says 95, most when the spread is small and found to be zero. It
is not offered. Figures: ``docs/calibration.md``.

Scores, ``within`` and ``between`` are in points of 0 to 100, as in `qgdr_eval.comparison.funnel`.
Sources: Morris, J Am Stat Assoc 1983;78:47, section 5 (one mean for all, its r = 1); its equation
for the spread is that of Paule & Mandel, J Res Natl Bur Stand 1982;87:377.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from qgdr_eval.comparison.between import paule_mandel
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

    With V = ``within``² / n the variance of a score, A that between services and k services:
    B = (k − 3)/(k − 1) · V/(V + A), and the steadied score is (1 − B)·score + B·mean, the mean
    having the weights w = 1/(V + A). Its variance is V·(1 − B·(1 − w/Σw)), to which
    2/(k − 3) · B² · (V̄ + A)/(V + A) · (score − mean)² adds that A is only an estimate, V̄ being the
    weighted mean of V. Bounded to 0 and 100.

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
    found = morris(y[kept], error[kept] ** 2)
    half = Z * np.sqrt(found.variance)

    def placed(values: np.ndarray) -> np.ndarray:
        whole = np.full(y.shape, np.nan)
        whole[kept] = values
        return whole

    between = float(np.sqrt(found.between))
    return Steadied(
        score=placed(found.score),
        low=placed(np.clip(found.score - half, 0, 100)),
        high=placed(np.clip(found.score + half, 0, 100)),
        reliability=placed(1 - found.chance),
        needed=people_needed(within, between),
        centre=float(found.centre[0]),
        between=between,
    )


class Morris(NamedTuple):
    """Morris's estimates along the last axis; ``chance`` is V/(V + A), ``between`` A."""

    score: np.ndarray
    variance: np.ndarray
    chance: np.ndarray
    centre: np.ndarray
    between: np.ndarray


def morris(score: ArrayLike, variance: ArrayLike) -> Morris:
    """The formulas of `steady`, of scores and their variances; many sets of services are rows.

    >>> morris([1, 2, 3, 4, 5], [0.5] * 5).score.round(6).tolist()  # B = 2/4 · 0.5/2.5
    [1.2, 2.1, 3.0, 3.9, 4.8]
    """
    y, v = np.asarray(score, float), np.asarray(variance, float)
    k, between = y.shape[-1], paule_mandel(y, v)
    whole = v + between[..., None]
    weight = (1 / whole) / (1 / whole).sum(axis=-1, keepdims=True)
    centre = (weight * y).sum(axis=-1, keepdims=True)
    back = (k - 3) / (k - 1) * v / whole
    unsure = 2 / (k - 3) * back**2 * ((weight * v).sum(axis=-1, keepdims=True) + between[..., None])
    spread = v * (1 - back * (1 - weight)) + unsure / whole * (y - centre) ** 2
    return Morris(y - back * (y - centre), spread, v / whole, centre, between)


def people_needed(within: float, between: float) -> float:
    """People in a service for the reliability between² / (between² + within² / n) of `RELIABLE`.

    >>> people_needed(24, 6)  # 0.7/0.3 · 16 = 37.3
    38.0
    """
    if between == 0:
        return float("inf")
    return float(np.ceil(round(RELIABLE / (1 - RELIABLE) * (within / between) ** 2, 9)))


def _nothing(shape: tuple[int, ...]) -> Steadied:
    none = np.full(shape, np.nan)
    return Steadied(none, none, none, none, np.nan, np.nan, np.nan)
