"""The page of an improvement plan: its form, then its sections, in the order they are read."""

from qgdr_eval.reporting.action_plan.editor import edit_plan
from qgdr_eval.reporting.action_plan.report import open_plan
from qgdr_eval.reporting.action_plan.sections import (
    actions,
    declension,
    incomplete,
    late,
    limits,
    loop,
    masthead,
    message,
    proposals,
    provenance,
)

__all__ = [
    "open_plan",
    "edit_plan",
    "masthead",
    "message",
    "actions",
    "late",
    "loop",
    "declension",
    "incomplete",
    "proposals",
    "limits",
    "provenance",
]
