"""Indicators."""

from typing import Literal, NamedTuple

Kind = Literal["proportion", "rate", "count", "value"]
"""What an indicator is."""

Direction = Literal["up", "down", "neutral"]
"""Which way is favourable."""

Shown = Literal["published", "suppressed", "complementary", "no_data"]
"""Whether the value of a period is shown, and why not."""

Signal = Literal["shift", "crossings", "outside"]
"""What a series shows that chance alone seldom does."""

Aside = Literal["above", "below", ""]
"""On which side of the median or of the limits; "" where there is none."""


class IndicatorRow(NamedTuple):
    """Indicators: one row per indicator, place, period."""

    indicator: str
    family: str
    facility: str
    pole: str
    service: str
    period: str
    label: str
    frequency: str
    kind: Kind
    numerator: float
    denominator: float
    value: float
    per: float
    target: float
    direction: Direction
    unit: str
    reference: float
    reference_source: str
    comment: str
    change: str
    baseline: bool


class NationalRow(NamedTuple):
    """National values: one row per indicator."""

    indicator: str
    value: float
    source: str
    year: str


class PublishedIndicatorRow(NamedTuple):
    """Published indicators: one row per row of indicators, and per total of a pôle made here."""

    indicator: str
    family: str
    facility: str
    pole: str
    service: str
    period: str
    label: str
    frequency: str
    kind: Kind
    numerator: float
    denominator: float
    value: float
    per: float
    target: float
    direction: Direction
    unit: str
    reference: float
    reference_source: str
    comment: str
    change: str
    baseline: bool
    status: Shown
    summed: bool


class PointRow(NamedTuple):
    """Points of a series: one row per period."""

    period: str
    label: str
    numerator: float
    denominator: float
    value: float
    status: Shown
    comment: str
    change: str
    baseline: bool
    centre: float
    low_limit: float
    high_limit: float
    outside: Aside
    run: bool
    part: int
    median: float


class SignalRow(NamedTuple):
    """Signals of a series: one row per signal."""

    signal: Signal
    side: Aside
    first: str
    last: str
    points: int
    recent: bool
