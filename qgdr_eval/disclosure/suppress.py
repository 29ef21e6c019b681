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
    tables: list[np.ndarray], members: Members, totals_of: np.ndarray, minimum: int
) -> list[np.ndarray]:
    """Whether the strata of each group may be shown, for services, facilities and the campaign.

    Strata are shown all or none: when each holds nobody or at least ``minimum``, and when what
    remains after subtracting the strata shown one level below does too, stratum by stratum.

    Args:
        tables: counts (groups, strata, rows) of services, facilities and the campaign.
    """
    by_service = members.shown[:, None] & _large_or_empty(tables[0], minimum)
    left = tables[0] * (members.counted[:, None] & ~by_service)[:, None, :]
    rest = np.zeros_like(tables[1])
    np.add.at(rest, totals_of, left)
    by_facility = _large_or_empty(tables[1], minimum) & _large_or_empty(rest, minimum)
    covered = by_service | (members.counted[:, None] & by_facility[totals_of])
    left = tables[0] * (members.counted[:, None] & ~covered)[:, None, :]
    rest = left.sum(axis=0, keepdims=True)
    return [
        by_service,
        by_facility,
        _large_or_empty(tables[2], minimum) & _large_or_empty(rest, minimum),
    ]


def _large_or_empty(table: np.ndarray, minimum: int) -> np.ndarray:
    return ((table == 0) | (table >= minimum)).all(axis=1)
