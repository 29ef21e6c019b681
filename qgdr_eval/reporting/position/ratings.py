"""Criteria rated from 1 to 4: means by chapter, imperative criteria that call for a plan."""

from collections.abc import Iterable, Sequence
from statistics import fmean

from qgdr_eval.frames import NoteRow
from qgdr_eval.french import number
from qgdr_eval.instruments import Instrument, Item, Option, Scale
from qgdr_eval.instruments.model import SpecialCode
from qgdr_eval.reporting.page.fragment import Table
from qgdr_eval.reporting.position.answers import OUTSIDE, Answer, total, valid
from qgdr_eval.reporting.position.stand import Stand, every_answer
from qgdr_eval.scoring import gives
from qgdr_eval.wording.rules.rating_1_4 import OF_4


def rates(instrument: Instrument) -> bool:
    """Whether an instrument rates criteria from 1 to 4, whatever was answered."""
    return any(gives(dimension) == "rating" for dimension in instrument.dimensions)


def chapters(rated: Iterable[Stand]) -> dict[str, list[Stand]]:
    """The rated dimensions of each chapter, in the instrument's order."""
    found: dict[str, list[Stand]] = {}
    for stand in rated:
        if stand.dimension.part:
            found.setdefault(stand.dimension.part, []).append(stand)
    return found


def ratings_of(stands: Iterable[Stand]) -> list[float]:
    """The ratings, 1 to 4, of the criteria of some dimensions, those without one left out."""
    return [rating for stand in stands for rating in stand.ratings]


def chapter_table(rated: Sequence[Stand]) -> Table:
    """The mean of the criteria of each chapter, and what stays out of it, each kind apart."""
    parts = chapters(rated)
    answers = {part: every_answer(stands) for part, stands in parts.items()}
    states = [
        state
        for state in OUTSIDE
        if any(answer.state == state for given in answers.values() for answer in given)
    ]
    rows = [
        (
            part,
            _mean(ratings_of(parts[part])),
            f"{total(valid(given))} sur {total(given)}",
            *(number(_in_state(given, state)) for state in states),
        )
        for part, given in answers.items()
    ]
    heads = (state_name(rated, state) for state in states)
    columns = ("Chapitre", "Moyenne des critères", "Critères cotés", *heads)
    return Table("Chaque critère coté compte pour un dans son chapitre", columns, rows)


def _mean(ratings: list[float]) -> str:
    return number(fmean(ratings), 2) if ratings else "–"


def _in_state(answers: list[Answer], state: str) -> int:
    return total(answer for answer in answers if answer.state == state)


def state_name(rated: Iterable[Stand], state: str) -> str:
    """The short name criteria give to an answer outside the scale: « NC », « RI »."""
    scales: list[Scale] = [
        stand.instrument.scale_of(item)
        for stand in rated
        for item in stand.instrument.items_of(stand.dimension.id)
    ]
    names = {option.short for scale in scales for option in getattr(scale, state, ())}
    return str(names.pop()) if len(names) == 1 and None not in names else OUTSIDE[state]


def critical_table(unmet: Iterable[Answer], instrument: Instrument) -> Table:
    """The critical criteria that are not wholly met, in this order."""
    rows = [
        (
            pointed(answer.item),
            f"{answer.mark} {OF_4}" if answer.valid and answer.mark else answer.label,
            instrument.dimension(answer.item.dimension).label,
        )
        for answer in unmet
    ]
    return Table("Du plus bas au plus haut", ("Critère", "Réponse", "Dimension"), rows, (0, 2))


def pointed(item: Item) -> str:
    """A criterion, and where a published referential has it.

    >>> from qgdr_eval.instruments import load_instrument
    >>> pointed(load_instrument("politique_qgdr").items[0]).endswith(")")
    False
    """
    return f"{item.text} (critère officiel {item.official})" if item.official else item.text


def justified_table(rated: Iterable[Stand], notes: Iterable[NoteRow]) -> Table:
    """The answers that call for a written reason, each with the one that was given."""
    written = {(row.dimension, row.item): row.text for row in notes}
    rows = [
        (pointed(answer.item), answer.long, _reason(answer.item, written))
        for stand in rated
        for answer in stand.answers
        if any(one.label == answer.label for one in _to_justify(stand.instrument, answer.item))
    ]
    return Table("Avec ce qui a été écrit", ("Critère", "Réponse", "Pourquoi"), rows, (0, 2))


def _to_justify(instrument: Instrument, item: Item) -> list[Option | SpecialCode]:
    answers = instrument.scale_of(item).answers
    return [answer for answer in answers if answer.code in item.justified]


def _reason(item: Item, written: dict[tuple[str, str], str]) -> str:
    whole = "voir le bloc-notes" if (item.dimension, "") in written else "aucune justification"
    return written.get((item.dimension, item.code), whole)
