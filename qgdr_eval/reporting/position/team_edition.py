"""The edition of an instrument that a team fills in, beside the one a person fills in alone."""

from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.shipped import shipped


def team_edition(instrument: Instrument) -> Instrument | None:
    """The shipped questionnaire the team answers, question for question; None without one.

    >>> team_edition(load_instrument("leadership_securite_soi")).id
    'leadership_securite'
    >>> team_edition(load_instrument("politique_qgdr")) is None
    True
    """
    id = instrument.team
    if id is None or not (shipped("questionnaires") / id / "instrument.yml").is_file():
        return None
    team = load_instrument(id)
    return team if team.codes == instrument.codes else None
