"""What was answered."""

from qgdr_eval.responses.answers import Answers, read_answers
from qgdr_eval.responses.campaign import Campaign, load_campaign
from qgdr_eval.responses.demo import write_demo
from qgdr_eval.responses.polarity import check_polarity
from qgdr_eval.responses.synthetic import Accidents, simulate
from qgdr_eval.responses.tables import Table, read_table

__all__ = [
    "Accidents",
    "Answers",
    "Campaign",
    "Table",
    "check_polarity",
    "load_campaign",
    "read_answers",
    "read_table",
    "simulate",
    "write_demo",
]
