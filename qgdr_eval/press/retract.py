"""Taking back a publication nobody received."""

import datetime
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from qgdr_eval.disclosure.register import Publication, open_register, retract
from qgdr_eval.french import count, date, listed, quote, typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses import load_campaign

LONGEST = 300  # characters of a reason


def retract_last(campaign: Path, reason: str) -> str:
    """Take the last publication of a campaign back; returns what was done, in French.

    Raises:
        Refused: nothing was published, no reason is given, or the register cannot be written.
    """
    motive = " ".join(reason.split())
    if not motive or len(motive) > LONGEST:
        what = f"il faut un motif, de {LONGEST} caractères au plus"
        raise Refused([Problem("--reason", None, "", what, "dites pourquoi en une phrase")])
    register = open_register(campaign.parent, load_campaign(campaign).id)
    gone = retract(register, datetime.date.today().isoformat(), motive)
    again = f"Effacez ce qui en a été imprimé, puis relancez {quote('qgdr report')}."
    parts = [f"La publication du {date(gone.date)} est reprise.", again]
    return typography(" ".join([*parts, *_standing(register.publications[:-1])]))


def _standing(publications: Sequence[Publication]) -> list[str]:
    """What still keeps services from changing: the publications that were not taken back."""
    if not publications:
        return []
    if len(publications) == 1:
        day = date(publications[0].date)
        still = f"La publication du {day} tient toujours : reprenez-la aussi"
        return [f"{still} si personne ne l'a reçue."]
    days = Counter(publication.date for publication in publications)
    each = listed([f"{count(n, 'publication')} du {date(day)}" for day, n in days.items()])
    still = f"{each} tiennent toujours : reprenez-les aussi, l'une après l'autre"
    return [f"{still}, si personne ne les a reçues."]
