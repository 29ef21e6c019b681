"""What one report may show: published results, read and compared, nothing else.

The examples read ``team_report`` and ``campaign_report``: `qgdr demo essai` writes a campaign,
which ``open_report("essai/campagne.yml")`` and ``open_campaign("essai/campagne.yml")`` open.
``stored_results`` is the path of ``donnees/resultats.sqlite`` in the folder its reports are in.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial, wraps
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

import pandas as pd

from qgdr_eval.campaigns.results import results_of, write_results
from qgdr_eval.disclosure import (
    Card,
    Published,
    Slice,
    list_services,
    open_beside,
    open_facility,
    open_kind,
    open_published,
    open_slice,
    service_kinds,
)
from qgdr_eval.disclosure.rounds import Rounds
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.fingerprint import of_file
from qgdr_eval.frames import (
    AgreementRow,
    Band,
    ChangedRow,
    ComparisonRow,
    CompositionRow,
    EvolutionRow,
    FunnelRow,
    GapRow,
    HistoryRow,
    LoopRow,
    NoteRow,
    ReadingRow,
    ScoreRow,
    SpreadRow,
    TotalRow,
    TurnoutRow,
    Verdict,
)
from qgdr_eval.french import did_you_mean, quote, typography
from qgdr_eval.instruments import Dimension, Instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.reporting.findings import Findings, read_findings
from qgdr_eval.reporting.scores import Scores, read_scores
from qgdr_eval.wording.subjects import Subject, subject_of

Of = TypeVar("Of")
Page = TypeVar("Page")
MANY_FACILITIES, MANY_SERVICES = 5, 40


@dataclass(frozen=True)
class ServiceResults:
    """What one service of a campaign came to, by itself: nothing beside it.

    ``findings``: what matters in its results. ``fingerprint``: the SHA-256 of all it may read;
    each section carries it, so that a page can be shown to hold this service's results and no
    other's.

    >>> team_report.service, team_report.n, team_report.hidden
    ('Médecine interne', 27, False)
    """

    facility: str
    service: str
    published: Published
    readings: pd.DataFrame
    findings: pd.DataFrame
    fingerprint: str

    @property
    def instrument(self) -> Instrument:
        """What was asked."""
        return self.published.instrument

    @property
    def subject(self) -> Subject:
        """What one row of answers is."""
        return subject_of(self.instrument)

    @property
    def card(self) -> Card:
        """What a reader must know of the campaign."""
        return self.published.card

    @cached_property
    def turnout(self) -> TurnoutRow:
        """The service's row of the participation frame."""
        return rows_of(self.published.participation, TurnoutRow)[0]

    @property
    def hidden(self) -> bool:
        """Whether disclosure shows nothing of this service."""
        return self.turnout.status != "published"

    @property
    def n(self) -> int:
        """Respondents (or records) kept. Only for a service that is not hidden."""
        return int(self.turnout.n)

    @property
    def shown_n(self) -> str:
        """Respondents (or records) kept, nothing for a hidden service."""
        return "" if self.hidden else str(self.n)

    def read(self, *verdicts: Verdict, band: Band | Literal[""] = "") -> list[ReadingRow]:
        """The readings with one of these verdicts (and this band), in the instrument's order."""
        return [row for row in self._readings if row.verdict in verdicts and band in ("", row.band)]

    @property
    def weak_alone(self) -> Dimension | None:
        """The one dimension established as weak, if it says what that announces.

        None where `balance` says it, and for a hidden service.
        """
        weak = [] if self.hidden else self.read("established", band="priority")
        if len(weak) != 1 or self.instrument.interdependent:
            return None
        dimension = self.instrument.dimension(weak[0].dimension)
        return dimension if dimension.when_weak else None

    @cached_property
    def found(self) -> Findings:
        """What matters in its results."""
        return read_findings(self.findings)

    @cached_property
    def scores(self) -> Scores:
        """Its scores, everybody together, and the answers behind."""
        return read_scores(self.published, self._readings)

    @cached_property
    def spreads(self) -> dict[tuple[str, str], tuple[float, float]]:
        """The design effect and the alpha of each (dimension, item), pooled over the campaign.

        They are the same on the pages of all services.
        """
        rows = rows_of(self.published.spread, SpreadRow)
        return {(row.dimension, row.item): (row.design_effect, row.alpha) for row in rows}

    @cached_property
    def _readings(self) -> list[ReadingRow]:
        return rows_of(self.readings, ReadingRow)


def _none(row: type[NamedTuple]) -> pd.DataFrame:
    return pd.DataFrame(columns=row._fields)


