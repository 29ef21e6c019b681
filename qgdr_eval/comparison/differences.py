"""Differences between two measures, with their intervals and tests.

Shares and differences are between 0 and 1 unless said otherwise. Everything works element by
element on arrays, and is NaN where nobody was measured.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, ndtr, stdtr, stdtrit

from qgdr_eval.scoring.intervals import Z, wilson

Interval = tuple[np.ndarray, np.ndarray, np.ndarray]  # difference, low, high


def mover(
    score: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    before: ArrayLike,
    before_low: ArrayLike,
    before_high: ArrayLike,
    correlation: ArrayLike = 0.0,
) -> Interval:
    """The difference of two scores and its interval, from the interval of each, in their unit.

    d − √((s − l)² − 2φ(s − l)(u′ − s′) + (u′ − s′)²) and likewise above, the prime marking the
    score before and φ the correlation between the two, 0 for different people or records.
    Source: Zou & Donner, Stat Med 2008;27:1693.

    >>> [float(x) for x in mover(70, 66, 82, 60, 55, 63)]
    [10.0, 5.0, 23.0]
    """
    s, s0 = np.asarray(score, float), np.asarray(before, float)
    phi = np.asarray(correlation, float)
    down, up = _joined(s - low, before_high - s0, phi), _joined(high - s, s0 - before_low, phi)
    return s - s0, s - s0 - down, s - s0 + up


def newcombe(met: ArrayLike, n: ArrayLike, met_before: ArrayLike, n_before: ArrayLike) -> Interval:
    """The difference between two independent shares and its 95 % interval.

    Wilson's interval of each, put together: hybrid score, method 10 of Newcombe, Stat Med
    1998;17:873.

    >>> [round(float(x), 4) for x in newcombe(56, 70, 48, 80)]
    [0.2, 0.0524, 0.3339]
    """
    share, before = _share(met, n), _share(met_before, n_before)
    return mover(share, *wilson(share, n), before, *wilson(before, n_before))


def newcombe_paired(
    both: ArrayLike, gained: ArrayLike, lost: ArrayLike, neither: ArrayLike
) -> Interval:
    """The difference between two shares of the same records, and its 95 % interval.

    The share after less the share before: (gained − lost) / n. Wilson's interval of each, put
    together with their correlation φ corrected for continuity: method 10 of Newcombe, Stat Med
    1998;17:2635.

    >>> [round(float(x), 3) for x in newcombe_paired(1, 1, 7, 12)]  # Fagerland et al. 2014
    [-0.286, -0.507, -0.026]
    """
    a, b, c, d = (np.asarray(x, float) for x in (both, gained, lost, neither))
    n = a + b + c + d
    share, before = _share(a + b, n), _share(a + c, n)
    phi = _correlation(a, b, c, d)
    return mover(share, *wilson(share, n), before, *wilson(before, n), phi)


def mcnemar_mid_p(gained: ArrayLike, lost: ArrayLike) -> np.ndarray:
    """Two-sided mid-p that as many records gain as lose.

    Twice the smaller tail of Binomial(gained + lost, 1/2), the smaller count itself weighing once
    instead of twice; 1 when none changed. The exact test, which weighs it twice, finds too little
    in small samples, where this one nearly never errs more than it says (Fagerland, Lydersen &
    Laake, BMC Med Res Methodol 2013;13:91). Source of the test: McNemar, Psychometrika 1947;12:153.

    >>> round(float(mcnemar_mid_p(7, 1)), 7)
    0.0390625
    """
    from scipy.stats import binom  # slow to load, and few campaigns see the same records again

    b, c = np.asarray(gained, float), np.asarray(lost, float)
    fewer, changed = np.minimum(b, c), b + c
    # P(X ≤ k) of Binomial(n, 1/2) is the incomplete beta of n − k and k + 1.
    tail = np.where(changed > 0, betainc(np.maximum(changed - fewer, 0.5), fewer + 1, 0.5), 1)
    return 2 * np.where(np.isnan(changed), np.nan, tail) - binom.pmf(fewer, changed, 0.5)


def interval_p(
    difference: ArrayLike, low: ArrayLike, high: ArrayLike, degrees: ArrayLike = np.inf
) -> np.ndarray:
    """Two-sided p of no difference, read off a 95 % interval: under 5 % when it leaves zero out.

    The half interval on the side of zero is taken for as many standard errors as leave 2.5 %
    outside: Z, or Student's t with its ``degrees`` of freedom. Of few people these matter: their
    standard error is uncertain, and many tests together look far into the tail. In any unit.

    >>> interval_p([10, 10, 0], [0, 4, -5], [25, 18, 6]).round(3).tolist()
    [0.05, 0.001, 1.0]
    >>> interval_p([10, 10], [0, 4], [25, 18], degrees=8).round(3).tolist()
    [0.05, 0.005]
    """
    d, df = np.asarray(difference, float), np.asarray(degrees, float)
    half = np.where(d > 0, d - np.asarray(low, float), np.asarray(high, float) - d)
    with np.errstate(divide="ignore", invalid="ignore"):
        far = np.abs(d) / half
        few = stdtr(df, -far * stdtrit(df, 0.975))
        return np.where(d == 0, 1.0, 2 * np.where(np.isinf(df), ndtr(-far * Z), few))


def _share(met: ArrayLike, n: ArrayLike) -> np.ndarray:
    size = np.asarray(n, float)
    return np.asarray(met, float) / np.where(size > 0, size, np.nan)


def _joined(a: np.ndarray, b: np.ndarray, correlation: np.ndarray) -> np.ndarray:
    """Two half intervals in one, √(a² − 2φab + b²); rounding may leave a little under zero."""
    return np.sqrt(np.maximum(a**2 - 2 * correlation * a * b + b**2, 0))


def _correlation(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> np.ndarray:
    """φ of a fourfold table, a positive one corrected for continuity; 0 where a margin is empty."""
    cross = a * d - b * c
    corrected = np.where(cross > 0, np.maximum(cross - (a + b + c + d) / 2, 0), cross)
    margins = np.sqrt((a + b) * (c + d) * (a + c) * (b + d))
    return np.divide(corrected, margins, out=np.zeros(np.shape(margins)), where=margins > 0)
