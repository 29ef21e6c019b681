"""How sure the agreement of two auditors over all criteria is: records are drawn again, whole.

The criteria of one record are not independent readings: whoever found one paper missing often found
the next one missing too. Only drawing whole records again keeps what they have in common.
"""

import numpy as np
import pandas as pd

from qgdr_eval.scoring.coding import Coded
from qgdr_eval.scoring.pairs import PLACE, judged_twice

DRAWS, SEED = 2000, 20261129


def kappa_of(cells: np.ndarray) -> np.ndarray:
    """Cohen's kappa of fourfold tables, (tables, 4) as `judged_twice` numbers their cells.

    NaN where both auditors said the same everywhere.

    >>> kappa_of(np.array([[15, 10, 5, 20]])).round(2).tolist()
    [0.4]
    """
    neither, first, then, both = (cells[:, rank].astype(float) for rank in range(4))
    n = neither + first + then + both
    by_chance = (both + first) * (both + then) + (neither + first) * (neither + then)
    together, whole = (both + neither) * n, n * n
    spread = whole - by_chance
    return np.divide(together - by_chance, spread, out=np.full(len(n), np.nan), where=spread > 0)


def bootstrap_kappa(cells: np.ndarray) -> tuple[float, float]:
    """95 % percentile interval of kappa over all criteria, from each record's four counts.

    ``cells``: (records, 4), how many criteria of the record fall in each cell. `DRAWS` samples of
    as many records, drawn with replacement (Efron, Ann Stat 1979;7:1), always from the same `SEED`.
    NaN when one draw in twenty or more has no kappa.

    >>> low, high = bootstrap_kappa(np.repeat(np.eye(4, dtype=int), [15, 10, 5, 20], axis=0))
    >>> round(low, 1), round(high, 1)  # one criterion: that of 20 5 / 10 15, [0.15; 0.65]
    (0.1, 0.6)
    """
    n = len(cells)
    drawn = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), DRAWS) @ cells
    kappas = kappa_of(drawn)
    known = kappas[np.isfinite(kappas)]
    if len(known) <= 0.95 * DRAWS:
        return float("nan"), float("nan")
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)


def bound_kappa(
    readings: tuple[pd.DataFrame, pd.DataFrame], coded: tuple[Coded, Coded], kept: pd.DataFrame
) -> pd.DataFrame:
    """`bootstrap_kappa` of each service over the criteria kept.

    Args:
        readings, coded: the responses of the two auditors, and the same coded.
        kept: facility, service and item of each criterion that counts.

    Returns:
        facility, service, ``kappa_low``, ``kappa_high``; a row per service with a criterion kept.
    """
    judged = judged_twice(*readings, *coded).merge(kept, on=[*PLACE, "item"])
    rows = []
    for place, records in judged.groupby(PLACE, sort=False):
        cells = pd.crosstab(records["record"], records["cell"]).reindex(
            columns=range(4), fill_value=0
        )
        rows.append((*place, *bootstrap_kappa(cells.to_numpy())))
    return pd.DataFrame(rows, columns=[*PLACE, "kappa_low", "kappa_high"])
