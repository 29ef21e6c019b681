"""What receives answers knows: the campaign, its cards, its store; and what it does of answers."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from qgdr_eval.asking.asked.campaign import Asked, read_asked, refuse_changed
from qgdr_eval.asking.asked.inquiry import (
    Inquiry,
    Live,
    Unit,
    drafts_path,
    inquiry_path,
    load_inquiry,
    store_path,
)
from qgdr_eval.asking.asked.opened import is_closed, opened_path
from qgdr_eval.asking.form.lay import CLASS, COMMENT, Closing, Host
from qgdr_eval.asking.preparing.offline import closing_of
from qgdr_eval.asking.receiving.store import Store, open_store
from qgdr_eval.asking.returning.remarks import LONGEST, remark_content
from qgdr_eval.asking.returning.returned import Offered, Return, offered_by
from qgdr_eval.asking.sealing.cards import Card
from qgdr_eval.asking.sealing.drafts import close_draft, merged, open_draft
from qgdr_eval.asking.sealing.keys import key_files_under
from qgdr_eval.french import typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses.asked import UNSAID

Answers = dict[str, int | str]
Changes = dict[str, int | str | None]

SERVED = Host(
    "served",
    "Chaque réponse est gardée à mesure, chiffrée avec votre carte : avec son code, vous "
    "reprendrez ici ou sur un autre appareil. Quand vous envoyez, tout est scellé ; ce serveur "
    "ne pourra plus le lire, ni vous le rendre.",
    "/envoyer",
)
"""A form served to people who hold cards."""

OPEN = Host(
    "open",
    "Vos réponses restent chiffrées jusqu'à l'envoi, et ne se reprennent pas plus tard : si vous "
    "fermez cette fenêtre, il faudra recommencer. Quand vous envoyez, tout est scellé ; ce serveur "
    "ne pourra plus le lire, ni vous le rendre.",
    "/envoyer",
)
"""A form served to whoever comes."""

UNKNOWN = "Ce code n'est celui d'aucune carte de cette enquête : relisez-le."
SLOWLY = "Ce code n'est pas bon, et trop de codes faux ont été essayés : attendez une minute."
ALREADY = (
    "Cette carte a déjà servi : une réponse est enregistrée avec elle, comptée une seule fois. Si "
    "c'est la vôtre, tout est fait. Sinon, demandez une carte de réserve."
)
UNREADABLE = "Ce que vous aviez commencé n'a pas pu être relu : répondez de nouveau."
CHOOSE = "Choisissez votre service."


class Wrong(Exception):
    """A request that is refused. ``status``: of HTTP; ``words``: a French sentence or two."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


@dataclass(frozen=True)
class Visit:
    """Who answers, as far as anybody knows: a card, and the service it is of."""

    card: Card
    unit: Unit


