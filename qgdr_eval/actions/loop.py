"""Closing the loop: what was promised, what was done, what moved since. Never what caused it.

The example reads ``audit_report``, as in `qgdr_eval.reporting.team.evolution`.
"""

from typing import Final

import pandas as pd

from qgdr_eval.actions.model import ABANDONED, DONE, EVALUATED
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import LoopRow
from qgdr_eval.french import number, round_half_up, signed, typography
from qgdr_eval.instruments import Instrument
from qgdr_eval.wording.scores import score_in_full

KEY = ["facility", "service", "dimension", "item"]
MOVED = [
    "measure",
    "n_before",
    "n",
    "score_before",
    "score",
    "difference",
    "low",
    "high",
    "p",
    "verdict",
    "expected",
    "beyond",
    "beyond_low",
    "beyond_high",
]
PROMISED = ["id", "pole", *KEY, "objective", "action", "decided", "due", "state", "progress"]
LOOP_COLUMNS = list(LoopRow._fields)
IMPROVED: Final = "improved"
WORSENED: Final = "worsened"
NOT_ESTABLISHED: Final = "not_established"
NOT_COMPARED: Final = "not_compared"
DECLARED: Final = "declared"
RISE = 1.0  # point: what a measure that stood low is expected to regain, to be worth a word
READINGS = {IMPROVED: "progression établie", WORSENED: "recul établi"}


def close_loop(
    actions: pd.DataFrame, evolution: pd.DataFrame, instrument: Instrument
) -> pd.DataFrame:
    """Beside each action tied to a dimension or an item, what its measure has become.

    Args:
        actions: the plan; only actions of a service with a dimension are kept.
        evolution: what `qgdr_eval.comparison.evolution.compare_campaigns` found.
        instrument: what the last campaign asked; its rules say how a score is said.

    Returns:
        `LOOP_COLUMNS`, in the plan's order: what was promised, whether it is ``done``, what the
        measure was and is (0–100, NaN where it cannot be compared), and a ``reading`` in French
        that says both without tying one to the other: a measure moves for many reasons. One
        that was chosen because it stood low is judged from where it was ``expected`` had nothing
        changed (`qgdr_eval.comparison.regression`): its ``verdict`` is ``improved`` only when what
        it gained ``beyond`` leaves zero out too.

    >>> from qgdr_eval.actions import make_actions
    >>> place = {"facility": audit_report.facility, "service": audit_report.service}
    >>> about = {"dimension": "prescription", "item": "PR05"}
    >>> plan = make_actions([{"id": "A", "state": "réalisé", **place, **about}])
    >>> rows = close_loop(plan, audit_report.evolution, audit_report.instrument)
    >>> rows[["id", "done", "verdict"]].values.tolist()
    [['A', True, 'improved']]
    """
    tied = actions[(actions["dimension"] != "") & (actions["service"] != "")]
    moved = evolution.astype(dict.fromkeys(KEY, "str"))[[*KEY, *MOVED]].drop_duplicates(KEY)
    rows = tied[PROMISED].merge(moved, on=KEY, how="left")
    rows["verdict"] = rows["verdict"].astype(object).fillna(NOT_COMPARED)
    low = rows["expected"] >= rows["score_before"] + RISE
    by_itself = low & (rows["verdict"] == IMPROVED) & ~(rows["beyond_low"] > 0)
    rows["verdict"] = rows["verdict"].mask(by_itself, NOT_ESTABLISHED)
    rows["done"] = rows["state"].isin([DONE, EVALUATED])
    rows = rows.assign(reading="")
    rows["reading"] = [_reading(row, instrument) for row in rows_of(rows, LoopRow)]
    return rows[LOOP_COLUMNS]


def _stood_low(row: LoopRow) -> bool:
    """Whether a measure was to be expected higher than it stood."""
    return row.expected >= row.score_before + RISE


def _reading(row: LoopRow, instrument: Instrument) -> str:
    return typography(f"{_did(row)} {_moved(row, instrument)}")


def _did(row: LoopRow) -> str:
    if row.done:
        return "Action faite."
    return "Action abandonnée." if row.state == ABANDONED else f"Action non terminée ({row.state})."


def _moved(row: LoopRow, instrument: Instrument) -> str:
    if row.verdict == NOT_COMPARED:
        return (
            "Mesure non comparée : l'une des deux campagnes ne l'affiche pas, "
            "ou ne la mesure pas de la même façon."
        )
    before, now = (_score(row, score, instrument) for score in (row.score_before, row.score))
    if row.verdict == DECLARED:
        return f"Position déclarée : {before}, puis {now} ; rien n'y est mesuré."
    text = f"Mesure : {before} (n = {number(row.n_before)}), puis {now} (n = {number(row.n)}) ; "
    gained = f"écart {_points(row.difference, row.low, row.high)}"
    if not _stood_low(row):
        return f"{text}{gained}, {READINGS.get(row.verdict) or _unclear(row)}."
    return (
        f"{text}{gained}. Partie de bas, elle remontait sans doute d'elle-même "
        f"vers {_score(row, row.expected, instrument)} ; au-delà, écart "
        f"{_points(row.beyond, row.beyond_low, row.beyond_high)}, "
        f"{READINGS.get(row.verdict) or _unclear(row)}."
    )


def _score(row: LoopRow, score: float, instrument: Instrument) -> str:
    item = instrument.item(row.item) if row.item else None
    return score_in_full(score, instrument.dimension(row.dimension), instrument, item)


def _points(gap: float, low: float, high: float) -> str:
    points = "point" if abs(round_half_up(gap)) < 2 else "points"
    return f"{signed(gap)} {points} [{signed(low)} ; {signed(high)}]"


def _unclear(row: LoopRow) -> str:
    low, high = (row.beyond_low, row.beyond_high) if _stood_low(row) else (row.low, row.high)
    if low <= 0 <= high:
        return (
            "évolution non établie : ces réponses ne permettent pas de dire que la mesure a "
            "bougé, ni qu'elle est restée la même"
        )
    return "évolution non établie une fois toutes les mesures du service prises ensemble"
