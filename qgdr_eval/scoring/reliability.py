"""How well a dimension is measured: between its items, and between the subjects of a service.

Everywhere below, ``values`` is a subjects × items matrix or frame of plain floats for the items of
*one* dimension, all recoded in the favourable direction, NaN where there is no valid answer;
``groups`` holds the code of each subject's service, -1 for a subject who is in none.
What cannot be computed (one item, no variance, two subjects, one service…) is NaN, never an error.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtri

from qgdr_eval.frames import ReliabilityRow
from qgdr_eval.instruments import Dimension
from qgdr_eval.scoring.breakdowns import Breakdown
from qgdr_eval.scoring.coding import NOT_APPLICABLE, STATES, Coded
from qgdr_eval.scoring.rules import RULES

Floats = NDArray[np.float64]
LEVEL = 0.95
FEWEST_SERVICES = 5  # the median agreement of two teams is close to being that of one
FEWEST_SUBJECTS = 3  # two subjects always correlate at ±1

EMPTY = pd.DataFrame(
    {
        name: pd.Series(dtype=kind)
        for name, kind in {
            "dimension": "str",
            "measure": "str",
            "n": "int64",
            "value": "float64",
            "low": "float64",
            "high": "float64",
        }.items()
    }
)


@dataclass(frozen=True)
class Estimate:
    """A coefficient, its 95 % interval and the number of subjects it rests on."""

    value: float
    low: float = math.nan
    high: float = math.nan
    n: int = 0


def alpha(values: ArrayLike) -> Estimate:
    """Cronbach's raw alpha, with Feldt's interval; complete cases only (listwise).

    α = k/(k−1) · (1 − Σ item variances / variance of the total); Cronbach, Psychometrika
    1951;16:297. (1−α_population)/(1−α) follows F with n−1 and (n−1)(k−1) degrees of freedom;
    Feldt, Psychometrika 1965;30:357.

    >>> estimate = alpha([[1, 2], [2, 2], [3, 5], [4, 4]])
    >>> f"{estimate.value:.3f} [{estimate.low:.3f}; {estimate.high:.3f}], n = {estimate.n}"
    '0.867 [-1.046; 0.991], n = 4'
    """
    answers = _complete(values)
    n, items = answers.shape
    if n < FEWEST_SUBJECTS or items < 2 or _constant(answers.sum(axis=1)):
        return Estimate(math.nan, n=n)
    unexplained = answers.var(axis=0, ddof=1).sum() / answers.sum(axis=1).var(ddof=1)
    value = items / (items - 1) * (1 - unexplained)
    tails = np.array([(1 + LEVEL) / 2, (1 - LEVEL) / 2])
    low, high = 1 - (1 - value) * fdtri(n - 1, (n - 1) * (items - 1), tails)
    return Estimate(float(value), float(low), float(high), n)


def standardised_alpha(values: ArrayLike) -> float:
    """Alpha of the items brought to equal variance; complete cases only (listwise).

    The mean correlation between items, stepped up to their number by `spearman_brown`.
    """
    correlations = _correlations(values)
    if correlations is None:
        return math.nan
    items = len(correlations)
    return spearman_brown((correlations.sum() - items) / (items * (items - 1)), items)


def spearman_brown(reliability: float, length: float) -> float:
    """Reliability of ``length`` parallel measures together, from that of one.

    ``length``·ρ / (1 + (``length`` − 1)·ρ); Spearman and Brown, Br J Psychol 1910;3:271 and 296.

    >>> f"{spearman_brown(0.268849, 7):.6f}"
    '0.720197'
    """
    share = 1 + (length - 1) * reliability
    return float(length * reliability / share) if share > 1e-9 else math.nan


def omega(values: ArrayLike) -> float:
    """McDonald's omega total of one factor; complete cases only (listwise), three items or more.

    ω = 1 − Σ uniquenesses / Σ correlations (McDonald, *Test Theory*, 1999; Revelle and Zinbarg,
    Psychometrika 2009;74:145). The loadings are those whose products come nearest the correlations
    between items, by least squares (minres; Harman and Jones, Psychometrika 1966;31:351). NaN when
    the solution is improper, an item being explained at more than 100 % (a Heywood case).
    """
    fitted = loadings(values)
    if fitted is None:
        return math.nan
    correlations = np.corrcoef(_complete(values), rowvar=False)
    return float(1 - (1 - fitted**2).sum() / correlations.sum())


def loadings(values: ArrayLike) -> Floats | None:
    """How far each item follows the one factor `omega` rests on; None where omega is NaN.

    The sign of the largest sum is taken for positive. A negative one beside positive ones says
    that an item goes against the others: the factor is not the dimension as it is scored, and
    omega is high for what its score does not measure.
    """
    from scipy.optimize import least_squares  # slow to load, and only needed here

    correlations = _correlations(values)
    if correlations is None or len(correlations) < 3 or correlations.sum() < 1e-9:
        return None
    pairs = np.triu_indices(len(correlations), 1)
    roots, axes = np.linalg.eigh(correlations)
    start = axes[:, -1] * math.sqrt(max(roots[-1] - 1, 0))  # 0 when no item follows another
    fit = least_squares(
        lambda load: (np.outer(load, load) - correlations)[pairs], start, method="lm"
    )
    # 1e-6: the solver itself stops at 1e-8, and an item just explained whole is no Heywood case.
    if not fit.success or np.max(fit.x**2) > 1 + 1e-6:
        return None
    return np.asarray(fit.x if fit.x.sum() >= 0 else -fit.x)


def icc(values_of_subjects: ArrayLike, groups: ArrayLike) -> tuple[float, float]:
    """ICC(1) of one subject's mean and ICC(2) of a service's mean, by one-way analysis of variance.

    ICC(1) = (MSB − MSW) / (MSB + (k−1)·MSW) and ICC(2) = (MSB − MSW) / MSB, that is
    `spearman_brown` of ICC(1) at k; Bartko, Psychol Bull 1976;83:762; Bliese in Klein and
    Kozlowski, 2000. k is the plain mean size of the services, as in ``ICC1`` of the R package
    multilevel (not the corrected n₀ = (N − Σn²/N)/(G − 1)). Both can be negative.
    Subjects without a value or a service are left out.

    >>> [round(value, 4) for value in icc([1, 2, 5, 6], [0, 0, 1, 1])]
    [0.9394, 0.9688]
    """
    values, codes = _placed(values_of_subjects, groups)
    _, codes, sizes = np.unique(codes, return_inverse=True, return_counts=True)
    if len(sizes) < 2 or len(values) == len(sizes) or _constant(values):
        return math.nan, math.nan
    means = np.bincount(codes, weights=values) / sizes
    between = np.sum(sizes * (means - values.mean()) ** 2) / (len(sizes) - 1)
    within = np.sum((values - means[codes]) ** 2) / (len(values) - len(sizes))
    icc1 = float((between - within) / (between + (sizes.mean() - 1) * within))
    return icc1, spearman_brown(icc1, sizes.mean())


def rwgj(values: ArrayLike, groups: ArrayLike, options: int) -> pd.Series:
    """Agreement r_wg(j) within each service, indexed by its code; complete cases only (listwise).

    r = j(1−q) / (j(1−q) + q), q being the mean variance of the j items in the service divided by
    (A²−1)/12, the variance of A ``options`` chosen at random; James, Demaree and Wolf, J Appl
    Psychol 1984;69:85. 1 when all answer alike, 0 when q ≥ 1, NaN with one complete
    subject; a service with none is not in the result.

    >>> rwgj([[4, 4], [5, 4], [1, 1], [5, 5]], [0, 0, 1, 1], options=5).round(3).to_dict()
    {0: 0.933, 1: 0.0}
    """
    answers, codes = _placed(values, groups)
    variances = pd.DataFrame(answers).groupby(codes).var().mean(axis=1)
    at_random = (options**2 - 1) / 12 if options > 1 else math.nan
    disagreement = (variances / at_random).clip(upper=1)
    agreement = answers.shape[1] * (1 - disagreement)
    agreed: pd.Series = agreement / (agreement + disagreement)
    return agreed.rename("rwgj")


def design_effect(icc1: float, groups: ArrayLike) -> float:
    """How many times the variance of a campaign's mean is inflated because services differ.

    1 + (m − 1)·ICC(1), with m = Σn²/Σn when services are of unequal sizes; Kish, *Survey
    Sampling*, 1965; Donner, Birkett and Buck, Am J Epidemiol 1981;114:906.

    >>> round(design_effect(0.05, [0] * 20 + [1] * 20), 2)
    1.95
    """
    sizes = np.unique(_placed(groups, groups)[1], return_counts=True)[1].astype(float)
    return float(1 + (np.sum(sizes**2) / sizes.sum() - 1) * icc1) if len(sizes) else math.nan


def measure_reliability(
    values: pd.DataFrame,
    groups: ArrayLike,
    dimension: str,
    n_options: int,
    positions: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Every coefficient of one dimension, over the whole campaign.

    ``values``: what the score is made of. ``positions``: the answers as ranks on their scale, for
    r_wg(j), which is about answers; the same as ``values`` when None.

    Columns ``dimension, measure, n, value, low, high``; one row for each of alpha, omega,
    omega_against (items whose loading has the other sign, where there are some), icc1, icc2,
    rwgj_median (median over services) and n_services (services behind the ICC). ``n`` counts the
    subjects used: complete cases for alpha, omega and r_wg(j); for the ICC, all who gave a valid
    answer, by the mean of those they gave. Only alpha has an interval.
    """
    means = values.mean(axis=1)
    fitted = loadings(values)
    complete, placed = _placed(values, groups)[1], _placed(means, groups)[1]
    internal = alpha(values)
    icc1, icc2 = icc(means, groups)
    answers = values if positions is None else positions
    agreement = rwgj(answers, groups, n_options).median()
    against = math.nan if fitted is None else float((fitted < 0).sum())
    estimates = {
        "alpha": internal,
        "omega": Estimate(omega(values), n=internal.n),
        **({"omega_against": Estimate(against, n=internal.n)} if against > 0 else {}),
        "icc1": Estimate(icc1, n=len(placed)),
        "icc2": Estimate(icc2, n=len(placed)),
        "rwgj_median": Estimate(float(agreement), n=len(complete)),
        "n_services": Estimate(float(len(np.unique(placed))), n=len(placed)),
    }
    return pd.DataFrame(
        [(dimension, name, e.n, e.value, e.low, e.high) for name, e in estimates.items()],
        columns=ReliabilityRow._fields,
    )


