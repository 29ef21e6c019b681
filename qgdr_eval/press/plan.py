"""What is to be printed: one order a page, with the fingerprints of all it is made from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from qgdr_eval.disclosure import list_places, open_card, open_place
from qgdr_eval.fingerprint import of_file, of_values
from qgdr_eval.french import quote, typography
from qgdr_eval.press.folder import SERVICES
from qgdr_eval.press.kit import kit_fingerprints, notebook_fingerprint
from qgdr_eval.press.pages import (
    PARTS,
    SERVICE_NOTEBOOKS,
    WHOLE,
    Part,
    Whole,
    edition_of,
    page_name,
    part_pages,
    whole_pages,
)
from qgdr_eval.press.parameters import Value, declared_parameters, settle_parameters
from qgdr_eval.press.proof import Promise
from qgdr_eval.problems import Problem, refuse_errors
from qgdr_eval.reporting.page.ways import NOWHERE, Ways
from qgdr_eval.shipped import shipped
from qgdr_eval.writing import slug

DRAFT = "draft"  # an input of pages above campaigns, of those that say they are one
SET_FOR_ALL = ("campaign", "report_date")
SET_BY_THE_PRESS = (*SET_FOR_ALL, "facility", "service")
OURS = frozenset((*SET_BY_THE_PRESS, *(part.parameter for part in PARTS)))


@dataclass(frozen=True)
class Order:
    """One page to print: a notebook, its parameters, and what the page must turn out to hold.

    ``notebook``: the template of an edition, where the page is one.

    ``results``: the fingerprint its sections must carry; ``inputs``: fingerprints of everything
    it is made from, by name; ``n`` and ``rate``: None where they are not shown; ``hidden``: the
    page shows no result; ``draft``: every sheet of it says so; ``ways``: its links to the others.
    """

    facility: str
    service: str
    n: int | None
    rate: float | None
    results: str
    inputs: dict[str, str]
    notebook: Path
    parameters: Mapping[str, Value]
    title: str
    footer: str
    href: str
    hidden: bool = False
    draft: bool = False
    ways: Ways = NOWHERE

    @property
    def promise(self) -> Promise:
        """What the page must turn out to hold."""
        return Promise(self.facility, self.service, self.n, self.results)

    @property
    def name(self) -> str:
        """The page as one names it."""
        return page_name(self.href, self.service, self.facility)

    @property
    def is_edition(self) -> bool:
        """Whether the page is an edition, which no notebook makes."""
        return bool(edition_of(self.href))


@dataclass(frozen=True)
class Notebooks:
    """The notebooks of a campaign with the values their parameters were given.

    ``whole``: those of each page of the whole campaign; ``parts``: of each page of its parts.
    """

    service: Path
    service_values: dict[str, Value]
    whole: dict[Whole, tuple[Path, dict[str, Value]]]
    parts: dict[Part, tuple[Path, dict[str, Value]]]


def choose_notebooks(
    folder: Path, given: Mapping[str, Value], subject: str = "respondent"
) -> Notebooks:
    """The notebooks beside a campaign, else the kit's, and the values ``given`` for them.

    ``subject``: which page a service has, see `qgdr_eval.press.pages.page_of`.

    Raises:
        Refused: a notebook cannot take what the press sets, or a value it does not declare.
    """
    _refuse_ours(given)
    service = find_notebook(SERVICE_NOTEBOOKS[subject], folder)
    names = [*(page.notebook for page in WHOLE), *(part.notebook for part in PARTS)]
    found = {name: find_notebook(name, folder) for name in names}
    shared = {name: _taken_by(notebook, given) for name, notebook in found.items()}
    taken = {name for values in shared.values() for name in values}
    only_theirs = taken - declared_parameters(service).keys()
    own = {name: value for name, value in given.items() if name not in only_theirs}
    ours = dict.fromkeys(SET_BY_THE_PRESS, "")
    settled = settle_parameters(service, {**own, **ours}, ours)

    def theirs(page: Whole | Part, *own: str) -> tuple[Path, dict[str, Value]]:
        notebook, values = found[page.notebook], shared[page.notebook]
        set_by_us = dict.fromkeys((*SET_FOR_ALL, *own), "")
        return notebook, settle_parameters(notebook, {**values, **set_by_us}, set_by_us)

    return Notebooks(
        service,
        settled,
        {page: theirs(page) for page in whole_pages(subject)},
        {page: theirs(page, page.parameter) for page in part_pages(subject)},
    )


def _taken_by(notebook: Path, given: Mapping[str, Value]) -> dict[str, Value]:
    """The values given for parameters that a notebook declares."""
    declared = declared_parameters(notebook)
    return {name: value for name, value in given.items() if name in declared}


def notebook_names(subject: str) -> list[str]:
    """The notebooks of a campaign whose rows of answers are about that subject.

    >>> notebook_names("person")
    ['10_autoevaluation.ipynb']
    """
    whole = [page.notebook for page in whole_pages(subject)]
    return [SERVICE_NOTEBOOKS[subject], *whole, *(part.notebook for part in part_pages(subject))]


def _refuse_ours(given: Mapping[str, Value]) -> None:
    what, cure = "la campagne fixe elle-même ce paramètre, page par page", "retirez-le"
    refuse_errors(
        Problem("--parameter", None, f"paramètre {quote(name)}", what, cure)
        for name in given
        if name in OURS
    )


def find_notebook(name: str, folder: Path) -> Path:
    """A notebook adapted beside the campaign, else the kit's."""
    adapted = folder / "notebooks" / name
    return (adapted if adapted.is_file() else shipped("notebooks") / name).absolute()


