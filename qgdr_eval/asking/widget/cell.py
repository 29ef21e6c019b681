"""The form in a cell of a notebook: messages there and back, and nothing in its state."""

from pathlib import Path
from typing import Any

import anywidget
import pandas as pd

from qgdr_eval.asking.asked.inquiry import inquiry_path
from qgdr_eval.asking.form.lay import read
from qgdr_eval.asking.receiving.reception import Wrong
from qgdr_eval.asking.receiving.writer import FULL, LOCKED, NotKept
from qgdr_eval.asking.widget.desk import desk_of
from qgdr_eval.asking.widget.entry import Closed, Entry, entry_of
from qgdr_eval.asking.widget.listed import Asked, asked_of
from qgdr_eval.asking.widget.paper import Sheets
from qgdr_eval.asking.widget.turns import Turns
from qgdr_eval.french import typography
from qgdr_eval.problems import Refused
from qgdr_eval.tables.faults import refusal

SCRIPTS = (
    "form/form.js",
    "widget/kernel.js",
    "widget/entry.js",
    "widget/turns.js",
    "widget/paper.js",
)
STYLES = ("form/form.css", "widget/entry.css", "widget/turns.css")
TWICE = 2  # times a sheet of paper is typed, to be compared
NOT_KEPT = {
    FULL: "Le disque est plein",
    LOCKED: "Un autre programme tient le recueil",
}
Host = Entry | Turns | Sheets | Closed
"""What answers the page."""


def open_entry(
    campaign: str | Path,
    drawn: pd.DataFrame | None = None,
    reader: int = 1,
    paper: int = 0,
    store: str = "",
) -> Host:
    """Open a campaign to enter answers in.

    ``campaign``: the path of its file; ``drawn``: the records drawn, the list of those to enter;
    ``reader``: 2 for the second auditor, who enters in the campaign the first one names.
    ``paper``, where people answer: 0, they take turns at this computer; 1, somebody types the
    sheets of paper that they handed in; 2, types each twice, and they are compared. ``store``: the
    URL of a PostgreSQL database, for a campaign that is served from there.

    >>> from qgdr_eval.fictitious import lasting_file
    >>> len(open_entry(lasting_file("demo_audit")).entries.all())
    106

    Raises:
        Refused: the campaign cannot be read, its answers file is not one that entry writes, or it
            may not receive answers any more.
    """
    path = Path(campaign)
    asked = asked_of(path, drawn, reader)
    if not asked.instrument.of_people:
        _refuse_paper(asked, paper)
        return entry_of(asked)
    if not inquiry_path(path, asked.campaign.id).exists():
        return Closed(asked)
    desk = desk_of(path, store)
    return Sheets(desk, twice=paper == TWICE) if paper else Turns(desk)


def _refuse_paper(asked: Asked, paper: int) -> None:
    """Only people hand in sheets with a card.

    Raises:
        Refused: sheets are asked for, of a campaign that has none.
    """
    if paper:
        what = "« paper » est pour les questionnaires de personnes"
        raise refusal(asked.campaign.title, what, "écrivez « paper = 0 »")


def entry_form(entry: Host) -> "EntryForm":
    """The form to enter with, as a widget to show in a cell.

    >>> from qgdr_eval.fictitious import lasting_file
    >>> entry_form(open_entry(lasting_file("demo_audit")))
    Formulaire de saisie
    """
    return EntryForm(entry)


def read_script(name: str) -> str:
    """The text of a script of this folder; ``kernel.js`` serves every widget of the kit.

    >>> "correspond" in read_script("kernel.js")
    True
    """
    return read(f"widget/{name}")


class EntryForm(anywidget.AnyWidget):
    """A form whose answers travel by messages only: a notebook saves the state of its widgets."""

    _esm = "".join(map(read, SCRIPTS))
    _css = "".join(map(read, STYLES))

    def __init__(self, entry: Host) -> None:
        super().__init__()
        self._entry = entry
        self.on_msg(self._receive)

    def __repr__(self) -> str:
        return "Formulaire de saisie"

    def _receive(self, _: Any, message: Any, __: Any) -> None:
        """Reply to one message; what is done is on the disk by then."""
        self.send(reply_to(self._entry, message))


def reply_to(entry: Host, message: Any) -> dict[str, Any]:
    """The reply to one message of the page, under its number: done, or why it is not.

    >>> from qgdr_eval.fictitious import lasting_file
    >>> reply_to(open_entry(lasting_file("demo_audit")), {"id": "1", "do": "?"})["done"]
    False
    """
    given = message if isinstance(message, dict) else {}
    number = {"id": given.get("id")}
    try:
        return {**number, "done": True, **entry.answer(given)}
    except Wrong as wrong:
        return {**number, "done": False, "why": typography(wrong.words)}
    except NotKept as error:
        why = NOT_KEPT.get(str(error), "Le recueil ne répond pas")
        return {**number, "done": False, "why": typography(f"{why} : rien n'a été gardé.")}
    except Refused as refused:
        told = " ".join(f"{problem.what} : {problem.cure}." for problem in refused.problems)
        return {**number, "done": False, "why": typography(told[:1].upper() + told[1:])}
    except Exception:  # whatever happens, the page must not believe that it was kept
        return {**number, "done": False, "why": "Une panne imprévue l'a empêché."}
