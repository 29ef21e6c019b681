"""One facility with its plan, and whatever else an edition may be printed of."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from qgdr_eval.campaigns.results import results_of
from qgdr_eval.disclosure import list_services
from qgdr_eval.editions.read import Opened
from qgdr_eval.french import quote, typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.reporting import ServiceReport, open_facility_report, open_report
from qgdr_eval.reporting.action_plan.report import PlanReport, open_facility_plan
from qgdr_eval.reporting.report import PartReport


@dataclass(frozen=True)
class FacilityReport(PartReport):
    """One facility: its services, its total, its plan where there is one.

    >>> from qgdr_eval.editions import open_edition
    >>> report = open_for(open_edition("direction"), stored_results)
    >>> report.facility, report.hidden, report.plan
    ("Hôpital fictif du Val d'Orsel", False, None)
    """

    plan: PlanReport | None = None

    @property
    def hidden(self) -> bool:
        """Whether disclosure shows nothing of any of its services, nor of its total."""
        return not (self.published.participation["status"] == "published").any()

    @cached_property
    def total(self) -> ServiceReport:
        """The facility as a whole, read as a service is, without what it would be compared to."""
        return ServiceReport(
            self.facility,
            "",
            self.published.of(self.facility, ""),
            self.readings[self.readings["service"] == ""],
            self.findings[self.findings["service"] == ""],
            self.fingerprint,
        )


Report = ServiceReport | FacilityReport
"""What an edition is printed of, as it says: a service, or a facility."""


def open_for(
    opened: Opened,
    campaign: str,
    facility: str = "",
    service: str = "",
    plan: Path | None = None,
    day: str = "",
) -> Report:
    """Open what an edition is printed of: as `open_report` does, or a facility with its plan.

    ``plan``: the file of its plan, read as on the ISO ``day``; None when there is none.

    >>> from qgdr_eval.editions import open_edition
    >>> open_for(open_edition("affiche"), stored_results).service
    'Médecine interne'

    Raises:
        Refused: the files have problems, hold no such place, or a service is named for an edition
            that speaks of a facility.
    """
    if opened.edition.of == "service":
        return open_report(campaign, facility, service)
    if service:
        what = f"l'édition {quote(opened.edition.id)} parle d'un établissement, pas d'un service"
        cure = "retirez le nom du service"
        raise Refused([Problem(opened.edition.id, None, "", typography(what), typography(cure))])
    with results_of(campaign) as results:
        part = open_facility_report(str(results), facility)
        alone = len({place for place, _ in list_services(results)}) == 1
    return FacilityReport(
        part.published,
        part.readings,
        part.findings,
        part.fingerprint,
        part.funnel,
        part.facility,
        plan=plan_of_facility(plan, part.facility, day, alone=alone) if plan else None,
    )


def plan_of_facility(plan: Path, facility: str, day: str, *, alone: bool) -> PlanReport:
    """The plan of a facility; one that names no facility is that of the only one (``alone``).

    Raises `Refused` when it cannot be read.
    """
    whole = open_facility_plan(plan, "", day)
    named = set(whole.plan.actions["facility"]) - {""}
    return whole if alone and not named else open_facility_plan(plan, facility, day)
