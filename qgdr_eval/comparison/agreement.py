"""Whether two auditors who read the same records say the same."""

from dataclasses import dataclass

import numpy as np

from qgdr_eval.frames import Reason
from qgdr_eval.scoring.intervals import Z


@dataclass(frozen=True)
class Agreement:
    """How far two auditors agree on one criterion, over the records both could judge.

    ``observed``: share of records, 0 to 1, on which they agree. ``kappa``: agreement beyond
    chance, 1 at most and 0 when chance would do as well, with its 95 % interval. ``positive``,
    ``negative``: of the yes (of the no) said by either, the share that the other said too; they
    stand beside kappa because it drops as soon as nearly all records are alike. What cannot be
    computed is NaN, and ``reason`` says why kappa or its interval is missing: ``no_record``;
    ``one_category``, both said the same everywhere; ``constant_auditor``, one of them did, so
    that kappa is 0 whatever the other says; ``no_spread``, they agree everywhere or nowhere, and
    an interval without width would promise too much.
    """

    n: int
    observed: float
    kappa: float
    low: float
    high: float
    positive: float
    negative: float
    reason: Reason = ""


def measure_agreement(both_yes: int, only_first: int, only_second: int, both_no: int) -> Agreement:
    """Cohen's kappa and the specific agreements of two auditors, from their fourfold table.

    ``only_first``: records the first auditor alone calls met. κ = (pₒ − pₑ) / (1 − pₑ), pₑ being
    what their two shares of yes would give by chance (Cohen, Educ Psychol Meas 1960;20:37); large
    sample interval of Fleiss, Cohen & Everitt (Psychol Bull 1969;72:323), cut at −1 and 1.
    Specific agreement: 2a / (2a + b + c) and 2d / (2d + b + c) (Cicchetti & Feinstein, J Clin
    Epidemiol 1990;43:551).

    >>> found = measure_agreement(20, 5, 10, 15)
    >>> round(found.kappa, 2), round(found.low, 2), round(found.high, 2)
    (0.4, 0.15, 0.65)
    """
    table = np.array([[both_yes, only_first], [only_second, both_no]], dtype=float)
    n, apart = int(table.sum()), only_first + only_second
    kappa, reason = _kappa(table), _reason(table)
    half = np.nan if reason else Z * _standard_error(table / n, kappa) / np.sqrt(n)
    low, high = np.clip([kappa - half, kappa + half], -1, 1).tolist()
    return Agreement(
        n,
        _ratio(both_yes + both_no, n),
        kappa,
        low,
        high,
        _ratio(2 * both_yes, 2 * both_yes + apart),
        _ratio(2 * both_no, 2 * both_no + apart),
        reason,
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else np.nan


def _kappa(table: np.ndarray) -> float:
    """(pₒ − pₑ) / (1 − pₑ), both times n² so that whole numbers stay whole."""
    by_chance = float(table.sum(axis=1) @ table.sum(axis=0))
    together, whole = float(np.trace(table) * table.sum()), float(table.sum() ** 2)
    return _ratio(together - by_chance, whole - by_chance)


def _reason(table: np.ndarray) -> Reason:
    if not table.any():
        return "no_record"
    if table.trace() == table.max() == table.sum():
        return "one_category"
    if not (table.any(axis=0).all() and table.any(axis=1).all()):
        return "constant_auditor"
    return "no_spread" if table.trace() in (0, table.sum()) else ""


def _standard_error(shares: np.ndarray, kappa: float) -> float:
    """Of the kappa of one record, from the shares of the fourfold table; over √n for n of them.

    The square root of Σᵢ pᵢᵢ (1 − (pᵢ. + p.ᵢ)(1 − κ))² + (1 − κ)² Σᵢ≠ⱼ pᵢⱼ (p.ᵢ + pⱼ.)²
    − (κ − pₑ(1 − κ))², divided by 1 − pₑ.
    """
    first, second = shares.sum(axis=1), shares.sum(axis=0)
    chance, beyond = first @ second, 1 - kappa
    agreed = shares.diagonal() @ (1 - (first + second) * beyond) ** 2
    crossed = shares * (second[:, None] + first) ** 2
    apart = beyond**2 * (crossed.sum() - crossed.trace())
    variance = agreed + apart - (kappa - chance * beyond) ** 2
    return float(np.sqrt(max(variance, 0)) / (1 - chance))
