"""What is to be printed: one order a page, with the fingerprints of all it is made from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qgdr_eval.disclosure import Place, list_places, open_card, open_place
from qgdr_eval.fingerprint import of_file, of_values
from qgdr_eval.french import quote, typography
from qgdr_eval.press.folder import COMPARISON, SERVICES, slug
from qgdr_eval.press.kit import kit_fingerprints, notebook_fingerprint
from qgdr_eval.press.parameters import declared_parameters, settle_parameters
from qgdr_eval.press.proof import Promise
from qgdr_eval.problems import Problem, refuse_errors
from qgdr_eval.shipped import shipped

SERVICE_NOTEBOOK, COMPARISON_NOTEBOOK = "20_service.ipynb", "40_comparaison.ipynb"
SERVICE_NOTEBOOKS = {  # by what one row of answers is about
    "respondent": SERVICE_NOTEBOOK,
    "record": "30_audit_epp.ipynb",
    "group": "10_autoevaluation.ipynb",
    "person": "10_autoevaluation.ipynb",
}
DRAFT = "draft"  # an input of pages above campaigns, of those that say they are one
SET_FOR_ALL = ("campaign", "report_date")
SET_BY_THE_PRESS = (*SET_FOR_ALL, "facility", "service")


@dataclass(frozen=True)
class Order:
    """One page to print: a notebook, its parameters, and what the page must turn out to hold.

    ``results``: the fingerprint its sections must carry; ``inputs``: fingerprints of everything
    it is made from, by name; ``n`` and ``rate``: None where they are not shown; ``hidden``: the
    page shows no result; ``draft``: every sheet of it says so.
    """

    facility: str
    service: str
    n: int | None
    rate: float | None
    results: str
    inputs: dict[str, str]
    notebook: Path
    parameters: dict[str, Any]
    title: str
    footer: str
    href: str
    hidden: bool = False
    draft: bool = False

    @property
    def promise(self) -> Promise:
        """What the page must turn out to hold."""
        return Promise(self.facility, self.service, self.n, self.results)

    @property
    def name(self) -> str:
        """The page as one names it."""
        return page_name(self.service, self.facility)


@dataclass(frozen=True)
class Notebooks:
    """The notebooks of a campaign with the values their parameters were given.

    Persons who answered for themselves are never put side by side: no ``comparison`` then.
    """

    service: Path
    service_values: dict[str, Any]
    comparison: Path | None
    comparison_values: dict[str, Any]


def page_name(service: str, facility: str = "") -> str:
    """The page of a service, of a facility as a whole, or the comparison, as one names it."""
    return typography(service or facility or "Les services côte à côte")


def choose_notebooks(
    folder: Path, given: Mapping[str, Any], subject: str = "respondent"
) -> Notebooks:
    """The notebooks beside a campaign, else the kit's, and the values ``given`` for them.

    ``subject``: what one row of answers is about, which settles what a service's page is.

    Raises:
        Refused: a notebook cannot take what the press sets, or a value it does not declare.
    """
    _refuse_ours(given)
    service, comparison = (
        find_notebook(name, folder) for name in (SERVICE_NOTEBOOKS[subject], COMPARISON_NOTEBOOK)
    )
    ours = dict.fromkeys(SET_BY_THE_PRESS, "")
    theirs = declared_parameters(comparison)
    shared = {name: value for name, value in given.items() if name in theirs}
    own = {name: value for name, value in given.items()
           if name not in shared or name in declared_parameters(service)}  # fmt: skip
    return Notebooks(
        service,
        settle_parameters(service, own | ours, ours),
        None if subject == "person" else comparison,
        settle_parameters(comparison, shared | dict.fromkeys(SET_FOR_ALL, ""), SET_FOR_ALL),
    )


def notebook_names(subject: str) -> list[str]:
    """The notebooks of a campaign whose rows of answers are about that subject.

    >>> notebook_names("person")
    ['10_autoevaluation.ipynb']
    """
    comparison = [] if subject == "person" else [COMPARISON_NOTEBOOK]
    return [SERVICE_NOTEBOOKS[subject], *comparison]


def _refuse_ours(given: Mapping[str, Any]) -> None:
    what, cure = "la campagne fixe elle-même ce paramètre, page par page", "retirez-le"
    refuse_errors(
        Problem("--parameter", None, f"paramètre {quote(name)}", what, cure)
        for name in given
        if name in SET_BY_THE_PRESS
    )


def find_notebook(name: str, folder: Path) -> Path:
    """A notebook adapted beside the campaign, else the kit's."""
    adapted = folder / "notebooks" / name
    return (adapted if adapted.is_file() else shipped("notebooks") / name).absolute()


def plan_pages(results: Path, notebooks: Notebooks, report_date: str) -> Iterator[Order]:
    """The orders of a campaign in its own order, the comparison last."""
    card = open_card(results)
    title = card.title
    places = list(list_places(results))
    digits = max(2, len(str(len(places))))
    common = {"campaign": str(results.absolute()), "report_date": report_date}
    made_with = kit_fingerprints() | notebook_inputs(notebooks.service, notebooks.service_values)
    for rank, place in enumerate(places, start=1):
        yield Order(
            facility=place.facility,
            service=place.service,
            n=place.n,
            rate=place.rate,
            results=place.fingerprint,
            inputs=place.parts | made_with,
            notebook=notebooks.service,
            parameters=notebooks.service_values
            | common
            | {"facility": place.facility, "service": place.service},
            title=typography(f"{place.service} – {place.facility} – {title}"),
            footer=typography(f"{place.service} – {title}"),
            href=f"{SERVICES}/{rank:0{digits}d}-{slug(place.service)}.html",
            hidden=place.n is None,
            draft=card.draft,
        )
    if notebooks.comparison:
        whole = open_place(results, "", "")
        yield replace(
            _comparison(results, whole, notebooks.comparison, notebooks, title, common),
            draft=card.draft,
        )


def _comparison(
    results: Path,
    whole: Place,
    notebook: Path,
    notebooks: Notebooks,
    title: str,
    common: dict[str, str],
) -> Order:
    everything = of_file(results)
    title = typography(f"Comparaison des services – {title}")
    made_with = kit_fingerprints() | notebook_inputs(notebook, notebooks.comparison_values)
    return Order(
        facility="",
        service="",
        n=whole.n,
        rate=whole.rate,
        results=everything,
        inputs={"results": everything} | made_with,
        notebook=notebook,
        parameters=notebooks.comparison_values | common,
        title=title,
        footer=title,
        href=COMPARISON,
    )


def notebook_inputs(notebook: Path, values: Mapping[str, Any]) -> dict[str, str]:
    """The fingerprints of a notebook and of the values that its own parameters were given."""
    given = {name: value for name, value in values.items() if name not in SET_BY_THE_PRESS}
    return {"notebook": notebook_fingerprint(notebook), "parameters": of_values(given)}
