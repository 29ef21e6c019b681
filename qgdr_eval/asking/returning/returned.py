"""One return: what a person answered, as it is sealed and as it is opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qgdr_eval.asking.asked.inquiry import Inquiry, Unit
from qgdr_eval.asking.form.questions import sections_of
from qgdr_eval.asking.sealing.cards import Card, card_of, read_code
from qgdr_eval.asking.sealing.seal import room_for
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Refused
from qgdr_eval.responses.asked import UNSAID

LONGEST_REMARK = 2000  # characters


class NotAReturn(Exception):
    """What was opened is no return of this campaign: ``card``, ``answer`` or ``class``."""


@dataclass(frozen=True)
class Return:
    """What one person answered.

    ``card``: a code, or what a code gives (64 hexadecimal characters), or as many at random when
    there are no cards; ``answers``: codes by item, blanks left out; ``stratum``: a class, "" when
    none is asked; ``place``: (facility, service), without cards only.
    """

    card: str
    answers: Mapping[str, int]
    stratum: str = ""
    place: tuple[str, str] = ("", "")

    def content(self) -> dict[str, Any]:
        """What is sealed of it.

        >>> sorted(Return("2345ACDEWXYC", {"Q1": 4}).content())
        ['answers', 'card', 'place', 'stratum']
        """
        return {
            "card": self.card,
            "answers": dict(self.answers),
            "stratum": self.stratum,
            "place": list(self.place),
        }


Offered = Mapping[str, frozenset[int]]


def returned(
    content: Mapping[str, Any], inquiry: Inquiry, offered: Offered, classes: tuple[str, ...]
) -> tuple[Card, Unit, Return]:
    """What was opened, once everything in it is checked: its card, its unit, its answers.

    ``offered``: see `offered_by`; ``classes``: those of the stratum, none when it is not asked.

    Raises:
        NotAReturn: an unknown card or place, a question or an answer that is not asked, a class
            that is not offered.
    """
    card = _card(content.get("card"), inquiry)
    unit = _unit(card, content.get("place"), inquiry)
    answers, stratum = content.get("answers"), content.get("stratum")
    if not isinstance(answers, dict) or not valid(answers, offered):
        raise NotAReturn("answer")
    if stratum not in ((*classes, UNSAID) if classes else ("",)):
        raise NotAReturn("class")
    return card, unit, Return(card.mark, answers, stratum, unit.name)


def valid(answers: Mapping[Any, Any], offered: Offered) -> bool:
    """Whether each of these answers is one that the form offers to a question it asks.

    >>> valid({"Q1": 4}, {"Q1": frozenset({1, 4})}), valid({"Q1": True}, {"Q1": frozenset({1})})
    (True, False)
    """
    return all(
        type(code) is int and code in offered.get(item, ()) for item, code in answers.items()
    )


def offered_by(instrument: Instrument) -> Offered:
    """The codes that may answer each question.

    >>> from qgdr_eval.instruments import load_instrument
    >>> sorted(offered_by(load_instrument("experience_usagers_facile"))["EF01"])[:2]
    [1, 2]
    """
    return {
        question.code: frozenset(c.code for c in (*question.choices, *question.aside))
        for section in sections_of(instrument)
        for question in section.questions
    }


def room_of_return(instrument: Instrument, classes: tuple[str, ...], places: list[Unit]) -> int:
    """The room of a box, for the longest return there may be."""
    longest = dict.fromkeys(instrument.codes, -999)
    stratum = max((*classes, UNSAID), key=lambda name: len(name.encode()))
    place = max((unit.name for unit in places), key=lambda name: len("".join(name).encode()))
    return room_for(Return("0" * 64, longest, stratum, place).content())


def _card(given: Any, inquiry: Inquiry) -> Card:
    if not isinstance(given, str):
        raise NotAReturn("card")
    try:
        if len(given) == 64:
            return Card(bytes.fromhex(given))
        return card_of(read_code(given), bytes.fromhex(inquiry.salt))
    except (Refused, ValueError):
        raise NotAReturn("card") from None


def _unit(card: Card, place: Any, inquiry: Inquiry) -> Unit:
    if inquiry.access == "cards":
        unit = inquiry.places.get(card.mark)
    else:
        named = isinstance(place, list) and len(place) == 2
        unit = inquiry.unit(place[0], place[1]) if named else None
    if unit is None:
        raise NotAReturn("card")
    return unit
