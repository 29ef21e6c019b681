"""How a leader sees themself beside how the team sees them, always with the team's interval."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from qgdr_eval.comparison.differences import interval_p
from qgdr_eval.comparison.reference import adjust_p

GAP_COLUMNS = ["dimension", "own", "team", "difference", "low", "high", "p", "verdict"]


def compare_self_to_team(own: Sequence[Any], team: Sequence[Any]) -> pd.DataFrame:
    """The gap, self − team, of each dimension that both have, in the order of ``own``.

    ``own``, ``team``: score rows with ``dimension, n_valid, score, low, high, status``. A person's
    own position is no sample, so the whole interval comes from the team: self − high to self −
    low. ``p`` is Student's, for the n − 1 degrees of freedom of the team, adjusted over the
    dimensions (Benjamini & Hochberg 1995). ``verdict``: ``higher`` when the person sees it more
    favourably, ``lower``, ``not_established``, or ``not_compared`` when one side is not shown.
    Columns: `GAP_COLUMNS`.
    """
    others = {row.dimension: row for row in team}
    rows = [_gap(row, others.get(row.dimension)) for row in own]
    gaps = pd.DataFrame(rows, columns=[*GAP_COLUMNS[:6], "degrees"])
    known = gaps["difference"].notna()
    p = np.full(len(gaps), np.nan)
    bounds = gaps.loc[known, ["difference", "low", "high", "degrees"]].to_numpy(float).T
    p[known] = adjust_p(np.asarray(interval_p(*bounds)))
    sides = np.where(gaps["difference"] > 0, "higher", "lower")
    verdicts = np.where(p < 0.05, sides, "not_established")
    found = gaps.assign(p=p, verdict=np.where(known, verdicts, "not_compared"))
    return found[GAP_COLUMNS]


def _gap(own: Any, team: Any) -> tuple[Any, ...]:
    shown = team is not None and own.status == team.status == "published"
    if not shown:
        return own.dimension, *[np.nan] * 6
    return (
        own.dimension,
        own.score,
        team.score,
        own.score - team.score,
        own.score - team.high,
        own.score - team.low,
        max(team.n_valid - 1, 1),
    )
