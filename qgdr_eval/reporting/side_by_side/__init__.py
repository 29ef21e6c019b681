"""The page that sets the services of a campaign side by side: its sections, in their order."""

from qgdr_eval.reporting.side_by_side.sections import (
    attestation,
    heatmap,
    how_to_read,
    masthead,
    participation,
    provenance,
    reliability,
    totals,
)

__all__ = [
    "masthead",
    "how_to_read",
    "heatmap",
    "totals",
    "participation",
    "reliability",
    "attestation",
    "provenance",
]
