"""The report of a position a group or a person declared, one function per section.

The examples read ``position_report``, and ``risk_report`` where risks are told: `qgdr demo essai`
writes both, which ``open_position("essai/politique/campagne.yml")`` and
``open_position("essai/risques/campagne.yml")`` open.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from qgdr_eval.comparison.evaluated import EVALUATED
from qgdr_eval.comparison.findings import AT_MOST
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.fictitious import file_of
from qgdr_eval.frames import EvolutionRow, ExclusionRow, GapRow, NoteRow
from qgdr_eval.french import NO_BREAK, number
from qgdr_eval.instruments import Instrument
from qgdr_eval.instruments.model import RiskMap
from qgdr_eval.reporting.page.fragment import NOTHING, Fragment, Table, day_in_full, render, stamped
from qgdr_eval.reporting.page.masthead import Masthead, asked_line, campaign_line, lay_masthead
from qgdr_eval.reporting.position import method, words
from qgdr_eval.reporting.position.answers import Given, gather
from qgdr_eval.reporting.position.beside import lower_in_team
from qgdr_eval.reporting.position.gaps import depths_said, gap_table
from qgdr_eval.reporting.position.limitations import limits as what_is_not_said
from qgdr_eval.reporting.position.map import (
    draw_map,
    gross_table,
    harms_of,
    meanings,
    residual_table,
    zone_lists,
)
from qgdr_eval.reporting.position.picture import picture
from qgdr_eval.reporting.position.points import (
    Point,
    chosen_how,
    to_do_first,
    to_lean_on,
    to_see,
)
from qgdr_eval.reporting.position.ratings import (
    chapter_table,
    critical_table,
    justified_table,
    pointed,
)
from qgdr_eval.reporting.position.report import Position, position_of
from qgdr_eval.reporting.position.stand import Stand
from qgdr_eval.reporting.position.team_edition import team_edition
from qgdr_eval.reporting.position.tiles import key_of, tile, tiles
from qgdr_eval.reporting.position.zones import (
    ASIDE,
    Risk,
    letter,
    look,
    placed_said,
    possible_said,
    set_aside,
)
from qgdr_eval.reporting.report import ServiceReport, open_report
from qgdr_eval.scoring import RULES, rating_of
from qgdr_eval.wording.difference import changed_warnings
from qgdr_eval.wording.scores import score_in_full

LONG = 16  # characters of an answer that stand beside the questions it was given to
OPEN_AT_FIRST = 3  # dimensions whose levers are read at once; those of the others are folded


def open_position(campaign: str, facility: str = "", service: str = "") -> ServiceReport:
    """Open what the report of one position may show.

    ``campaign`` is a campaign file, the path of published results or ``demo``; an empty
    ``facility`` or ``service`` stands for the first one.

    >>> open_position("demo").service
    'Pôle Médecine'

    Raises:
        Refused: the files have problems, or hold no such service.
    """
    with file_of(campaign, "position") as path:
        return open_report(str(path), facility, service)


@stamped
def masthead(report: ServiceReport, report_date: str) -> Fragment:
    """Whose position, on what; what this is and what it is not.

    ``report_date``: ISO day the page bears, today when empty.

    >>> "Pôle Médecine" in masthead(position_report, "2026-11-16").html
    True
    """
    what, why = words.what_it_is(report.instrument, beside_team=not report.gaps.empty)
    return lay_masthead(
        Masthead(
            over=campaign_line(report.card),
            title=report.service,
            under=report.facility,
            asked=asked_line(report.card, report.instrument),
            facts=[*facts(report), ("Rapport du", day_in_full(report_date))],
            what=what,
            why=why,
            facility=report.facility,
            service=report.service,
            n=report.shown_n,
        )
    )


def facts(report: ServiceReport) -> list[tuple[str, str]]:
    """What a masthead tells beside the names: whose position it is, how much of it was answered.

    >>> facts(position_report)[0][0]
    'Position déclarée par'
    """
    if report.hidden:
        return [("Réponses", "aucune")]
    position = position_of(report)
    told = [("Position déclarée par", method.groups(position))]
    if position.answered:
        told.append(("Réponses dans le calcul", method.answered(position.answered)))
    if position.risks:
        told.append(("Risques placés dans une zone", placed_said(position.risks)))
    return told


@stamped
def message(report: ServiceReport) -> Fragment:
    """The sentence the answers support, what to lean on, what to do first.

    >>> "À faire d’abord" in message(position_report).html
    True
    """
    if report.hidden:
        return render("position/empty", of_a_group=report.instrument.of_a_group)
    position = position_of(report)
    return render(
        "position/message",
        headline=words.headline(position),
        picture=picture(position),
        groups=groups(position),
    )


@dataclass(frozen=True)
class PointGroup:
    """Points told under one title; ``more``: how they were chosen; ``none``: said without one."""

    title: str
    pole: str
    found: list[Point]
    more: str
    none: str


def groups(position: Position) -> list[PointGroup]:
    """What the first page names: what to do first, what to go and see, what to lean on.

    >>> from qgdr_eval.reporting.position.report import position_of
    >>> [group.title for group in groups(position_of(position_report))]
    ["À faire d'abord", "Points d'appui"]
    """
    tables, stands = position.tables, position.stands
    first, lean = to_do_first(position), to_lean_on(position)
    see = to_see(tables, position.risks)
    poles = ("ink", "ink") if tables else ("warm", "cool")  # zones have their own names
    nothing = "Rien n'appelle d'action en premier."
    found = [_group(stands, "À faire d'abord", poles[0], first, nothing)]
    found += [_group(stands, "À aller voir", "ink", see)] if see else []
    title, none = words.lean_title(tables)
    return [*found, _group(stands, title, poles[1], lean, none, best=True)]


def _group(
    stands: Sequence[Stand],
    title: str,
    pole: str,
    points: list[Point],
    none: str = "",
    best: bool = False,
) -> PointGroup:
    return PointGroup(title, pole, points[:AT_MOST], chosen_how(stands, points, best), none)


@stamped
def profile(report: ServiceReport) -> Fragment:
    """One row per dimension: a square an answer, what it comes to, how it reads.

    A position has neither interval nor reference: it is shown as it was declared. Nothing without
    answers, nor for a map of risks.

    >>> "Une case par réponse" in profile(position_report).html
    True
    """
    position = position_of(report)
    if report.hidden or not position.answered:
        return NOTHING
    return render(
        "position/profile",
        title=words.profile_title(position.stands),
        key=key_of(position.answered),
        has_reversed=_has_reversed(position.instrument),
        caution=position.instrument.caution,
        table=_profile_table(position.answered),
    )


def _profile_table(stands: list[Stand]) -> Table:
    marked = any(stand.marks for stand in stands)
    cells: list[tuple[object, ...]] = []
    part = None
    for stand in stands:
        if stand.dimension.part and stand.dimension.part != part:
            cells.append((stand.dimension.part,))
        part = stand.dimension.part
        line = (stand.dimension.label, tiles(stand.answers), _result(stand))
        cells.append((*line, words.reading(stand) or "–") if marked else line)
    columns = ("Dimension", "Réponses", "Résultat", *(["Lecture"] if marked else []))
    return Table("Une case par réponse, dans l'ordre du questionnaire", columns, cells, (0, 1, 3))


def _result(stand: Stand) -> str:
    result = words.result_and_share(stand)
    return words.complete(stand, result.replace(" ", NO_BREAK)) if stand.has_result else result


def _has_reversed(instrument: Instrument) -> bool:
    return any(item.reversed for item in instrument.items)


@stamped
def risks(report: ServiceReport) -> Fragment:
    """The map of the risks, then the risks zone by zone; nothing without risks.

    Gravity and likelihood are ranks of their scales; a zone comes from the instrument's two tables.

    >>> "Rouge" in risks(risk_report).html
    True
    >>> bool(risks(position_report))
    False
    """
    instrument, tables = report.instrument, report.instrument.risk
    if report.hidden or tables is None:
        return NOTHING
    found = position_of(report).risks
    return render(
        "position/risks",
        title=words.risks_title(tables, found),
        lines=draw_map(instrument, tables, found),
        harms=harms_of(instrument),
        gravities=meanings(instrument, "gravity")[::-1],
        likelihoods=meanings(instrument, "likelihood"),
        zones=zone_lists(tables, found),
        zone_tile=lambda zone, number="": tile(
            look(tables, zone), f"{number} {letter(tables, zone)}".strip()
        ),
        tables=tables,
        standings=ASIDE,
    )


@stamped
def items(report: ServiceReport) -> Fragment:
    """Each answer as it was given, what remains to do first; bare questions without answers.

    >>> "Réponse par réponse" in items(position_report).html
    True
    """
    if report.hidden:
        return render("position/questions", instrument=report.instrument)
    position = position_of(report)
    if not position.answered:
        return NOTHING
    return render(
        "position/items",
        chapters=chapter_table(position.rated),
        critical=critical_table(position.unmet, position.instrument),
        critical_said=words.critical_said(position),
        justified=justified_table(position.rated, rows_of(report.notes, NoteRow)),
        blocks=list(map(_block, position.answered)),
        has_reversed=_has_reversed(position.instrument),
        groups=position.groups,
    )


def _block(stand: Stand) -> dict[str, object]:
    parts = (_counted(stand), words.reading(stand))
    gaps, given = RULES[stand.dimension.rule].required, gather(stand.answers)
    return {
        "dimension": stand.dimension,
        "critical": stand.voice.critical,
        "finding": " ; lecture : ".join(part for part in parts if part),
        "table": gap_table(stand) if gaps else None,
        "depths": depths_said(stand) if gaps else "",
        "given": [] if gaps else [_list(answer, stand.groups) for answer in given],
        "long": any(len(answer.long) > LONG for answer in given),
    }


def _counted(stand: Stand) -> str:
    share = words.share(stand)
    unit = words.unit(stand) if stand.has_result else ""
    parts = (words.result(stand), unit, f"({share})" if share else "")
    return words.complete(stand, " ".join(part for part in parts if part))


def _list(given: Given, groups: int) -> dict[str, object]:
    return {
        "tile": tile(given.tone, given.mark),
        "label": given.long,
        "times": given.times,
        "lines": [(answer.item, words.times_said(answer, groups)) for answer in given.answers],
    }


@stamped
def notes(report: ServiceReport) -> Fragment:
    """The free notes of the group or person, dimension by dimension; nothing without notes.

    >>> import dataclasses
    >>> import pandas as pd
    >>> first = position_report.instrument.dimensions[0].id
    >>> note = pd.DataFrame([NoteRow("", "", first, "", "À revoir en juin.")])
    >>> "À revoir en juin." in notes(dataclasses.replace(position_report, notes=note)).html
    True
    """
    found = _notes(rows_of(report.notes, NoteRow), report.instrument)
    return render("position/notes", notes=found) if found else NOTHING


def _notes(
    notes: Sequence[NoteRow], instrument: Instrument
) -> list[tuple[str, list[tuple[str, str]]]]:
    """(dimension, notes) in the instrument's order, each note with the item it is about, or ""."""
    texts: dict[str, list[tuple[str, str]]] = {}
    for row in notes:
        texts.setdefault(row.dimension, []).append((row.item, row.text))
    return [
        (dimension.label, texts[dimension.id])
        for dimension in instrument.dimensions
        if dimension.id in texts
    ]


