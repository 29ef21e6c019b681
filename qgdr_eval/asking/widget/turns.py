"""A service that passes one computer round: each answers in turn, and leaves nothing to the next.

What the page asks of the notebook, and what it is answered. No widget in here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qgdr_eval.asking.asked.campaign import Asked
from qgdr_eval.asking.form.lay import Filled, Host, lay_form, render
from qgdr_eval.asking.receiving.first import lay_first
from qgdr_eval.asking.receiving.reception import (
    ALREADY,
    UNREADABLE,
    Changes,
    Reception,
    Visit,
    Wrong,
    apart,
)
from qgdr_eval.asking.sealing.drafts import open_draft
from qgdr_eval.asking.widget.desk import Desk, Reply, texts
from qgdr_eval.french import set_type, typography

SEALED = (
    "Quand vous envoyez, tout est scellé : ni cet ordinateur ni ce carnet ne pourront plus le "
    "lire, ni vous le rendre."
)
CARDS = Host(
    "turn",
    "Chaque réponse est gardée à mesure, chiffrée avec votre carte : avec son code, vous "
    f"reprendrez ici. {SEALED}",
)
OPEN = Host(
    "turn",
    "Vos réponses restent chiffrées jusqu'à l'envoi, et ne se reprennent pas plus tard : si vous "
    f"laissez la place avant, elles sont effacées. {SEALED}",
)
LEAVE = {"cards": "Arrêter, et reprendre plus tard", "open": "Effacer et laisser la place"}
IDLE = "Cinq minutes sans réponse : l'écran a été effacé."
RESUME = f"{IDLE} Vos réponses sont gardées : le code de votre carte les rouvre."
LOST = f"{IDLE} Ce qui n'avait pas été envoyé, ou pas enregistré, n'est plus là."


@dataclass(frozen=True)
class Turns:
    """A campaign of people answered at one desk.

    `answer` is all the page may ask; every reply is given once what it says is done.
    """

    desk: Desk

    @property
    def asked(self) -> Asked:
        """The campaign, and what it asks."""
        return self.desk.asked

    def answer(self, message: Mapping[str, Any]) -> Reply:
        """The reply to ``show``, ``enter``, ``keep``, ``send`` or ``leave``.

        Raises:
            Refused: another message, or a store that cannot be opened.
            Wrong: a code that admits nobody, a card used already, an answer that is not offered.
            NotKept: nothing of it was.
        """
        return self.desk.answer(message, self)

    def shown(self) -> Reply:
        """The screen between two people, and what is said on it; nothing of anybody."""
        inquiry = self.desk.inquiry
        return {
            "subject": "respondent",
            "first": lay_first("widget/turn", self.asked, inquiry),
            "thanks": set_type(render("widget/thanks")),
            "leave": LEAVE[inquiry.access],
            "resume": typography(RESUME if self.desk.cards else LOST),
            "lost": typography(LOST),
        }

    def entered(self, visit: Visit) -> Reply:
        """The form with what was answered so far, for whoever holds a card that is not used."""
        with self.desk.reception() as reception:
            used, box = reception.store.look(visit.card.mark, visit.card.draft).result()
        if used:
            raise Wrong(409, ALREADY)
        draft = open_draft(box, visit.card)
        told = typography("" if draft is not None else UNREADABLE)
        asked, host = self.asked, CARDS if self.desk.cards else OPEN
        form = lay_form(asked.instrument, host, reception.closing, Filled(draft or {}, told=told))
        return {"visit": self.desk.seat(visit), "form": form}

    def kept(self, visit: Visit, answers: Mapping[str, str]) -> Reply:
        """Change the draft."""
        card = visit.card
        with self.desk.reception() as reception:
            changes = reception.changes(answers)

            def change(box: bytes | None) -> bytes:
                return reception.redraft(box, card, changes)

            if reception.store.keep(card.mark, card.draft, change).result() is None:
                raise Wrong(409, ALREADY)
        return {}

    def sent(self, visit: Visit, message: Mapping[str, Any]) -> Reply:
        """Seal a return; one sent again, because the page never knew of the first, counts once."""
        answers, comment = apart(texts(message, "answers"))
        with self.desk.reception() as reception:
            changes = reception.changes({item: code for item, code in answers.items() if code})
            words = reception.comment(comment)
            new = _seal(reception, visit, changes, words)
        return {"told": "" if new else typography(ALREADY)}

    def left(self, visit: Visit) -> Reply:
        """Without cards nothing could be resumed: it is erased."""
        if not self.desk.cards:
            with self.desk.reception() as reception:
                reception.store.forget(visit.card.draft).result()
        return {}


def _seal(reception: Reception, visit: Visit, changes: Changes, comment: str) -> bool:
    card = visit.card
    return reception.store.keep_return(
        card.mark, card.draft, lambda box: reception.seal(visit, box, changes, comment)
    ).result()
