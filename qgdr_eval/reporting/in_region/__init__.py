"""The page of one facility in its region: its sections, in order."""

from qgdr_eval.reporting.in_region.sections import limits, masthead, message, positions, provenance

__all__ = ["masthead", "message", "positions", "limits", "provenance"]
