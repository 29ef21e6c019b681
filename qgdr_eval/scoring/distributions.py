"""How the answers of each service spread over the options of each item."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from qgdr_eval.frames import DistributionRow
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

DISTRIBUTION_COLUMNS = list(DistributionRow._fields)
ASIDE = {"not_applicable": NOT_APPLICABLE, "dont_know": DONT_KNOW, "missing": MISSING}


def distribute(coded: Coded, breakdown: Breakdown) -> pd.DataFrame:
    """Counts and shares of every option of every item, in the favourable order.

    Returns `DISTRIBUTION_COLUMNS`, one row per group, item and state. ``share`` (0–100): options
    in percent of valid answers, the other states in percent of all respondents of the group.

    >>> from qgdr_eval.instruments import load_instrument
    >>> from qgdr_eval.scoring import code_answers
    >>> asked = load_instrument("culture_ehpad")
    >>> answers = pd.DataFrame({code: [4, 4, 4, 2] for code in asked.codes}, dtype="Int16")
    >>> group = pd.DataFrame({"facility": ["EHPAD"], "service": ["Nuit"]})
    >>> night = Breakdown(group, np.zeros(4, int))
    >>> rows = distribute(code_answers(answers, asked, already_reversed=True), night)
    >>> rows.loc[rows["count"] > 0, ["pole", "count", "share"]].head(2).values.tolist()
    [['negative', 1.0, 25.0], ['positive', 3.0, 75.0]]
    """
    states = pd.DataFrame([row for item in coded.instrument.items for row in _states(item, coded)])
    rank = {code: i for i, code in enumerate(coded.instrument.codes)}
    of_item = states["item"].map(rank).to_numpy(int)
    counts = count_states(coded, breakdown)[of_item, :, states["code"]].T.astype(float)
    options = (states["state"] == "option").to_numpy()
    share = _shares(counts, options, of_item, breakdown.sizes())
    groups = breakdown.groups.loc[breakdown.groups.index.repeat(len(states))]
    table = states.iloc[np.tile(np.arange(len(states)), len(breakdown.groups))].assign(
        facility=groups["facility"].to_numpy(),
        service=groups["service"].to_numpy(),
        count=counts.ravel(),
        share=share.ravel(),
        status="measured",
    )
    return table.reset_index(drop=True)[DISTRIBUTION_COLUMNS]


def _shares(
    counts: np.ndarray, options: np.ndarray, of_item: np.ndarray, sizes: np.ndarray
) -> np.ndarray:
    """What each count is of its whole, (groups, states), in percent; NaN of nobody."""
    first = np.searchsorted(of_item, np.arange(of_item[-1] + 1))
    valid = np.add.reduceat(np.where(options, counts, 0), first, axis=1)[:, of_item]
    whole = np.where(options, valid, sizes[:, None])
    return np.divide(100 * counts, whole, out=np.full(counts.shape, np.nan), where=whole > 0)


def _states(item: Item, coded: Coded) -> Iterator[dict[str, Any]]:
    scale = coded.instrument.scale_of(item)
    names = {"dimension": item.dimension, "item": item.code}
    described = zip(favourable_poles(scale, item), favourable_labels(scale, item), strict=True)
    for code, (pole, label) in enumerate(described):
        yield names | {
            "state": "option", "position": code, "pole": pole, "label": label, "code": code,
        }  # fmt: skip
    for state, code in ASIDE.items():
        yield names | {"state": state, "position": -1, "pole": "", "label": "", "code": code}
