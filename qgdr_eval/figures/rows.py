"""Rows of a frame, told apart by what their columns say."""

from typing import Any

import numpy as np
import pandas as pd


def rows_of(frame: pd.DataFrame, **values: str) -> list[dict[str, Any]]:
    """The rows where each named column has its value, as dicts, in the frame's order.

    Figures read a few rows out of a few hundred, dozens of times in a report: columns as plain
    arrays do it several times faster than pandas' own selection and `to_dict`.

    >>> rows_of(pd.DataFrame({"item": ["A1", "A2"], "n": [3, 4]}), item="A2")
    [{'item': 'A2', 'n': 4}]
    """
    kept = np.ones(len(frame), dtype=bool)
    for name, value in values.items():
        kept &= frame[name].to_numpy() == value
    columns = {name: frame[name].to_numpy()[kept].tolist() for name in frame}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
