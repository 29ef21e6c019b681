"""Editions printed beside the pages of services: which ones, and an order for each of them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from qgdr_eval.disclosure import Place, list_facilities, list_places, open_card
from qgdr_eval.editions import Opened, open_edition
from qgdr_eval.editions.facility import plan_of_facility
from qgdr_eval.editions.parts import at_most
from qgdr_eval.editions.parts.facility import told_of_plan
from qgdr_eval.editions.read import TEMPLATE
from qgdr_eval.fingerprint import of_values
from qgdr_eval.french import quote, typography
from qgdr_eval.instruments import Instrument
from qgdr_eval.press.folder import EDITIONS
from qgdr_eval.press.kit import kit_fingerprints
from qgdr_eval.press.plan import Order
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.reporting.action_plan.report import PlanReport
from qgdr_eval.writing import slug

PLAN = "plan"  # the part of a facility that no result is needed for


def choose_editions(names: Iterable[str], instruments: Iterable[Instrument]) -> list[Opened]:
    """The editions of these names or folders, each once; each suits one of the instruments.

    >>> from qgdr_eval.instruments import load_instrument
    >>> [one.edition.id for one in choose_editions(["affiche"], [load_instrument("traceur")])]
    ['affiche']

    Raises:
        Refused: one is unknown, has problems, shares its name with another, or suits none.
    """
    asked, chosen = list(instruments), [open_edition(name) for name in names]
    known = [one.edition.id for one in chosen]
    problems = [_twice(id) for id in dict.fromkeys(known) if known.count(id) > 1]
    for opened in chosen:
        if asked and not any(suits(opened, instrument) for instrument in asked):
            problems += _unsuited(opened, asked[0])
    if problems:
        raise Refused(problems)
    return chosen


def suits(opened: Opened, instrument: Instrument) -> bool:
    """Whether an edition is made for an instrument.

    >>> from qgdr_eval.instruments import load_instrument
    >>> suits(open_edition("affiche"), load_instrument("leadership_securite_soi"))
    False
    """
    return not _unsuited(opened, instrument)


def _unsuited(opened: Opened, instrument: Instrument) -> tuple[Problem, ...]:
    try:
        opened.refuse_unsuited(instrument)
    except Refused as refused:
        return refused.problems
    return ()


def _twice(id: str) -> Problem:
    what = f"deux éditions portent le nom {quote(id)}"
    cure = "n'en demandez qu'une, ou changez l'« id » de la vôtre"
    return Problem("--editions", None, "", typography(what), typography(cure))


def plan_editions(
    results: Path, editions: Iterable[Opened], report_date: str, plan: Path | None = None
) -> Iterator[Order]:
    """The orders of some editions of every service or facility, one edition after the other.

    ``plan``: the plan of actions that an edition of a facility may tell of.
    """
    card = open_card(results)
    for opened in editions:
        whole = opened.edition.of == "facility"
        places = list((list_facilities if whole else list_places)(results))
        beside = _plan_inputs(opened, places, plan, report_date) if whole and plan else {}
        digits = max(2, len(str(len(places))))
        made_with = kit_fingerprints() | {"edition": opened.fingerprint}
        shared = {
            "campaign": str(results.absolute()),
            "report_date": report_date,
            "edition": str(opened.folder),
            "plan": str(plan.absolute()) if beside and plan else "",
        }
        for rank, place in enumerate(places, start=1):
            names = (place.service, place.facility, card.title, opened.edition.title)
            title = typography(" – ".join(filter(None, names)))
            name = slug(place.service or place.facility)
            yield Order(
                facility=place.facility,
                service=place.service,
                n=place.n,
                rate=place.rate,
                results=place.fingerprint,
                inputs=place.parts | made_with | beside.get(place.facility, {}),
                notebook=opened.folder / TEMPLATE,
                parameters=shared | {"facility": place.facility, "service": place.service},
                title=title,
                footer=title,
                href=f"{EDITIONS}/{opened.edition.id}/{rank:0{digits}d}-{name}.pdf",
                hidden=place.n is None,
                draft=card.draft,
            )


def _plan_inputs(
    opened: Opened, places: list[Place], plan: Path, day: str
) -> dict[str, dict[str, str]]:
    """For each facility, the fingerprint of what an edition tells of its plan."""
    if "plan" not in opened.edition.parts:
        return {}
    alone = len(places) == 1
    return {
        place.facility: {
            PLAN: plan_fingerprint(opened, plan_of_facility(plan, place.facility, day, alone=alone))
        }
        for place in places
    }


def plan_fingerprint(opened: Opened, plan: PlanReport) -> str:
    """The fingerprint of what an edition tells of a plan: of words, so not of the day."""
    return of_values(told_of_plan(plan, at_most(PLAN, opened.edition.most)))
