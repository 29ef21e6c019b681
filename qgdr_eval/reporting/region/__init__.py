"""The page of a region: its sections, in order."""

from qgdr_eval.reporting.region.sections import (
    bands,
    facilities,
    figures,
    limits,
    masthead,
    message,
    provenance,
)

__all__ = ["masthead", "message", "figures", "bands", "limits", "facilities", "provenance"]
