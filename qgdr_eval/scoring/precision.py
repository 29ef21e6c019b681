"""The two intervals of a score: of those who were asked, and of the group beyond them."""

from dataclasses import dataclass
from math import isnan, nan

import numpy as np

from qgdr_eval.scoring.exact import records_bounds
from qgdr_eval.scoring.intervals import effective_size, finite_size, lasting_size, wilson
from qgdr_eval.scoring.medians import median_of_counts
from qgdr_eval.scoring.tally import Measured

Bounds = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Precision:
    """What is known of a score beforehand, over the whole campaign: see `pool_spread`.

    ``design_effect`` is NaN where each group has to measure its own spread.
    """

    design_effect: float = nan
    alpha: float = 0.0


UNKNOWN = Precision()


def bounds_of_people(
    row: Measured, head_count: np.ndarray, precision: Precision
) -> tuple[Bounds, Bounds]:
    """Of the people of each group, on whatever day they are asked; then beyond these people."""
    heads = np.where(head_count > 0, head_count, np.nan)
    growth = lasting_size(1, row.answers / heads, precision.alpha)
    if row.ordered is not None:
        return _of_median(row.ordered, growth), _of_median(row.ordered)
    size = _size(row, precision.design_effect)
    return wilson(row.share, size * growth), wilson(row.share, size)


def bounds_of_records(row: Measured, population: np.ndarray) -> tuple[Bounds, Bounds]:
    """Of the records the sample was drawn from, where their number is known; then beyond them.

    Exact for a criterion (`records_bounds`), out of the records it may apply to; a score of
    several is kept within what the records that were not read leave possible.
    """
    near, wide = bounds_of_facts(row, population)
    known = np.isfinite(population)
    if not known.any():
        return near, wide
    if row.yes_no:
        whole = _whole(row, population)
        low, high = records_bounds(_met(row), row.n_valid, whole) / np.where(whole > 0, whole, 1)
    else:
        low, high = (np.clip(end, *_possible(row, population)) for end in near)
    return (np.where(known, low, near[0]), np.where(known, high, near[1])), wide


def _met(row: Measured) -> np.ndarray:
    return np.nan_to_num(row.share) * row.n_valid


def _whole(row: Measured, population: np.ndarray) -> np.ndarray:
    """How many records a criterion applies to at most, those that were not read counted in."""
    return np.fmax(population - row.aside, row.n_valid)


def _possible(row: Measured, population: np.ndarray) -> Bounds:
    """The score if every record that was not read met no criterion, then if it met them all."""
    parts = row.criteria or (row,)
    met, whole, valid = (
        np.array([values(part) for part in parts])
        for values in (_met, lambda part: _whole(part, population), lambda part: part.n_valid)
    )
    if row.measure == "pooled":
        met, whole, valid = (values.sum(axis=0, keepdims=True) for values in (met, whole, valid))
    counted = np.where(valid > 0, whole, np.nan)
    parts_seen = np.maximum((valid > 0).sum(axis=0), 1)
    least, most = met / counted, (met + whole - valid) / counted
    return np.nansum(least, axis=0) / parts_seen, np.nansum(most, axis=0) / parts_seen


def bounds_of_facts(row: Measured, population: np.ndarray) -> tuple[Bounds, Bounds]:
    """Of those of whom there are ``population``, whatever the day; then beyond them.

    Nothing in a record, or in a position, depends on the day it is read.
    """
    wide = row.bounds if row.ordered is None else _of_median(row.ordered)
    if wide is not None:
        everybody = row.fewest >= population
        low, high = (np.where(everybody, row.share, end) for end in wide)
        return (low, high), wide
    size = effective_size(row.share, row.variance, row.independent, row.fewest)
    # What was drawn and gave no valid answer is still unknown, even when all were drawn; a
    # dimension is no better known than its least answered item.
    near = wilson(row.share, finite_size(size, row.fewest, population))
    return near, wilson(row.share, size)


def _of_median(
    ordered: tuple[np.ndarray, np.ndarray | None], growth: np.ndarray | float = 1.0
) -> Bounds:
    _, low, high = median_of_counts(*ordered, growth)
    return low, high


def _size(row: Measured, design_effect: float) -> np.ndarray:
    """How many independent yes/no answers the score of each group is worth."""
    if isnan(design_effect):
        return effective_size(row.share, row.variance, row.independent, row.fewest)
    return row.answers / design_effect
