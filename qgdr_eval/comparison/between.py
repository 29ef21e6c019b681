"""How far services stand from each other beyond what chance explains: their variance.

Both ways solve Paule and Mandel's equation: the variance for which z scores, each divided by its
whole standard deviation, spread as much as a normal law says. `paule_mandel` takes all services as
they are. `robust_variance` first draws in the two extreme tenths (winsorising: what is beyond the
10 % and 90 % quantiles is brought to them), so that a few services really apart do not pass for
ordinary spread.

The mean square of winsorised z scores is φ, the overdispersion of Spiegelhalter (Qual Saf Health
Care 2005;14:347). Under a normal law without any excess φ is not 1 but 0.679, less with few
services: whoever compares it with 1, as is usual, finds too little spread.

Everything works along the last axis: many sets of services at once are rows. Source of the
equation: Paule & Mandel, J Res Natl Bur Stand 1982;87:377.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, ndtri

TAIL = 0.10  # the part of the services drawn in at each end
MANY = 400  # services from which what is expected no longer moves
GAUSS = (np.polynomial.legendre.leggauss(160) + np.array([[1.0], [0.0]])) / 2
"""Nodes and weights of Gauss and Legendre on (0, 1)."""

_NODES, _WEIGHTS = GAUSS
_EDGE = ndtri(1 - TAIL)
ASYMPTOTE = float(
    1 - 2 * TAIL - 2 * _EDGE * np.exp(-(_EDGE**2) / 2) / (2 * np.pi) ** 0.5 + 2 * TAIL * _EDGE**2
)
"""φ under a normal law when services are many: ∫z² between the quantiles, and these beyond."""


def robust_variance(far: ArrayLike, variance: ArrayLike) -> np.ndarray:
    """The variance between ordinary services, from how ``far`` each stands from their median.

    ``variance``: of each score, by chance alone. The result leaves winsorised z scores with
    `expected_overdispersion`, and is 0 when they have less without it.

    >>> round(float(robust_variance([-3, -3, -2, -1, 1, 2, 3, 3], [1] * 8)), 2)  # 46/8/φ − 1
    8.15
    """
    gap, chance = np.asarray(far, float), np.asarray(variance, float)
    target = expected_overdispersion(gap.shape[-1])

    def excess(between: np.ndarray) -> np.ndarray:
        return overdispersion(gap / np.sqrt(chance + between[..., None])) - target

    return _falling_root(excess, (gap**2).max(axis=-1) / target)


def paule_mandel(score: ArrayLike, variance: ArrayLike) -> np.ndarray:
    """The variance between all services, around their mean weighted by 1 / (its own + theirs).

    >>> float(paule_mandel([1, 2, 3, 4, 5], [0.5] * 5).round(9))  # 10/(0.5 + A) = 4
    2.0
    """
    y, chance = np.asarray(score, float), np.asarray(variance, float)

    def excess(between: np.ndarray) -> np.ndarray:
        weight = 1 / (chance + between[..., None])
        far = y - (weight * y).sum(axis=-1, keepdims=True) / weight.sum(axis=-1, keepdims=True)
        return (weight * far**2).sum(axis=-1) - (y.shape[-1] - 1)

    return _falling_root(excess, ((y - y.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1))


def usual_variance(z: ArrayLike, variance: ArrayLike) -> np.ndarray:
    """The additive variance of usual practice: DerSimonian and Laird's, of winsorised z.

    As winsorising alone brings φ under 1 it finds too little: see `expected_overdispersion`.

    >>> round(float(usual_variance([-9, *[-2, 2] * 5, 9], [1] * 12)), 3)  # (12·4 − 11) / (12 − 1)
    3.364
    """
    return dersimonian_laird(overdispersion(z), variance)


def dersimonian_laird(phi: ArrayLike, variance: ArrayLike) -> np.ndarray:
    """The variance between services from the mean square φ of their z scores.

    (kφ − (k − 1)) / (Σw − Σw²/Σw) with w = 1/variance. Source: DerSimonian & Laird, Control Clin
    Trials 1986;7:177.

    >>> float(dersimonian_laird(2, [1, 1, 1, 1]))  # (8 − 3) / (4 − 1)
    1.6666666666666667
    """
    weight = 1 / np.asarray(variance, float)
    k, total = weight.shape[-1], weight.sum(axis=-1)
    excess = k * np.asarray(phi, float) - (k - 1)
    return np.maximum(excess, 0) / (total - (weight**2).sum(axis=-1) / total)


def _falling_root(excess: Callable[[np.ndarray], np.ndarray], high: np.ndarray) -> np.ndarray:
    """Where a falling function meets 0, by halving from 0 to ``high``; 0 when it starts under."""
    low = np.zeros_like(high)
    none = excess(low) <= 0
    for _ in range(52):
        middle = (low + high) / 2
        more = excess(middle) > 0
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    return np.where(none, 0.0, high)


def winsorised(z: ArrayLike) -> np.ndarray:
    """Scores of which those beyond the 10 % and 90 % quantiles are brought to these.

    Quantiles as R and numpy take them by default (type 7 of Hyndman & Fan, Am Stat 1996;50:361).

    >>> winsorised(range(11)).tolist()
    [1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 9.0]
    """
    given = np.asarray(z, float)
    low, high = np.quantile(given, [TAIL, 1 - TAIL], axis=-1, keepdims=True)
    return np.clip(given, low, high)


def overdispersion(z: ArrayLike) -> np.ndarray:
    """φ: the mean square of winsorised z scores.

    >>> float(overdispersion([-9, *[-1, 1] * 5, 9]))
    1.0
    """
    return (winsorised(z) ** 2).mean(axis=-1)


@lru_cache
def expected_overdispersion(services: int) -> float:
    """What φ is on average when z is normal, without excess, and taken around its median.

    Computed from the joint law of the order statistics, not simulated. It does not grow evenly:
    an odd number of services has one on its median, and the quantiles fall on a service or between
    two.

    >>> [round(expected_overdispersion(k), 3) for k in (8, 18, 99)], round(ASYMPTOTE, 4)
    ([0.629, 0.668, 0.679], 0.6787)
    """
    k = services
    if k > MANY:
        return ASYMPTOTE
    median = _added([((k + 1) // 2, 0.5), (k // 2 + 1, 0.5)])
    place = TAIL * (k - 1)
    last, beyond = int(place) + 1, place - int(place)
    quantile = _apart(_added([(last, 1 - beyond), (last + 1, beyond)]), median, k)
    drawn_in = sum(_apart({rank: 1.0}, median, k) - quantile for rank in range(1, last + 1))
    # The mean of Σ(z − m)² is k − 2 + k·Var(m): m − mean is independent of the mean (Basu).
    return (k - 2 + k * _square(median, k) - 2 * drawn_in) / k


Ranks = Mapping[int, float]  # a weighted sum of order statistics, the lowest having rank 1


def _added(parts: Iterable[tuple[int, float]]) -> Ranks:
    total: dict[int, float] = {}
    for rank, weight in parts:
        total[rank] = total.get(rank, 0.0) + weight
    return total


def _apart(one: Ranks, other: Ranks, k: int) -> float:
    """The mean square of a difference."""
    return _square(_added([*one.items(), *((rank, -w) for rank, w in other.items())]), k)


def _square(ranks: Ranks, k: int) -> float:
    return sum(
        a * b * _product(*sorted((i, j)), k) for i, a in ranks.items() for j, b in ranks.items()
    )


@lru_cache(maxsize=4 * MANY)
def _product(low: int, high: int, k: int) -> float:
    """The mean product of two order statistics of ``k`` normal values.

    In uniform values the higher one is Beta(j, k + 1 − j), and the lower one divided by it is an
    independent Beta(i, j − i) (David & Nagaraja, Order Statistics, 2003, ch. 2).
    """
    top = betaincinv(high, k + 1 - high, _NODES)
    if low == high:
        return float(_WEIGHTS @ ndtri(top) ** 2)
    share = betaincinv(low, high - low, _NODES)
    return float(_WEIGHTS * ndtri(top) @ ndtri(np.outer(top, share)) @ _WEIGHTS)
