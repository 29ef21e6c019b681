"""How the figures of a position are made: rules, and their arithmetic with this position's own."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.french import NO_BREAK, count, listed, number, percent, quote
from qgdr_eval.instruments import Dimension, Threshold
from qgdr_eval.reporting.page.fragment import Table
from qgdr_eval.reporting.position.answers import (
    Answer,
    answers_of,
    gather,
    long_name,
    short_name,
    toned,
    total,
    valid,
)
from qgdr_eval.reporting.position.ratings import chapters, criteria_scores, rates
from qgdr_eval.reporting.position.zones import Risk, map_of, risks_of
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.team import words
from qgdr_eval.reporting.team.arithmetic import precise
from qgdr_eval.scoring import RULES, gives, rating_of
from qgdr_eval.wording.levels import level_words
from qgdr_eval.wording.rules import VOICES
from qgdr_eval.wording.scores import score_in_full
from qgdr_eval.wording.voice import RuleWords


@dataclass(frozen=True)
class Worked:
    """A rule, and its arithmetic line by line."""

    rule: RuleWords
    lines: list[str]


def worked_rules(report: ServiceReport) -> list[Worked]:
    """Each rule the instrument uses, worked on all the dimensions it gives a result."""
    rules = dict.fromkeys(dimension.rule for dimension in report.instrument.dimensions)
    return [Worked(VOICES[rule].position, list(_lines(report, rule))) for rule in rules]


def _lines(report: ServiceReport, rule: str) -> Iterator[str]:
    """The arithmetic of one group; several groups' answers are told apart, not worked here."""
    if report.hidden or report.n > 1:
        return
    lines = [
        _line(report, dimension, row)
        for dimension, row, _ in report.dimension_rows
        if dimension.rule == rule and row.status == "published"
    ]
    if RULES[rule].gives == "zone":
        lines = lines[:1]  # the list of risks holds the others
    if RULES[rule].gives == "rating":
        lines += _chapter_lines(report)
    yield from map(_unbroken, lines)


def _unbroken(line: str) -> str:
    """A line of arithmetic that is not cut around ÷, × and =, nor before what a number counts.

    >>> _unbroken("5 « Fait » ; 5 ÷ 6 = 83,3").count(NO_BREAK)
    5
    """
    return re.sub(r" (?=[÷×=])|(?<=[÷×=]) |(?<=\d) (?=«)", NO_BREAK, line)


def _line(report: ServiceReport, dimension: Dimension, row: Any) -> str:
    answers = answers_of(report, dimension)
    if gives(dimension) == "zone":
        risk = next(risk for risk in risks_of(report) if risk.dimension.id == dimension.id)
        return f"{quote(dimension.label)} : {_risk_line(report, risk)}"
    work = WORK[gives(dimension)]
    return f"{quote(dimension.label)} : {work(report, dimension, answers, row)}{_left(answers)}"


def _share_line(
    report: ServiceReport, dimension: Dimension, answers: list[Answer], row: Any
) -> str:
    """The parts that are counted, then the division."""
    among = valid(answers)
    met = toned(among, "good")
    n = total(met)
    names = VOICES[dimension.rule].done
    counts = listed(f"{given.times} {quote(given.full_label)}" for given in gather(among))
    worked = f"{n} {names[n > 1]} ÷ {total(among)} × 100"
    return f"{counts} ; {worked} = {_rounded(report, dimension, row)}"


def _rounded(report: ServiceReport, dimension: Dimension, row: Any) -> str:
    """A score with one decimal and what the page prints of it; the latter alone when whole."""
    printed, exact = score_in_full(row.score, dimension, report.instrument), precise(row.score)
    return printed if exact.endswith(",0") else f"{exact}, arrondi à {printed}"


def _rating_line(
    report: ServiceReport, dimension: Dimension, answers: list[Answer], row: Any
) -> str:
    return _mean(criteria_scores(report, [dimension]))


def _mean(ratings: list[float]) -> str:
    terms = " + ".join(number(rating) for rating in ratings)
    if len(ratings) == 1:
        return f"une seule cotation, {terms}"
    return f"({terms}) ÷ {len(ratings)} = {number(sum(ratings) / len(ratings), 2)}"


def _chapter_lines(report: ServiceReport) -> Iterator[str]:
    for part, dimensions in chapters(report).items():
        if ratings := criteria_scores(report, dimensions):
            yield f"{quote(part)}, tous critères : {_mean(ratings)}"


def _mean_line(report: ServiceReport, dimension: Dimension, answers: list[Answer], row: Any) -> str:
    """Answers by the points they are worth: (2 × 0 + 3 × 33,33) ÷ 5."""
    points = Counter(_points(report, answer) for answer in valid(answers))
    terms = " + ".join(f"{n} × {_said(worth)}" for worth, n in sorted(points.items()))
    among = sum(points.values())
    return f"({terms}) ÷ {among} = {_rounded(report, dimension, row)}"


def _points(report: ServiceReport, answer: Answer) -> float:
    return 100 * answer.rank / (len(report.instrument.scale_of(answer.item).options) - 1)


def _said(points: float) -> str:
    return number(points, 0 if abs(points - round(points)) < 1e-9 else 2)


