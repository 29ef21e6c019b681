"""The desk of a computer passed round: one person at a time, admitted by a card, then forgotten."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from qgdr_eval.asking.asked.campaign import Asked
from qgdr_eval.asking.asked.inquiry import Inquiry, Live, note_database
from qgdr_eval.asking.receiving.attempts import Attempts
from qgdr_eval.asking.receiving.reception import (
    CHOOSE,
    SLOWLY,
    UNKNOWN,
    Reception,
    Visit,
    Wrong,
    receivable,
    receiving_store,
)
from qgdr_eval.asking.sealing.cards import Card, card_of, read_code
from qgdr_eval.tables.faults import refusal

Reply = dict[str, Any]
LONGEST_CODE = 40  # characters typed: a code has twelve, and spaces between them
ENTER_FIRST = "Donnez d'abord le code d'une carte : l'écran a été rendu à quelqu'un d'autre."


class Seats(Protocol):
    """Who answers the page once the desk knows whom it speaks for."""

    def shown(self) -> Reply:
        """The screen between two people; nothing of anybody."""

    def entered(self, visit: Visit) -> Reply:
        """The form, for somebody who was admitted."""

    def kept(self, visit: Visit, answers: Mapping[str, str]) -> Reply:
        """What was answered is kept."""

    def sent(self, visit: Visit, message: Mapping[str, Any]) -> Reply:
        """What was answered is sealed."""

    def left(self, visit: Visit) -> Reply:
        """Somebody has left the desk; what could not be resumed is erased."""


@dataclass
class Desk:
    """A campaign whose answers come in through one notebook.

    ``live``: the inquiry as its file stands; ``url``: of the database of its store, "" for a file.
    The store is opened for each message and closed after it: no log of it lies about between two
    people, and a cell run again leaves nothing behind.
    """

    asked: Asked
    live: Live
    url: str = ""
    attempts: Attempts = field(default_factory=Attempts)
    _here: tuple[str, Visit] | None = field(default=None, repr=False)

    @property
    def inquiry(self) -> Inquiry:
        """What is asked, and of which cards: those added since the cell was run too."""
        return self.live.inquiry

    @property
    def cards(self) -> bool:
        """Whether people hold cards."""
        return self.inquiry.access == "cards"

    @contextmanager
    def reception(self) -> Iterator[Reception]:
        """What receives answers, as long as one message takes.

        Raises:
            Refused: the store cannot be opened.
            Wrong: the answers were opened meanwhile.
        """
        store = receiving_store(self.asked.path, self.asked.campaign.id, self.url)
        try:
            reception = Reception(self.asked, self.live, store)
            reception.refuse_closed()
            yield reception
        finally:
            store.close()

    def answer(self, message: Mapping[str, Any], host: "Seats") -> Reply:
        """The reply of a host to ``show``, ``enter``, ``keep``, ``send`` or ``leave``.

        Raises:
            Refused: another message, or what the host refuses.
            Wrong: a code that admits nobody, or somebody who does not have the desk any more.
        """
        match message:
            case {"do": "show"}:
                self.empty()
                return host.shown()
            case {"do": "enter"}:
                self.empty()
                return host.entered(self.admit(message))
            case {"do": "keep"}:
                return host.kept(self.seated(message), texts(message, "answers"))
            case {"do": "send"}:
                return host.sent(self.seated(message), message)
            case {"do": "leave"}:
                visit = self.seated(message)
                self.empty()
                return host.left(visit)
        raise unknown()

    def admit(self, given: Mapping[str, Any]) -> Visit:
        """Who comes, by the code typed; without cards, by the service chosen.

        Raises:
            Refused: it cannot be a code.
            Wrong: a code of no card of this campaign, too many of them, or no service.
        """
        if not self.cards:
            return self._unknown_person(str(given.get("place") or ""))
        code = read_code(str(given.get("code") or "")[:LONGEST_CODE])
        card = card_of(code, bytes.fromhex(self.inquiry.salt))
        unit = self.inquiry.places.get(card.mark)
        if unit is None:
            slow = self.attempts.too_many()
            raise Wrong(429 if slow else 403, SLOWLY if slow else UNKNOWN)
        return Visit(card, unit)

    def _unknown_person(self, place: str) -> Visit:
        """Without cards, what stands for one is drawn at once, and known to this desk alone."""
        units = self.inquiry.units
        if not (place.isascii() and place.isdigit() and int(place) < len(units)):
            raise Wrong(422, CHOOSE)
        return Visit(Card(secrets.token_bytes(32)), units[int(place)])

    def seat(self, visit: Visit) -> str:
        """Give the desk to somebody, and take it from who was there; gives their ticket."""
        ticket = secrets.token_hex(16)
        self._here = ticket, visit
        return ticket

    def seated(self, message: Mapping[str, Any]) -> Visit:
        """Who sends a message.

        Raises:
            Wrong: somebody who does not have the desk, or not any more.
        """
        if self._here is None or message.get("visit") != self._here[0]:
            raise Wrong(403, ENTER_FIRST)
        return self._here[1]

    def empty(self) -> None:
        """Forget who was there."""
        self._here = None


def desk_of(campaign: Path, url: str = "") -> Desk:
    """The desk of a campaign that was prepared. ``url``: of a PostgreSQL database.

    Raises:
        Refused: it may not receive answers: see `receivable`; its store cannot be opened.
    """
    asked, live = receivable(campaign)
    desk = Desk(asked, live, url)
    with desk.reception() as reception:
        reception.store.reach()  # what must not be is told at once, not to the first who answers
        if url:
            note_database(campaign, asked.campaign.id)
        return desk


def texts(message: Mapping[str, Any], key: str) -> dict[str, str]:
    """Texts of a message by their name.

    Raises:
        Refused: there is something else under this key.
    """
    given = message.get(key) or {}
    if not isinstance(given, dict):
        raise unknown()
    return {str(name): str(text) for name, text in given.items()}


def unknown() -> Exception:
    """Why a message that is none of ours is refused."""
    return refusal("saisie", "demande inconnue", "exécutez de nouveau la cellule")
