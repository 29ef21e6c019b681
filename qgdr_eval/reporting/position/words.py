"""Sentences about a position somebody declared: what was said, never what is established.

Sentences are plain text; `qgdr_eval.reporting.page.fragment` sets their typography.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from qgdr_eval.comparison.findings.declared import RATED_4
from qgdr_eval.french import NO_BREAK, count, in_words, listed, number, percent, quote
from qgdr_eval.instruments import Dimension
from qgdr_eval.instruments.model import RiskMap
from qgdr_eval.reporting.position.answers import (
    Answer,
    answers_of,
    toned,
    total,
    unmet,
    valid,
)
from qgdr_eval.reporting.position.ratings import rates
from qgdr_eval.reporting.position.reserves import reserve, unknown_said
from qgdr_eval.reporting.position.zones import (
    ASIDE,
    Risk,
    aside_said,
    existing,
    in_zone,
    map_of,
    risks_of,
    zone_name,
    zone_rule,
)
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.team import words
from qgdr_eval.scoring import gives
from qgdr_eval.wording.rules import VOICES
from qgdr_eval.wording.rules.risk import RISKS
from qgdr_eval.wording.scores import score_in_full
from qgdr_eval.wording.verdicts import between

SAME = 1e-6  # points between two equal scores


def tally(n: int, among: int, thing: tuple[str, str, bool], state: tuple[str, str]) -> str:
    """How many things are so: « 4 points sur 6 sont faits », « aucun des 6 points n'est fait ».

    >>> point = ("point", "points", False)
    >>> told = tally(1, 6, point, ("fait", "faits")), tally(0, 6, point, ("fait", "faits"))
    >>> [text.replace(NO_BREAK, " ") for text in told]
    ['1 point sur 6 est fait', "aucun des 6 points n'est fait"]
    """
    singular, plural, feminine = thing
    if n == 0:
        many = f"{among}{NO_BREAK}{plural}"
        return f"aucun{'e' if feminine else ''} des {many} n'est {state[0]}"
    if n == 1:
        return f"1{NO_BREAK}{singular} sur{NO_BREAK}{among} est {state[0]}"
    return f"{n}{NO_BREAK}{plural} sur{NO_BREAK}{among} sont {state[1]}"


def headline(report: ServiceReport) -> str:
    """The one sentence the answers support: counts, rule by rule."""
    parts = [part for part in _parts(report) if part]
    if not parts:
        return "Aucune réponse n'entre dans le calcul : rien ne peut être dit."
    text = " ; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _parts(report: ServiceReport) -> Iterator[str]:
    """What each rule of the instrument allows to say of all its dimensions together."""
    counted: dict[tuple[str, str, bool], list[Dimension]] = {}
    for dimension, _, _ in report.dimension_rows:
        counted.setdefault(VOICES[dimension.rule].thing, []).append(dimension)
    for dimensions in counted.values():
        answers = valid(answers_of(report, *dimensions))
        if gives(dimensions[0]) == "zone":
            yield _risks_said(report)
        elif answers and gives(dimensions[0]) == "rating":
            yield _rating_said(report, dimensions[0], answers)
        elif answers:
            yield _met_said(dimensions[0], answers)


def _met_said(dimension: Dimension, answers: list[Answer]) -> str:
    """How many answers of a rule count, then what is told of the others."""
    voice, met = VOICES[dimension.rule], total(toned(answers, "good"))
    half, poor = (total(toned(answers, tone)) for tone in ("half", "poor"))
    return ", ".join([tally(met, total(answers), voice.thing, voice.met), *voice.rest(half, poor)])


def _rating_said(report: ServiceReport, dimension: Dimension, answers: list[Answer]) -> str:
    voice, high = VOICES[dimension.rule], total(a for a in answers if a.rank >= RATED_4 - 1)
    counted = tally(high, total(answers), voice.thing, voice.met)
    return " ; ".join(part for part in (counted, critical_said(report)) if part)


def critical_said(report: ServiceReport) -> str:
    """How many critical criteria are not wholly met; "" when the instrument has none."""
    every = [item for item in report.instrument.items if item.critical]
    if not every:
        return ""
    lacking = len({answer.item.code for answer in valid(unmet(report))})
    without = len({answer.item.code for answer in unmet(report) if not answer.valid})
    aside = _out_of_field(report)
    if aside:
        every = [item for item in every if item.code not in aside]
    if not lacking and not without:
        among = "" if not aside else f", {count(len(aside), 'autre')} hors du champ de la structure"
        return f"les {len(every)} {_critical(report, True)} sont tous {_wholly(report)}{among}"
    verb = "demandent" if lacking > 1 else "demande"
    called = (
        f"{lacking}{NO_BREAK}{_critical(report, lacking > 1)} sur{NO_BREAK}{len(every)} {verb} "
        "un plan d'actions"
    )
    empty = f"{without}{NO_BREAK}{_critical(report, without > 1)} sans réponse"
    return ", ".join([called] * bool(lacking) + [empty] * bool(without))


def _out_of_field(report: ServiceReport) -> set[str]:
    """The imperative criteria that no group is concerned by."""
    critical = [item.code for item in report.instrument.items if item.critical]
    given = {
        code: {row.state for row in report.answers.get(code, ()) if row.count > 0}
        for code in critical
    }
    rates_them = rates(report.instrument)
    return {code for code, states in given.items() if rates_them and states == {"not_applicable"}}


def _critical(report: ServiceReport, several: bool) -> str:
    kind = "impératif" if rates(report.instrument) else "critique"
    return f"critères {kind}s" if several else f"critère {kind}"


def _wholly(report: ServiceReport) -> str:
    return "cotés 4" if rates(report.instrument) else "remplis"


def _risks_said(report: ServiceReport) -> str:
    """How many risks stand in each zone, and how many in none, by why."""
    tables, risks = map_of(report), risks_of(report)
    if tables is None:
        return ""
    zones = [(len(in_zone(risks, rank)), quote(zone.id)) for rank, zone in enumerate(tables.zones)]
    rest = [f"{n}{NO_BREAK}en {name}" for n, name in zones[1:] if n]
    return ", ".join([worst_said(tables, risks), *rest, *aside_said(risks)])


def worst_said(tables: RiskMap, risks: Sequence[Risk]) -> str:
    """How many risks stand in the worst zone, of those that exist here."""
    here = existing(risks)
    if all(risk.zone is None for risk in here):
        return "aucun risque n'a de zone"
    name = zone_name(tables, 0)
    return tally(len(in_zone(here, 0)), len(here), RISKS, (name, name))


def result(report: ServiceReport, dimension: Dimension, row: Any) -> str:
    """What a dimension comes to: « 4 sur 6 », « 2,75 sur 4 », or why it comes to nothing."""
    if row.status != "published":
        return nothing_said(report, dimension)
    answers = valid(answers_of(report, dimension))
    if gives(dimension) == "share" and report.n == 1:
        return f"{total(toned(answers, 'good'))} sur {total(answers)}"
    return score_in_full(row.score, dimension, report.instrument)


def unit(report: ServiceReport, dimension: Dimension) -> str:
    """What the result of a dimension counts, after it: « faits », « du côté favorable »."""
    if gives(dimension) != "share" or report.n > 1:
        return ""
    return VOICES[dimension.rule].met[1]


def share(report: ServiceReport, dimension: Dimension, row: Any) -> str:
    """The percentage a result of counted answers stands for, "" for other rules."""
    if gives(dimension) != "share" or row.status != "published" or report.n > 1:
        return ""
    return percent(row.score)


def complete(report: ServiceReport, dimension: Dimension, text: str) -> str:
    """A share with the answers that lack: « 5 sur 5 (100 %), 1 sans réponse »."""
    if gives(dimension) != "share" or report.n > 1:
        return text
    return ", ".join(part for part in (text, unknown_said(report, dimension)) if part)


def nothing_said(report: ServiceReport, dimension: Dimension) -> str:
    """Why a dimension has no result."""
    answers = answers_of(report, dimension)
    labels = {answer.label for answer in answers}
    if len(labels) == 1 and not answers[0].valid:
        label = labels.pop()
        missing = answers[0].state == "missing"
        return "sans réponse" if missing else f"tout est {quote(answers[0].mark or label)}"
    if not valid(answers):
        return "hors du calcul"
    if gives(dimension) == "zone":
        return ASIDE["unknown"]
    return f"{total(valid(answers))} sur {total(answers)} : trop peu"


def reading(report: ServiceReport, read: Any) -> str:
    """Where a declared result stands, in the threshold's own words; "" without thresholds."""
    if read.verdict == "capped":
        lacking = (
            "un impératif est sous 4" if rates(report.instrument) else "un critère critique manque"
        )
        return f"pas {quote(_mark(report, read, 'at_least'))} : {lacking}"
    if read.verdict != "established":
        return ""
    if read.band == "between":
        return between(report.instrument, read.dimension)
    if read.band == "priority":
        return _mark(report, read, "at_most")
    return _strength(report, read)


