"""Whether the records of two rounds may be matched: each with an identifier, once in a service."""

from collections.abc import Iterator

import pandas as pd

from qgdr_eval.french import count, quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Problem, refuse_errors
from qgdr_eval.tables.faults import fault, some

KEY = ["facility", "service", "subject"]
ROUNDS = ("premier tour", "second tour")


def refuse_unmatched(
    earlier: pd.DataFrame, later: pd.DataFrame, of_earlier: Instrument, of_later: Instrument
) -> None:
    """Raise `Refused` unless the records of two rounds can be matched.

    Args:
        earlier, later: responses frames of the two rounds.
        of_earlier, of_later: the instruments they answered.

    Raises:
        Refused: people instead of records; records without an identifier, or twice in a service.
    """
    refuse_errors([*_problems(earlier, of_earlier, 0), *_problems(later, of_later, 1)])


def _problems(responses: pd.DataFrame, instrument: Instrument, rank: int) -> Iterator[Problem]:
    if not instrument.of_records:
        yield fault(
            ROUNDS[rank],
            "les réponses de personnes ne se rapprochent pas d'une campagne à l'autre",
            "comparez les deux campagnes sans rapprochement",
        )
    subjects = responses["subject"].fillna("").str.strip()
    blank = int((subjects == "").sum())
    if blank:
        yield fault(
            ROUNDS[rank],
            f"{count(blank, 'dossier')} sans identifiant",
            "donnez à chaque dossier le même identifiant aux deux tours, ou comparez les deux "
            "tours sans rapprochement",
        )
    twice = subjects[(subjects != "") & responses[KEY].duplicated()].unique()
    if len(twice):
        yield fault(
            ROUNDS[rank],
            f"{count(len(twice), 'identifiant')} en double dans un service : "
            + some([quote(subject) for subject in twice]),
            "gardez une ligne par dossier, ou distinguez les dossiers",
        )
