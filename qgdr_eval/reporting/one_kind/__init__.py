"""The page of one kind of service, all facilities together: its sections, in order."""

from qgdr_eval.reporting.one_kind.sections import (
    board,
    limits,
    masthead,
    message,
    provenance,
    unusual,
)

__all__ = ["masthead", "message", "board", "unusual", "limits", "provenance"]
