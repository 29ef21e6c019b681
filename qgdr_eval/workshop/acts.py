"""What the facilitator's forms ask, wherever they are shown: a browser, or a notebook."""

from collections.abc import Mapping

from qgdr_eval.workshop.journal import Journal
from qgdr_eval.workshop.session import (
    SAID,
    Advanced,
    Agreement,
    CardsCounted,
    Decided,
    Event,
    NotNow,
    Shown,
    StartedAgain,
)

LONGEST = 2_000  # characters of a text of the group
CARDS = "carte-"  # how the fields of cards are named, before the code they count


def act(journal: Journal, given: Mapping[str, str]) -> None:
    """Do what a form of the facilitator asks; it is on the disk when this returns.

    Raises:
        NotNow: the workshop has moved on since the form was shown, or this is not its step.
        ValueError, KeyError: the form is not one of ours.
        Refused: the disk does not take it.
    """
    refuse_late(journal, given)
    journal.take(event_of(given))


def refuse_late(journal: Journal, given: Mapping[str, str]) -> None:
    """Refuse a form that was shown before the last step.

    Raises:
        NotNow: as said.
        KeyError: the form does not say when it was shown.
    """
    if given["version"] != str(journal.session.version):
        raise NotNow("L'atelier a avancé entre-temps : rien n'a changé.")


def event_of(given: Mapping[str, str]) -> Event:
    """What a form of the facilitator asks.

    >>> event_of({"item": "Q1", "do": "cards", "carte-1": "", "carte-2": "3"})
    CardsCounted(item='Q1', counts={2: 3})

    Raises:
        ValueError, KeyError: the form is not one of ours.
    """
    item, do = given["item"], given["do"]
    if do == "cards":
        counted = {name.removeprefix(CARDS): n for name, n in given.items() if CARDS in name}
        return CardsCounted(item, {int(code): int(n) for code, n in counted.items() if n})
    if do == "record":
        answer = int(given["answer"]) if given.get("answer") else None
        texts = {name: given.get(name, "").strip()[:LONGEST] for name in SAID}
        return Decided(item, Agreement(answer, given["accord"], **texts))  # type: ignore[arg-type]
    steps: dict[str, type[Advanced] | type[Shown] | type[StartedAgain]]
    steps = {"advance": Advanced, "show": Shown, "again": StartedAgain}
    return steps[do](item)
