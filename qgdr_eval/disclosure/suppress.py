"""Suppression in the scores: small groups, thin rows, and whatever would give them back.

Everything here works on sheets: arrays (groups, rows), one row per dimension and item in the
instrument's order, so that the same few lines serve eighteen services and twenty thousand.
"""

from dataclasses import dataclass

import numpy as np

from qgdr_eval.disclosure.floor import FEWEST_ANSWERS, Floor

HALF = 0.5  # of the subjects a total counts: fewer, and its row would speak for the others


@dataclass(frozen=True)
class Sheet:
    """Groups of one breakdown: ``sizes`` (groups), ``valid`` answers and ``score`` (groups, rows).

    ``telling`` (groups, rows): the score of the row says what every person answered.
    """

    sizes: np.ndarray
    valid: np.ndarray
    score: np.ndarray
    telling: np.ndarray


@dataclass(frozen=True)
class Rows:
    """What each row is: the ranks of its ``dimension`` and of its ``item``, -1 for the whole.

    ``is_grid``: a score of the whole grid, made of all dimensions. ``is_share``: how many subjects
    reach a mark, among those who could. ``is_mean``: a score of 0 or 100 says that all answers are
    worth the same. ``is_joint``: made of what each subject answered to several items, which the
    scores of these items do not give. ``bounds``: the rank of the share a row bounds, -1 for none;
    ``is_upper``: whether it adds the subjects who left a question out and fail nothing.
    """

    dimension: np.ndarray
    item: np.ndarray
    is_grid: np.ndarray
    is_share: np.ndarray
    is_mean: np.ndarray
    is_joint: np.ndarray
    bounds: np.ndarray
    is_upper: np.ndarray

    @property
    def is_bound(self) -> np.ndarray:
        """Whether a row is a bound of a share."""
        return self.bounds >= 0

    def parts(self, valid: np.ndarray) -> np.ndarray:
        """Subjects behind each row, (groups, rows); for a bound, those it adds to its share."""
        return valid - np.where(self.is_bound, valid[:, self.bounds], 0)

    @property
    def is_item(self) -> np.ndarray:
        """Whether a row is one item's."""
        return self.item >= 0


def judge_alone(sheet: Sheet, floor: Floor) -> np.ndarray:
    """Status of each row of each group taken alone, (groups, rows).

    ``suppressed``: the group is under the floor, or the row has too few valid answers, or a score
    that says what every person answered.
    ``no_answer``: nobody gave a valid answer.
    """
    status = np.full(sheet.valid.shape, "published", dtype=object)
    status[sheet.valid == 0] = "no_answer"
    status[(sheet.valid > 0) & (sheet.valid < floor.answers)] = "suppressed"
    status[sheet.telling] = "suppressed"
    status[sheet.sizes < floor.group] = "suppressed"
    return status


def protect_items(status: np.ndarray, rows: Rows) -> np.ndarray:
    """Hide every dimension one of whose items is hidden.

    A dimension is the mean of its items: beside the others it would give the hidden one back,
    at once when it is alone, with the help of the totals when there are two.
    """
    hidden = is_hidden(status) & rows.is_item
    counts = np.zeros((len(status), int(rows.dimension.max()) + 1), dtype=int)
    np.add.at(counts.T, rows.dimension, hidden.T)
    touched = (counts > 0)[:, rows.dimension] & ~rows.is_item
    touched |= hidden.any(axis=1)[:, None] & rows.is_grid
    return np.where(touched & (status == "published"), "complementary", status)


def protect_bounds(status: np.ndarray, valid: np.ndarray, rows: Rows, floor: Floor) -> np.ndarray:
    """Hide the bounds of a hidden share, and those that few incomplete subjects would set.

    The lower bound counts the subjects of the share itself; the upper one adds the incomplete ones.
    """
    parts = rows.parts(valid)
    unsafe = is_hidden(status)[:, rows.bounds] | ((parts > 0) & (parts < floor.answers))
    return np.where(unsafe & rows.is_bound & (status == "published"), "complementary", status)


def is_hidden(status: np.ndarray) -> np.ndarray:
    """Whether there were answers, and nothing of them is shown."""
    return (status == "suppressed") | (status == "complementary")


def add_up(values: np.ndarray, totals_of: np.ndarray, totals: int) -> np.ndarray:
    """Sum the services of each total: (services, …) gives (totals, …)."""
    summed = np.zeros((totals, *values.shape[1:]), dtype=values.dtype)
    np.add.at(summed, totals_of, values)
    return summed


def protect_small(status: np.ndarray, valid: np.ndarray, totals_of: np.ndarray) -> np.ndarray:
    """Hide the rows of totals that would tell a service not shown by itself.

    ``valid``: valid answers that such services add to their total, (services, rows). They must be
    of two services at least, and `FEWEST_ANSWERS` together.
    """
    summed = add_up(valid, totals_of, len(status))
    several = add_up((valid > 0).astype(int), totals_of, len(status))
    unsafe = (several == 1) | ((several > 1) & (summed < FEWEST_ANSWERS))
    return np.where(unsafe & (status == "published"), "complementary", status)


def protect_meaning(
    status: np.ndarray, sizes: np.ndarray, answering: np.ndarray, left: np.ndarray, of: np.ndarray
) -> np.ndarray:
    """Hide the rows of totals that would count less than half of those who were asked.

    Args:
        status: of the totals, (totals, rows).
        sizes: subjects of each service.
        answering, left: (services, rows), whether a service of the total has answers, and whether
            the row leaves it out because its own row is hidden.
        of: for each service the rank of its total.
    """
    whole = add_up(sizes[:, None] * answering, of, len(status))
    away = add_up(sizes[:, None] * (answering & left), of, len(status))
    little = (away > 0) & (whole - away < HALF * whole)
    return np.where(little & ((status == "published") | (status == "no_answer")),
                    "complementary", status)  # fmt: skip
