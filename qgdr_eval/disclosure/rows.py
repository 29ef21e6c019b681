"""Rows of a frame, told apart by what their columns say."""

from collections import namedtuple
from functools import cache
from typing import Any

import numpy as np
import pandas as pd


def rows_of(frame: pd.DataFrame, **values: str) -> list[Any]:
    """The rows where each named column has its value, columns as attributes, in the frame's order.

    A report reads a few rows out of a few hundred, hundreds of times: columns as plain arrays do
    it several times faster than pandas' own selection, `itertuples` and `to_dict`.

    >>> rows_of(pd.DataFrame({"item": ["A1", "A2"], "n": [3, 4]}), item="A2")
    [Row(item='A2', n=4)]
    """
    kept = np.ones(len(frame), dtype=bool)
    for name, value in values.items():
        kept &= frame[name].to_numpy() == value
    columns = [frame[name].to_numpy()[kept].tolist() for name in frame]
    return list(map(_row_type(tuple(frame))._make, zip(*columns, strict=True)))


@cache
def _row_type(columns: tuple[str, ...]) -> Any:
    return namedtuple("Row", columns, rename=True)
