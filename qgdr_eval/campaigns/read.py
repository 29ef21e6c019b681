"""A campaign file and everything that is read from the files it names."""

from pathlib import Path

from qgdr_eval.asking.asked.opened import refuse_sealed
from qgdr_eval.disclosure.publish import Read
from qgdr_eval.instruments import load_instrument
from qgdr_eval.responses import load_campaign, read_answers
from qgdr_eval.responses.reference import read_reference


def read_campaign(path: Path) -> Read:
    """Read a campaign and its files; nothing is published yet.

    Raises:
        Refused: with every problem of the campaign, instrument, roster and response files.
    """
    campaign = load_campaign(path)
    refuse_sealed(path, campaign)
    instrument = load_instrument(campaign.instrument, beside=path.parent)
    answers = read_answers(campaign, instrument, path.parent)
    return Read(campaign, instrument, answers, read_reference(campaign, instrument, path.parent))
