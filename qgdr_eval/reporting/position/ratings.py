"""Criteria rated from 1 to 4: means by chapter, imperative criteria that call for a plan."""

from statistics import fmean
from typing import Any

from qgdr_eval.french import number
from qgdr_eval.instruments import Dimension, Instrument, Scale
from qgdr_eval.reporting.page.fragment import Table
from qgdr_eval.reporting.position.answers import (
    OUTSIDE,
    Answer,
    answers_of,
    short_name,
    total,
    unmet,
    valid,
)
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.wording.scores import OF_4

RULE = "rating_1_4"


def rated(report: ServiceReport) -> list[Dimension]:
    """The dimensions whose criteria are rated from 1 to 4."""
    return [dimension for dimension, _, _ in report.dimension_rows if dimension.rule == RULE]


def rates(instrument: Instrument) -> bool:
    """Whether an instrument rates criteria from 1 to 4, whatever was answered."""
    return any(dimension.rule == RULE for dimension in instrument.dimensions)


def chapters(report: ServiceReport) -> dict[str, list[Dimension]]:
    """The rated dimensions of each chapter, in the instrument's order."""
    found: dict[str, list[Dimension]] = {}
    for dimension in rated(report):
        if dimension.part:
            found.setdefault(dimension.part, []).append(dimension)
    return found


def mark(score: float) -> float:
    """The rating, 1 to 4, that a score from 0 to 100 stands for.

    >>> mark(0), mark(100)
    (1.0, 4.0)
    """
    return 1 + 3 * score / 100


def criteria_scores(report: ServiceReport, dimensions: list[Dimension]) -> list[float]:
    """The ratings, 1 to 4, of the criteria of some dimensions, those without one left out."""
    rows: list[Any] = [row for dimension in dimensions for row in report.item_scores(dimension)]
    return [mark(row.score) for row in rows if row.status == "published"]


def chapter_table(report: ServiceReport) -> Table:
    """The mean of the criteria of each chapter, and what stays out of it, each kind apart."""
    answers = {
        part: answers_of(report, *dimensions) for part, dimensions in chapters(report).items()
    }
    states = [
        state
        for state in OUTSIDE
        if any(answer.state == state for given in answers.values() for answer in given)
    ]
    rows = [
        (
            part,
            _mean(criteria_scores(report, chapters(report)[part])),
            f"{total(valid(given))} sur {total(given)}",
            *(number(_in_state(given, state)) for state in states),
        )
        for part, given in answers.items()
    ]
    heads = (state_name(report, state) for state in states)
    columns = ("Chapitre", "Moyenne des critères", "Critères cotés", *heads)
    return Table("Chaque critère coté compte pour un dans son chapitre", columns, rows)


def _mean(ratings: list[float]) -> str:
    return number(fmean(ratings), 2) if ratings else "–"


def _in_state(answers: list[Answer], state: str) -> int:
    return total(answer for answer in answers if answer.state == state)


def state_name(report: ServiceReport, state: str) -> str:
    """The short name criteria give to an answer outside the scale: « NC », « RI »."""
    scales: list[Scale] = [
        report.instrument.scale_of(item)
        for dimension in rated(report)
        for item in report.instrument.items_of(dimension.id)
    ]
    names = {short_name(option.label) for scale in scales for option in getattr(scale, state, ())}
    return names.pop() if len(names) == 1 and "" not in names else OUTSIDE[state]


def critical_table(report: ServiceReport) -> Table:
    """The critical criteria that are not wholly met, the lowest first."""
    rows = [
        (
            answer.item.text,
            f"{answer.mark} {OF_4}" if answer.valid and answer.mark else answer.label,
            report.instrument.dimension(answer.item.dimension).label,
        )
        for answer in unmet(report)
    ]
    return Table("Du plus bas au plus haut", ("Critère", "Réponse", "Dimension"), rows, (0, 2))
