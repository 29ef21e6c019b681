"""What is behind each figure: its formula, its terms, its answers."""

from qgdr_eval.reporting.opened.sections import explain, opened, opened_scores

__all__ = ["explain", "opened", "opened_scores"]
