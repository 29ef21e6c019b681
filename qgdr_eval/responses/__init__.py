"""What was answered."""

from qgdr_eval.responses.answers import Answers, read_answers
from qgdr_eval.responses.campaign import Campaign, load_campaign
from qgdr_eval.responses.polarity import check_polarity
from qgdr_eval.responses.tables import Table, read_table

__all__ = [
    "Answers",
    "Campaign",
    "Table",
    "check_polarity",
    "load_campaign",
    "read_answers",
    "read_table",
]
