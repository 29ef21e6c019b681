"""The page of a team: its sections, in the order they are read.

That order is set by the cells of ``notebooks/20_service.ipynb``; a test keeps both alike.
"""

from qgdr_eval.reporting.team.evolution import promises, rounds, since
from qgdr_eval.reporting.team.professions import professions
from qgdr_eval.reporting.team.sections import (
    annex,
    items,
    limits,
    masthead,
    message,
    participation,
    profile,
    provenance,
    reference,
)
from qgdr_eval.reporting.team.shortell import balance
from qgdr_eval.reporting.team.steps import next_steps

__all__ = [
    "masthead",
    "message",
    "next_steps",
    "promises",
    "profile",
    "balance",
    "items",
    "professions",
    "reference",
    "since",
    "rounds",
    "limits",
    "participation",
    "annex",
    "provenance",
]