@stamped
def since(report: ServiceReport) -> Fragment:
    """What changed since the position before, dimension by dimension; nothing without one.

    Two declared positions are set side by side, without interval: nothing was drawn at random.

    >>> import dataclasses
    >>> import pandas as pd
    >>> first = position_report.instrument.dimensions[0].id
    >>> moved = {"dimension": first, "item": "", "score_before": 50.0, "score": 75.0}
    >>> said = {"difference": 25.0, "verdict": "declared", "period_before": "mars 2025"}
    >>> said["method"] = "declared"
    >>> before = pd.DataFrame([moved | said]).reindex(columns=EvolutionRow._fields)
    >>> "Ce qui a changé" in since(dataclasses.replace(position_report, evolution=before)).html
    True
    """
    rows = [
        row
        for row in rows_of(report.evolution, EvolutionRow)
        if row.item == "" and row.verdict == "declared"
    ]
    asked = report.changed_last
    if report.hidden or not (rows or asked):
        return NOTHING
    changed = [row for row in rows if words.has_changed(row)]
    risks = report.instrument.risk is not None
    evaluated = any(row.method == EVALUATED for row in rows)
    return render(
        "position/since",
        title=words.since_title(len(changed), len(rows), risks, evaluated),
        evaluated=evaluated,
        before=report.evolution["period_before"].iloc[0],
        asked=changed_warnings(report.instrument, asked),
        now=report.card.period,
        table=_since_table(report.instrument, changed),
        criteria=_criteria_since(rows_of(report.evolution, EvolutionRow), report.instrument),
    )


