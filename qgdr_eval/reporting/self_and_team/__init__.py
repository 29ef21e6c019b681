"""The page that sets a leader's own answers beside the team's: its sections, in their order."""

from qgdr_eval.reporting.self_and_team.sections import gaps, masthead, open_pair
from qgdr_eval.reporting.team import provenance

__all__ = [
    "open_pair",
    "masthead",
    "gaps",
    "provenance",
]
