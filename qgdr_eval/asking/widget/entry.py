"""Entering: what the page asks of the notebook, and what it is answered. No widget in here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from qgdr_eval.asking.form.lay import Host, lay_form
from qgdr_eval.asking.form.questions import sections_of
from qgdr_eval.asking.widget.desk import texts, unknown
from qgdr_eval.asking.widget.entries import Entries
from qgdr_eval.asking.widget.listed import Asked
from qgdr_eval.asking.widget.sheet import ROLES, Entered, Sheet, cleaned
from qgdr_eval.french import count, quote, typography
from qgdr_eval.instruments import Instrument, Unit
from qgdr_eval.responses.columns import SUBJECTS
from qgdr_eval.responses.reasons import reason_asked
from qgdr_eval.tables.faults import refusal

Reply = dict[str, Any]
LONGEST_NAME = 80  # characters of a number, of the name of a place
LONGEST_REASON = 300
HOSTS = {
    "record": Host(
        "record",
        "Chaque réponse est enregistrée aussitôt, dans le fichier de la campagne, sur cet "
        "ordinateur. Aucun nom de patient : un numéro suffit.",
    ),
    "group": Host(
        "group",
        "Chaque réponse est enregistrée aussitôt, dans le fichier de la campagne, sur cet "
        "ordinateur. C'est la réponse sur laquelle le groupe s'est mis d'accord.",
    ),
    "person": Host(
        "person",
        "Vos réponses restent sur cet ordinateur, dans un fichier que vous seul ouvrez. Rien n'est "
        "envoyé.",
    ),
}
RECORD = Unit(one="dossier", many="dossiers")


@dataclass(frozen=True)
class Entry:
    """Records, groups or persons being entered in the file of a campaign.

    `answer` is all the page may ask; every reply is given once what it says is done. ``last``:
    which one was opened last, to be shown again when the page is.
    """

    asked: Asked
    entries: Entries
    last: dict[str, Any] = field(default_factory=dict)

    def answer(self, message: Mapping[str, Any]) -> Reply:
        """The reply to one message: ``show``, ``open`` or ``keep``.

        Raises:
            Refused: another message, an answer outside its scale, a record without a number, or
                what could not be written.
        """
        match message:
            case {"do": "show"}:
                return self._shown()
            case {"do": "open", "where": dict(where)}:
                return self._opened(self._where(where), typed=message.get("typed") is True)
            case {"do": "keep", "where": dict(where)}:
                return self._kept(self._where(where), message)
        raise unknown()

    def _shown(self) -> Reply:
        instrument = self.asked.instrument
        return {
            "subject": instrument.subject,
            "named": self._named,
            "next": self._next,
            "form": lay_form(instrument, HOSTS[instrument.subject]),
            "total": len(instrument.items),
            "last": self.last.get("where"),
            "places": [list(place) for place in self.asked.places],
            "roles": list(self.entries.sheet.roles),
            "reasons": _not_applicable(instrument),
            "notes": _notes(instrument) if instrument.declared else [],
            **self._lists(),
        }

    @property
    def _named(self) -> str:
        instrument = self.asked.instrument
        return instrument.unit.one.capitalize() if instrument.unit else SUBJECTS[instrument.subject]

    @property
    def _unit(self) -> Unit:
        return self.asked.instrument.unit or RECORD

    @property
    def _no_other(self) -> str:
        return f"d'aucun{'e' if self._unit.feminine else ''} autre {self._unit.one}"

    @property
    def _next(self) -> str:
        if not self.asked.instrument.of_records:
            return "Terminer"
        return f"{self._unit.one.capitalize()} suivant{'e' if self._unit.feminine else ''}"

    def _lists(self) -> Reply:
        """What is entered and what is left, without an answer."""
        rows, corrections = self.entries.all(), self.entries.corrections()
        keys = {row.key for row in rows}
        left = [row for row in self.asked.listed if row.key not in keys]
        entered = [
            {**_place(row), "answered": len(row.answers), "corrections": corrections[row.key]}
            for row in rows
        ]
        return {
            "entered": entered,
            "left": [_place(row) for row in left],
            "known": {role: self._known(role) for role in ("facility", "service")},
        }

    def _known(self, role: str) -> list[str]:
        """The services, or facilities, of records to enter and entered, in alphabetical order."""
        rows = [*self.asked.listed, *self.entries.all()]
        return sorted({getattr(row, role) for row in rows} - {""})

    def _doubts(self, where: Entered, row: Entered | None) -> Iterator[str]:
        """What should be looked at again of a record whose number somebody typed."""
        if row:
            other = f"un{'e' if self._unit.feminine else ''} autre {self._unit.one}"
            yield (
                f"Déjà saisi ({len(row.answers)} sur {len(self.asked.instrument.items)}) : ce que "
                f"vous changez le corrige. Si c'est {other}, vérifiez son numéro."
            )
        listed = {one.key for one in self.asked.listed}
        if listed and where.key not in listed:
            records = count(len(listed), self._unit.one, self._unit.many)
            yield f"Ce numéro n'est pas dans la liste des {records} à saisir : vérifiez-le."
        services = self._known("service")
        if services and where.service and where.service not in services and not self.asked.places:
            yield f"{quote(where.service)} n'est le service {self._no_other} : vérifiez-le."

    def _opened(self, where: Entered, *, typed: bool = False) -> Reply:
        """What is kept of a record. ``typed``: its number was, and may be wrong."""
        found = self.entries.find(where.key)
        doubts = self._doubts(where, found) if typed and where.subject else ()
        row = found or where
        self.last["where"] = _place(row)
        return {
            **_place(row),
            "doubts": [typography(doubt) for doubt in doubts],
            "answers": dict(row.answers),
            "notes": dict(row.notes),
            "reasons": self.entries.reasons(row.key),
        }

    def _kept(self, where: Entered, message: Mapping[str, Any]) -> Reply:
        instrument = self.asked.instrument
        answers = {item: code_of(instrument, item, text)
                   for item, text in texts(message, "answers").items()}  # fmt: skip
        notes = {id: self._note(id, text) for id, text in texts(message, "notes").items()}
        reasons = {
            item: self._reason(item, text) for item, text in texts(message, "reasons").items()
        }
        self.entries.keep(where, answers, notes, reasons)
        return self._lists()

    def _where(self, given: Mapping[str, Any]) -> Entered:
        """The record, group or person a message is about, its places as the roster spells them."""
        named = {role: cleaned(str(given.get(role) or ""), LONGEST_NAME).replace("\n", " ")
                 for role in self.entries.sheet.roles}  # fmt: skip
        if "subject" in named and not named["subject"]:
            raise refusal(self._named, "il manque son numéro", "écrivez-le, sans nom de personne")
        for row in self.asked.listed:
            if "subject" in named and row.subject == named["subject"]:
                named = {role: named[role] or getattr(row, role) for role in named}
        facility, service, subject = (named.get(role, "") for role in ROLES)
        place = Entered(facility, service, subject)
        if self.asked.places:
            return self._placed(place)
        for role, missing in (("facility", "son établissement"), ("service", "son service")):
            if named.get(role) == "":
                raise refusal(self._named, f"il manque {missing}", "écrivez-le")
        return place

    def _placed(self, given: Entered) -> Entered:
        known = [Entered(facility, service, given.subject) for facility, service in
                 self.asked.places]  # fmt: skip
        alike = [one for one in known if self._same_place(one, given)]
        if not alike:
            what = f"{quote(given.service)} n'est pas dans la liste des services"
            raise refusal(self._named, what, "choisissez un service de la liste")
        there = self.entries.sheet.roles
        return Entered(
            alike[0].facility if "facility" in there else "",
            alike[0].service if "service" in there else "",
            given.subject,
        )

    def _same_place(self, known: Entered, given: Entered) -> bool:
        """A single service needs no name; without facilities a service is known by its own."""
        there = self.entries.sheet.roles
        if "service" in there and known.service != given.service:
            return False
        return "facility" not in there or not given.facility or known.facility == given.facility

    def _note(self, id: str, text: str) -> str:
        if id not in self.entries.sheet.notes:
            raise refusal(id[:40], "ce questionnaire ne prend pas cette note", "retirez-la")
        return cleaned(text)

    def _reason(self, item: str, text: str) -> str:
        if item not in _not_applicable(self.asked.instrument):
            raise refusal(item[:40], "ce critère ne prend pas de motif", "retirez-le")
        return cleaned(text, LONGEST_REASON).replace("\n", " ")


@dataclass(frozen=True)
class Closed:
    """A campaign of people, and nothing yet that takes their returns: the page says what to do."""

    asked: Asked

    def answer(self, message: Mapping[str, Any]) -> Reply:
        """No reply but why, whatever is asked.

        Raises:
            Refused: always.
        """
        what = (
            "les réponses de personnes ne s'écrivent pas dans le fichier de la campagne, où elles "
            "seraient lisibles, dans leur ordre d'arrivée"
        )
        cure = "préparez d'abord le recueil, par « qgdr ask » et le nom de la campagne"
        raise refusal(self.asked.campaign.title, what, cure)


def entry_of(asked: Asked) -> Entry:
    """What enters records, groups or persons of a campaign.

    Raises:
        Refused: an answers file that entry cannot write.
    """
    path = asked.folder / asked.campaign.responses.file
    entries = Entries(Sheet(asked.campaign, asked.instrument), path)
    entries.all()
    return Entry(asked, entries)


def code_of(instrument: Instrument, item: str, given: str) -> int | None:
    """The code of an answer sent by a page; ``None`` for "", taken back.

    >>> from qgdr_eval.instruments import load_instrument
    >>> code_of(load_instrument("epp_hygiene_mains"), "PR01", "1")
    1

    Raises:
        Refused: an item or an answer that the questionnaire does not have.
    """
    if item in instrument.codes:
        one = instrument.item(item)
        answers = [answer.code for answer in instrument.scale_of(one).answers]
        if given == "":
            return None
        if given in [str(code) for code in answers if code not in one.forbidden]:
            return int(given)
    raise refusal(item[:40], "cette réponse n'est pas de ce questionnaire", "choisissez-en une")


def _place(row: Entered) -> dict[str, str]:
    return {"facility": row.facility, "service": row.service, "subject": row.subject}


def _not_applicable(instrument: Instrument) -> dict[str, list[str]]:
    """For each item of an audit, the answers that call for a reason."""
    if not instrument.of_records:
        return {}
    found = {
        item.code: [str(one.code) for one in instrument.scale_of(item).not_applicable
                    if one.code not in item.forbidden]
        for item in instrument.items
    }  # fmt: skip
    return {item: codes for item, codes in found.items() if codes}


def _notes(instrument: Instrument) -> list[dict[str, Any]]:
    """Under which section, from 0, notes are written: those of a dimension in its last one."""
    items = {item.code: item.dimension for item in instrument.items}
    sections = [[question.code for question in one.questions] for one in sections_of(instrument)]
    last = {items[codes[0]]: at for at, codes in enumerate(sections)}
    labels = {one.id: typography(one.label) for one in instrument.dimensions}
    reasons = [
        {"section": at, "id": item.code, "label": f"{item.code}. {reason_asked(item, instrument)}"}
        for at, codes in enumerate(sections)
        for item in instrument.explained
        if item.code in codes
    ]
    return [*reasons, *({"section": at, "id": id, "label": labels[id]} for id, at in last.items())]
