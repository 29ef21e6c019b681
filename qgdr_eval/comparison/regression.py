"""What a low measure would have become by itself.

What is acted on was chosen because it stood low, and it stood low in part by bad luck: asked again
with nothing changed, it comes back towards the rest (regression to the mean; Galton, J Anthropol
Inst 1886;15:246). A gain is judged from where the measure was expected, not from where it stood.
"""

import numpy as np
import pandas as pd

from qgdr_eval.scoring.intervals import Z

PLACE = ["facility", "service"]
EXPECTED_COLUMNS = ["expected", "beyond", "beyond_low", "beyond_high"]
DRAWN = ("mover", "newcombe")  # methods whose two rounds were drawn, each with its own luck
FEWEST = 3  # measures side by side from which their true spread can be told from luck


def expect_unchanged(rows: pd.DataFrame) -> pd.DataFrame:
    """Where each measure of a service was to be expected had nothing changed, and what is beyond.

    Dimensions are pulled towards the mean of the service's dimensions, d + ρ(x − d), by their
    reliability ρ = τ²/(τ² + v): v is the mean variance that their intervals tell, τ² what remains
    of the variance between them (empirical Bayes; Efron & Morris, J Am Stat Assoc 1975;70:311).
    Items are pulled in the same way towards the expected score of their dimension; their τ² is
    taken one standard error lower, and their v follows the score expected, p(1 − p).

    ``rows``: of the evolution, with ``score_before, below_before, above_before, score, below,
    above, method``. Returns `EXPECTED_COLUMNS` on the same index, in points: the ``expected``
    score, and the score now less the expected one with its 95 % interval (MOVER). With fewer than
    `FEWEST` dimensions each is expected where it stood; items are left out (NaN) when there are
    too few of them.
    """
    found = pd.DataFrame(np.nan, index=rows.index, columns=["expected", "error"])
    drawn = rows[rows["method"].isin(DRAWN) & (rows["dimension"] != "")]
    for _, mine in drawn.groupby(PLACE, sort=False):
        whole = mine["item"] == ""
        pulled = _pull_dimensions(mine[whole])
        found.loc[pulled.index] = pulled
        items = _pull_items(mine[~whole], mine[whole].join(pulled).set_index("dimension"))
        found.loc[items.index] = items
    return _beyond(rows, found)


def _variance(rows: pd.DataFrame) -> float:
    """Mean variance of the scores before, from the width of their intervals."""
    return float((((rows["above_before"] - rows["below_before"]) / 2 / Z) ** 2).mean())


def _pull_dimensions(rows: pd.DataFrame) -> pd.DataFrame:
    before, luck = rows["score_before"], _variance(rows)
    between = before.var() if len(rows) >= FEWEST else np.inf
    kept = max(1 - luck / between, 0.0) if between > 0 else 0.0
    expected = before.mean() + kept * (before - before.mean())
    return pd.DataFrame({"expected": expected, "error": np.sqrt(kept * luck)})


def _pull_items(rows: pd.DataFrame, dimensions: pd.DataFrame) -> pd.DataFrame:
    rows = rows[rows["dimension"].isin(dimensions.index[dimensions["expected"].notna()])]
    aside = rows["score_before"] - rows.groupby("dimension")["score_before"].transform("mean")
    degrees = len(rows) - rows["dimension"].nunique()
    if degrees < FEWEST:
        return pd.DataFrame(columns=["expected", "error"], dtype=float)
    home, error = (rows["dimension"].map(dimensions[name]) for name in ("expected", "error"))
    shape = home * (100 - home)
    luck = _variance(rows) * shape / shape.mean() if shape.mean() > 0 else 0 * shape
    true = max((aside**2).sum() / degrees * (1 - np.sqrt(2 / degrees)) - _variance(rows), 0.0)
    kept = true / (true + luck).where(true + luck > 0, 1.0)
    return pd.DataFrame({"expected": home + kept * aside, "error": np.sqrt(error**2 + kept * luck)})


def _beyond(rows: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    half = Z * found["error"]
    beyond = rows["score"] - found["expected"]
    down, up = (np.hypot(rows["score"] - rows[end], half) for end in ("below", "above"))
    columns: dict[str, pd.Series] = {
        "expected": found["expected"],
        "beyond": beyond,
        "beyond_low": beyond - down,
        "beyond_high": beyond + up,
    }
    return pd.DataFrame(columns)[EXPECTED_COLUMNS]