def _criteria_since(evolution: Sequence[EvolutionRow], instrument: Instrument) -> Table | None:
    """The criteria that an outside evaluation rated too, whether they moved or not."""
    rows = [row for row in evolution if row.item and row.method == EVALUATED]
    cells = [
        (
            pointed(instrument.item(row.item)),
            *(number(rating_of(value), 2) for value in (row.score_before, row.score)),
        )
        for row in rows
    ]
    columns = ("Critère impératif", "Évaluation", "Maintenant")
    return Table("Critère par critère, sur 4", columns, cells) if cells else None


def _since_table(instrument: Instrument, rows: list[EvolutionRow]) -> Table:
    cells = [
        (
            instrument.dimension(row.dimension).label,
            *(_score(instrument, row.dimension, value) for value in (row.score_before, row.score)),
        )
        for row in rows
    ]
    return Table("Ce qui a changé", ("Dimension", "Avant", "Maintenant"), cells)


def _score(instrument: Instrument, dimension: str, value: float) -> str:
    return score_in_full(value, instrument.dimension(dimension), instrument)


@stamped
def limits(report: ServiceReport) -> Fragment:
    """What cannot be concluded, and why. Always something, whatever the answers.

    >>> "qu’on ne peut pas conclure" in limits(position_report).html
    True
    """
    return render("page/limits", limits=what_is_not_said(report))


