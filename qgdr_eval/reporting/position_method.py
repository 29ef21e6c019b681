"""How the figures of a position are made: rules, and their arithmetic with this position's own."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.figures.words import level_words
from qgdr_eval.french import count, listed, number, percent, quote
from qgdr_eval.instruments import Dimension, Threshold
from qgdr_eval.reporting import method, words
from qgdr_eval.reporting.method import RuleWords
from qgdr_eval.reporting.page import Table
from qgdr_eval.reporting.position_answers import (
    Answer,
    answers_of,
    gather,
    long_name,
    toned,
    total,
    valid,
)
from qgdr_eval.reporting.position_ratings import chapters, criteria_scores
from qgdr_eval.reporting.position_risks import Risk, map_of, risks_of
from qgdr_eval.reporting.view import ServiceReport

DONE = {  # what the answers a share counts are called, one then several
    "checklist": ("fait", "faits"),
    "depth_gap": ("au niveau", "au niveau"),
    "conformity": ("conforme", "conformes"),
    "positive_share": ("favorable", "favorables"),
}
RULES = method.RULES | {
    "positive_share": RuleWords(
        "Part de réponses favorables",
        "pour une question : favorable ou non, le neutre ne l'étant pas",
        "pour une dimension : favorables ÷ réponses valides × 100",
    ),
    "mean_0_100": RuleWords(
        "Score moyen sur 100",
        "pour une question : (rang de la réponse − 1) ÷ (nombre de réponses possibles − 1) × 100",
        "pour une dimension : moyenne de ses questions répondues",
    ),
    "rating_1_4": RuleWords(
        "Cotation de 1 à 4",
        "pour un critère : sa cotation, l'étoile comptant 4",
        "pour une dimension ou un chapitre : moyenne simple de ses critères cotés, avec deux "
        "décimales ; les repères se lisent sur (moyenne − 1) ÷ 3 × 100",
    ),
    "maturity": RuleWords(
        "Niveau médian",
        "pour une question : le niveau choisi",
        "pour une dimension : le niveau du milieu quand ceux de ses questions sont rangés, jamais "
        "une moyenne",
    ),
}


@dataclass(frozen=True)
class Worked:
    """A rule, and its arithmetic line by line."""

    rule: RuleWords
    lines: list[str]


def worked_rules(report: ServiceReport) -> list[Worked]:
    """Each rule the instrument uses, worked on all the dimensions it gives a result."""
    rules = dict.fromkeys(dimension.rule for dimension in report.instrument.dimensions)
    return [
        Worked(RULES.get(rule, RuleWords(rule, "", "")), list(_lines(report, rule)))
        for rule in rules
    ]


def _lines(report: ServiceReport, rule: str) -> Iterator[str]:
    """The arithmetic of one group; several groups' answers are told apart, not worked here."""
    if report.hidden or report.n > 1:
        return
    lines = [
        _line(report, dimension, row)
        for dimension, row, _ in report.dimension_rows
        if dimension.rule == rule and row.status == "published"
    ]
    yield from lines[:1] if rule == "risk" else lines  # the list of risks holds the others
    if rule == "rating_1_4":
        yield from _chapter_lines(report)


def _line(report: ServiceReport, dimension: Dimension, row: Any) -> str:
    answers = answers_of(report, dimension)
    if dimension.rule == "risk":
        risk = next(risk for risk in risks_of(report) if risk.dimension.id == dimension.id)
        return f"{quote(dimension.label)} : {_risk_line(report, risk)}"
    work = WORK.get(dimension.rule, _share_line)
    return f"{quote(dimension.label)} : {work(report, dimension, answers, row)}{_left(answers)}"


def _share_line(
    report: ServiceReport, dimension: Dimension, answers: list[Answer], row: Any
) -> str:
    """The parts that are counted, then the division."""
    among = valid(answers)
    met = toned(among, "good")
    printed = words.score(row.score, dimension, report.instrument)
    n = total(met)
    names = DONE.get(dimension.rule, DONE["positive_share"])
    worked = f"{n} {names[n > 1]} ÷ {total(among)} × 100 = {number(row.score, 1)}"
    counts = listed(f"{given.times} {quote(given.label)}" for given in gather(among))
    return f"{counts} ; {worked}, arrondi à {printed}"


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
    return f"({terms}) ÷ {among} = {number(row.score, 1)}"


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
    middle = words.score(row.score, dimension, report.instrument)
    return f"rangés : {', '.join(names)} ; au milieu, {middle}"


def _risk_line(report: ServiceReport, risk: Risk) -> str:
    tables = map_of(report)
    zone = tables.zones[risk.zone].id if tables and risk.zone is not None else "–"
    return (
        f"gravité {risk.gravity} et vraisemblance {risk.likelihood}, niveau brut {risk.level} ; "
        f"niveau {risk.level} et maîtrise {risk.control}, {zone}"
    )


WORK = {"rating_1_4": _rating_line, "mean_0_100": _mean_line, "maturity": _median_line}


def _left(answers: list[Answer]) -> str:
    """What stays out of the calculation, each kind by its name."""
    aside = [given for given in gather(answers) if given.tone == "out"]
    if not aside:
        return ""
    told = listed(f"{one.times} {quote(one.mark or one.label)}" for one in aside)
    return f" ; hors du calcul : {told}"


def minimum_answered(report: ServiceReport) -> str:
    """How much of a dimension must be answered, where its rule asks for it; "" elsewhere."""
    rules = {dimension.rule for dimension in report.instrument.dimensions}
    least = report.instrument.missing.minimum_answered
    if not rules & {"mean_0_100", "maturity"} or not least:
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
    """Every reading mark on the 0–100 score, its meaning and where it comes from."""
    instrument = report.instrument
    rows = [("Toutes les dimensions", *_mark(mark)) for mark in instrument.thresholds]
    rows += [
        (dimension.label, *_mark(mark))
        for dimension in instrument.dimensions
        for mark in dimension.thresholds
    ]
    columns = ("Dimension", "Repère", "De 0 à 100", "Origine")
    return Table("Repères de lecture et leur origine", columns, rows, (0, 1, 3))


def _mark(mark: Threshold) -> tuple[str, str, str]:
    way = "au moins" if mark.kind == "at_least" else "au plus"
    whole = round(mark.value) == mark.value
    return long_name(mark.label), f"{way} {number(mark.value, 0 if whole else 1)}", mark.origin


def answered(report: ServiceReport) -> str:
    """How many answers enter the calculation: « 51 sur 57 »."""
    answers = answers_of(report, *report.instrument.dimensions)
    return f"{number(total(valid(answers)))} sur {number(total(answers))}"


def groups(report: ServiceReport) -> str:
    """How many groups or persons answered."""
    return count(report.n, "groupe" if report.instrument.subject == "group" else "personne")
