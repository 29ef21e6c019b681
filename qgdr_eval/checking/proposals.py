"""Keys a questionnaire might have, proposed where what it says elsewhere lets one expect them."""

import re
from collections.abc import Iterator

from qgdr_eval.french import listed, quote
from qgdr_eval.instruments import Instrument, Option, load_instrument
from qgdr_eval.instruments.model import SpecialCode
from qgdr_eval.problems import Problem
from qgdr_eval.shipped import shipped
from qgdr_eval.tables.faults import fault

NAMED = re.compile(  # « NC : non concerné », « C. Les documents… », « … approfondies (CA) »
    r"^(\w{1,3}|\*)\s?[.:]\s|\(([A-Z]{1,3})\)$|^(\d|\*)$"
)
ALONE = "_soi"  # how the id of a questionnaire often ends that a person answers alone


def propose_keys(file: str, instrument: Instrument) -> Iterator[Problem]:
    """What `qgdr check` proposes to write in a questionnaire, each as a warning.

    >>> list(propose_keys("instrument.yml", load_instrument("maturite_securite")))
    []
    """
    yield from _short_of_answers(file, instrument)
    yield from _short_of_dimensions(file, instrument)
    yield from _team(file, instrument)


def short_of(label: str) -> str:
    """The short name a label seems to begin or end with; "" where it has none.

    >>> [short_of(text) for text in ("3 : en place", "* : mieux", "*", "Générales (CG)", "Fait")]
    ['3', '*', '*', 'CG', '']
    """
    found = NAMED.search(label)
    return next(filter(None, found.groups())) if found else ""


def _short_of_answers(file: str, instrument: Instrument) -> Iterator[Problem]:
    unsaid = [
        answer
        for scale in instrument.scales.values()
        for answer in scale.answers
        if answer.short is None and short_of(answer.label)
    ]
    if unsaid:
        yield fault(
            file,
            f"des réponses ont un nom court que rien ne dit : {_labels(unsaid)}",
            f"ajoutez à chacune sa clé « short », par exemple « short: {_quoted(unsaid[0])} » : "
            "les cases et les axes l'écriront",
            severity="warning",
        )


def _labels(answers: list[Option | SpecialCode]) -> str:
    return listed(dict.fromkeys(quote(answer.label[:30]) for answer in answers[:3]))


def _quoted(answer: Option | SpecialCode) -> str:
    name = short_of(answer.label)
    return name if name.isalpha() else f'"{name}"'


def _short_of_dimensions(file: str, instrument: Instrument) -> Iterator[Problem]:
    long = [one for one in instrument.dimensions if one.short is None and " (" in one.label]
    if long:
        name = long[0].label.partition(" (")[0]
        yield fault(
            file,
            f"un libellé de dimension porte une parenthèse : {quote(long[0].label)}",
            f"ajoutez « short: {name} », que les phrases écriront à sa place",
            severity="warning",
        )


def _team(file: str, instrument: Instrument) -> Iterator[Problem]:
    """The questionnaire of the team that asks the same questions as one a person answers."""
    id = instrument.id.removesuffix(ALONE)
    known = (shipped("questionnaires") / id / "instrument.yml").is_file()
    if not instrument.of_a_person or instrument.team or id == instrument.id or not known:
        return
    if load_instrument(id).codes == instrument.codes:
        yield fault(
            file,
            f"{quote(id)} pose les mêmes questions à l'équipe",
            f"ajoutez « team: {id} » : la page de la personne dira de les lire ensemble",
            severity="warning",
        )
