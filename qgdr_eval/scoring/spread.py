"""How much people of one service differ, and how surely one day measures them.

Ten people are too few to measure how spread their own scores are: it is pooled over the services
of the campaign, within each of them, so that services that differ do not count as people who do.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from qgdr_eval.frames import SpreadRow
from qgdr_eval.instruments import Dimension
from qgdr_eval.scoring.breakdowns import Breakdown
from qgdr_eval.scoring.coding import Coded
from qgdr_eval.scoring.intervals import Z
from qgdr_eval.scoring.reliability import spearman_brown
from qgdr_eval.scoring.rules import RULES
from qgdr_eval.scoring.tally import count_states, subject_means, values_of

SPREAD_COLUMNS = list(SpreadRow._fields)
NO_SPREAD = pd.DataFrame(columns=SPREAD_COLUMNS).astype(
    {
        "dimension": "str",
        "item": "str",
        "design_effect": float,
        "alpha": float,
        "services": int,
        "deviation": float,
    }
)
FEWEST_POOLED = 3  # services: of two, each could take its own share away and read the other's
SUREST = 0.99  # an alpha of 1 would say that another day changes nothing


@dataclass(frozen=True)
class Within:
    """People of each service around its mean; arrays over services.

    ``n``: people with a score; ``mean`` of their scores, 0 to 1; ``squares``: their squared
    distances to it, summed.
    """

    n: np.ndarray
    mean: np.ndarray
    squares: np.ndarray

    @property
    def degrees(self) -> np.ndarray:
        """Degrees of freedom of each service."""
        return np.maximum(self.n - 1, 0)

    @property
    def services(self) -> int:
        """Services with two people or more."""
        return int((self.n > 1).sum())

    @property
    def variance(self) -> float:
        """Variance between people of one service; 0 when nobody has a colleague."""
        return float(self.squares.sum() / max(self.degrees.sum(), 1))

    def design_effect(self, variance: float) -> float:
        """How many times ``variance`` is that of yes/no answers with the same means, 1 at most.

        Σ (n − 1)·variance / Σ (n − 1)·(p(1 − p) + s²/n), p being the mean of a service and s² the
        variance between its own people: exactly 1 for a yes/no item. Student's t replaces z, for
        the degrees of freedom that the variance rests on. 1 when nobody differs from anybody.
        """
        degrees, people = self.degrees.sum(), np.maximum(self.n, 1)
        yes_no = (self.degrees * self.mean * (1 - self.mean) + self.squares / people).sum()
        if min(variance, yes_no) < 1e-12:  # nothing but rounding errors
            return 1.0
        few = float(stdtrit(degrees, 0.975) / Z) ** 2
        return min(float(degrees * variance / yes_no) * few, 1.0)


@dataclass(frozen=True)
class Pooled:
    """What is pooled of one score: its ``design_effect``, its ``alpha``, its ``variance``."""

    dimension: str
    item: str
    design_effect: float
    alpha: float
    services: int
    variance: float

    def row(self) -> tuple[str, str, float, float, int, float]:
        """The row of the spread frame, each figure rounded to the cautious side."""
        enough = self.services >= FEWEST_POOLED
        return (
            self.dimension,
            self.item,
            _two_digits_up(self.design_effect) if enough else math.nan,
            _digits_down(self.alpha, 2 if enough else 1),
            self.services,
            self._deviation() if enough and not self.item else math.nan,
        )

    def _deviation(self) -> float:
        """The standard deviation between people of one service, in points of 0 to 100."""
        return _two_digits_up(100 * math.sqrt(self.variance)) if self.variance > 1e-12 else 0.0


def pool_spread(coded: Coded, services: Breakdown, shown: np.ndarray) -> pd.DataFrame:
    """The design effect and the reliability of every score of people, over the services shown.

    Returns `SPREAD_COLUMNS`, one row per dimension (``item`` "") and item, and one for the mean
    of all dimensions (``dimension`` "") where there are several. ``design_effect``: how many
    times the variance of a person's score is that of a yes/no answer; NaN under `FEWEST_POOLED`
    ``services``, whose spread stays their own. ``alpha``: the share of that variance which
    another day would find again (`_alpha`), 0 when it cannot be estimated. ``deviation``: the
    standard deviation between people of one service, in points of 0 to 100; of dimensions only,
    NaN under `FEWEST_POOLED` services.

    All are rounded to the cautious side, alpha down and the others up, to two digits: one
    return more in a service then rarely moves the figures of another. Under three services alpha
    keeps one digit, so that it says little of a team. Empty unless people answered.

    >>> from qgdr_eval.instruments import load_instrument
    >>> from qgdr_eval.scoring import code_answers
    >>> asked = load_instrument("culture_ehpad")
    >>> answers = pd.DataFrame({code: [4, 2] * 3 for code in asked.codes}, dtype="Int16")
    >>> three = Breakdown(pd.DataFrame({"service": [*"ABC"]}), np.array([0, 0, 1, 1, 2, 2]))
    >>> coded = code_answers(answers, asked, already_reversed=True)
    >>> pool_spread(coded, three, np.ones(3, bool))["services"].unique().tolist()
    [3]
    """
    if not coded.instrument.of_people:
        return NO_SPREAD
    inside = np.append(shown, False)[services.codes]
    kept = Breakdown(services.groups, np.where(inside, services.codes, -1))
    counts = count_states(coded, kept)
    pooled: list[Pooled] = []
    wholes: list[np.ndarray] = []
    for dimension in coded.instrument.dimensions:
        rows = [
            i for i, item in enumerate(coded.instrument.items) if item.dimension == dimension.id
        ]
        means = subject_means(coded, rows, RULES[dimension.rule])
        pooled += _dimension(coded, rows, counts, _within(means, kept), dimension)
        wholes.append(means)
    pooled += _overall([score for score in pooled if not score.item], np.array(wholes), kept)
    return pd.DataFrame([score.row() for score in pooled], columns=SPREAD_COLUMNS)


def _dimension(
    coded: Coded, rows: list[int], counts: np.ndarray, whole: Within, dimension: Dimension
) -> list[Pooled]:
    """A dimension, then its items."""
    rule = RULES[dimension.rule]
    items = [_of_counts(counts[i], values_of(coded, coded.instrument.items[i], rule)) for i in rows]
    variances = [item.variance for item in items]
    independent = sum(variances) / len(rows) ** 2
    variance = max(whole.variance, independent)
    alpha = _alpha(variance, independent, len(rows))
    item_alpha = spearman_brown(alpha, 1 / len(rows))
    codes = [coded.instrument.items[i].code for i in rows]
    return [
        Pooled(dimension.id, "", whole.design_effect(variance), alpha, whole.services, variance),
        *(
            Pooled(
                dimension.id, code, item.design_effect(spread), item_alpha, item.services, spread
            )
            for code, item, spread in zip(codes, items, variances, strict=True)
        ),
    ]


def _alpha(variance: float, independent: float, items: int) -> float:
    """Cronbach's α of a mean of items, from its ``variance`` and what unrelated items would give.

    J/(J − 1) · (1 − independent/variance); Cronbach, Psychometrika 1951;16:297. Variances are
    within services: a difference between two services would pass for people who agree with
    themselves. It says nothing of what all answers of a person share on one day.
    """
    if items < 2 or variance < 1e-12:
        return 0.0
    return min(items / (items - 1) * (1 - independent / variance), SUREST)


def _overall(dimensions: list[Pooled], means: np.ndarray, kept: Breakdown) -> list[Pooled]:
    """The mean of all dimensions, for people who have a score in each of at least half.

    Stratified α, 1 − Σ (1 − α)·variance / variance of the sum, over dimensions; Cronbach,
    Schönemann and McKie, Educ Psychol Meas 1965;25:291.
    """
    if len(dimensions) < 2:
        return []
    known = np.isfinite(means).sum(axis=0)
    enough = known >= len(dimensions) / 2
    whole = _within(
        np.divide(np.nansum(means, axis=0), known, out=np.full(len(known), np.nan), where=enough),
        kept,
    )
    independent = sum(dimension.variance for dimension in dimensions) / len(dimensions) ** 2
    unsure = (
        sum((1 - dimension.alpha) * dimension.variance for dimension in dimensions)
        / len(dimensions) ** 2
    )
    variance = max(whole.variance, independent)
    alpha = min(1 - unsure / variance, SUREST) if variance > 1e-12 else 0.0
    return [Pooled("", "", whole.design_effect(variance), alpha, whole.services, variance)]


def _within(scores: np.ndarray, kept: Breakdown) -> Within:
    """The people of each service, from the score of each subject (NaN for none)."""
    known, groups = np.isfinite(scores), len(kept.groups) + 1
    codes, values = kept.codes_or_last[known], scores[known]
    n = np.bincount(codes, minlength=groups)[:-1]
    sums = np.bincount(codes, values, groups)
    mean = np.divide(sums[:-1], n, out=np.zeros(len(n)), where=n > 0)
    squares = np.bincount(codes, (values - np.append(mean, 0)[codes]) ** 2, groups)[:-1]
    return Within(n, mean, squares)


def _of_counts(counts: np.ndarray, values: np.ndarray) -> Within:
    """The people of each service, from how many gave each answer of one item."""
    valid = counts[:, : len(values)]
    n = valid.sum(axis=1)
    mean = np.divide(valid @ values, n, out=np.zeros(len(n)), where=n > 0)
    return Within(n, mean, np.maximum(valid @ (values * values) - n * mean**2, 0))


def _two_digits_up(value: float) -> float:
    """Rounded up to two significant digits.

    >>> _two_digits_up(0.6213), _two_digits_up(0.0411), _two_digits_up(1.0)
    (0.63, 0.042, 1.0)
    """
    digits = 1 - math.floor(math.log10(value))
    return round(math.ceil(value * 10**digits - 1e-9) / 10**digits, digits)


def _digits_down(value: float, digits: int) -> float:
    """Rounded down to so many decimals, never under 0.

    >>> _digits_down(0.7999, 2), _digits_down(0.87, 1), _digits_down(-0.3, 2)
    (0.79, 0.8, 0.0)
    """
    return round(math.floor(max(value, 0.0) * 10**digits + 1e-9) / 10**digits, digits)
