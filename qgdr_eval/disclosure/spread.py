"""Answers counted by option, and by what they are worth: what the judges of strata look at."""

from dataclasses import dataclass

import numpy as np

from qgdr_eval.disclosure.suppress import Rows, Sheet
from qgdr_eval.scoring import RULES, Breakdown, Coded
from qgdr_eval.scoring.coding import STATES
from qgdr_eval.scoring.tally import count_states, values_of


@dataclass(frozen=True)
class Worths:
    """What the options of each row are worth.

    ``place`` (rows, options): the rank of an option's worth among those of its row, -1 where there
    is no such option. ``width``: the most worths of a row.
    """

    place: np.ndarray
    width: int


def read_worths(coded: Coded, rows: Rows) -> Worths:
    """The worths of an instrument's rows under their rules; rows that are no item's have none."""
    rules = {dimension.id: RULES[dimension.rule] for dimension in coded.instrument.dimensions}
    place = np.full((len(rows.item), STATES), -1)
    for row in np.flatnonzero(rows.is_item):
        item = coded.instrument.items[rows.item[row]]
        values = values_of(coded, item, rules[item.dimension])
        place[row, : len(values)] = np.unique(values, return_inverse=True)[1]
    return Worths(place, max(2, int(place.max()) + 1))


def count_options(coded: Coded, breakdown: Breakdown, rows: Rows) -> np.ndarray:
    """How many subjects of each group chose each option, (groups, rows, options)."""
    counts = count_states(coded, breakdown)[rows.item]
    counts[~rows.is_item] = 0
    return counts.swapaxes(0, 1)


def by_worth(options: np.ndarray, sheet: Sheet, rows: Rows, worths: Worths) -> np.ndarray:
    """The same counts by worth, (groups, rows, worths), shares as missed or reached."""
    counts = np.zeros((*options.shape[:2], worths.width), dtype=np.int32)
    for rank in range(counts.shape[2]):
        counts[:, :, rank] = np.where(worths.place == rank, options, 0).sum(axis=2)
    reached = np.rint(np.nan_to_num(sheet.score) * sheet.valid / 100)[:, rows.is_share]
    counts[:, rows.is_share, 0] = sheet.valid[:, rows.is_share] - reached
    counts[:, rows.is_share, 1] = reached
    return counts


def is_alone(options: np.ndarray, whole: np.ndarray, worths: Worths) -> np.ndarray:
    """Whether all answers of a group are worth the same, and its whole chose one such option.

    ``options``, ``whole``: counts of each group and of what it is a part of, (groups, rows,
    options). The distribution of the whole then says what everybody in the group answered.
    """
    ranks = np.where(options > 0, worths.place, -1).max(axis=2)
    alike = ((worths.place == ranks[:, :, None]) | (options == 0)).all(axis=2) & (ranks >= 0)
    met = ((whole > 0) & (worths.place == ranks[:, :, None])).sum(axis=2)
    return alike & (met == 1)
