"""The page that sets the services of a campaign side by side: its sections, in their order."""

from qgdr_eval.reporting.side_by_side.sections import (
    attestation,
    heatmap,
    how_to_read,
    masthead,
    message,
    participation,
    provenance,
    reliability,
    totals,
)

__all__ = [
    "masthead",
    "message",
    "heatmap",
    "how_to_read",
    "totals",
    "participation",
    "reliability",
    "attestation",
    "provenance",
]
