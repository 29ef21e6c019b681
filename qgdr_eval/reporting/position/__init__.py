"""The page of what a group or a person declares: its sections, in the order they are read."""

from qgdr_eval.reporting.position.beside import beside_team
from qgdr_eval.reporting.position.sections import (
    annex,
    items,
    limits,
    masthead,
    message,
    next_steps,
    notes,
    open_position,
    profile,
    risks,
    since,
)
from qgdr_eval.reporting.team import balance, promises, provenance

__all__ = [
    "open_position",
    "masthead",
    "message",
    "next_steps",
    "beside_team",
    "promises",
    "profile",
    "risks",
    "balance",
    "items",
    "notes",
    "since",
    "limits",
    "annex",
    "provenance",
]
