"""Dimensions that need each other: which one is weakest, how far apart they stand, which lacks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qgdr_eval.frames import ReadingRow


@dataclass(frozen=True)
class Balance:
    """The dimensions of one group side by side; there is never one score for all.

    ``weakest``, ``strongest``: dimension ids, the first in the instrument's order when equal.
    ``spread``: points between them, with its 95 % interval (NaN for declared positions).
    ``lacking``: dimensions in the priority zone; ``sure``: all of them are established there.
    ``apart``: the interval of the weakest overlaps no other, or as a declared position it is alone.
    """

    weakest: str
    strongest: str
    spread: float
    low: float
    high: float
    lacking: tuple[str, ...]
    sure: bool
    apart: bool


def read_balance(readings: Sequence[ReadingRow], *, declared: bool = False) -> Balance | None:
    """Read how dimensions balance from their readings; None unless two of them are shown.

    The interval of the spread is MOVER's (Zou & Donner, Stat Med 2008;27:1693) for independent
    scores: those of the same people go together, so it is wider than it need be. The two extremes
    are chosen after the fact, which makes the spread look larger than it is.
    """
    shown = [row for row in readings if row.verdict != "hidden"]
    if len(shown) < 2:
        return None
    weakest, strongest = (pick(shown, key=lambda row: row.score) for pick in (min, max))
    down = math.hypot(strongest.score - strongest.low, weakest.high - weakest.score)
    up = math.hypot(strongest.high - strongest.score, weakest.score - weakest.low)
    spread = strongest.score - weakest.score
    lacking = [row for row in shown if row.band == "priority"]
    return Balance(
        weakest.dimension,
        strongest.dimension,
        spread,
        math.nan if declared else max(spread - down, 0),
        math.nan if declared else spread + up,
        tuple(row.dimension for row in lacking),
        all(row.verdict == "established" for row in lacking),
        all(_under(weakest, row, declared) for row in shown if row is not weakest),
    )


def _under(lower: ReadingRow, other: ReadingRow, declared: bool) -> bool:
    """Whether one reading stands wholly under another."""
    ends = (lower.score, other.score) if declared else (lower.high, other.low)
    return ends[0] < ends[1] - 1e-9
