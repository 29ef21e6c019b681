"""What the synthesis of one facility may show: its campaigns' totals, its indicators, its plan."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from qgdr_eval.actions import read_plan
from qgdr_eval.campaigns.programme import Programme, load_programme
from qgdr_eval.campaigns.results import results_of
from qgdr_eval.disclosure import Card, Slice, list_services, open_slice
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.fictitious import file_of
from qgdr_eval.fingerprint import of_values
from qgdr_eval.frames import EvolutionRow, ReadingRow, ScoreRow, TurnoutRow
from qgdr_eval.french import did_you_mean, quote, typography
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.reporting.action_plan.report import PlanReport, open_plan
from qgdr_eval.reporting.dashboard.report import DashboardReport, open_dashboard
from qgdr_eval.reporting.findings import Findings, read_findings
from qgdr_eval.reporting.scores import Scores, read_scores
from qgdr_eval.responses import load_campaign
from qgdr_eval.responses.indicators import read_indicators


@dataclass(frozen=True)
class Source:
    """One campaign seen from a facility: its total, and what moved in its services."""

    total: Slice
    services: tuple[Slice, ...]

    @property
    def card(self) -> Card:
        """What a reader must know of the campaign."""
        return self.total.published.card

    @property
    def instrument(self) -> Instrument:
        """What was asked."""
        return self.total.published.instrument

    @property
    def turnout(self) -> TurnoutRow:
        """The facility's row of the participation frame."""
        return rows_of(self.total.published.participation, TurnoutRow)[0]

    @property
    def hidden(self) -> bool:
        """Whether disclosure shows nothing of the facility."""
        return self.turnout.status != "published"

    @cached_property
    def scores(self) -> Scores:
        """The scores of the facility."""
        return read_scores(self.total.published, rows_of(self.total.beside["readings"], ReadingRow))

    @cached_property
    def found(self) -> Findings:
        """What matters in the results of the facility."""
        return read_findings(self.total.beside["findings"])

    def whole(self) -> list[ScoreRow]:
        """The scores of the whole grid of an audit."""
        return rows_of(self.total.published.scores, ScoreRow, dimension="", item="", stratum="")

    @cached_property
    def moved(self) -> Counter[str]:
        """How many dimensions of services moved since the campaign before, by verdict.

        All services stand side by side here: p is adjusted over all of them.
        """
        return Counter(
            row.campaign_verdict
            for service in self.services
            for row in rows_of(service.beside["evolution"], EvolutionRow)
            if row.dimension and not row.item
        )


@dataclass(frozen=True)
class Synthesis:
    """Everything of one facility, side by side; nothing is added up across sources."""

    programme: Programme
    facility: str
    sources: tuple[Source, ...]
    dashboards: tuple[DashboardReport, ...]
    plan: PlanReport | None

    @property
    def service(self) -> str:
        """The facility as a whole."""
        return ""

    @property
    def shown_n(self) -> str:
        """No number stands for all sources."""
        return ""

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of all the page may show."""
        return of_values(
            self.programme.model_dump(include={"id", "title", "period"}),
            self.facility,
            [[source.total.fingerprint, *(service.fingerprint for service in source.services)]
             for source in self.sources],
            [dashboard.fingerprint for dashboard in self.dashboards],
            self.plan.fingerprint if self.plan else "",
        )  # fmt: skip

    def about(self, *subjects: str) -> list[Source]:
        """The campaigns whose rows are about these, those that hide the facility left out."""
        about = (source for source in self.sources if source.instrument.subject in subjects)
        return [source for source in about if not source.hidden]


def list_facilities(results: Sequence[Path]) -> list[str]:
    """The facilities of stored results, in the order they are met."""
    places = [facility for path in results for facility, _ in list_services(path)]
    return list(dict.fromkeys(places))


def open_synthesis(
    programme: str, facility: str = "", results: str = "", report_date: str = ""
) -> Synthesis:
    r"""Open what the synthesis of one facility may show.

    ``programme`` is a ``programme.yml``, or ``demo``; ``results``: the folder its campaigns were
    printed into, so that nothing is computed again; an empty ``facility`` stands for the first;
    ``report_date``: ISO day on which the plan is looked at, today when empty.

    >>> from qgdr_eval.fictitious import file_of
    >>> with file_of("demo_self", "campaign") as campaign:
    ...     path = campaign.with_name("programme.yml")
    ...     keys = "id: essai", "title: Essai", "period: mars", "campaigns: [campagne.yml]"
    ...     _ = path.write_text("\n".join(keys), encoding="utf-8")
    ...     synthesis = open_synthesis(str(path))
    >>> synthesis.facility, len(synthesis.sources), synthesis.plan
    ("Hôpital fictif du Val d'Orsel", 1, None)

    Raises:
        Refused: with the problems of a file that cannot be read, or for an unknown facility.
    """
    with file_of(programme, "programme") as path:
        return _open(path, facility, results, report_date)


def _open(path: Path, facility: str, results: str, report_date: str) -> Synthesis:
    programme = load_programme(path)
    stored = [_stored(path.parent / name, results) for name in programme.campaigns]
    with _all_of(stored) as paths:
        place = _find(list_facilities(paths), facility)
        sources = tuple(_source(file, place) for file in paths if place in list_facilities([file]))
    return Synthesis(
        programme,
        place,
        sources,
        tuple(_dashboards(programme, path.parent, place)),
        _plan(programme, path.parent, place, report_date),
    )


def _stored(campaign: Path, results: str) -> str:
    """Where the results of a campaign are: in a folder of reports, else made from its file."""
    if not results:
        return str(campaign)
    return str(Path(results) / load_campaign(campaign).id / "donnees" / "resultats.sqlite")


@contextmanager
def _all_of(sources: list[str]) -> Iterator[list[Path]]:
    """The stored results of several campaigns at once."""
    if not sources:
        yield []
        return
    with results_of(sources[0]) as first, _all_of(sources[1:]) as others:
        yield [first, *others]


def _source(results: Path, facility: str) -> Source:
    services = [place for place in list_services(results) if place[0] == facility]
    return Source(
        open_slice(results, facility, ""),
        tuple(open_slice(results, *place) for place in services),
    )


def _find(known: list[str], facility: str) -> str:
    if facility in known:
        return facility
    if not facility and known:
        return known[0]
    what = typography(f"établissement {quote(facility)} absent des campagnes du programme")
    raise Refused(
        [Problem("programme", None, "établissement", what, did_you_mean(facility, known))]
    )


def _dashboards(programme: Programme, folder: Path, facility: str) -> Iterator[DashboardReport]:
    if not programme.indicators:
        return
    table = folder / programme.indicators
    national = str(folder / programme.national) if programme.national else ""
    rows = read_indicators(table)
    poles = rows.loc[rows["facility"] == facility, "pole"]
    for pole in dict.fromkeys(poles):
        yield open_dashboard(str(table), facility, pole, national)


def _plan(programme: Programme, folder: Path, facility: str, day: str) -> PlanReport | None:
    """The facility's part of the plan; None when it has none."""
    if not programme.plan:
        return None
    path = str(folder / programme.plan)
    known = facility in set(read_plan(path).actions["facility"])
    return open_plan(path, facility, report_date=day) if known else None
