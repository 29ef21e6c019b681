"""The report of a position a group or a person declared, one function per section.

The examples read ``position_report``, and ``risk_report`` where risks are told: `qgdr demo essai`
writes both, which ``open_position("essai/politique/campagne.yml")`` and
``open_position("essai/risques/campagne.yml")`` open.
"""

from typing import Any

from qgdr_eval.comparison.evaluated import EVALUATED
from qgdr_eval.comparison.findings import AT_MOST
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.fictitious import file_of
from qgdr_eval.french import NO_BREAK, number
from qgdr_eval.instruments import Dimension
from qgdr_eval.reporting.page.fragment import NOTHING, Fragment, Table, render, stamped
from qgdr_eval.reporting.position import method as position_method
from qgdr_eval.reporting.position import words
from qgdr_eval.reporting.position.answers import Given, answers_of, gather, long_name
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
    rates,
)
from qgdr_eval.reporting.position.team_edition import team_edition
from qgdr_eval.reporting.position.tiles import key_of, tile, tiles
from qgdr_eval.reporting.position.zones import (
    ASIDE,
    Risk,
    letter,
    look,
    map_of,
    placed_said,
    possible_said,
    risks_of,
    set_aside,
)
from qgdr_eval.reporting.report import ServiceReport, open_report
from qgdr_eval.scoring import RULES, gives, rating_of
from qgdr_eval.wording.rules import VOICES
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
    return render(
        "position/masthead",
        report=report,
        facts=facts(report),
        preparatory=rates(report.instrument),
        report_date=report_date,
    )


def facts(report: ServiceReport) -> list[tuple[str, str]]:
    """What a masthead tells beside the names: whose position it is, how much of it was answered.

    >>> facts(position_report)[0][0]
    'Position déclarée par'
    """
    if report.hidden:
        return [("Réponses", "aucune")]
    told = [("Position déclarée par", position_method.groups(report))]
    if answered(report):
        told.append(("Réponses dans le calcul", position_method.answered(report)))
    if risks_of(report):
        told.append(("Risques placés dans une zone", placed_said(report)))
    return told


@stamped
def message(report: ServiceReport) -> Fragment:
    """The sentence the answers support, what to lean on, what to do first.

    >>> "À faire d’abord" in message(position_report).html
    True
    """
    if report.hidden:
        return render("position/empty", report=report)
    return render(
        "position/message",
        headline=words.headline(report),
        picture=picture(report),
        groups=groups(report),
    )


def groups(report: ServiceReport) -> list[dict[str, Any]]:
    """What the first page names: what to do first, what to go and see, what to lean on.

    >>> [group["title"] for group in groups(position_report)]
    ["À faire d'abord", "Points d'appui"]
    """
    first, see, lean = to_do_first(report), to_see(report), to_lean_on(report)
    poles = ("ink", "ink") if map_of(report) else ("warm", "cool")  # zones have their own names
    nothing = "Rien n'appelle d'action en premier."
    found = [_group(report, "À faire d'abord", poles[0], first, nothing)]
    found += [_group(report, "À aller voir", "ink", see)] if see else []
    title, none = words.lean_title(report)
    return [*found, _group(report, title, poles[1], lean, none, best=True)]


def _group(
    report: ServiceReport,
    title: str,
    pole: str,
    points: list[Point],
    none: str = "",
    best: bool = False,
) -> dict[str, Any]:
    more = chosen_how(report, points, best)
    return {"title": title, "pole": pole, "found": points[:AT_MOST], "more": more, "none": none}


def answered(report: ServiceReport) -> list[tuple[Dimension, Any, Any]]:
    """The dimensions read answer by answer: all but risks, which have their map.

    >>> answered(risk_report)
    []
    """
    return [rows for rows in report.dimension_rows if gives(rows[0]) != "zone"]


@stamped
def profile(report: ServiceReport) -> Fragment:
    """One row per dimension: a square an answer, what it comes to, how it reads.

    A position has neither interval nor reference: it is shown as it was declared. Nothing without
    answers, nor for a map of risks.

    >>> "Une case par réponse" in profile(position_report).html
    True
    """
    rows = answered(report)
    if report.hidden or not rows:
        return NOTHING
    return render(
        "position/profile",
        title=words.profile_title(report),
        key=key_of(report, [dimension for dimension, _, _ in rows]),
        has_reversed=_has_reversed(report),
        caution=report.instrument.caution,
        table=_profile_table(report, rows),
    )


