"""The page of one facility of a campaign, to be handed over alone: its sections, in order."""

from qgdr_eval.reporting.one_facility.sections import (
    attestation,
    board,
    limits,
    masthead,
    message,
    participation,
    provenance,
    total,
    unusual,
)

__all__ = [
    "masthead",
    "message",
    "board",
    "total",
    "unusual",
    "limits",
    "participation",
    "attestation",
    "provenance",
]
