"""Suppression in the scores: small groups, thin rows, and whatever would give them back.

Everything here works on sheets: arrays (groups, rows), one row per dimension and item in the
instrument's order, so that the same few lines serve eighteen services and twenty thousand.
"""

from dataclasses import dataclass

import numpy as np

from qgdr_eval.disclosure.floor import FEWEST_ANSWERS, Floor
from qgdr_eval.disclosure.members import Members


@dataclass(frozen=True)
class Sheet:
    """Groups of one breakdown: ``sizes`` (groups), ``valid`` answers (groups, rows).

    ``telling`` (groups, rows): the score of the row says what every person answered.
    """

    sizes: np.ndarray
    valid: np.ndarray
    telling: np.ndarray


@dataclass(frozen=True)
class Rows:
    """What each row is: the rank of its ``dimension``, and whether it ``is_item`` or the whole.

    ``is_grid``: a score of the whole grid, made of all dimensions.
    """

    dimension: np.ndarray
    is_item: np.ndarray
    is_grid: np.ndarray


@dataclass(frozen=True)
class Tables:
    """What strata hold, (groups, strata, rows): ``heads`` of subjects and ``valid`` answers."""

    heads: np.ndarray
    valid: np.ndarray
    floor: Floor

    def large(self) -> np.ndarray:
        """Whether every stratum of a group is empty or reaches the floor, (groups, rows)."""
        enough = (self.heads == 0) | (self.heads >= self.floor.group)
        answered = (self.valid == 0) | (self.valid >= self.floor.answers)
        return (enough & answered).all(axis=1)

    def in_one(self) -> np.ndarray:
        """Whether all answers of a group are of one stratum: its own row tells them."""
        return (self.valid > 0).sum(axis=1) == 1

    def of(self, kept: np.ndarray) -> "Tables":
        """The same, emptied where ``kept`` (groups, rows) is false."""
        return Tables(self.heads * kept[:, None, :], self.valid * kept[:, None, :], self.floor)

    def rest_is_safe(self, totals_of: np.ndarray, totals: int) -> np.ndarray:
        """Whether the sum of the groups of each total is nothing, or large and of several."""
        heads, valid, several = np.zeros((3, totals, *self.valid.shape[1:]))
        np.add.at(heads, totals_of, self.heads)
        np.add.at(valid, totals_of, self.valid)
        np.add.at(several, totals_of, self.valid > 0)
        return Tables(heads, valid, self.floor).large() & (several != 1).all(axis=1)


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
    held = ((status == "suppressed") | (status == "complementary")) & rows.is_item
    counts = np.zeros((len(status), int(rows.dimension.max()) + 1), dtype=int)
    np.add.at(counts.T, rows.dimension, held.T)
    touched = (counts > 0)[:, rows.dimension] & ~rows.is_item
    touched |= held.any(axis=1)[:, None] & rows.is_grid
    return np.where(touched & (status == "published"), "complementary", status)


def protect_totals(
    totals: np.ndarray,
    services: np.ndarray,
    valid: np.ndarray,
    totals_of: np.ndarray,
    counted: np.ndarray,
) -> np.ndarray:
    """Hide the rows of totals from which a hidden row of a service could be worked out.

    Args:
        totals, services: statuses, (groups, rows) each.
        valid: valid answers of the services, (services, rows).
        totals_of: for each service the rank of its total.
        counted: (services, rows), whether a service is in what subtraction would leave.
    """
    held = np.where((services != "published") & counted, valid, 0)
    summed, several = np.zeros(totals.shape), np.zeros(totals.shape)
    np.add.at(summed, totals_of, held)
    np.add.at(several, totals_of, held > 0)
    safe = (several == 0) | ((several >= 2) & (summed >= FEWEST_ANSWERS))
    return np.where(~safe & (totals == "published"), "complementary", totals)


def shown_strata(
    tables: list[Tables], seen: list[np.ndarray], members: Members, totals_of: np.ndarray
) -> list[np.ndarray]:
    """Whether the strata of each group may be shown, row by row: services, facilities, campaign.

    Strata are shown all or none: when their whole is, when each is empty or large enough, and when
    what remains after subtracting the strata known one level below is too, stratum by stratum,
    and is not of one service alone.

    Args:
        tables: the counts of each of the three levels.
        seen: whether the row of everybody is shown, (groups, rows), at each level.
    """
    large = [table.large() & whole for table, whole in zip(tables, seen, strict=True)]
    told = [table.in_one() & whole for table, whole in zip(tables, seen, strict=True)]
    counted = members.counted[:, None]
    by_service = members.shown[:, None] & large[0]
    known = by_service | told[0]
    left = tables[0].of(counted & ~known)
    by_facility = large[1] & left.rest_is_safe(totals_of, len(large[1]))
    known |= (by_facility | told[1])[totals_of]
    left = tables[0].of(counted & ~known)
    whole = np.zeros_like(totals_of)
    return [by_service, by_facility, large[2] & left.rest_is_safe(whole, 1)]