def _profile_table(report: ServiceReport, rows: list[tuple[Dimension, Any, Any]]) -> Table:
    marked = any(report.instrument.thresholds_of(dimension.id) for dimension, _, _ in rows)
    cells: list[tuple[Any, ...]] = []
    part = None
    for dimension, row, reading in rows:
        if dimension.part and dimension.part != part:
            cells.append((dimension.part,))
        part = dimension.part
        line = (dimension.label, tiles(answers_of(report, dimension)), _result(report, row))
        cells.append((*line, words.reading(report, reading) or "–") if marked else line)
    columns = ("Dimension", "Réponses", "Résultat", *(["Lecture"] if marked else []))
    return Table("Une case par réponse, dans l'ordre du questionnaire", columns, cells, (0, 1, 3))


def _result(report: ServiceReport, row: Any) -> str:
    dimension = report.instrument.dimension(row.dimension)
    share = words.share(report, dimension, row)
    result = words.result(report, dimension, row) + (f" ({share})" if share else "")
    if row.status != "published":
        return result
    return words.complete(report, dimension, result.replace(" ", NO_BREAK))


def _has_reversed(report: ServiceReport) -> bool:
    return any(item.reversed for item in report.instrument.items)


@stamped
def risks(report: ServiceReport) -> Fragment:
    """The map of the risks, then the risks zone by zone; nothing without risks.

    Gravity and likelihood are ranks of their scales; a zone comes from the instrument's two tables.

    >>> "Rouge" in risks(risk_report).html
    True
    >>> bool(risks(position_report))
    False
    """
    tables = map_of(report)
    if report.hidden or tables is None:
        return NOTHING
    found = risks_of(report)
    return render(
        "position/risks",
        title=words.risks_title(report),
        lines=draw_map(report, tables, found),
        harms=harms_of(report),
        gravities=meanings(report, "gravity")[::-1],
        likelihoods=meanings(report, "likelihood"),
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
    rows = answered(report)
    if not rows:
        return NOTHING
    return render(
        "position/items",
        chapters=chapter_table(report),
        critical=critical_table(report),
        critical_said=words.critical_said(report),
        justified=justified_table(report),
        blocks=[_block(report, *row) for row in rows],
        has_reversed=_has_reversed(report),
        groups=report.n,
    )


def _block(report: ServiceReport, dimension: Dimension, row: Any, reading: Any) -> dict[str, Any]:
    parts = (_counted(report, dimension, row), words.reading(report, reading))
    gaps, given = RULES[dimension.rule].required, gather(answers_of(report, dimension))
    return {
        "dimension": dimension,
        "critical": VOICES[dimension.rule].critical,
        "finding": " ; lecture : ".join(part for part in parts if part),
        "table": gap_table(report, dimension) if gaps else None,
        "depths": depths_said(report, dimension) if gaps else "",
        "given": [] if gaps else [_list(report, answer) for answer in given],
        "long": any(len(long_name(answer.label)) > LONG for answer in given),
    }


def _counted(report: ServiceReport, dimension: Dimension, row: Any) -> str:
    unit = words.unit(report, dimension) if row.status == "published" else ""
    share = words.share(report, dimension, row)
    parts = (words.result(report, dimension, row), unit, f"({share})" if share else "")
    result = " ".join(part for part in parts if part)
    return words.complete(report, dimension, result) if row.status == "published" else result


def _list(report: ServiceReport, given: Given) -> dict[str, Any]:
    return {
        "tile": tile(given.tone, given.mark),
        "label": long_name(given.label),
        "times": given.times,
        "lines": [(answer.item, words.times_said(answer, report.n)) for answer in given.answers],
    }


@stamped
def notes(report: ServiceReport) -> Fragment:
    """The free notes of the group or person, dimension by dimension; nothing without notes.

    >>> import dataclasses
    >>> import pandas as pd
    >>> first = position_report.instrument.dimensions[0].id
    >>> note = pd.DataFrame([{"dimension": first, "item": "", "text": "À revoir en juin."}])
    >>> "À revoir en juin." in notes(dataclasses.replace(position_report, notes=note)).html
    True
    """
    found = _notes(report)
    return render("position/notes", notes=found) if found else NOTHING


def _notes(report: ServiceReport) -> list[tuple[str, list[tuple[str, str]]]]:
    """(dimension, notes) in the instrument's order, each note with the item it is about, or ""."""
    texts: dict[str, list[tuple[str, str]]] = {}
    for row in rows_of(report.notes):
        texts.setdefault(row.dimension, []).append((row.item, row.text))
    return [
        (dimension.label, texts[dimension.id])
        for dimension in report.instrument.dimensions
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
    >>> before = pd.DataFrame([moved | said])
    >>> "Ce qui a changé" in since(dataclasses.replace(position_report, evolution=before)).html
    True
    """
    rows = [
        row for row in rows_of(report.evolution) if row.item == "" and row.verdict == "declared"
    ]
    if report.hidden or not rows:
        return NOTHING
    changed = [row for row in rows if words.has_changed(row)]
    risks, evaluated = map_of(report) is not None, rows[0].method == EVALUATED
    return render(
        "position/since",
        title=words.since_title(len(changed), len(rows), risks, evaluated),
        evaluated=evaluated,
        before=rows[0].period_before,
        now=report.card.period,
        table=_since_table(report, changed),
        criteria=_criteria_since(report),
    )


def _criteria_since(report: ServiceReport) -> Table | None:
    """The criteria that an outside evaluation rated too, whether they moved or not."""
    rows = [row for row in rows_of(report.evolution) if row.item and row.method == EVALUATED]
    cells = [
        (
            pointed(report.instrument.item(row.item)),
            *(number(rating_of(value), 2) for value in (row.score_before, row.score)),
        )
        for row in rows
    ]
    columns = ("Critère impératif", "Évaluation", "Maintenant")
    return Table("Critère par critère, sur 4", columns, cells) if cells else None


def _since_table(report: ServiceReport, rows: list[Any]) -> Table:
    cells = [
        (
            report.instrument.dimension(row.dimension).label,
            *(_score(report, row.dimension, value) for value in (row.score_before, row.score)),
        )
        for row in rows
    ]
    return Table("Ce qui a changé", ("Dimension", "Avant", "Maintenant"), cells)


def _score(report: ServiceReport, dimension: str, value: float) -> str:
    return score_in_full(value, report.instrument.dimension(dimension), report.instrument)


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
    first = [] if report.hidden else [point.dimension for point in to_do_first(report)]
    lower = [] if report.hidden else lower_in_team(report)
    called = dict.fromkeys([*first, *lower])
    dimensions = [report.instrument.dimension(id) for id in called]
    return render(
        "position/next_steps",
        report=report,
        first=dimensions[:OPEN_AT_FIRST],
        others=dimensions[OPEN_AT_FIRST:],
        lower=lower,
        alone=report.weak_alone,
        how_many="" if report.hidden else words.how_many_actions(report),
        see=[] if report.hidden else _to_see(report),
        team=None if report.hidden else team_edition(report.instrument),
    )


def _to_see(report: ServiceReport) -> list[tuple[Risk, str]]:
    """The risks nobody could rate whole, and the zones that what was rated leaves possible."""
    tables = map_of(report)
    if tables is None:
        return []
    return [(risk, possible_said(tables, risk)) for risk in set_aside(risks_of(report), "unknown")]


@stamped
def annex(report: ServiceReport) -> Fragment:
    """The method: each rule worked with these answers, thresholds, tables of risk, notes.

    >>> "Part de ce qui est fait" in annex(position_report).html
    True
    """
    tables = map_of(report)
    return render(
        "position/annex",
        report=report,
        rules=position_method.worked_rules(report),
        left_out=position_method.left_out(report),
        capped=position_method.capped(report),
        minimum=position_method.minimum_answered(report),
        unread=position_method.unread(report),
        thresholds=position_method.threshold_table(report),
        tables=tables,
        risk=[gross_table(tables), residual_table(tables)] if tables else [],
    )
