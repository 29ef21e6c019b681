"""The page of indicators over time: its sections, in the order they are read."""

from qgdr_eval.reporting.dashboard.report import open_dashboard
from qgdr_eval.reporting.dashboard.sections import (
    annex,
    family,
    limits,
    masthead,
    message,
    overview,
    provenance,
)

__all__ = [
    "open_dashboard",
    "masthead",
    "message",
    "overview",
    "family",
    "limits",
    "annex",
    "provenance",
]
