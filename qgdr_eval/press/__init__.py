"""Printed: a whole campaign to pages, fast, proved, and never started over."""

from qgdr_eval.press.campaign import Outcome, print_campaign
from qgdr_eval.press.programme import print_programme
from qgdr_eval.press.progress import show_progress
from qgdr_eval.press.verify import Verdict, verify_folder

__all__ = [
    "Outcome",
    "Verdict",
    "print_campaign",
    "print_programme",
    "show_progress",
    "verify_folder",
]
