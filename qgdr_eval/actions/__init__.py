"""What we do next: the improvement plan (PAQSS), from a finding to what moved since."""

from qgdr_eval.actions.check import check_actions
from qgdr_eval.actions.follow import count_actions, decline, follow, plan_of
from qgdr_eval.actions.loop import close_loop
from qgdr_eval.actions.model import ACTION_COLUMNS, HEADERS, STATES, edit_action, make_actions
from qgdr_eval.actions.suggest import suggest_actions
from qgdr_eval.actions.workbook import Plan, read_plan, save_plan, write_plan

__all__ = [
    "ACTION_COLUMNS",
    "HEADERS",
    "STATES",
    "Plan",
    "check_actions",
    "close_loop",
    "count_actions",
    "decline",
    "edit_action",
    "follow",
    "make_actions",
    "plan_of",
    "read_plan",
    "save_plan",
    "suggest_actions",
    "write_plan",
]
