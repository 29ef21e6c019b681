"""The pages of a campaign: a line each, the notebook that makes it.

A page is a folder of `qgdr_eval.reporting`, a notebook that calls its sections, and a line here.
"""

from dataclasses import dataclass

from qgdr_eval.french import typography
from qgdr_eval.press.folder import COMPARISON, EDITIONS

SERVICE_NOTEBOOK, COMPARISON_NOTEBOOK = "20_service.ipynb", "40_comparaison.ipynb"
SERVICE_NOTEBOOKS = {  # the page of one service, by what one row of answers is about
    "respondent": SERVICE_NOTEBOOK,
    "record": "30_audit_epp.ipynb",
    "group": "10_autoevaluation.ipynb",
    "person": "10_autoevaluation.ipynb",
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


WHOLE = (  # in the order of the index
    Whole(COMPARISON_NOTEBOOK, COMPARISON, "Comparaison des services", "Les services côte à côte"),
)
NAMES = {page.href: page.name for page in WHOLE}


def whole_pages(subject: str) -> tuple[Whole, ...]:
    """The pages of a whole campaign; persons who answered for themselves are never put together.

    >>> whole_pages("person")
    ()
    """
    return () if subject == "person" else WHOLE


def page_name(href: str, service: str, facility: str = "") -> str:
    """A page as one names it: of a service, of a facility as a whole, of the whole campaign.

    >>> page_name("services/01-urgences.html", "Urgences", "CH"), page_name("comparaison.html", "")
    ('Urgences', 'Les services côte à côte')
    """
    edition = edition_of(href)
    if edition:
        return typography(f"{service} ({edition})")
    return typography(NAMES.get(href) or service or facility or href)


def edition_of(href: str) -> str:
    """Which edition a page is, as one names it; "" for a page that is none.

    >>> edition_of("editions/une_page/01-urgences.pdf"), edition_of("services/01-urgences.html")
    ('une page', '')
    """
    folder, *rest = href.split("/")
    return rest[0].replace("_", " ") if folder == EDITIONS else ""
