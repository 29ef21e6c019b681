"""What was answered."""

from qgdr_eval.responses.answers import Answers, read_answers
from qgdr_eval.responses.campaign import Campaign, load_campaign
from qgdr_eval.responses.polarity import check_polarity

__all__ = [
    "Answers",
    "Campaign",
    "check_polarity",
    "load_campaign",
    "read_answers",
]