def _strength(report: ServiceReport, read: Any) -> str:
    """The words of the upper mark, with what keeps from leaning on the result."""
    label = _mark(report, read, "at_least")
    dimension = report.instrument.dimension(read.dimension)
    lacking = reserve(report, dimension)
    if not lacking:
        return label
    if gives(dimension) == "share":
        return "à compléter"  # the result beside it says what lacks
    return f"{label} en moyenne, avec {lacking}"


def _mark(report: ServiceReport, read: Any, kind: str) -> str:
    marks = report.instrument.thresholds_of(read.dimension)
    return next(mark.label for mark in marks if mark.kind == kind)


def lean_title(report: ServiceReport) -> tuple[str, str]:
    """What points to lean on are called, and what is said without one: no risk is a strength."""
    tables = map_of(report)
    if tables is None:
        return "Points d'appui", "Aucun point d'appui net dans ces réponses."
    best = len(tables.zones) - 1
    name = quote(tables.zones[best].id)
    return f"Zone {name} : {zone_rule(tables, best)}", f"Aucun risque en zone {name}."


def how_many_actions(report: ServiceReport) -> str:
    """How many actions to take: all that must be, then few."""
    few = "une ou deux actions tenues valent mieux que dix inscrites"
    tables = map_of(report)
    if tables is not None and in_zone(risks_of(report), 0):
        must = f"Chaque risque {zone_name(tables, 0)} demande une action"
    elif rates(report.instrument) and unmet(report):
        must = "Chaque critère impératif sous 4 demande un plan d'actions"
    elif not _has_marks(report):
        return (
            "Aucun repère ne choisit à votre place : prenez une dimension, pas toutes. "
            f"{few[0].upper()}{few[1:]}."
        )
    else:
        return f"{few[0].upper()}{few[1:]}."
    return f"{must} ; au-delà, {few}."


