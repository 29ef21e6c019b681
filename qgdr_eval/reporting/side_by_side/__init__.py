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
    unusual,
)

__all__ = [
    "masthead",
    "message",
    "heatmap",
    "how_to_read",
    "unusual",
    "totals",
    "participation",
    "reliability",
    "attestation",
    "provenance",
]