def plan_pages(results: Path, notebooks: Notebooks, report_date: str) -> Iterator[Order]:
    """The orders of a campaign in its own order, those of its parts, of the whole campaign last."""
    card = open_card(results)
    title = card.title
    places = list(list_places(results))
    digits = max(2, len(str(len(places))))
    common: dict[str, Value] = {"campaign": str(results.absolute()), "report_date": report_date}
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
            parameters={
                **notebooks.service_values,
                **common,
                "facility": place.facility,
                "service": place.service,
            },
            title=typography(f"{place.service} – {place.facility} – {title}"),
            footer=typography(f"{place.service} – {title}"),
            href=f"{SERVICES}/{rank:0{digits}d}-{slug(place.service)}.html",
            hidden=place.n is None,
            draft=card.draft,
        )
    for part, (notebook, values) in notebooks.parts.items():
        yield from _parts(results, part, notebook, values | common)
    for page, (notebook, values) in notebooks.whole.items():
        yield _whole(results, page, notebook, values, common)


def _parts(results: Path, part: Part, notebook: Path, values: dict[str, Value]) -> Iterator[Order]:
    """The orders of the pages of each facility, or of each kind of service."""
    card, made_with = open_card(results), kit_fingerprints() | notebook_inputs(notebook, values)
    places = list(part.places(results))
    digits = max(2, len(str(len(places))))
    for rank, place in enumerate(places, start=1):
        name = place.service or place.facility
        yield Order(
            facility=place.facility,
            service=place.service,
            n=place.n,
            rate=place.rate,
            results=place.fingerprint,
            inputs=place.parts | made_with,
            notebook=notebook,
            parameters=values | {part.parameter: name},
            title=typography(f"{name} – {card.title}"),
            footer=typography(f"{name} – {card.title}"),
            href=f"{part.folder}/{rank:0{digits}d}-{slug(name)}.html",
            hidden=bool(place.facility) and place.n is None,
            draft=card.draft,
        )


def _whole(
    results: Path,
    page: Whole,
    notebook: Path,
    values: dict[str, Value],
    common: dict[str, Value],
) -> Order:
    """The order of a page of the whole campaign."""
    card, whole, everything = open_card(results), open_place(results, "", ""), of_file(results)
    title = typography(f"{page.title} – {card.title}")
    made_with = kit_fingerprints() | notebook_inputs(notebook, values)
    return Order(
        facility="",
        service="",
        n=whole.n,
        rate=whole.rate,
        results=everything,
        inputs={"results": everything} | made_with,
        notebook=notebook,
        parameters=values | common,
        title=title,
        footer=title,
        href=page.href,
        draft=card.draft,
    )


def notebook_inputs(notebook: Path, values: Mapping[str, Value]) -> dict[str, str]:
    """The fingerprints of a notebook and of the values that its own parameters were given."""
    given = {name: value for name, value in values.items() if name not in OURS}
    return {"notebook": notebook_fingerprint(notebook), "parameters": of_values(given)}
