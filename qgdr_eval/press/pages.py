"""The pages of a campaign: a line each, the notebook that makes it.

A page is a folder of `qgdr_eval.reporting`, a notebook that calls its sections, and a line here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qgdr_eval.disclosure import Place, list_facilities, list_kinds, list_services
from qgdr_eval.french import typography
from qgdr_eval.instruments import Instrument
from qgdr_eval.press.folder import COMPARISON, EDITIONS, FACILITIES, KINDS
from qgdr_eval.reporting.one_kind.sections import FEWEST
from qgdr_eval.reporting.report import is_wide

SERVICE_NOTEBOOK, COMPARISON_NOTEBOOK = "20_service.ipynb", "40_comparaison.ipynb"
PLAIN = "plain"  # answers of people, all of whose page is in plain French
SERVICE_NOTEBOOKS = {  # the page of one service, see `page_of`
    "respondent": SERVICE_NOTEBOOK,
    "record": "30_audit_epp.ipynb",
    "group": "10_autoevaluation.ipynb",
    "person": "10_autoevaluation.ipynb",
    PLAIN: "21_service_facile.ipynb",
}


@dataclass(frozen=True)
class Whole:
    """A page of a whole campaign: its notebook, its file, the head of its title, its name.

    Its file stands beside the index, which links to it by its name.
    """

    notebook: str
    href: str
    title: str
    name: str


@dataclass(frozen=True)
class Part:
    """A page of each part of a campaign that has several services.

    Its notebook, the folder its files stand in, the parameter that names the part, and the parts
    of stored results that have such a page.
    """

    notebook: str
    folder: str
    parameter: str
    places: Callable[[Path], Iterator[Place]]


def facilities_apart(results: Path) -> Iterator[Place]:
    """The facilities that have a page of their own: those of a campaign of many, see `is_wide`."""
    if is_wide(list_services(results)):
        yield from list_facilities(results)


def kinds_apart(results: Path) -> Iterator[Place]:
    """The kinds of service that have a page: enough of their services are shown."""
    yield from list_kinds(results, FEWEST)


PARTS = (
    Part("41_etablissement.ipynb", FACILITIES, "facility", facilities_apart),
    Part("42_type_de_service.ipynb", KINDS, "kind", kinds_apart),
)
WHOLE = (  # in the order of the index
    Whole(COMPARISON_NOTEBOOK, COMPARISON, "Comparaison des services", "Les services côte à côte"),
)
NAMES = {page.href: page.name for page in WHOLE}
IN_PARTS = ("respondent", "record", PLAIN)
TOGETHER = (*IN_PARTS, "group")  # persons who answered for themselves are never put together


def page_of(instrument: Instrument) -> str:
    """Which page a service has: by what one row of answers is about, plain French apart.

    >>> from qgdr_eval.instruments import load_instrument
    >>> page_of(load_instrument("traceur")), page_of(load_instrument("experience_usagers_facile"))
    ('record', 'plain')
    """
    return PLAIN if instrument.plain else instrument.subject


def whole_pages(subject: str) -> tuple[Whole, ...]:
    """The pages of a whole campaign; persons who answered for themselves are never put together.

    >>> whole_pages("person")
    ()
    """
    return WHOLE if subject in TOGETHER else ()


def part_pages(subject: str) -> tuple[Part, ...]:
    """The pages of parts of a campaign: where people answered, or records were read.

    >>> part_pages("group")
    ()
    """
    return PARTS if subject in IN_PARTS else ()


def page_name(href: str, service: str, facility: str = "") -> str:
    """A page as one names it: of a service, of a facility as a whole, of the whole campaign.

    >>> page_name("services/01-urgences.html", "Urgences", "CH"), page_name("comparaison.html", "")
    ('Urgences', 'Les services côte à côte')
    """
    edition = edition_of(href)
    if edition:
        return typography(f"{service or facility} ({edition})")
    return typography(NAMES.get(href) or service or facility or href)


def edition_of(href: str) -> str:
    """Which edition a page is, as one names it; "" for a page that is none.

    >>> edition_of("editions/une_page/01-urgences.pdf"), edition_of("services/01-urgences.html")
    ('une page', '')
    """
    folder, *rest = href.split("/")
    return rest[0].replace("_", " ") if folder == EDITIONS else ""
