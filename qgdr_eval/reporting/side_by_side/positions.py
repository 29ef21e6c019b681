"""Positions declared by groups, side by side: what several share, never how far one is ahead.

Nothing here is a measure: no interval, no colour that ranks a service, no figure to compare. A
service is placed with the words of its own page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import pandas as pd
from markupsafe import Markup

from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import (
    TurnoutRow,
)
from qgdr_eval.french import listed
from qgdr_eval.instruments import Dimension, Instrument
from qgdr_eval.instruments.model import RiskMap
from qgdr_eval.reporting.page.fragment import NOTHING, Fragment, Table, render, stamped
from qgdr_eval.reporting.position import words
from qgdr_eval.reporting.position.report import Position, read_position
from qgdr_eval.reporting.position.stand import Stand
from qgdr_eval.reporting.position.tiles import tile
from qgdr_eval.reporting.position.zones import ASIDE, ROLES, Risk, letter, look, zone_name
from qgdr_eval.reporting.report import CampaignReport, ServiceResults
from qgdr_eval.scoring import gives
from qgdr_eval.wording.rules.risk import RISKS
from qgdr_eval.wording.scores import score_in_full

SIDE_BY_SIDE = 3  # services whose zones still stand beside each other on a sheet of paper
DIMENSIONS = ("dimension", "dimensions", True)
BANDS = ("priority", "between", "strength")
PLAIN, NOTHING_SAID = len(BANDS), 9  # where results without a mark, then no result, are told
EMPTY = Markup("")
NO_ZONE = "sans zone"
TITLE = "Ce que les services ont en commun"
NO_MARK = "Le questionnaire ne fixe pas de repère : chaque résultat est donné tel quel, plus bas."
ALONE = "Il faut au moins deux positions pour chercher ce qu'elles ont en commun."
NOT_SHARED = "Rien n'est dans ce cas pour deux services à la fois."


@dataclass(frozen=True)
class Told:
    """Where a service stands on a dimension, in the words of its own page.

    ``order``: what is told first, 0 for the least favourable. ``first``: to be taken up before
    the rest. ``square``: of the zone of a risk. ``why``: what keeps a risk from having a zone.
    """

    words: str
    order: int
    first: bool = False
    square: Markup = EMPTY
    why: str = ""


Stands = Mapping[str, Mapping[str, Told]]  # by service, then by dimension


def side_by_side(report: CampaignReport) -> Fragment:
    """What services share, the zones of their risks, their words, what these may serve for."""
    stands = stands_of(report)
    parts = (_in_common, _risk_zones, _by_dimension, _notes)
    return Fragment("".join(str(part(report, stands)) for part in parts))


def stands_of(report: CampaignReport) -> Stands:
    """Where each service that answered stands, facilities together, in the campaign's order."""
    several = len({facility for facility, _ in report.published.services}) > 1
    places = [_place(report, *service) for service in _services(report.published.services)]
    return {
        _name(place.facility, place.service, several): _stands(read_position(place))
        for place in places
        if not place.hidden
    }