def _has_marks(report: ServiceReport) -> bool:
    instrument = report.instrument
    return any(instrument.thresholds_of(dimension.id) for dimension in instrument.dimensions)


def profile_title(report: ServiceReport) -> str:
    """What the profile shows, as the heading of its section."""
    shown = [row for _, row, _ in report.dimension_rows if row.status == "published"]
    if not shown:
        return "Aucune dimension n'a de résultat"
    high = report.read("established", band="strength")
    low = report.read("established", band="priority")
    if not high and not low:
        return f"Le profil en {words.dimensions(len(shown))}"
    among = len(shown)
    parts = [
        f"{_many(len(high), among)} {'atteint son' if len(high) == 1 else 'atteignent leur'} "
        f"repère{_reserved(report, high, among)}"
        if high
        else "",
        f"{_many(len(low), among)} {'est' if len(low) == 1 else 'sont'} à reprendre d'abord"
        if low
        else "",
    ]
    whole = "" if among == len(report.dimension_rows) else " qui ont un résultat"
    counted = listed(part for part in parts if part)
    return f"Sur {words.dimensions(among)}{whole}, {counted}"


def _reserved(report: ServiceReport, high: list[Any], among: int) -> str:
    """How many of the dimensions at their mark are not yet to lean on."""
    n = sum(bool(reserve(report, report.instrument.dimension(row.dimension))) for row in high)
    if not n:
        return ""
    return " avec une réserve" if n == len(high) == 1 else f" (dont {_many(n, among)} avec réserve)"


def _many(n: int, among: int) -> str:
    """A number of dimensions in words, or in figures where their total is."""
    return in_words(n, feminine=True) if among <= 10 else number(n)


def risks_title(report: ServiceReport) -> str:
    """What the map shows, as the heading of its section."""
    tables, risks = map_of(report), risks_of(report)
    if tables is None:
        return ""
    sentence = worst_said(tables, risks)
    return f"{sentence[0].upper()}{sentence[1:]}"


def has_changed(row: Any) -> bool:
    """Whether a dimension has another result than before."""
    return bool(abs(row.difference) > SAME)


def since_title(changed: int, among: int, risks: bool, evaluated: bool = False) -> str:
    """How many dimensions, or risks, have another result than before, or than an evaluation.

    >>> since_title(0, 7, risks=False), since_title(1, 7, risks=True)[25:]
    ("Depuis la dernière fois, aucune des 7 dimensions n'a changé", '1 risque sur 7 a changé')
    """
    singular, plural, feminine = RISKS if risks else ("dimension", "dimensions", True)
    if not changed:
        sentence = f"aucun{'e' if feminine else ''} des {among} {plural} n'a changé"
    elif changed == 1:
        sentence = f"1 {singular} sur {among} a changé"
    else:
        sentence = f"{changed} {plural} sur {among} ont changé"
    return f"Depuis {'l’évaluation de la HAS' if evaluated else 'la dernière fois'}, {sentence}"


def times_said(answer: Answer, groups: int) -> str:
    """How many groups gave an answer, when there are several: « (2 groupes) »."""
    return f" ({count(answer.times, 'groupe')})" if groups > 1 else ""
