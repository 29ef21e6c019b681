"""Who answered at each round, and whether that is still nearly the same people.

A team that has doubled, or where nurses answer instead of doctors, may differ from the one before
without anything having changed for anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from qgdr_eval.disclosure import Published
from qgdr_eval.frames import CompositionRow

PLACE = ["facility", "service"]
COMPOSITION_COLUMNS = list(CompositionRow._fields)
QUARTER = 0.25  # of the head count, or of the answers, that is worth a warning


@dataclass(frozen=True)
class Moved:
    """What moved by a quarter between two rounds: the head count, or the share of a stratum.

    ``stratum``: ``variable=value``, "" for the head count; ``before``, ``now``: people, or a share
    of 0–100.
    """

    stratum: str
    before: float
    now: float


def composition_of(every: Sequence[Published]) -> pd.DataFrame:
    """Who answered at each of these rounds, the latest last, of services of the latest.

    ``n``: answers; ``head_count``: people asked, NaN for a ``stratum`` and where it is not known.
    Only rows that are shown have numbers. Columns: `COMPOSITION_COLUMNS`.
    """
    if not every:
        return pd.DataFrame(columns=COMPOSITION_COLUMNS)
    known = set(every[-1].services)
    tables = [_round(published, rank) for rank, published in enumerate(every, start=1)]
    rows = pd.concat(tables, ignore_index=True)
    places = zip(rows["facility"], rows["service"], strict=True)
    return rows[[place in known for place in places]].reset_index(drop=True)


def _round(published: Published, rank: int) -> pd.DataFrame:
    people = published.participation.assign(stratum="")
    split = published.scores[published.scores["stratum"] != ""].assign(head_count=float("nan"))
    split = split[split["status"] == "published"].drop_duplicates([*PLACE, "stratum"])
    columns = [*PLACE, "stratum", "head_count", "n", "status"]
    rows = pd.concat([part[columns].astype(_TYPES) for part in (people, split)], ignore_index=True)
    rows = rows[rows["service"] != ""]
    shown = rows["status"] == "published"
    numbers = {name: rows[name].where(shown) for name in ("head_count", "n")}
    period, version = published.card.period, published.instrument.version
    return rows.assign(round=rank, period=period, version=version, **numbers)[COMPOSITION_COLUMNS]


_TYPES = dict.fromkeys([*PLACE, "stratum", "status"], str) | {"head_count": float, "n": float}


def moved_by_a_quarter(rows: Sequence[CompositionRow]) -> list[Moved]:
    """What moved between the last two rounds of one service; ``rows``: its composition, in order.

    The head count by a quarter of what it was; of each stratum variable, the value whose share of
    the answers moved most, when that is by 25 points or more. Shares that one of both rounds does
    not show are not compared.

    >>> from qgdr_eval.disclosure.rows import rows_of
    >>> frame = pd.DataFrame({"round": [1, 2], "stratum": "", "head_count": [12, 27], "n": 9})
    >>> moved_by_a_quarter(rows_of(frame))
    [Moved(stratum='', before=12, now=27)]
    """
    last = max((row.round for row in rows), default=0)
    before, now = (
        {row.stratum: row for row in rows if row.round == rank} for rank in (last - 1, last)
    )
    if not before:  # a service that was not there the time before
        return []
    heads = [Moved("", before[""].head_count, now[""].head_count)]
    shares = [
        Moved(name, _share(before, name), _share(now, name))
        for name in now
        if name and name in before
    ]
    widest = {_variable(one): one for one in sorted(shares, key=_distance)}
    return [
        *(one for one in heads if _distance(one) >= QUARTER * one.before),
        *(one for one in widest.values() if _distance(one) >= 100 * QUARTER),
    ]


def _share(rows: dict[str, CompositionRow], stratum: str) -> float:
    return 100 * rows[stratum].n / rows[""].n


def _distance(moved: Moved) -> float:
    return abs(moved.now - moved.before)


def _variable(moved: Moved) -> str:
    return moved.stratum.partition("=")[0]