@dataclass(frozen=True)
class ServiceReport(ServiceResults):
    """One service of a campaign, with all that stands beside it. Each frame may be empty.

    ``comparisons``: to the reference; ``totals``: which totals around it are shown;
    ``evolution``: since the campaign before;
    ``agreement``: with a second auditor; ``history``: every round; ``notes``: what a group or a
    person wrote down; ``promises``: actions that an earlier campaign brought up, and what their
    measure became; ``gaps``: of a group's position to its team's answers; ``composition``: who
    answered at each round; ``strata``: dimensions by stratum in the totals around it; ``funnel``:
    where it stands among all services, and among those of its kind; ``changed``: what rounds did
    not ask alike.

    >>> team_report.totals.empty
    False
    """

    comparisons: pd.DataFrame = field(default_factory=partial(_none, ComparisonRow))
    totals: pd.DataFrame = field(default_factory=partial(_none, TotalRow))
    evolution: pd.DataFrame = field(default_factory=partial(_none, EvolutionRow))
    agreement: pd.DataFrame = field(default_factory=partial(_none, AgreementRow))
    history: pd.DataFrame = field(default_factory=partial(_none, HistoryRow))
    notes: pd.DataFrame = field(default_factory=partial(_none, NoteRow))
    promises: pd.DataFrame = field(default_factory=partial(_none, LoopRow))
    gaps: pd.DataFrame = field(default_factory=partial(_none, GapRow))
    composition: pd.DataFrame = field(default_factory=partial(_none, CompositionRow))
    strata: pd.DataFrame = field(default_factory=partial(_none, ScoreRow))
    funnel: pd.DataFrame = field(default_factory=partial(_none, FunnelRow))
    changed: pd.DataFrame = field(default_factory=partial(_none, ChangedRow))

    @property
    def changed_last(self) -> list[ChangedRow]:
        """What the last round does not ask as the one before did."""
        last = self.history["round"].max()
        return [row for row in rows_of(self.changed, ChangedRow) if row.round == last]


def once(gather: Callable[[Of], Page]) -> Callable[[Of], Page]:
    """Gather what a page is made of once for each report.

    >>> read = once(lambda report: [report.service])
    >>> read(team_report) is read(team_report)
    True
    """
    key = f"gathered {id(gather)}"

    @wraps(gather)
    def gathered(report: Of) -> Page:
        kept = vars(report)  # as `cached_property` keeps what it found
        if key not in kept:
            kept[key] = gather(report)
        page: Page = kept[key]
        return page

    return gathered


def is_wide(services: Sequence[tuple[str, str]]) -> bool:
    """Whether a campaign has so many services that its facilities stand side by side instead.

    Each facility then has a page of its own, where its services do.

    >>> is_wide([("CH", "Bloc"), ("EHPAD", "Nuit")])
    False
    """
    facilities = {facility for facility, _ in services if facility}
    return len(facilities) >= MANY_FACILITIES and len(services) >= MANY_SERVICES


@dataclass(frozen=True)
class CampaignReport:
    """All services of a campaign side by side.

    ``readings``: see `qgdr_eval.comparison.read_dimensions`; ``fingerprint``: the SHA-256 of
    everything published.

    >>> len(campaign_report.published.services)
    18
    """

    published: Published
    readings: pd.DataFrame
    findings: pd.DataFrame
    fingerprint: str
    funnel: pd.DataFrame = field(default_factory=partial(_none, FunnelRow))

    @property
    def instrument(self) -> Instrument:
        """What was asked."""
        return self.published.instrument

    @property
    def subject(self) -> Subject:
        """What one row of answers is."""
        return subject_of(self.instrument)

    @property
    def card(self) -> Card:
        """What a reader must know of the campaign."""
        return self.published.card

    @cached_property
    def groups(self) -> dict[tuple[str, str, str], tuple[ScoreRow, ReadingRow]]:
        """(score row, reading) of every group, by facility, service and dimension."""
        scores = rows_of(self.published.dimension_scores(), ScoreRow)
        pairs = zip(scores, rows_of(self.readings, ReadingRow), strict=True)
        return {(row.facility, row.service, row.dimension): (row, read) for row, read in pairs}

    @property
    def wide(self) -> bool:
        """Whether its facilities stand side by side, rather than their services."""
        return is_wide(self.published.services) and not self.instrument.declared

    @property
    def facilities(self) -> list[str]:
        """Its facilities, in its own order."""
        return list(dict.fromkeys(facility for facility, _ in self.published.services))

    @cached_property
    def whole(self) -> TurnoutRow | None:
        """The participation of the whole campaign, when it may be shown."""
        people = self.published.participation
        place = {"facility": "", "service": ""}
        return next(iter(rows_of(people, TurnoutRow, **place, status="published")), None)

    @property
    def shown_n(self) -> str:
        """Respondents (or records) counted in all, nothing when that is hidden."""
        return "" if self.whole is None else str(int(self.whole.n))


@dataclass(frozen=True)
class PartReport(CampaignReport):
    """A part of a campaign: one facility, or the services of a kind that are shown.

    ``service``: the kind, "" for a facility. It holds nothing of other services. A facility has
    its total, a kind has none.

    >>> report = open_facility_report(stored_results)
    >>> {facility for facility, _ in report.published.services} == {report.facility}
    True
    """

    facility: str = ""
    service: str = ""

    @cached_property
    def whole(self) -> TurnoutRow | None:
        """The participation of the facility, when it may be shown."""
        people = self.published.participation
        place = {"facility": self.facility, "service": ""}
        return next(iter(rows_of(people, TurnoutRow, **place, status="published")), None)