@stamped
def next_steps(report: ServiceReport) -> Fragment:
    """Levers and resources for what is to be done first, and for what the team puts lower.

    >>> "Que faire maintenant" in next_steps(position_report).html
    True
    """
    position = position_of(report)
    lower = [] if report.hidden else lower_in_team(rows_of(report.gaps, GapRow))
    first = [] if report.hidden else [point.dimension for point in to_do_first(position)]
    dimensions = [position.dimension(id) for id in dict.fromkeys([*first, *lower])]
    return render(
        "position/next_steps",
        hidden=report.hidden,
        of_a_group=position.instrument.of_a_group,
        first=dimensions[:OPEN_AT_FIRST],
        others=dimensions[OPEN_AT_FIRST:],
        lower=lower,
        alone=report.weak_alone,
        how_many=words.how_many_actions(position),
        see=[] if report.hidden else _to_see(position.tables, position.risks),
        team=None if report.hidden else team_edition(position.instrument),
    )


def _to_see(tables: RiskMap | None, risks: Sequence[Risk]) -> list[tuple[Risk, str]]:
    """The risks nobody could rate whole, and the zones that what was rated leaves possible."""
    if tables is None:
        return []
    return [(risk, possible_said(tables, risk)) for risk in set_aside(risks, "unknown")]


@stamped
def annex(report: ServiceReport) -> Fragment:
    """The method: each rule worked with these answers, thresholds, tables of risk, notes.

    >>> "Part de ce qui est fait" in annex(position_report).html
    True
    """
    position, tables = position_of(report), report.instrument.risk
    return render(
        "position/annex",
        compared=not report.gaps.empty,
        alone=position.instrument.of_a_person,
        rules=method.worked_rules(position),
        left_out=method.left_out(position.instrument),
        capped=method.capped(position.instrument),
        minimum=method.minimum_answered(position.instrument),
        unread=method.unread(rows_of(report.published.exclusions, ExclusionRow)),
        thresholds=method.threshold_table(position.instrument),
        tables=tables,
        risk=[gross_table(tables), residual_table(tables)] if tables else [],
        notes=position.instrument.notes,
    )
