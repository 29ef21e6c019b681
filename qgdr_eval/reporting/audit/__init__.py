"""The page of an audit: how it is prepared, then its sections, in the order they are read.

That order is set by the cells of ``notebooks/30_audit_epp.ipynb``; a test keeps both alike.
"""

from qgdr_eval.reporting.audit.looks import looks
from qgdr_eval.reporting.audit.preparation import draw, drawn, prepare_grid, sample_sizes
from qgdr_eval.reporting.audit.sections import agreement, criteria, overall
from qgdr_eval.reporting.opened import opened
from qgdr_eval.reporting.team import (
    annex,
    limits,
    masthead,
    message,
    next_steps,
    participation,
    profile,
    promises,
    provenance,
    reference,
    rounds,
    since,
)

__all__ = [
    "sample_sizes",
    "draw",
    "drawn",
    "prepare_grid",
    "masthead",
    "message",
    "looks",
    "next_steps",
    "promises",
    "overall",
    "since",
    "rounds",
    "profile",
    "criteria",
    "agreement",
    "reference",
    "limits",
    "participation",
    "opened",
    "annex",
    "provenance",
]