def _services(services: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    order = list(dict.fromkeys(facility for facility, _ in services))
    return sorted(services, key=lambda place: order.index(place[0]))


def _name(facility: str, service: str, several: bool) -> str:
    return f"{service} ({facility})" if several and facility else service


def _place(report: CampaignReport, facility: str, service: str) -> ServiceResults:
    """What one service came to, without what it is compared to."""
    return ServiceResults(
        facility,
        service,
        report.published.of(facility, service),
        _own(report.readings, facility, service),
        _own(report.findings, facility, service),
        report.fingerprint,
    )


def _own(rows: pd.DataFrame, facility: str, service: str) -> pd.DataFrame:
    return rows[(rows["facility"] == facility) & (rows["service"] == service)]


def _stands(position: Position) -> dict[str, Told]:
    answered = {stand.dimension.id: _of_answers(stand) for stand in position.answered}
    risks = {risk.dimension.id: _of_risk(position.instrument, risk) for risk in position.risks}
    order = [stand.dimension.id for stand in position.stands]
    return {id: told for id in order if (told := (answered | risks).get(id))}


def _of_risk(instrument: Instrument, risk: Risk) -> Told:
    """The zone of a risk; one that does not exist there is not one that nobody could place."""
    if risk.standing == "absent":
        return Told(ASIDE["absent"], NOTHING_SAID)
    tables = _tables(instrument)
    square = _square(tables, risk.zone)
    if risk.zone is None:
        return Told(_unplaced(risk), NOTHING_SAID, square=square, why=_lacking(risk))
    return Told(tables.zones[risk.zone].id, risk.zone, first=risk.zone == 0, square=square)


def _unplaced(risk: Risk) -> str:
    """« sans zone », and what is to be done about it."""
    to_do = ASIDE[risk.standing]
    return to_do if to_do == NO_ZONE else f"{NO_ZONE}, {to_do}"


def _lacking(risk: Risk) -> str:
    """The answers that leave a risk without a zone: « vraisemblance : ne sait pas »."""
    if risk.standing == "several":
        return "plusieurs groupes ont répondu"
    given = zip(ROLES.values(), risk.given, strict=True)
    lacking = [(role, answer) for role, answer in given if not answer.isdigit()]
    if len(lacking) == len(ROLES) and len({answer for _, answer in lacking}) == 1:
        return lacking[0][1]
    return ", ".join(f"{role} : {answer}" for role, answer in lacking)


def _square(tables: RiskMap, zone: int | None) -> Markup:
    """The square of a zone and its letter, not read aloud: its name stands beside it."""
    square = tile(look(tables, zone), letter(tables, zone))
    return Markup('<span aria-hidden="true">{}</span>').format(square)


def _of_answers(stand: Stand) -> Told:
    """The threshold a dimension reaches; without one, its result."""
    if not stand.has_result:
        return Told(words.nothing_said(stand), NOTHING_SAID)
    reached = words.reading(stand)
    if not reached:
        return Told(score_in_full(stand.row.score, stand.dimension, stand.instrument), PLAIN)
    first = _is_first(stand)
    return Told(reached, 0 if first else BANDS.index(stand.reading.band), first)


def _is_first(stand: Stand) -> bool:
    """Whether a dimension is under its lowest mark, or waits for a critical criterion."""
    kinds = {mark.kind for mark in stand.marks}
    lowest = "between" if kinds == {"at_least"} else "priority"
    return bool(stand.reading.verdict == "capped" or stand.reading.band == lowest)


def _tables(instrument: Instrument) -> RiskMap:
    if instrument.risk is None:
        raise ValueError("an instrument that rates risks has their tables")
    return instrument.risk


@stamped
def _in_common(report: CampaignReport, stands: Stands) -> Fragment:
    """The dimensions, or risks, that are to be taken up first in several services."""
    rows = _shared(report.instrument, stands)
    unfit = _why_not_sought(report.instrument, stands)
    return render(
        "side_by_side/common",
        title=TITLE if unfit else _title(report.instrument, stands, len({row[0] for row in rows})),
        table=_common_table(report.instrument, rows) if rows else None,
        why=unfit or NOT_SHARED,
        silent=_silent(rows_of(report.published.participation, TurnoutRow)),
    )


def _why_not_sought(instrument: Instrument, stands: Stands) -> str:
    """Why nothing can be common; "" when something may be."""
    marks = [
        mark
        for dimension in instrument.dimensions
        for mark in instrument.thresholds_of(dimension.id)
    ]
    if not marks and instrument.risk is None:
        return NO_MARK
    return ALONE if len(stands) < 2 else ""


def _shared(instrument: Instrument, stands: Stands) -> list[tuple[str, str, str]]:
    """(dimension, words, services) of what two services at least have to take up first."""
    return [
        (dimension.label, stand.words, f"{len(names)} sur {len(stands)} : {', '.join(names)}")
        for dimension in instrument.dimensions
        for stand, names in _gather(stands, dimension)
        if stand.first and len(names) > 1
    ]


def _gather(stands: Stands, dimension: Dimension) -> list[tuple[Told, list[str]]]:
    """The services that say the same of a dimension, together; what is to be done first, first."""
    kept: dict[tuple[str, str], list[str]] = {}
    found: dict[tuple[str, str], Told] = {}
    for name, stood in stands.items():
        if (stand := stood.get(dimension.id)) is not None:
            key = stand.words, stand.why
            found.setdefault(key, stand)
            kept.setdefault(key, []).append(name)
    return sorted(((found[key], kept[key]) for key in found), key=lambda line: line[0].order)


def _title(instrument: Instrument, stands: Stands, shared: int) -> str:
    thing, state = DIMENSIONS, "à reprendre d'abord"
    if _only_risks(instrument):
        thing, state = RISKS, zone_name(_tables(instrument), 0)
    sentence = words.tally(shared, _among(stands), thing, (f"{state} dans plusieurs services",) * 2)
    return sentence[0].upper() + sentence[1:]


def _only_risks(instrument: Instrument) -> bool:
    return all(gives(dimension) == "zone" for dimension in instrument.dimensions)


def _among(stands: Stands) -> int:
    """How many dimensions concern a service at least."""
    pairs = [(id, stand) for stood in stands.values() for id, stand in stood.items()]
    return len({id for id, stand in pairs if stand.words != ASIDE["absent"]})


def _common_table(instrument: Instrument, rows: list[tuple[str, str, str]]) -> Table:
    heads = ("Risque", "Zone") if _only_risks(instrument) else ("Dimension", "Lecture")
    return Table("Dans l'ordre du questionnaire", (*heads, "Services"), rows, (0, 1, 2))


def _silent(turnouts: Sequence[TurnoutRow]) -> str:
    """The services of the campaign that gave no position, as a list; "" when there is none."""
    return listed(row.service for row in turnouts if row.service and row.status != "published")


@stamped
def _risk_zones(report: CampaignReport, stands: Stands) -> Fragment:
    """The zone of each risk in each service, as words beside a square; nothing without risks."""
    dimensions = [
        dimension for dimension in report.instrument.dimensions if gives(dimension) == "zone"
    ]
    if not dimensions or not stands:
        return NOTHING
    names, tables = list(stands), _tables(report.instrument)
    few = [names[at : at + SIDE_BY_SIDE] for at in range(0, len(names), SIDE_BY_SIDE)]
    return render(
        "side_by_side/risks",
        key=[(_square(tables, rank), zone) for rank, zone in enumerate(tables.zones)],
        nowhere=_square(tables, None),
        tables=[_zone_table(dimensions, stands, some) for some in few],
    )


def _zone_table(dimensions: Sequence[Dimension], stands: Stands, names: list[str]) -> Table:
    rows: list[tuple[object, ...]] = []
    for part, numbered in groupby(enumerate(dimensions, start=1), key=lambda entry: entry[1].part):
        rows += [(part,)] if part else []
        rows += [
            (
                f"{number}. {dimension.label}",
                *(_zone_cell(stands[name][dimension.id]) for name in names),
            )
            for number, dimension in numbered
        ]
    columns = ("Risque", *names)
    return Table(
        "Les risques dans l'ordre du questionnaire", columns, rows, (*range(len(columns)),)
    )


def _zone_cell(stand: Told) -> Markup:
    why = f" ({stand.why})" if stand.why else ""
    return Markup("<span>{} {}{}</span>").format(stand.square, stand.words, why)


@stamped
def _by_dimension(report: CampaignReport, stands: Stands) -> Fragment:
    """The words each dimension has in each service, those of one word together, part by part."""
    dimensions = [
        dimension for dimension in report.instrument.dimensions if gives(dimension) != "zone"
    ]
    if not dimensions or not stands:
        return NOTHING
    parts = groupby(dimensions, key=lambda dimension: dimension.part)
    tables = [
        _word_table(part or "Toutes les dimensions", members, stands) for part, members in parts
    ]
    return render("side_by_side/dimensions", tables=tables)


def _word_table(part: str, dimensions: Iterable[Dimension], stands: Stands) -> Table:
    rows: list[tuple[object, ...]] = []
    for dimension in dimensions:
        rows.append((dimension.label,))
        rows += [(stand.words, ", ".join(names)) for stand, names in _gather(stands, dimension)]
    return Table(part, ("Lecture", "Services"), rows, (0, 1))


@stamped
def _notes(report: CampaignReport, stands: Stands) -> Fragment:
    """The questionnaire's own notes: one may say that its answers are no ground to compare."""
    notes, caution = report.instrument.notes, report.instrument.caution
    if not notes and not caution:
        return NOTHING
    return render("side_by_side/notes", notes=notes, caution=caution)
