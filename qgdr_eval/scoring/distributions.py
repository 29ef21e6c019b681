"""How the answers of each service spread over the options of each item."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from qgdr_eval.instruments import Item
from qgdr_eval.scoring.breakdowns import Breakdown
from qgdr_eval.scoring.coding import (
    DONT_KNOW,
    MISSING,
    NOT_APPLICABLE,
    Coded,
    favourable_labels,
    favourable_poles,
)
from qgdr_eval.scoring.tally import count_states

DISTRIBUTION_COLUMNS = [
    "facility",
    "service",
    "dimension",
    "item",
    "state",
    "position",
    "pole",
    "label",
    "count",
    "share",
    "status",
]
ASIDE = {"not_applicable": NOT_APPLICABLE, "dont_know": DONT_KNOW, "missing": MISSING}


def distribute(coded: Coded, breakdown: Breakdown) -> pd.DataFrame:
    """Counts and shares of every option of every item, in the favourable order.

    Returns `DISTRIBUTION_COLUMNS`, one row per group, item and state. ``share`` (0–100): options
    in percent of valid answers, the other states in percent of all respondents of the group.
    """
    counts = count_states(coded, breakdown)
    tables = [
        _of_item(item, counts[i], coded, breakdown) for i, item in enumerate(coded.instrument.items)
    ]
    distributions = pd.concat(tables, ignore_index=True)
    order = np.lexsort((distributions.index, distributions["group"]))
    return distributions.iloc[order].reset_index(drop=True)[DISTRIBUTION_COLUMNS]


def _of_item(item: Item, counts: np.ndarray, coded: Coded, breakdown: Breakdown) -> pd.DataFrame:
    rows = list(_states(item, coded))
    shown = counts[:, [row["code"] for row in rows]].astype(float)
    options = np.array([row["state"] == "option" for row in rows])
    whole = np.where(
        options, shown[:, options].sum(axis=1)[:, None], breakdown.sizes()[:, None].astype(float)
    )
    share = np.divide(100 * shown, whole, out=np.full(shown.shape, np.nan), where=whole > 0)
    groups = breakdown.groups.loc[breakdown.groups.index.repeat(len(rows))]
    states = pd.DataFrame(rows * len(breakdown.groups))
    return states.assign(
        facility=groups["facility"].to_numpy(),
        service=groups["service"].to_numpy(),
        group=groups.index.to_numpy(),
        dimension=item.dimension,
        item=item.code,
        count=shown.ravel(),
        share=share.ravel(),
        status="measured",
    )


def _states(item: Item, coded: Coded) -> Iterator[dict[str, Any]]:
    scale = coded.instrument.scale_of(item)
    described = zip(favourable_poles(scale, item), favourable_labels(scale, item), strict=True)
    for position, (pole, label) in enumerate(described):
        yield {
            "state": "option",
            "position": position,
            "pole": pole,
            "label": label,
            "code": position,
        }
    for state, code in ASIDE.items():
        yield {"state": state, "position": -1, "pole": "", "label": "", "code": code}
