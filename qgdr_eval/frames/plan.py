"""The plan."""

from typing import NamedTuple

from qgdr_eval.frames.campaign import FindingKind, FindingPart
from qgdr_eval.frames.rounds import Change


class ActionRow(NamedTuple):
    """Actions: one row per action; the user's own columns come after."""

    id: str
    origin: str
    facility: str
    pole: str
    service: str
    dimension: str
    item: str
    finding: str
    objective: str
    action: str
    decided: str
    priority: str
    pilot: str
    contributors: str
    start: str
    due: str
    indicator: str
    target: str
    method: str
    state: str
    progress: str
    evaluated_on: str
    result: str
    parent: str
    campaign: str
    comment: str


class SaidFindingRow(NamedTuple):
    """Said findings: one row per thing a service could act on."""

    facility: str
    service: str
    part: FindingPart
    rank: int
    kind: FindingKind
    dimension: str
    item: str
    measure: str
    score: float
    low: float
    high: float
    n: float
    negative: float
    positive: float
    behind: str
    campaign: str
    instrument: str
    label: str
    text: str
    target: str
    levers: str


class FollowedRow(NamedTuple):
    """Followed: one row per action, on a day."""

    id: str
    facility: str
    pole: str
    service: str
    state: str
    open: bool
    late: bool
    done: bool
    evaluated: bool
    done_not_evaluated: bool
    abandoned: bool
    incomplete: bool
    missing: str
    days_late: int


class CountRow(NamedTuple):
    """Counted actions: one row per place; a place of a pôle has no service."""

    facility: str
    pole: str
    service: str
    actions: int
    open: int
    late: int
    done: int
    evaluated: int
    done_not_evaluated: int
    abandoned: int
    incomplete: int


class LoopRow(NamedTuple):
    """Loop: one row per action of a service tied to a dimension."""

    id: str
    pole: str
    facility: str
    service: str
    dimension: str
    item: str
    objective: str
    action: str
    decided: str
    due: str
    state: str
    progress: str
    done: bool
    measure: str
    n_before: float
    n: float
    score_before: float
    score: float
    difference: float
    low: float
    high: float
    p: float
    verdict: Change
    expected: float
    beyond: float
    beyond_low: float
    beyond_high: float
    reading: str
