"""A workshop: the questions a team talks over, two votes without names, what it decides."""

from qgdr_eval.workshop.debate import Debate, Team, Topic, choose_topics, find_team, open_debate
from qgdr_eval.workshop.journal import (
    Journal,
    Kept,
    journal_path,
    open_journal,
    read_held,
    set_aside,
)
from qgdr_eval.workshop.session import Agreement, NotNow, Session, apply, begin

__all__ = [
    "Agreement",
    "Debate",
    "Journal",
    "Kept",
    "NotNow",
    "Session",
    "Team",
    "Topic",
    "apply",
    "begin",
    "choose_topics",
    "find_team",
    "journal_path",
    "open_debate",
    "open_journal",
    "read_held",
    "set_aside",
]