def _median_line(
    report: ServiceReport, dimension: Dimension, answers: list[Answer], row: Any
) -> str:
    ranked = sorted(valid(answers), key=lambda answer: answer.rank)
    names = [
        level_words(_points(report, answer), report.instrument.scale_of(answer.item))
        for answer in ranked
    ]
    middle = score_in_full(row.score, dimension, report.instrument)
    return f"rangés : {', '.join(names)} ; au milieu, {middle}"


def _risk_line(report: ServiceReport, risk: Risk) -> str:
    tables = map_of(report)
    zone = tables.zones[risk.zone].id if tables and risk.zone is not None else "–"
    return (
        f"gravité {risk.gravity} et vraisemblance {risk.likelihood}, niveau brut {risk.level} ; "
        f"niveau {risk.level} et maîtrise {risk.control}, {zone}"
    )


WORK = {
    "share": _share_line,
    "rating": _rating_line,
    "points": _mean_line,
    "level": _median_line,
}


def _left(answers: list[Answer]) -> str:
    """What stays out of the calculation, each kind by its name."""
    aside = [given for given in gather(answers) if given.tone == "out"]
    if not aside:
        return ""
    counted = listed(f"{given.times} {quote(given.mark or given.label)}" for given in aside)
    return f" ; hors du calcul : {counted}"


def left_out(report: ServiceReport) -> str:
    """What stays out of the calculation, by the names the instrument gives it."""
    instrument = report.instrument
    if map_of(report):
        return (
            "Sans gravité, vraisemblance et maîtrise, un risque n'a pas de zone ; « sans objet » à "
            "toutes ses questions, il est hors champ et n'est compté nulle part."
        )
    special = [
        answer
        for scale in instrument.scales.values()
        for answer in (*scale.not_applicable, *scale.dont_know)
    ]
    names = dict.fromkeys(quote(short_name(answer.label) or answer.label) for answer in special)
    text = listed([*names, "une réponse vide"])
    verb = "sortent" if names else "sort"
    return (
        f"{text[0].upper()}{text[1:]} {verb} du calcul ; une dimension où rien ne reste n'a pas de "
        "résultat."
    )


def capped(report: ServiceReport) -> str:
    """What a critical criterion takes away from its dimension; "" without one, or a mark."""
    instrument = report.instrument
    marks = [threshold for threshold in instrument.thresholds if threshold.kind == "at_least"]
    if not marks or not any(item.critical for item in instrument.items):
        return ""
    kind = "impératif coté sous 4" if rates(instrument) else "critique qui manque"
    return (
        f"Un critère {kind} retire {quote(marks[0].label)} à sa dimension, quelle que soit la "
        "moyenne autour de lui."
    )


def minimum_answered(report: ServiceReport) -> str:
    """How much of a dimension must be answered, where its rule asks for it; "" elsewhere."""
    given = {gives(dimension) for dimension in report.instrument.dimensions}
    least = report.instrument.missing.minimum_answered
    if not given & {"points", "level"} or not least:
        return ""
    return (
        f"Il faut {percent(100 * least)} des questions d'une dimension pour qu'elle ait un score."
    )


def unread(report: ServiceReport) -> list[str]:
    """Answers that could not be used as they were written, in words."""
    return [
        f"{words.REASONS.get(row.reason, row.reason)}, "
        f"{words.ACTIONS.get(row.action, row.action)} ({number(row.count)})"
        for row in rows_of(report.published.exclusions)
    ]


def threshold_table(report: ServiceReport) -> Table:
    """Every reading mark on the 0–100 score, and on the 1–4 mean where criteria are rated."""
    instrument = report.instrument
    marks = [("Toutes les dimensions", threshold) for threshold in instrument.thresholds]
    marks += [
        (dimension.label, threshold)
        for dimension in instrument.dimensions
        for threshold in dimension.thresholds
    ]
    ratings = rates(instrument)
    rows = [(label, *_mark(threshold, ratings)) for label, threshold in marks]
    columns = ("Dimension", "Repère", "De 1 à 4" if ratings else "", "De 0 à 100", "Origine")
    return Table(
        "Repères de lecture et leur origine",
        tuple(column for column in columns if column),
        rows,
        (0, 1, len(rows[0]) - 1) if rows else (0, 1),
    )


def _mark(threshold: Threshold, ratings: bool) -> tuple[str, ...]:
    way = "au moins" if threshold.kind == "at_least" else "au plus"
    value = threshold.value
    whole = round(value) == value
    rating = (f"{way} {number(rating_of(value), 2)}",) if ratings else ()
    score = f"{way} {number(value, 0 if whole else 1)}"
    return long_name(threshold.label), *rating, score, threshold.origin


def answered(report: ServiceReport) -> str:
    """How many answers enter the calculation, risks left aside: « 51 sur 57 »."""
    dimensions = [
        dimension for dimension in report.instrument.dimensions if gives(dimension) != "zone"
    ]
    answers = answers_of(report, *dimensions)
    return f"{number(total(valid(answers)))} sur {number(total(answers))}"


def groups(report: ServiceReport) -> str:
    """How many groups or persons answered."""
    return count(report.n, "groupe" if report.instrument.of_a_group else "personne")
