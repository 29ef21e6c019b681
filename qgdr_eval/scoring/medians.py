"""Medians of ordered answers, with an interval that supposes nothing of their spread."""

import numpy as np
from numpy.typing import ArrayLike


def median_of_counts(
    counts: np.ndarray, places: np.ndarray | None = None, growth: ArrayLike = 1.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The median of each group and its 95 % interval, between 0 and 1.

    ``counts``: (groups, levels), least favourable level first; ``places``: what each level is
    worth, 0 to 1, evenly spaced when not given. The median is half way between two levels when
    the two middle answers differ. The interval runs between two answers taken in order (binomial
    order statistics; Conover, *Practical Nonparametric Statistics*, 1999, ch. 3); where no such
    pair is sure enough, as with fewer than six answers, it is the whole scale. ``growth``: how many
    times the answers are worth their number (`lasting_size`). NaN where there is no answer.

    >>> median_of_counts(np.array([[0, 1, 2, 1, 0], [0, 1, 0, 1, 0]]))[0].tolist()
    [0.5, 0.5]
    """
    worth = np.linspace(0, 1, counts.shape[1]) if places is None else places
    n = counts.sum(axis=1)
    if not counts.shape[1]:
        return (np.full(len(n), np.nan),) * 3
    middle = (_ranked(counts, worth, (n + 1) // 2) + _ranked(counts, worth, n // 2 + 1)) / 2
    rank = outer_rank(n, growth)
    sure, inner = rank > 0, np.maximum(rank, 1)
    low = np.where(sure, _ranked(counts, worth, inner), 0.0)
    high = np.where(sure, _ranked(counts, worth, n + 1 - inner), 1.0)
    nobody = n == 0
    return tuple(np.where(nobody, np.nan, value) for value in (middle, low, high))  # type: ignore[return-value]


def outer_rank(n: ArrayLike, growth: ArrayLike = 1.0) -> np.ndarray:
    """The rank, from either end, at which the interval of a median of ``n`` answers stops.

    The fewest answers below the median that are not surprising (2.5 %), out of ⌊n · growth⌋, as
    a share of ``n``, rounded down; 0 where no rank is sure enough.

    >>> outer_rank([5, 6, 10]).tolist(), outer_rank(10, 5).tolist()
    ([0, 1, 2], 3)
    """
    from scipy.stats import binom  # slow to load, and only medians need it

    given = np.asarray(n)
    # 1e-9: a product of floats may fall a hair under the whole number it stands for.
    worth = np.floor(given * np.asarray(growth, float) + 1e-9)
    below = binom.ppf(0.025, worth, 0.5)
    return np.floor(given * below / np.maximum(worth, 1) + 1e-9).astype(int)


def _ranked(counts: np.ndarray, worth: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """The answer of each group that comes at a rank, 1 for the lowest."""
    level = (counts.cumsum(axis=1) < np.asarray(rank)[:, None]).sum(axis=1)
    return np.asarray(worth)[np.minimum(level, len(worth) - 1)]