def measure_instrument(
    coded: Coded, services: Breakdown, shown: NDArray[np.bool_], minimum: int
) -> pd.DataFrame:
    """`measure_reliability` of every dimension, over the subjects of the services shown.

    It is that of the score the pages print: of favourable answers for a positive share, of ranks
    for a mean or a median. Coefficients resting on fewer than ``minimum`` subjects, or comparing
    fewer than `FEWEST_SERVICES` services, are left out. Dimensions whose items differ in their
    number of options have no r_wg(j), which needs one number of options.

    Returns ``dimension, measure, n, value, low, high``: a coefficient, its 95 % interval where it
    has one, and the subjects it rests on.

    >>> from qgdr_eval.instruments import load_instrument
    >>> from qgdr_eval.scoring import code_answers
    >>> asked = load_instrument("culture_ehpad")
    >>> answers = pd.DataFrame({code: [1, 5] * 5 for code in asked.codes}, dtype="Int16")
    >>> night = Breakdown(pd.DataFrame({"service": ["Nuit"]}), np.zeros(10, int))
    >>> coded = code_answers(answers, asked, already_reversed=True)
    >>> rows = measure_instrument(coded, night, np.array([True]), minimum=10)
    >>> rows.loc[rows["measure"] == "alpha", "value"].round(6).unique().tolist()  # items all agree
    [1.0]
    """
    groups = np.where(np.append(shown, False)[services.codes], services.codes, -1)
    inside = groups >= 0
    tables = [EMPTY]
    for dimension in coded.instrument.dimensions if inside.any() else ():
        positions, options = _positions(coded, dimension.id)
        values = _values(coded, dimension)
        tables.append(
            measure_reliability(
                values[inside], groups[inside], dimension.id, options, positions[inside]
            )
        )
    measured = pd.concat(tables, ignore_index=True)
    between = measured["measure"].isin(["icc1", "icc2", "rwgj_median", "n_services"])
    few = between & (int(shown.sum()) < FEWEST_SERVICES)
    return measured[(measured["n"] >= minimum) & ~few].reset_index(drop=True)