def open_report(campaign: str, facility: str = "", service: str = "") -> ServiceReport:
    """Open what the report of one service may show.

    ``campaign`` is a campaign file, the path of published results or ``demo``; an empty
    ``facility`` or ``service`` stands for the first one.

    >>> report = open_report(stored_results, service="Cardiologie")
    >>> report.service, report.hidden
    ('Cardiologie', False)

    Raises:
        Refused: the files have problems, or hold no such service.
    """
    with results_of(campaign) as results:
        place = _find_service(list_services(results), facility, service)
        return _report(*place, open_slice(results, *place))


def open_campaign(campaign: str) -> CampaignReport:
    """Open what the comparison of the services of a campaign may show: dimensions, no items.

    ``campaign``: as in `open_report`. Positions come with their answers, which say why there is no
    result.

    >>> report = open_campaign(stored_results)
    >>> report.card.subject, len(report.groups) > len(report.published.services)
    ('respondent', True)

    Raises:
        Refused: the files have problems.
    """
    with results_of(campaign) as results:
        published = open_published(results, items=False)
        if published.instrument.declared:
            published = open_published(results)
        readings, findings = open_beside(results, "readings"), open_beside(results, "findings")
        funnel = open_beside(results, "funnel", FunnelRow._fields)
        return CampaignReport(published, readings, findings, of_file(results), funnel)


def open_facility_report(campaign: str, facility: str = "") -> PartReport:
    """Open what the page of one facility may show: its services and its total, dimensions only.

    ``campaign``: as in `open_report`; an empty ``facility`` stands for the first one.

    >>> report = open_facility_report(stored_results, "Hôpital fictif du Val d'Orsel")
    >>> {facility for facility, _, _ in report.groups} == {"Hôpital fictif du Val d'Orsel"}
    True

    Raises:
        Refused: the files have problems, or hold no such facility.
    """
    with results_of(campaign) as results:
        place, _ = _find_service(list_services(results), facility, "")
        return _part(open_facility(results, place), place, "")


def open_kind_report(campaign: str, kind: str = "") -> PartReport:
    """Open what the page of a kind of service may show: its services that are shown.

    ``campaign``: as in `open_report`; an empty ``kind`` stands for the first one.

    >>> report = open_kind_report(stored_results, "Médecine")
    >>> len(report.published.services), report.whole
    (3, None)

    Raises:
        Refused: the files have problems, or no service shown is of that kind.
    """
    with results_of(campaign) as results:
        known = list(dict.fromkeys(service_kinds(results).values()))
        if not known or kind not in ("", *known):
            raise _unknown("type", kind, known)
        wanted = kind or known[0]
        return _part(open_kind(results, wanted), "", wanted)


def _part(shown: Slice, facility: str, kind: str) -> PartReport:
    readings, findings = shown.beside["readings"], shown.beside["findings"]
    funnel = shown.beside.get("funnel", _none(FunnelRow))
    own = shown.published, readings, findings, shown.fingerprint, funnel
    return PartReport(*own, facility, kind)


def report_of(published: Published, facility: str, service: str) -> ServiceReport:
    """Cut results held in memory down to what the report of one service may show."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "resultats.sqlite"
        write_results(Rounds(published), results)
        return open_report(str(results), facility, service)


def _report(facility: str, service: str, shown: Slice) -> ServiceReport:
    return ServiceReport(
        facility,
        service,
        shown.published,
        shown.beside["readings"],
        shown.beside["findings"],
        shown.fingerprint,
        shown.beside["comparisons"],
        shown.totals,
        shown.beside["evolution"],
        shown.beside["agreement"],
        _in_parts(shown.beside["history"]),
        shown.beside["notes"],
        shown.beside["promises"],
        shown.beside.get("gaps", _none(GapRow)),  # results stored before a team could be named
        shown.beside.get("composition", _none(CompositionRow)),  # or before they told who answered
        shown.strata,
        shown.beside.get("funnel", _none(FunnelRow)),  # a campaign of few services has none
        shown.beside.get("changed", _none(ChangedRow)),  # most rounds ask the same
    )


def _in_parts(history: pd.DataFrame) -> pd.DataFrame:
    """The history; one stored before its parts were told is of one part."""
    return history if "part" in history else history.assign(version="", part=1)


def _find_service(services: list[tuple[str, str]], facility: str, service: str) -> tuple[str, str]:
    for place in services:
        if facility in ("", place[0]) and service in ("", place[1]):
            return place
    facilities = [place for place, _ in services]
    if facility and facility not in facilities:
        raise _unknown("établissement", facility, facilities)
    known = [name for place, name in services if facility in ("", place)]
    raise _unknown("service", service, known)


def _unknown(kind: str, given: str, known: list[str]) -> Refused:
    return Refused(
        [
            Problem(
                "résultats publiés",
                None,
                kind,
                typography(f"{kind} {quote(given)} absent de la campagne"),
                did_you_mean(given, dict.fromkeys(known)),
            )
        ]
    )
