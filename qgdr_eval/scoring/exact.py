"""Exact bounds of what a sample of records says of all those it was drawn from."""

import numpy as np
from numpy.typing import ArrayLike

TAIL = 0.025  # on either side, of an interval at 95 %
TIE = 1e-12  # what is at the tail but for its last bits does not exceed it


def records_bounds(met: ArrayLike, n: ArrayLike, population: ArrayLike) -> np.ndarray:
    """The fewest and the most met records of a whole of which ``n`` were drawn, ``met`` being met.

    A record is a fact: those that were seen are known, the others are met or not. The fewest is the
    smallest M under which at least ``met`` of ``n`` is not surprising (over 2.5 %), the most the
    largest under which at most ``met`` is not: the hypergeometric law inverted, as Clopper and
    Pearson invert the binomial (Buonaccorsi, Am Stat 1987;41:215). Counts as floats, (2, …); NaN
    where nothing was drawn or the ``population`` is unknown.

    >>> records_bounds([4, 24], [4, 30], [5, 40]).tolist()  # 4 of 4 cannot exclude 4 of 5
    [[4.0, 28.0], [5.0, 34.0]]
    """
    x, drawn, whole = np.broadcast_arrays(*(np.asarray(a, float) for a in (met, n, population)))
    known = (drawn > 0) & np.isfinite(whole)
    bounds = np.full((2, *x.shape), np.nan)
    if known.any():
        seen = [a[known].round().astype(int) for a in (x, drawn, np.maximum(whole, drawn))]
        bounds[:, known] = _fewest(*seen), _most(*seen)
    return bounds


def _fewest(x: np.ndarray, n: np.ndarray, whole: np.ndarray) -> np.ndarray:
    from scipy.stats import hypergeom  # slow to load, and only whole files of records need it

    low, high = x.copy(), whole - n + x
    while (low < high).any():
        middle = (low + high) // 2
        likely = hypergeom.sf(x - 1, whole, middle, n) > TAIL + TIE
        low, high = (
            np.where(likely, low, np.minimum(middle + 1, high)),
            np.where(likely, middle, high),
        )
    return high


def _most(x: np.ndarray, n: np.ndarray, whole: np.ndarray) -> np.ndarray:
    unmet = _fewest(n - x, n, whole)  # the same question of the records that are not met
    return whole - unmet