def _values(coded: Coded, dimension: Dimension) -> pd.DataFrame:
    """What each answer to the items of a dimension is worth in its score, NaN where not valid."""
    rule = RULES[dimension.rule]
    columns = {}
    for row, item in enumerate(coded.instrument.items):
        if item.dimension == dimension.id:
            worth = rule.values(item, coded.instrument.scale_of(item))
            columns[row] = np.append(worth, np.full(STATES - len(worth), np.nan))[coded.states[row]]
    return pd.DataFrame(columns)


def _positions(coded: Coded, dimension: str) -> tuple[pd.DataFrame, int]:
    """Positions of the items of one dimension as floats, NaN where not valid; their options."""
    rows = [i for i, item in enumerate(coded.instrument.items) if item.dimension == dimension]
    sizes = [len(coded.instrument.scale_of(coded.instrument.items[i]).options) for i in rows]
    states = coded.states[rows].T.astype(float)
    states[states >= NOT_APPLICABLE] = np.nan
    if len(set(sizes)) == 1:
        return pd.DataFrame(states), sizes[0]
    return pd.DataFrame(states / (np.array(sizes) - 1)), 0


def _complete(values: ArrayLike) -> Floats:
    answers = np.asarray(values, dtype=float)
    return np.asarray(answers[~np.isnan(answers).any(axis=1)])


def _placed(values: ArrayLike, groups: ArrayLike) -> tuple[Floats, NDArray[np.int_]]:
    """The subjects with no value missing who are in a service, and the codes of their services."""
    rows, codes = np.asarray(values, dtype=float), np.asarray(groups, dtype=int)
    kept = ~np.isnan(rows).any(axis=tuple(range(1, rows.ndim))) & (codes >= 0)
    return rows[kept], codes[kept]


def _constant(columns: Floats) -> bool:
    """Whether a column holds one value only, rounding errors aside."""
    return bool((np.ptp(columns, axis=0) <= 1e-9 * np.abs(columns).max()).any())


def _correlations(values: ArrayLike) -> Floats | None:
    """Correlations between items over the complete cases, None where they are undefined."""
    answers = _complete(values)
    n, items = answers.shape
    if n < FEWEST_SUBJECTS or items < 2 or _constant(answers):
        return None
    return np.asarray(np.corrcoef(answers, rowvar=False))
