"""Which returns are kept, which are set aside, and why: nothing is dropped silently."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from qgdr_eval.french import count
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Problem
from qgdr_eval.responses.campaign import Coding
from qgdr_eval.responses.codes import MISSING
from qgdr_eval.tables.faults import rows_named
from qgdr_eval.tables.read import Table

ALWAYS = (
    "empty_row",
    "blank",
    "less_complete",
    "duplicate",
)  # set aside whatever the campaign says
FEWEST_ALIKE = 5  # equal answers before they look like a straight line or a copy
LONG = 10  # items without a reversed one before equal answers look careless
TOO_MANY_SHARED = 0.20  # rows sharing an identifier across services: numbering restarted


@dataclass(frozen=True)
class Returns:
    """The returns of a table, row by row: codes as `Codes.values` (rows, items), the rest 1-D.

    ``subject``: identifiers, "" when unknown. ``group``: a number per place and strata.
    ``filled``: rows with anything at all written in them.
    """

    values: np.ndarray
    subject: np.ndarray
    place: np.ndarray
    group: np.ndarray
    filled: np.ndarray

    @property
    def identified(self) -> np.ndarray:
        """Which rows bear an identifier."""
        return self.subject != ""

    @property
    def answered(self) -> np.ndarray:
        """How many items each row answers, don't know and not applicable included."""
        return (self.values != MISSING).sum(axis=1)


def sort_returns(returns: Returns, instrument: Instrument, coding: Coding) -> pd.DataFrame:
    """Every row set aside or flagged: frame ``position, reason, action``.

    A row is set aside for one reason only, the first in the order of `ALWAYS` then of
    ``coding.exclude``; a row that is kept may be flagged for several.
    """
    left = np.ones(len(returns.values), dtype=bool)
    log = []
    for reason in ALWAYS:
        rows = left & _TESTS[reason](returns, left)
        left &= ~rows
        log.append(_entries(rows, reason, "excluded"))
    flags = {
        "under_half": _under_half(returns, instrument),
        "same_answer": _same_answer(returns, instrument, coding),
    }
    people = instrument.of_people
    flags["identical_row"] = _identical(returns, left) & ~flags["same_answer"] & people
    for reason in coding.exclude:
        rows = left & flags.pop(reason, np.zeros_like(left))
        left &= ~rows
        log.append(_entries(rows, reason, "excluded"))
    log += [_entries(left & rows, reason, "flagged") for reason, rows in flags.items()]
    return pd.concat(log, ignore_index=True)


def check_identifiers(table: Table, returns: Returns) -> list[Problem]:
    """Identifiers shared across services on many rows are numbers that start again in each.

    An error: taking them for duplicates would throw good answers away.
    """
    given = np.flatnonzero(returns.identified & (returns.answered > 0))
    pairs = pd.DataFrame({"subject": returns.subject[given], "place": returns.place[given]})
    shared = pairs.duplicated("subject") & ~pairs.duplicated(["subject", "place"])
    if not len(given) or shared.mean() <= TOO_MANY_SHARED:
        return []
    rows = table.rows(given[shared.to_numpy()].tolist())
    return [
        table.problem(
            rows[0],
            "",
            f"{count(len(rows), 'réponse')} d'un service ont le même identifiant qu'une "
            f"réponse d'un autre service : {rows_named(rows)}",
            "si la numérotation recommence dans chaque service, retirez « columns.subject »",
        )
    ]


def _entries(rows: np.ndarray, reason: str, action: str) -> pd.DataFrame:
    return pd.DataFrame({"position": np.flatnonzero(rows), "reason": reason, "action": action})


def _empty(returns: Returns, left: np.ndarray) -> np.ndarray:
    return ~returns.filled


def _blank(returns: Returns, left: np.ndarray) -> np.ndarray:
    return returns.answered == 0


def _less_complete(returns: Returns, left: np.ndarray) -> np.ndarray:
    """Identifiers found again on a row that answers more items: that one is the whole return.

    Somebody who was interrupted began again, or a tool exported a draft beside what was sent.
    """
    known = np.flatnonzero(left & returns.identified)
    answered = pd.Series(returns.answered[known])
    most = answered.groupby(returns.subject[known]).transform("max")
    less = np.zeros_like(left)
    less[known] = answered < most
    return less


def _duplicate(returns: Returns, left: np.ndarray) -> np.ndarray:
    """Identifiers already met on a row that is still there.

    Of returns as complete as each other the first counts: nothing says which is the last word,
    and what was printed before the other came stays true.
    """
    known = np.flatnonzero(left & returns.identified)
    again = np.zeros_like(left)
    again[known] = pd.Series(returns.subject[known]).duplicated()
    return again


_TESTS = {
    "empty_row": _empty,
    "blank": _blank,
    "less_complete": _less_complete,
    "duplicate": _duplicate,
}


def _under_half(returns: Returns, instrument: Instrument) -> np.ndarray:
    return returns.answered < instrument.missing.flag_under * len(instrument.items)


def _same_answer(returns: Returns, instrument: Instrument, coding: Coding) -> np.ndarray:
    """The same option wherever one is chosen, as the respondent saw the options."""
    alike = not instrument.of_people  # a record may well meet every criterion
    if alike or (
        not any(item.reversed for item in instrument.items) and len(instrument.items) < LONG
    ):
        return np.zeros(len(returns.values), dtype=bool)
    seen = _as_seen(returns.values, instrument, coding)
    least = np.where(seen == MISSING, np.iinfo(np.int16).max, seen).min(axis=1)
    return ((seen != MISSING).sum(axis=1) >= FEWEST_ALIKE) & (least == seen.max(axis=1))


def _as_seen(values: np.ndarray, instrument: Instrument, coding: Coding) -> np.ndarray:
    """Options only, and reversed items turned back when the export had turned them round."""
    seen = np.full_like(values, MISSING)
    for rank, item in enumerate(instrument.items):
        options = [option.code for option in instrument.scale_of(item).options]
        turned = item.reversed and coding.reversed == "already_reversed"
        for code, shown in zip(options, options[::-1] if turned else options, strict=True):
            seen[values[:, rank] == code, rank] = shown
    return seen


def _identical(returns: Returns, left: np.ndarray) -> np.ndarray:
    """Rows without an identifier that repeat an earlier one of the same place and strata."""
    candidates = np.flatnonzero(left & ~returns.identified & (returns.answered >= FEWEST_ALIKE))
    rows = np.column_stack([returns.group[candidates], returns.values[candidates]])
    repeated = np.zeros_like(left)
    if len(candidates):
        repeated[candidates] = pd.DataFrame(rows).duplicated()
    return repeated
