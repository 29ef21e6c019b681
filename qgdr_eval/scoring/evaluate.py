"""From answers to the scores frame: the whole story in one function."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from qgdr_eval.instruments import Instrument
from qgdr_eval.scoring.breakdowns import GROUP, Breakdown
from qgdr_eval.scoring.coding import Coded
from qgdr_eval.scoring.intervals import effective_size, finite_size, wilson
from qgdr_eval.scoring.tally import Measured, count_states, measure_dimension, measure_whole

Bounds = tuple[np.ndarray, np.ndarray]
SCORE_COLUMNS = [
    "instrument",
    "version",
    "campaign",
    "facility",
    "service",
    "stratum",
    "dimension",
    "item",
    "measure",
    "n",
    "n_valid",
    "score",
    "low",
    "high",
    "wide_low",
    "wide_high",
    "status",
]


def evaluate(coded: Coded, breakdowns: Iterable[Breakdown], campaign: str = "") -> pd.DataFrame:
    """Score every group of every breakdown on every dimension and item.

    Returns the scores frame, `SCORE_COLUMNS`: one row per group, dimension and item (``item`` is
    "" on the dimension's own rows); ``score``, ``low``, ``high`` from 0 to 100. ``low`` and
    ``high`` speak of the people of the group (finite population correction when their head
    count is known); ``wide_low`` and ``wide_high`` speak of the group beyond these people.
    ``status``: ``measured``, ``no_answer``, or ``telling`` when all gave the one option that has
    this score, which disclosure then hides.
    """
    tables = list(breakdowns)
    names = _vocabulary(tables)
    scores = pd.concat([_score(coded, table, names) for table in tables], ignore_index=True)
    return _signed(scores, coded.instrument, campaign)


def _vocabulary(breakdowns: list[Breakdown]) -> dict[str, pd.CategoricalDtype]:
    """One set of categories for all breakdowns, in the campaign's order, so that they stack."""
    return {
        name: pd.CategoricalDtype(pd.unique(pd.concat([b.groups[name] for b in breakdowns])))
        for name in GROUP
    }


def _score(
    coded: Coded, breakdown: Breakdown, names: dict[str, pd.CategoricalDtype]
) -> pd.DataFrame:
    """Every row of one breakdown, group by group in the breakdown's order."""
    counts = count_states(coded, breakdown)
    rows = [
        measured
        for dimension in coded.instrument.dimensions
        for measured in measure_dimension(coded, counts, breakdown, dimension)
    ]
    rows += measure_whole(coded, counts, breakdown)
    numbers = [_numbers(row, breakdown.groups["head_count"].to_numpy(float)) for row in rows]
    return pd.DataFrame(
        {
            **{
                name: _repeated(breakdown.groups[name].astype(names[name]), len(rows))
                for name in GROUP
            },
            **_row_labels(rows, len(breakdown.groups)),
            "n": np.repeat(breakdown.sizes(), len(rows)),
            **{
                name: np.stack([row[name] for row in numbers], axis=1).ravel()
                for name in numbers[0]
            },
        },
        copy=False,
    )


def _row_labels(rows: list[Measured], groups: int) -> dict[str, pd.Categorical]:
    labels = {
        name: [getattr(row, name) for row in rows] for name in ("dimension", "item", "measure")
    }
    return {
        name: pd.Categorical.from_codes(
            np.tile(pd.Categorical(texts, pd.unique(np.array(texts))).codes, groups),
            categories=pd.unique(np.array(texts)),
        )
        for name, texts in labels.items()
    }


def _repeated(column: pd.Series, times: int) -> pd.Categorical:
    return pd.Categorical.from_codes(np.repeat(column.cat.codes, times), dtype=column.dtype)


def _numbers(row: Measured, head_count: np.ndarray) -> dict[str, np.ndarray]:
    """The numbers of one row for every group, in percent."""
    (low, high), (wide_low, wide_high) = _intervals(row, head_count)
    return {
        "n_valid": row.n_valid.astype(np.int64),
        "score": 100 * row.share,
        "low": 100 * low,
        "high": 100 * high,
        "wide_low": 100 * wide_low,
        "wide_high": 100 * wide_high,
        "telling": row.telling,
    }


def _intervals(row: Measured, head_count: np.ndarray) -> tuple[Bounds, Bounds]:
    """The interval for the people of each group, then for the group beyond these people."""
    if row.bounds:
        everybody = (row.share, row.share)
        met = row.fewest >= head_count
        own = np.where(met, everybody, row.bounds)
        return (own[0], own[1]), row.bounds
    size = effective_size(row.share, row.variance, row.independent, row.fewest)
    # Whoever was asked and gave no valid answer is still unknown, even in a full house; a
    # dimension is no better known than its least answered item.
    return wilson(row.share, finite_size(size, row.fewest, head_count)), wilson(row.share, size)


def _signed(scores: pd.DataFrame, instrument: Instrument, campaign: str) -> pd.DataFrame:
    codes = np.where(scores["n_valid"] == 0, 1, 2 * scores["telling"]).astype(np.int8)
    status = pd.Categorical.from_codes(codes, categories=["measured", "no_answer", "telling"])
    constants = {"instrument": instrument.id, "version": instrument.version, "campaign": campaign}
    return scores.assign(
        status=status,
        **{
            name: pd.Categorical.from_codes(np.zeros(len(scores), np.int8), categories=[value])
            for name, value in constants.items()
        },
    )[SCORE_COLUMNS]
