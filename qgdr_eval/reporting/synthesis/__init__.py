"""The two sheets of a programme: their sections, in the order they are read."""

from qgdr_eval.reporting.synthesis.report import open_synthesis
from qgdr_eval.reporting.synthesis.sections import (
    audits,
    indicators,
    limits,
    masthead,
    people,
    plan,
    positions,
    provenance,
    sources,
)

__all__ = [
    "open_synthesis",
    "masthead",
    "sources",
    "plan",
    "audits",
    "positions",
    "people",
    "indicators",
    "limits",
    "provenance",
]
