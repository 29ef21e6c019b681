"""One campaign."""

from typing import Literal, NamedTuple

Status = Literal["published", "suppressed", "complementary", "no_answer"]
"""Why a number is shown or not; anything but ``published`` has none."""

AnswerStatus = Literal["published", "suppressed", "complementary", "no_answer", "unanimous"]
"""The same of answers: ``unanimous`` where all of them are alike."""

State = Literal["option", "pole", "not_applicable", "dont_know", "missing"]
"""What an answer is: an option, options counted by their side, or no valid answer."""

Pole = Literal["negative", "neutral", "positive", ""]
"""The side an option is on; "" of what is no option."""

Action = Literal["excluded", "set_missing", "flagged"]
"""What was done with a return or a cell."""

What = Literal[
    "group", "total", "total_row", "row", "stratum_row", "distribution", "strata", "dated",
    "retracted", "lost", "attack",
]  # fmt: skip
"""What a row of the attestation is about."""

Verdict = Literal[
    "established", "to_confirm", "cannot_conclude", "capped", "no_threshold", "hidden"
]
"""How sure the place of a score between the marks is."""

Band = Literal["strength", "between", "priority"]
"""The place of a score between the marks."""

Side = Literal["higher", "lower", "not_established"]
"""Where a score stands beside another."""

Standing = Literal["usual", "low", "high", "very_low", "very_high"]
"""Where a service stands among the others: beyond the 95 % limits, or the 99.8 % ones (very)."""

FindingPart = Literal["first", "priority", "discuss", "strength"]
"""Where a page names a finding."""

FindingKind = Literal[
    "critical", "worst_zone", "low_dimension", "under_objective", "unmet", "low_item", "split",
    "lowest_answer", "perhaps_low", "undecided", "strength",
]  # fmt: skip
"""What is found."""


class LogRow(NamedTuple):
    """Exclusion log: one row per return or cell; kept by whoever holds the answers."""

    facility: str
    service: str
    row: int
    at: str
    reason: str
    action: Action
    item: str
    given: str


class ScoreRow(NamedTuple):
    """Scores: one row per group, dimension, item."""

    instrument: str
    version: str
    campaign: str
    facility: str
    service: str
    stratum: str
    dimension: str
    item: str
    measure: str
    n: float
    n_valid: float
    score: float
    low: float
    high: float
    wide_low: float
    wide_high: float
    status: Status


class DistributionRow(NamedTuple):
    """Distributions: one row per service, item, state."""

    facility: str
    service: str
    dimension: str
    item: str
    state: State
    position: int
    pole: Pole
    label: str
    count: float  # type: ignore[assignment]  # as a tuple names a method
    share: float
    status: AnswerStatus


class TurnoutRow(NamedTuple):
    """Participation: one row per service or total."""

    facility: str
    service: str
    head_count: float
    n: float
    rate: float
    excluded: float
    left_out: int
    status: Literal["published", "suppressed"]


class TotalRow(NamedTuple):
    """Totals around a service: one row per total, of its facility and of the campaign."""

    facility: str
    service: str
    status: Literal["published", "suppressed"]


class ExclusionRow(NamedTuple):
    """Exclusions: one row per service, reason, once published."""

    facility: str
    service: str
    reason: str
    action: Action
    count: float  # type: ignore[assignment]  # as a tuple names a method


class ReliabilityRow(NamedTuple):
    """Reliability: one row per dimension, measure."""

    dimension: str
    measure: str
    n: float
    value: float
    low: float
    high: float


class SpreadRow(NamedTuple):
    """Spread: one row per dimension, item."""

    dimension: str
    item: str
    design_effect: float
    alpha: float
    services: float
    deviation: float


class AttestationRow(NamedTuple):
    """Attestation: one row per group, reason."""

    facility: str
    service: str
    what: What
    reason: str
    count: float  # type: ignore[assignment]  # as a tuple names a method


class ReferenceRow(NamedTuple):
    """References: one row per dimension that has an external value."""

    dimension: str
    score: float
    low: float
    high: float


class ReadingRow(NamedTuple):
    """Readings: one row per group, dimension."""

    facility: str
    service: str
    dimension: str
    score: float
    low: float
    high: float
    verdict: Verdict
    band: Band


class KindRow(NamedTuple):
    """Kinds: one row per service that has one; stored only where the roster says kinds."""

    facility: str
    service: str
    kind: str


class FindingRow(NamedTuple):
    """Findings: one row per group, part, rank."""

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


class ComparisonRow(NamedTuple):
    """Comparisons: one row per service, dimension; until stored, `p` before `verdict`."""

    facility: str
    service: str
    dimension: str
    reference: str
    reference_score: float
    difference: float
    low: float
    high: float
    verdict: Side


class FunnelRow(NamedTuple):
    """Funnel: one row per service, dimension, kind (`kind` = "": among all services)."""

    facility: str
    service: str
    dimension: str
    kind: str
    n_valid: float
    score: float
    centre: float
    between: float
    within: float
    services: float
    standing: Standing
    by_usual_rule: Standing
    gap: float
    steadied: float
    low: float
    high: float
    reliability: float
    needed: float
