"""What the page of a plan may show: a whole plan, a pôle's or a service's, read and followed."""

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from qgdr_eval.actions import (
    Plan,
    check_actions,
    close_loop,
    follow,
    plan_of,
    read_plan,
    suggest_actions,
)
from qgdr_eval.actions.follow import belongs
from qgdr_eval.actions.loop import LOOP_COLUMNS
from qgdr_eval.actions.model import PLACE
from qgdr_eval.campaigns.results import results_of
from qgdr_eval.comparison.evolution import EVOLUTION_COLUMNS, compare_campaigns
from qgdr_eval.disclosure import Card, Published, open_beside, open_published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.fictitious import file_of, is_fictitious
from qgdr_eval.fingerprint import of_bytes, of_values
from qgdr_eval.frames import ActionRow, FollowedRow
from qgdr_eval.french import did_you_mean, quote, typography
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.wording.findings import SAID_COLUMNS, say_findings

KINDS = {"facility": "établissement", "pole": "pôle", "service": "service"}
Place = tuple[str, str, str]


@dataclass(frozen=True)
class PlanReport:
    """What the page of a plan may show: of a whole plan, of a pôle or of a service.

    ``findings``: what the last campaign calls to act on; ``evolution``: how its measures moved
    since an earlier one; ``cards``: these two campaigns, the last first; ``labels``: the names of
    its dimensions and questions, by id and code; ``instrument``: what it asked. Empty when no
    campaign is given.
    """

    plan: Plan
    facility: str
    pole: str
    service: str
    report_date: str
    findings: pd.DataFrame
    evolution: pd.DataFrame
    cards: tuple[Card, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    instrument: Instrument | None = None

    @property
    def on(self) -> datetime.date:
        """The day the plan is looked at."""
        return datetime.date.fromisoformat(self.report_date)

    @cached_property
    def actions(self) -> pd.DataFrame:
        """The actions of this place, and those they are declined from."""
        return plan_of(self.plan.actions, self.facility, self.pole, self.service)

    @cached_property
    def own(self) -> pd.DataFrame:
        """The actions of this place alone, its pôle's or services' with it, place by place."""
        place = (self.facility, self.pole, self.service)
        return _place_by_place(self.actions[belongs(self.actions, *place)])

    @cached_property
    def followed(self) -> pd.DataFrame:
        """What may be said of each action of this place; see `qgdr_eval.actions.follow`."""
        return follow(self.own, self.on)

    def rows(self, flag: str = "") -> list[tuple[ActionRow, FollowedRow]]:
        """(action, what may be said of it), kept to those with a flag when one is named."""
        pairs = zip(rows_of(self.own, ActionRow), rows_of(self.followed, FollowedRow), strict=True)
        return [pair for pair in pairs if not flag or getattr(pair[1], flag)]

    def total(self, flag: str) -> int:
        """How many actions of this place have a flag."""
        return int(self.followed[flag].sum())

    @cached_property
    def loop(self) -> pd.DataFrame:
        """What was promised, done and moved, for what these two campaigns measure.

        Not for what the last of them brought up itself: nothing was measured since.
        """
        since = self.own["campaign"] != (self.cards[0].id if self.cards else "")
        if self.instrument is None:
            return pd.DataFrame(columns=LOOP_COLUMNS)
        tied = self.own[since & self.own["dimension"].isin(self.labels)]
        return close_loop(tied, self.evolution, self.instrument)

    @cached_property
    def proposals(self) -> pd.DataFrame:
        """Actions that the findings propose to add."""
        return suggest_actions(self.findings, self.plan.actions)

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of all the page shows."""
        shown = (self.actions, self.followed, self.loop.round(9), self.proposals)
        texts = [of_bytes(frame.to_csv(index=False).encode()) for frame in shown]
        return of_values(self.facility, self.pole, self.service, self.report_date, *texts)

    def holding(self, plan: Plan) -> "PlanReport":
        """The same page for the plan as it has become."""
        return dataclasses.replace(self, plan=plan)


def open_plan(
    plan: str,
    facility: str = "",
    pole: str = "",
    service: str = "",
    report_date: str = "",
    campaign: str = "",
    earlier: str = "",
) -> PlanReport:
    """Open what the page of a plan may show.

    ``plan`` is an XLSX or CSV file, or ``demo``; an empty place takes the whole plan;
    ``report_date`` is an ISO date, today when empty; ``campaign`` and ``earlier`` name results as
    in `qgdr_eval.reporting.open_report`: the last ones propose actions, both together say what
    moved.

    >>> report = open_plan("demo", service="Urgences", report_date="2026-11-16")
    >>> report.pole, report.total("late")
    ('Pôle Urgences et réanimation', 1)

    Raises:
        Refused: the plan or the results cannot be read, or hold no such place.
    """
    with file_of(plan, "plan") as path:
        opened = read_plan(path)
    if is_fictitious(plan, "plan"):  # nothing to save into
        opened = dataclasses.replace(opened, file=path.stem, path="", digest="")
    opened = dataclasses.replace(opened, warnings=opened.warnings or check_actions(opened.actions))
    last, found = _open_results(campaign)
    place = _find_place(_places(opened.actions, last), facility, pole, service)
    before, _ = _open_results(earlier if last else "")
    return PlanReport(
        opened,
        *place,
        report_date or datetime.date.today().isoformat(),
        _findings(found, opened.actions, *place),
        _moved(before, last),
        tuple(results.card for results in (last, before) if results),
        _labels(last),
        last.instrument if last else None,
    )


def open_facility_plan(plan: Path, facility: str, report_date: str) -> PlanReport:
    """Open the plan of one facility, without any campaign; empty where it has no action.

    ``facility``: "" for the whole plan. ``report_date``: an ISO date.

    >>> with file_of("demo", "plan") as path:
    ...     report = open_facility_plan(path, "Hôpital sans action", "2026-11-16")
    >>> len(report.own)
    0

    Raises:
        Refused: the plan cannot be read.
    """
    nothing = pd.DataFrame(columns=SAID_COLUMNS), pd.DataFrame(columns=EVOLUTION_COLUMNS)
    return PlanReport(read_plan(plan), facility, "", "", report_date, *nothing)


def _open_results(campaign: str) -> tuple[Published | None, pd.DataFrame]:
    """The results of a campaign, and what its teams could act on, said."""
    if not campaign:
        return None, pd.DataFrame(columns=SAID_COLUMNS)
    with results_of(campaign) as results:
        published, found = open_published(results), open_beside(results, "findings")
    return published, say_findings(found, published)


def _labels(published: Published | None) -> dict[str, str]:
    if published is None:
        return {}
    dimensions = {dimension.id: dimension.label for dimension in published.instrument.dimensions}
    return dimensions | {item.code: item.text for item in published.instrument.items}


def _moved(before: Published | None, last: Published | None) -> pd.DataFrame:
    """What moved between two campaigns; nothing when there are not two."""
    if before is None or last is None:
        return pd.DataFrame(columns=EVOLUTION_COLUMNS)
    if before.instrument.id != last.instrument.id:
        names = f"{quote(before.instrument.id)} puis {quote(last.instrument.id)}"
        what = f"deux questionnaires différents : {names}"
        cure = "choisissez deux campagnes menées avec le même questionnaire"
        raise Refused([Problem("comparaison de deux campagnes", None, "", what, cure)])
    return compare_campaigns(before, last)


def _findings(
    findings: pd.DataFrame, actions: pd.DataFrame, facility: str, pole: str, service: str
) -> pd.DataFrame:
    """What calls to act in this place; a pôle's services are those of the plan."""
    found = findings[findings["service"] != ""]
    facilities = [facility] if facility else actions["facility"].unique()
    services = [service] if service else actions["service"][actions["pole"] == pole].unique()
    here = found["facility"].isin(facilities) | (len(actions) == 0)
    return found[here & (found["service"].isin(services) | (not service and not pole))]


def _places(actions: pd.DataFrame, published: Published | None) -> list[Place]:
    """Every place of the plan, then the services of the campaign that it does not name."""
    planned: list[Place] = list(
        dict.fromkeys(actions[list(PLACE)].itertuples(index=False, name=None))
    )
    met = {(facility, service) for facility, _, service in planned}
    others = published.services if published else []
    return planned + [(place[0], "", place[1]) for place in others if place not in met]


def _find_place(places: Sequence[Place], facility: str, pole: str, service: str) -> Place:
    wanted = (facility, pole, service)
    if not any(wanted):
        return wanted
    fits = [place for place in places if _fits(wanted, place)]
    if not fits:
        raise _unknown(places, wanted)
    facilities = {place[0] for place in fits}
    if len(facilities) > 1:
        what = f"plusieurs établissements ont un lieu nommé {quote(service or pole)}"
        raise _refused("établissement", what, did_you_mean("", facilities))
    poles = {place[1] for place in fits}
    return facilities.pop(), pole or (poles.pop() if service and len(poles) == 1 else ""), service


def _fits(wanted: Place, place: Place) -> bool:
    return all(name in ("", actual) for name, actual in zip(wanted, place, strict=True))


def _unknown(places: Sequence[Place], wanted: Place) -> Refused:
    """The first name asked for that no place bears, with the nearest; else they never meet."""
    for rank, (kind, name) in enumerate(zip(KINDS.values(), wanted, strict=True)):
        known = dict.fromkeys(place[rank] for place in places if place[rank])
        if name and name not in known:
            what = f"{kind} {quote(name)} absent du plan"
            return _refused(kind, what, did_you_mean(name, known))
    what = "ces noms existent, mais pas ensemble"
    return _refused("lieu", what, "laissez vide l'établissement ou le pôle")


def _refused(place: str, what: str, cure: str) -> Refused:
    return Refused([Problem("plan d'actions", None, place, typography(what), cure)])


def _place_by_place(actions: pd.DataFrame) -> pd.DataFrame:
    """Each facility, each pôle and each service after what is above it, in the plan's order."""
    ranks = [list(dict.fromkeys(["", *actions[name]])) for name in PLACE]
    keys = [
        [names.index(name) for names, name in zip(ranks, row, strict=True)]
        for row in actions[list(PLACE)].itertuples(index=False, name=None)
    ]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return actions.iloc[order].reset_index(drop=True)
