"""Sheets of paper, typed by whoever holds them: the card first, then the answers, sealed alike.

A card handed in with its sheet is struck before anything is typed: it answers nowhere else. What is
typed is kept under the card until the sheet is sealed, so that a kernel that dies loses nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from qgdr_eval.asking.asked.campaign import Asked
from qgdr_eval.asking.form.lay import Filled, Host, lay_form
from qgdr_eval.asking.preparing.offline import closing_of
from qgdr_eval.asking.preparing.sheets import place_of
from qgdr_eval.asking.receiving.first import lay_first
from qgdr_eval.asking.receiving.reception import Changes, Reception, Visit, Wrong, apart
from qgdr_eval.asking.sealing.drafts import Kept, close_draft, open_draft
from qgdr_eval.asking.widget.desk import Desk, Reply, texts
from qgdr_eval.french import count, typography

FIRST = "_premiere"  # in a sheet that was typed once and awaits being typed again
USED = (
    "Cette carte a déjà servi : une réponse est comptée avec elle. Mettez sa feuille de côté sans "
    "la saisir, elle compterait deux fois."
)
SEALED = "Cette feuille est déjà scellée : elle est comptée, une seule fois."
UNREADABLE = "Ce qui était saisi de cette feuille n'a pas pu être relu : recommencez-la."
PROMISE = (
    "Feuille de : {place}. Chaque réponse est gardée à mesure, chiffrée avec la carte : son code "
    "rouvre cette feuille tant qu'elle n'est pas scellée."
)
UNCARDED = (
    "Feuille de : {place}. Si vous la laissez avant de la sceller, ce que vous avez saisi est "
    "effacé."
)
AGAIN = (
    "Feuille de : {place}. Seconde saisie : recommencez d'après le papier. Les deux saisies seront "
    "comparées ; celle-ci n'est enregistrée qu'à la fin."
)
LEAVE = {"cards": "Laisser cette feuille pour plus tard", "open": "Effacer cette feuille"}
IDLE = "Cinq minutes sans rien saisir : l'écran a été effacé."
RESUME = f"{IDLE} Le code de la carte rouvre la feuille là où elle en était."
LOST = f"{IDLE} Ce qui n'avait pas été enregistré est à reprendre."


@dataclass(frozen=True)
class Sheets:
    """Sheets of a campaign typed at one desk. ``twice``: each is typed again, and compared.

    `answer` is all the page may ask; every reply is given once what it says is done.
    """

    desk: Desk
    twice: bool = False

    @property
    def asked(self) -> Asked:
        """The campaign, and what it asks."""
        return self.desk.asked

    def answer(self, message: Mapping[str, Any]) -> Reply:
        """The reply to ``show``, ``enter``, ``keep``, ``send`` or ``leave``.

        Raises:
            Refused: another message, or a store that cannot be opened.
            Wrong: a code that admits nobody, a card used elsewhere, an answer that is not offered.
            NotKept: nothing of it was.
        """
        return self.desk.answer(message, self)

    def shown(self) -> Reply:
        """The screen between two sheets, and how many are begun."""
        inquiry = self.desk.inquiry
        return {
            "subject": "sheets",
            "first": lay_first("widget/sheet", self.asked, inquiry, twice=self.twice),
            "waiting": self._waiting(),
            "leave": LEAVE[inquiry.access],
            "resume": typography(RESUME if self.desk.cards else LOST),
            "lost": typography(LOST),
        }

    def _waiting(self) -> str:
        """How many sheets are begun and not sealed, where a card reopens them."""
        if not self.desk.cards:
            return ""
        with self.desk.reception() as reception:
            begun = reception.store.sheets_begun()
        if not begun:
            return ""
        sheets = count(begun, "feuille commencée n'est", "feuilles commencées ne sont")
        return typography(
            f"{sheets} pas encore {'scellée' if begun == 1 else 'scellées'} : le code de la carte "
            "rouvre chacune."
        )

    def entered(self, visit: Visit) -> Reply:
        """Strike the card; show the sheet as it stands, blank when it is to be typed again."""
        card, room = visit.card, self.desk.inquiry.room
        with self.desk.reception() as reception:
            blank = close_draft({}, card, room)
            box = reception.store.strike(card.mark, card.sheet, blank).result()
        if box is None:
            raise Wrong(409, USED)
        typed = open_draft(box, card)
        told = "" if typed is not None else UNREADABLE
        typed = typed or {}
        form = self._form(visit, Filled(told=told) if FIRST in typed else Filled(typed, told=told),
                          again=FIRST in typed)  # fmt: skip
        return {"visit": self.desk.seat(visit), **form}

    def _form(self, visit: Visit, filled: Filled, *, again: bool) -> Reply:
        asked, closing = self.asked, closing_of(self.asked)
        if self.twice and not again:  # a comment is typed once, just before it is sealed
            closing = replace(closing, comments=False)
        promise = AGAIN if again else PROMISE if self.desk.cards else UNCARDED
        host = Host("sheet", promise.format(place=place_of(visit.unit, asked)))
        form = lay_form(asked.instrument, host, closing, filled)
        done = "Comparer" if again else "Première saisie faite" if self.twice else "Sceller"
        return {"form": form, "again": again, "done": done}

    def kept(self, visit: Visit, answers: Mapping[str, str]) -> Reply:
        """Change what is typed of a sheet."""
        card = visit.card
        with self.desk.reception() as reception:
            changes = reception.changes(answers)

            def change(box: bytes | None) -> bytes:
                return reception.redraft(box, card, changes)

            if reception.store.keep_sheet(card.sheet, change).result() is None:
                raise Wrong(409, SEALED)
        return {}

    def sent(self, visit: Visit, message: Mapping[str, Any]) -> Reply:
        """Seal a sheet, or ask for it again, or say where the two times differ.

        What is sealed is what is on the screen, and nothing else. The page says which time it
        is: the first, sent once more because its reply was lost, is not taken for the second.
        """
        answers, comment = apart(texts(message, "answers"))
        with self.desk.reception() as reception:
            final = reception.changes({item: code for item, code in answers.items() if code})
            words = reception.comment(comment)
            before = self._sheet(reception, visit)
            first = before is not None and FIRST in before
            again = first and message.get("again") is True
            if before is not None and not again and (first or self.twice):
                self._await_second(reception, visit, final)
                return self._form(visit, Filled(), again=True)
            if before and again and not message.get("settled"):
                unlike = _unlike(before, final)
                if unlike:
                    return {"differences": unlike}
            new = _seal(reception, visit, final, words)
        return {"told": typography("Feuille scellée." if new else SEALED)}

    def _sheet(self, reception: Reception, visit: Visit) -> Kept | None:
        """What is typed of a sheet; None when it is sealed."""
        _, box = reception.store.look(visit.card.mark, visit.card.sheet).result()
        return None if box is None else open_draft(box, visit.card) or {}

    def _await_second(self, reception: Reception, visit: Visit, final: Changes) -> None:
        card = visit.card
        typed = {item: code for item, code in final.items() if code is not None}
        box = close_draft({**typed, FIRST: 1}, card, self.desk.inquiry.room)
        reception.store.keep_sheet(card.sheet, lambda _: box).result()

    def left(self, visit: Visit) -> Reply:
        """Without a card nobody could resume: it is erased."""
        if not self.desk.cards:
            with self.desk.reception() as reception:
                reception.store.lift(visit.card.mark, visit.card.sheet).result()
        return {"waiting": self._waiting()}


def _unlike(first: Kept, second: Changes) -> list[dict[str, str]]:
    """Each question answered otherwise the second time, as the page names answers."""
    names = sorted(({*first} | {*second}) - {FIRST})
    return [
        {"name": name, "first": str(first.get(name, "")), "second": str(second.get(name, ""))}
        for name in names
        if first.get(name) != second.get(name)
    ]


def _seal(reception: Reception, visit: Visit, final: Changes, comment: str) -> bool:
    card = visit.card
    return reception.store.keep_sheet_return(
        card.sheet, card.draft, lambda _: reception.seal(visit, None, final, comment)
    ).result()
