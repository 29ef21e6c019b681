"""What the answers score: coding, rules, intervals, reliability."""

from qgdr_eval.scoring.breakdowns import Breakdown, by_service, by_stratum, totals
from qgdr_eval.scoring.coding import Coded, code_answers
from qgdr_eval.scoring.distributions import distribute
from qgdr_eval.scoring.evaluate import SCORE_COLUMNS, evaluate
from qgdr_eval.scoring.intervals import wilson
from qgdr_eval.scoring.reliability import measure_instrument
from qgdr_eval.scoring.rules import RULES, gives, rating_of, score_of
from qgdr_eval.scoring.spread import pool_spread

__all__ = [
    "RULES",
    "SCORE_COLUMNS",
    "Breakdown",
    "Coded",
    "by_service",
    "by_stratum",
    "code_answers",
    "distribute",
    "evaluate",
    "gives",
    "measure_instrument",
    "pool_spread",
    "rating_of",
    "score_of",
    "totals",
    "wilson",
]
