"""How far z scores spread when their two extreme tenths are drawn in, and by how much that shrinks.

Winsorising replaces what is beyond the 10 % and 90 % quantiles by these quantiles, so that a few
services really apart do not widen the limits of all the others. The mean square of z that is left
is φ, the overdispersion of Spiegelhalter (Qual Saf Health Care 2005;14:347). Under a normal law
without any excess φ is not 1 but 0.679, less when there are few services: whoever compares it with
1, as is usual, takes half of the spread between services away.

Everything works along the last axis: many sets of services at once are rows.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, ndtri

TAIL = 0.10  # the part of the services drawn in at each end
MANY = 400  # services from which what is expected no longer moves
# Gauss and Legendre on (0, 1): smooth quantile functions are averaged to six digits.
_NODES, _WEIGHTS = (np.polynomial.legendre.leggauss(160) + np.array([[1.0], [0.0]])) / 2
_EDGE = ndtri(1 - TAIL)
ASYMPTOTE = float(
    1 - 2 * TAIL - 2 * _EDGE * np.exp(-(_EDGE**2) / 2) / (2 * np.pi) ** 0.5 + 2 * TAIL * _EDGE**2
)
"""φ under a normal law when services are many: ∫z² between the quantiles, and these beyond."""


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
