"""Between campaigns."""

from typing import Literal, NamedTuple

from qgdr_eval.frames.campaign import Status

Change = Literal["improved", "worsened", "not_established", "not_compared", "declared"]
"""What may be said of a measure since an earlier campaign."""

Method = Literal["newcombe", "paired", "mover", "declared", "evaluated", ""]
"""How the difference of two rounds was measured; "" where nothing is compared."""

Reason = Literal["", "no_record", "one_category", "constant_auditor", "no_spread"]
"""Why kappa or its interval is missing."""

Gap = Literal["higher", "lower", "not_established", "not_compared"]
"""Where a position stands beside what a team says."""

Comparability = Literal["comparable", "caution", "broken"]
"""Whether what a version of a questionnaire measures may be compared with the version before."""


class PairRow(NamedTuple):
    """Pairs: one row per service, criterion of records seen twice; `status` once published."""

    facility: str
    service: str
    item: str
    both: float
    gained: float
    lost: float
    neither: float
    n_pairs: float
    unpaired: float


class EvolutionRow(NamedTuple):
    """Evolution: one row per service, dimension, item."""

    facility: str
    service: str
    dimension: str
    item: str
    measure: str
    n_before: float
    n: float
    score_before: float
    score: float
    difference: float
    low: float
    high: float
    p: float
    p_alone: float
    compared: float
    verdict: Change
    campaign_verdict: Change
    method: Method
    five_points: bool
    expected: float
    beyond: float
    beyond_low: float
    beyond_high: float
    period_before: str


class AgreementRow(NamedTuple):
    """Agreement: one row per service, criterion (`item` = "": all together)."""

    facility: str
    service: str
    item: str
    n: float
    observed: float
    kappa: float
    low: float
    high: float
    positive: float
    negative: float
    reason: Reason


class HistoryRow(NamedTuple):
    """History: one row per service, dimension, round."""

    facility: str
    service: str
    dimension: str
    round: float
    period: str
    version: str
    part: int
    n: float
    score: float
    low: float
    high: float
    status: Status


class CompositionRow(NamedTuple):
    """Composition: one row per service, round, stratum."""

    facility: str
    service: str
    round: float
    period: str
    version: str
    stratum: str
    head_count: float
    n: float
    status: Status


class ChangedRow(NamedTuple):
    """Changed questions: one row per service, round, dimension or item that is not as it was."""

    facility: str
    service: str
    round: float
    dimension: str
    item: str
    state: Comparability
    changes: str
    before: str
    now: str


class NoteRow(NamedTuple):
    """Notes: one row per note of a group or a person."""

    facility: str
    service: str
    dimension: str
    item: str
    text: str


class GapRow(NamedTuple):
    """Gaps of a group and its team: one row per service, dimension."""

    facility: str
    service: str
    dimension: str
    own: float
    team: float
    difference: float
    low: float
    high: float
    verdict: Gap
    n: float
    period: str


class SelfGapRow(NamedTuple):
    """Gaps of a leader and the team: one row per dimension."""

    dimension: str
    own: float
    team: float
    difference: float
    low: float
    high: float
    p: float
    verdict: Gap
