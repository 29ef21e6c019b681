"""Which services are unusual among services: limits that depend on how many people answered.

To differ from the others is one question, to be unusual another. Services do differ from each
other, and a large one that stands two points from the mean may differ for sure without being
anything out of the ordinary. A funnel measures how far ordinary services stand from each other
(``between``), adds what chance alone does to a mean of n people (``within`` / √n), and calls
unusual what is beyond both together: 1 ordinary service in 20 by chance beyond the 95 % limits, 1
in 500 beyond those at 99.8 %. There is no rank in it.

The unit is the person: answers of one person go together, and counting them as independent calls
most teams unusual. The standard deviation between people is one for all services, pooled within
them, for a team of six that happens to agree is not known six times better.

Scores, ``within`` and ``between`` are in points of 0 to 100. A service without a score (NaN) or
without anybody is passed over. Calibration of all this: ``docs/calibration.md``.

Sources: Spiegelhalter, Stat Med 2005;24:1185 (funnel plots) and Qual Saf Health Care 2005;14:347
(overdispersion); Paule & Mandel, J Res Natl Bur Stand 1982;87:377 (the equation for ``between``).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from qgdr_eval.comparison.between import robust_variance, usual_variance

FEWEST = 8
"""Services without which no limits are drawn: of fewer, the spread between them is not known."""

LEVEL, FAR_LEVEL = 0.95, 0.998
POSITIONS = ("usual", "low", "high", "very_low", "very_high")

Limits = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Funnel:
    """Where ordinary services stand: around ``centre``, ``between`` apart from each other.

    ``between``: standard deviation between services, ``within``: between the people of one service;
    ``services``: how many this was measured on.

    >>> funnel = Funnel(centre=60, between=6, within=24, services=20)
    >>> [round(float(limit), 1) for limit in funnel.limits(36)]
    [45.9, 74.1]
    """

    centre: float
    between: float
    within: float
    services: int

    def error(self, n: ArrayLike) -> np.ndarray:
        """The standard error of a mean of ``n`` people, in points.

        >>> float(Funnel(60, 6, 24, 20).error(36))
        4.0
        """
        return standard_error(n, self.within)

    def limits(self, n: ArrayLike, level: float = LEVEL) -> Limits:
        """Between which scores an ordinary service of ``n`` people stands, within 0 to 100.

        >>> [round(float(limit), 1) for limit in Funnel(90, 6, 24, 20).limits(9, 0.998)]
        [59.1, 100.0]
        """
        half = ndtri((1 + level) / 2) * np.hypot(self.between, self.error(n))
        return _inside(self.centre - half), _inside(self.centre + half)

    def z(self, score: ArrayLike, n: ArrayLike) -> np.ndarray:
        """How many standard deviations of an ordinary service from the centre.

        >>> float(Funnel(60, 3, 24, 20).z(50, 36))
        -2.0
        """
        far = np.asarray(score, float) - self.centre
        with np.errstate(divide="ignore", invalid="ignore"):
            return far / np.hypot(self.between, self.error(n))

    def position(self, score: ArrayLike, n: ArrayLike) -> np.ndarray:
        """One of `POSITIONS` for each service, "" where there is nothing to place.

        Low and high are beyond the 95 % limits, very low and very high beyond those at 99.8 %; a
        service on a limit is within it.

        >>> Funnel(60, 3, 24, 20).position([60, 50, 49, 70, 100], [36, 36, 36, 4, 36]).tolist()
        ['usual', 'low', 'low', 'usual', 'very_high']
        """
        z = np.round(self.z(score, n), 9)
        edge, far = np.round(ndtri([(1 + LEVEL) / 2, (1 + FAR_LEVEL) / 2]), 9)
        beyond = [np.isnan(z), z < -far, z > far, z < -edge, z > edge]
        return np.select(beyond, ["", "very_low", "very_high", "low", "high"], "usual")

    def smallest_gap(self, n: ArrayLike, power: float = 0.8) -> np.ndarray:
        """The smallest true gap from the centre that a service of ``n`` people would reveal.

        A service whose people, all asked for ever, would stand that far from the centre is beyond
        the 95 % limits in ``power`` of campaigns. Its own place is no chance: only its people are.

        >>> [round(float(gap), 1) for gap in Funnel(60, 6, 24, 20).smallest_gap([9, 36, 144])]
        [26.3, 17.5, 14.1]
        """
        half = ndtri((1 + LEVEL) / 2) * np.hypot(self.between, self.error(n))
        return half + ndtri(power) * self.error(n)


def fit_funnel(score: ArrayLike, n: ArrayLike, within: float) -> Funnel | None:
    """The funnel of these services; None under `FEWEST` of them.

    The centre is the median of the scores: one service in ten that stands 25 points below moves a
    mean by 2.5 points and makes the limits lean, the median by a seventh of the standard deviation
    of the scores, or about one point; and a large service weighs no more than a small one, for the
    question is what is usual among services.

    ``between`` is the standard deviation that leaves winsorised z scores no more spread than
    normal ones (`robust_variance`), 0 when they have no excess as they are. The usual rule
    (`usual_rule`) takes 1 for what a normal law leaves, and finds too little.

    >>> score, people = [52, 55, 58, 60, 62, 64, 66, 69, 71, 12], [16] * 10
    >>> funnel = fit_funnel(score, people, within=20)
    >>> funnel.centre, round(funnel.between, 1), funnel.position(score, people)[-1].item()
    (61.0, 6.8, 'very_low')
    """
    kept, error = _kept(score, n, within)
    if len(kept) < FEWEST:
        return None
    centre = float(np.median(kept))
    between = float(np.sqrt(robust_variance(kept - centre, error**2)))
    return Funnel(centre, between, float(within), len(kept))


def usual_rule(score: ArrayLike, n: ArrayLike, within: float) -> Funnel:
    """The funnel of usual practice (CQC, SHMI, FunnelPlotR), for those who must reproduce it.

    Around the mean of all people; z winsorised at 10 %, then the additive variance of DerSimonian
    and Laird (`usual_variance`). It finds too little spread, and calls unusual some 8 to 10 % of
    ordinary services where it says 5: see `fit_funnel`.

    Source: Spiegelhalter et al., J R Stat Soc A 2012;175:1; FunnelPlotR 0.6, ``od_adjustment.R``.

    >>> score = [52, 55, 58, 60, 62, 64, 66, 69, 71, 12]
    >>> funnel = usual_rule(score, [16] * 10, within=20)
    >>> round(funnel.centre, 1), round(funnel.between, 1)
    (56.9, 6.2)
    """
    kept, error = _kept(score, n, within)
    weight = error**-2.0
    centre = (weight * kept).sum() / weight.sum()
    between = np.sqrt(usual_variance((kept - centre) / error, error**2))
    return Funnel(float(centre), float(between), float(within), len(kept))


def record_limits(target: float, n: ArrayLike, level: float = LEVEL) -> Limits:
    """Exact binomial limits of a share of ``n`` records around ``target``, within 0 to 100.

    For audits, one yes or no a record. A count of records moves by steps; interpolating between
    the two counts on each side of the tail makes the limits a smooth funnel: (r − α) / n, with r
    the quantile and α = (P(R ≤ r) − p) / P(R = r). Source: Spiegelhalter, Stat Med 2005;24:1185,
    appendix A.1.

    >>> [round(float(limit), 2) for limit in record_limits(80, 30)]
    [63.21, 91.9]
    """
    tail = (1 - level) / 2
    low, high = (_binomial_quantile(target / 100, n, p) for p in (tail, 1 - tail))
    return _inside(low), _inside(high)


def standard_error(n: ArrayLike, within: float) -> np.ndarray:
    """The standard error of a mean of ``n`` people who differ by ``within`` from each other.

    >>> standard_error([16, 64], 20).tolist()
    [5.0, 2.5]
    """
    people = np.asarray(n, float)
    # Never quite 0, so that services whose people all agree can still be divided by it.
    return max(within, 1e-9) / np.sqrt(np.where(people > 0, people, np.nan))


def _kept(score: ArrayLike, n: ArrayLike, within: float) -> tuple[np.ndarray, np.ndarray]:
    """The scores of services that have one, and their standard errors."""
    given, error = np.broadcast_arrays(np.asarray(score, float), standard_error(n, within))
    kept = np.isfinite(given) & np.isfinite(error)
    return given[kept], error[kept]


def _binomial_quantile(share: float, n: ArrayLike, p: float) -> np.ndarray:
    from scipy.stats import binom  # slow to load, and only audits count records

    size = np.asarray(n, float)
    rank = binom.ppf(p, size, share)
    over = (binom.cdf(rank, size, share) - p) / binom.pmf(rank, size, share)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 100 * (rank - over) / size


def _inside(points: np.ndarray) -> np.ndarray:
    return np.clip(points, 0.0, 100.0)
