"""The facilitator's screen in a cell of a notebook: the same file, the same steps as in a browser.

Cards are counted there; `qgdr workshop` may serve the telephones of the same workshop meanwhile.
"""

from pathlib import Path
from typing import Any

import anywidget

from qgdr_eval.asking.widget import read_script
from qgdr_eval.campaigns.results import PUBLISH, publish_campaign
from qgdr_eval.fictitious import is_fictitious, lasting_file
from qgdr_eval.french import typography
from qgdr_eval.problems import Refused
from qgdr_eval.workshop.acts import act
from qgdr_eval.workshop.journal import Journal, open_journal
from qgdr_eval.workshop.screens import Screen, lay_content, read
from qgdr_eval.workshop.session import NotNow

UNREADABLE = "Cet envoi n'est pas lisible : rien n'a changé."


def open_workshop(campaign: str | Path, facility: str = "", service: str = "") -> Journal:
    """Open the workshop of a service, where it was left; see `qgdr_eval.workshop.open_debate`.

    ``campaign``: a campaign file, published results, or ``demo``, for as long as this process.

    >>> journal = open_workshop("demo", service="Cardiologie")
    >>> journal.resumed, len(journal.kept.topics)
    (False, 5)

    Raises:
        Refused: as `qgdr_eval.workshop.open_debate` and `qgdr_eval.workshop.Journal`.
    """
    path = lasting_file(str(campaign))
    if is_fictitious(str(campaign), "campaign"):
        publish_campaign(str(path), PUBLISH)
    return open_journal(path, facility, service)


def facilitate(journal: Journal) -> "Facilitator":
    """The facilitator's screen, as a widget to show in a cell.

    >>> facilitate(open_workshop("demo"))
    Animation de l'atelier
    """
    return Facilitator(journal)


def in_one_element(style: str) -> str:
    """The style of a whole page, for one element of another page.

    >>> in_one_element(":root { --ink: #1c2733; } body { margin: 0; } p { margin: 0; }")
    '& { --ink: #1c2733; } & { margin: 0; } p { margin: 0; }'
    """
    return style.replace(":root {", "& {").replace("body {", "& {")


class Facilitator(anywidget.AnyWidget):
    """A screen that travels by messages only: a notebook saves the state of its widgets."""

    _esm = read_script("kernel.js") + read("widget.js")
    _css = f".qgdr-atelier {{{in_one_element(read('atelier.css'))}}}"

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal
        self.on_msg(self._receive)

    def __repr__(self) -> str:
        return "Animation de l'atelier"

    def _receive(self, _: object, message: object, __: object) -> None:
        """Reply to one message; what is done is on the disk by then."""
        self.send(reply_to(self._journal, message))


def reply_to(journal: Journal, message: object) -> dict[str, object]:
    """The reply to one message of the cell, under its number: done, or why it is not.

    ``news`` asks for what changes, ``show`` for the screen, ``act`` does what a form asks.

    >>> journal = open_workshop("demo")
    >>> reply_to(journal, {"id": "1", "do": "news"})
    {'id': '1', 'done': True, 'version': 0, 'voted': 0}
    """
    given = message if isinstance(message, dict) else {}
    number = {"id": given.get("id")}
    try:
        return {**number, "done": True, **_answer(journal, given)}
    except NotNow as refusal:
        why = str(refusal)
    except Refused as refused:
        why = " ".join(f"{one.what} : {one.cure}." for one in refused.problems)
    except (KeyError, ValueError, TypeError, AttributeError):
        why = UNREADABLE
    except Exception:  # whatever happens, the cell must not believe that it was kept
        why = "Une panne imprévue l'a empêché."
    return {**number, "done": False, "why": typography(why)}


def _answer(journal: Journal, message: dict[str, Any]) -> dict[str, Any]:
    if message["do"] == "act":
        act(journal, message["given"])
    screen = Screen(journal.kept, "facilitator", "")
    news = {"version": journal.session.version, "voted": screen.voted}
    return news if message["do"] == "news" else news | {"screen": lay_content(screen)}
