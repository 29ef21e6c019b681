"""95 % intervals that hold for small teams."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

Z = 1.959963984540054  # 97.5 % point of the normal distribution
# (Z / t)² by number of subjects, t having one degree of freedom less; past 1,000 it is 1 but for
# 0.2 %.
_FEW = np.append([0.0, 0.0], (Z / stdtrit(np.arange(1, 1000), 0.975)) ** 2)


def wilson(share: ArrayLike, n: ArrayLike, z: float = Z) -> tuple[np.ndarray, np.ndarray]:
    """Wilson's score interval of a share, both between 0 and 1.

    (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n); ``n`` may be an effective, fractional
    size; n = ∞ gives the share itself, n = 0 gives NaN.
    Source: Wilson, J Am Stat Assoc 1927;22:209.

    >>> low, high = wilson(81 / 263, 263)
    >>> round(float(low), 4), round(float(high), 4)
    (0.2553, 0.3662)
    """
    p, size = np.asarray(share, float), np.asarray(n, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        q = z * z / np.where(size > 0, size, np.nan)
        middle = (p + q / 2) / (1 + q)
        half = np.sqrt(p * (1 - p) * q + q * q / 4) / (1 + q)
    return np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)


def effective_size(
    share: ArrayLike, variance: ArrayLike, independent: ArrayLike, n: ArrayLike
) -> np.ndarray:
    """How many independent yes/no answers a group's mean is worth: p(1−p) / variance.

    ``variance`` is measured between the ``n`` subjects, with n as divisor; it is never taken below
    ``independent``, what it would be if the answers of one person had nothing in common, because
    a sample of ten can show too little spread by luck. A spread measured on few subjects is
    itself uncertain: n − 1 replaces n, and Student's t replaces z, hence the factor
    (n − 1)/n · (z/t)². Never fewer than the ``n`` subjects, so a yes/no item keeps exactly n; just
    ``n`` when everybody agrees and the spread cannot be measured.
    Source: Korn & Graubard, Survey Methodology 1998;24:193, with Wilson's interval (Dean & Pagano,
    J Surv Stat Methodol 2015;3:484). Coverage: ``docs/intervalles.md``.

    >>> float(effective_size(0.5, 0.25 / 12, 0.25 / 12, 12))  # one yes/no item
    12.0
    >>> round(float(effective_size(0.5, 0.25 / 48, 0.25 / 48, 12)), 1)  # four unrelated items
    34.9
    """
    p, subjects = np.asarray(share, float), np.asarray(n, float)
    spread = np.maximum(variance, independent)
    few = _FEW.take(np.asarray(n, int), mode="clip")
    with np.errstate(divide="ignore", invalid="ignore"):
        size = p * (1 - p) / spread * few * (subjects - 1) / subjects
    return np.fmax(np.where(spread > 1e-15, size, subjects), subjects)


def lasting_size(n: ArrayLike, answered: ArrayLike, alpha: ArrayLike) -> np.ndarray:
    """Enlarge the size of a team's mean for what is known of these very people: n / (1 − f·α).

    The variance of the mean is ((1 − f)·α + (1 − α))·σ²/n when a share f of the team ``answered``
    and another day would find a share ``alpha`` (the reliability of the score) of the variance σ²
    again: those who were silent are unknown, and so is what the day itself changed in those who
    spoke. With α = 0 nothing is gained by asking everybody; with α = 1 it is the finite population
    correction (Cochran, Sampling Techniques, 1977, ch. 2). ``answered`` is 0 when the head count
    is unknown.

    >>> float(lasting_size(12, 0, 0.8)), round(float(lasting_size(12, 1, 0.8)), 6)
    (12.0, 60.0)
    """
    known = np.clip(np.nan_to_num(np.asarray(answered, float)), 0, 1)
    return np.asarray(n, float) / (1 - known * np.asarray(alpha, float))


def finite_size(n: ArrayLike, subjects: ArrayLike, head_count: ArrayLike) -> np.ndarray:
    """Enlarge an effective size for a group of which most people answered: n × (N − 1) / (N − s).

    ``subjects`` s of the ``head_count`` N answered; everybody answered gives ∞. An unknown head
    count (NaN) leaves the size as it is. Source: Cochran, Sampling Techniques, 1977, ch. 2.

    >>> float(finite_size(9, 9, 12)), float(finite_size(12, 12, 12))
    (33.0, inf)
    """
    size, s, heads = (np.asarray(x, float) for x in (n, subjects, head_count))
    with np.errstate(divide="ignore", invalid="ignore"):
        enlarged = size * np.where(heads > s, (heads - 1) / (heads - s), np.inf)
    return np.where(np.isnan(heads), size, enlarged)