@dataclass(frozen=True)
class Reception:
    """A campaign that people answer, on a server or on a computer passed round.

    ``live``: the inquiry as its file stands; ``secure``: whether pages travel encrypted, so that a
    cookie may say so.
    """

    asked: Asked
    live: Live
    store: Store
    secure: bool = False

    @property
    def inquiry(self) -> Inquiry:
        """What is asked, and of which cards: those added while it is served too."""
        return self.live.inquiry

    @cached_property
    def offered(self) -> Offered:
        """The codes that may answer each question."""
        return offered_by(self.asked.instrument)

    @cached_property
    def closing(self) -> Closing:
        """What is asked last."""
        return closing_of(self.asked)

    @property
    def host(self) -> Host:
        """What the form promises here."""
        return SERVED if self.inquiry.access == "cards" else OPEN

    @property
    def salt(self) -> bytes:
        """The salt of the codes."""
        return bytes.fromhex(self.inquiry.salt)

    def admit(self, card: Card) -> Visit | None:
        """Who holds this card, None when it is none of this campaign."""
        unit = self.inquiry.places.get(card.mark)
        return Visit(card, unit) if unit else None

    def refuse_closed(self) -> None:
        """Refuse what comes once the answers were opened.

        Raises:
            Wrong: they were.
        """
        campaign = self.asked.campaign.id
        if is_closed(opened_path(inquiry_path(self.asked.path, campaign))):
            raise Wrong(410, "Cette enquête est close : les réponses ont été ouvertes.")

    def changes(self, given: Mapping[str, object]) -> Changes:
        """Answers as a page gives them, each checked; "" takes one back.

        Raises:
            Wrong: a question that is not asked, an answer that is not offered.
        """
        return {name: self._answer(name, value) for name, value in given.items()}

    def _answer(self, name: str, value: object) -> int | str | None:
        if value == "":
            known = name in self.offered or (name == CLASS and self.closing.classes)
        elif name == CLASS:
            known = self.closing.classes and value in (*self.closing.classes, UNSAID)
        else:
            known = isinstance(value, str) and value in {str(c) for c in self.offered.get(name, ())}
        if not known:
            raise Wrong(422, "Une de ces réponses n'est pas proposée par le questionnaire.")
        return None if value == "" else str(value) if name == CLASS else int(str(value))

    def comment(self, given: object) -> str:
        """What was written at the end.

        Raises:
            Wrong: none is asked, or it is too long.
        """
        text = given if isinstance(given, str) else ""
        if text and not self.asked.asking.comments:
            raise Wrong(422, "Ce questionnaire ne demande pas de commentaire.")
        if len(text.replace("\r\n", "\n")) > LONGEST:
            raise Wrong(422, f"Ce commentaire dépasse {LONGEST} caractères : raccourcissez-le.")
        return text.replace("\0", " ")

    def merge(self, box: bytes | None, card: Card, changes: Changes) -> Answers:
        """A draft with these changes; one that nobody can read any more counts for nothing."""
        return merged(open_draft(box, card) or {}, changes)

    def redraft(self, box: bytes | None, card: Card, changes: Changes) -> bytes:
        """The box of a draft with these changes."""
        return close_draft(self.merge(box, card, changes), card, self.inquiry.room)

    def seal(
        self, visit: Visit, box: bytes | None, changes: Changes, comment: str
    ) -> tuple[bytes, bytes | None]:
        """What is sealed of a return: its answers, and apart from them, even if empty, a remark."""
        answers = self.merge(box, visit.card, changes)
        stratum = str(answers.pop(CLASS, UNSAID if self.closing.classes else ""))
        place = ("", "") if self.inquiry.access == "cards" else visit.unit.name
        codes = {item: int(code) for item, code in answers.items()}
        content = Return(visit.card.root.hex(), codes, stratum, place).content()
        return self.inquiry.seal.close(content), self._remark(visit.unit.facility, comment)

    def _remark(self, facility: str, comment: str) -> bytes | None:
        if not self.asked.asking.comments:
            return None
        content = remark_content(facility, comment, secrets.token_hex(16))
        return self.inquiry.remark_seal.close(content)


def receivable(path: Path, folders: Sequence[Path] = ()) -> tuple[Asked, Live]:
    """A campaign that may receive answers now. ``folders``: where they are copied as well.

    Raises:
        Refused: no preparation, a questionnaire that changed since, answers already opened, the
            key beside what it opens.
    """
    asked = read_asked(path)
    kept = inquiry_path(path, asked.campaign.id)
    inquiry = load_inquiry(kept)
    refuse_changed(asked, inquiry.instrument)
    if is_closed(opened_path(kept)):
        what = "les réponses de cette campagne ont été ouvertes : elle est close"
        raise _refusal(path.name, what, "pour interroger de nouveau, préparez une autre campagne")
    if found := key_files_under([path.parent, *folders]):
        what = "cette clé d'ouverture est à côté des réponses qu'elle ouvre"
        cure = "emportez-la ailleurs, sur une clé USB, et effacez ce fichier"
        raise _refusal(str(found[0]), what, cure)
    return asked, Live(kept, inquiry)


def receiving_store(path: Path, campaign: str, url: str = "") -> Store:
    """The store where answers of a campaign come in: a file beside it, or a database.

    With a database, drafts are in a file beside the campaign, and nowhere else.

    Raises:
        Refused: a network folder, a file that is no store, an address that is none.
        Unwritable: the disk does not take it.
    """
    if url:
        return open_store(url, campaign, drafts_path(path, campaign))
    return open_store(store_path(path, campaign), campaign)


def apart(given: Mapping[str, object]) -> tuple[dict[str, object], object]:
    """Answers, and what was written at the end.

    >>> apart({"Q1": "4", "_commentaire": "Merci"})
    ({'Q1': '4'}, 'Merci')
    """
    answers = {name: value for name, value in given.items() if name != COMMENT}
    return answers, given.get(COMMENT, "")


def _refusal(where: str, what: str, cure: str) -> Refused:
    return Refused([Problem(where, None, "", typography(what), typography(cure))])
