"""Taking back a publication nobody received."""

import datetime
from pathlib import Path

from qgdr_eval.disclosure.register import open_register, retract
from qgdr_eval.french import date, quote, typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses import load_campaign

LONGEST = 300  # characters of a reason


def retract_last(campaign: Path, reason: str) -> str:
    """Take the last publication of a campaign back; returns what was done, in French.

    Raises:
        Refused: nothing was published, no reason is given, or the register cannot be written.
    """
    said = " ".join(reason.split())
    if not said or len(said) > LONGEST:
        what = f"il faut un motif, de {LONGEST} caractères au plus"
        raise Refused([Problem("--reason", None, "", what, "dites pourquoi en une phrase")])
    register = open_register(campaign.parent, load_campaign(campaign).id)
    gone = retract(register, datetime.date.today().isoformat(), said)
    again = f"Effacez ce qui en a été imprimé, puis relancez {quote('qgdr report')}."
    return typography(f"La publication du {date(gone.date)} est reprise. {again}")
