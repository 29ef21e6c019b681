"""The minutes of a workshop: its sections, in the order they are read."""

from qgdr_eval.reporting.minutes.report import open_minutes
from qgdr_eval.reporting.minutes.sections import limits, masthead, message, provenance, questions

__all__ = ["open_minutes", "masthead", "message", "questions", "limits", "provenance"]
