"""The page that opens a campaign: what was run, what is ready, what failed and why.

The example reads ``campaign_report``: `qgdr demo essai` writes a campaign, and
``open_campaign("essai/campagne.yml")`` opens it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Literal

from markupsafe import Markup

from qgdr_eval.disclosure import Card
from qgdr_eval.french import date
from qgdr_eval.reporting.page.fragment import DRAFT, Table, marked, paper, read_style, render
from qgdr_eval.wording.subjects import SUBJECTS

STATES = {
    "ready": "prêt",
    "suppressed": "effectif insuffisant",
    "failed": "en échec",
    "pending": "pas encore fait",
}
SHOWN = 12  # characters of a fingerprint that a reader compares
COUNTED = {
    "ready": "Rapports prêts",
    "suppressed": "Effectif insuffisant",
    "failed": "En échec",
    "pending": "Pas encore faits",
}

READ_FIRST = {  # what a page that is ready is for, by the subject of the instrument
    "respondent": "Le rapport du service, à lire d'abord en équipe.",
    "record": "Le rapport du service, à lire d'abord en équipe.",
    "group": "La position du groupe, à relire d'abord par lui.",
    "person": "La page d'une personne, à remettre à elle seule.",
}


@dataclass(frozen=True)
class Entry:
    """One report of the index. ``cause`` says why it failed; ``n`` and ``rate`` when published.

    ``date``: ISO day it bears; ``results`` and ``output``: fingerprints of what it was made from
    and of its page; ``whole``: what a page of the whole campaign is called, "" for any other;
    ``edition``: which edition of a service's page it is, "" for the page itself;
    ``of_kind``: ``service`` is a kind of service, all facilities together.

    ``state``: ``ready``, ``suppressed`` (too few answers), ``failed`` or ``pending``; ``rate``:
    in %.

    >>> Entry("Hôpital", "Bloc", "pages/bloc.html", "ready", n=12, rate=80.0).name
    'Bloc'
    """

    facility: str
    service: str
    href: str
    state: Literal["ready", "suppressed", "failed", "pending"]
    cause: str = ""
    n: int | None = None
    rate: float | None = None
    date: str = ""
    results: str = ""
    output: str = ""
    whole: str = ""
    edition: str = ""
    of_kind: bool = False

    @property
    def of_a_service(self) -> bool:
        """Whether it is the page of one service, which has its line in the index."""
        return bool(self.service) and not self.edition and not self.of_kind

    @property
    def name(self) -> str:
        """What the page is about."""
        name = self.whole or self.service or self.facility
        return f"{name} ({self.edition})" if self.edition else name


def index_page(
    entries: Sequence[Entry],
    card: Card,
    kit: Mapping[str, str] = MappingProxyType({}),
    above: str = "",
) -> str:
    """Lay out the index of a campaign's reports as one HTML page, in the order of ``entries``.

    ``kit``: name and version of what the pages were made with; ``above``: the address of the index
    of the programme it was printed for, "" for none.

    >>> page = index_page([Entry("Hôpital", "Bloc", "bloc.html", "pending")], campaign_report.card)
    >>> "pas encore fait" in page
    True
    """
    title = marked(card.title, card.draft)
    services = [
        entry for entry in entries if entry.service and not entry.edition and not entry.of_kind
    ]
    editions: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        if entry.edition:
            editions.setdefault((entry.facility, entry.service), []).append(entry)
    facilities = [(name, list(group)) for name, group in groupby(services, lambda e: e.facility)]
    counts = {state: sum(entry.state == state for entry in services) for state in STATES}
    return str(
        render(
            "page/index",
            card=card,
            title=title,
            draft=DRAFT if card.draft else "",
            facilities=facilities,
            counts=counts,
            states=STATES,
            counted=COUNTED,
            read_first=READ_FIRST[card.subject],
            noun=_noun(card),
            apart={
                entry.facility: entry
                for entry in entries
                if entry.facility and not entry.service and not entry.edition
            },
            kinds=[entry for entry in entries if entry.of_kind],
            wholes=[entry for entry in entries if entry.whole],
            editions=editions,
            report_date=max((entry.date for entry in entries), default=""),
            kit=kit,
            above=above,
            prints=_prints(entries),
            made_with=Table("Logiciels et versions", ("Logiciel", "Version"), list(kit.items())),
            style=Markup(
                read_style("fragment.css") + read_style("page.css") + paper(title, draft=card.draft)
            ),
        )
    )


def _noun(card: Card) -> tuple[str, str] | None:
    """What the answers of a service are, one then several; None where there is one."""
    if card.of_people:
        return "réponse", "réponses"
    return (card.record, card.records) if card.record else SUBJECTS[card.subject].answers


def _prints(entries: Sequence[Entry]) -> Table:
    """The manifest as a table: when each page was made, from what, and what came out."""
    rows = [
        (
            entry.name,
            date(entry.date) if entry.date else "–",
            entry.results[:SHOWN] or "–",
            entry.output[:SHOWN] or "–",
        )
        for entry in entries
    ]
    columns = ("Page", "Faite le", "Empreinte des résultats", "Empreinte de la page")
    return Table("Début de l'empreinte SHA-256 de chaque page", columns, rows, (0, 1, 2, 3))
