"""Criteria rated from 1 to 4: means by chapter, imperative criteria that call for a plan."""

from statistics import fmean
from typing import Any

from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.french import number
from qgdr_eval.instruments import Dimension, Instrument, Item, Option, Scale
from qgdr_eval.instruments.model import SpecialCode
from qgdr_eval.reporting.page.fragment import Table
from qgdr_eval.reporting.position.answers import (
    OUTSIDE,
    Answer,
    answers_of,
    long_name,
    short_name,
    total,
    unmet,
    valid,
)
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.scoring import gives, rating_of
from qgdr_eval.wording.rules.rating_1_4 import OF_4


def rated(report: ServiceReport) -> list[Dimension]:
    """The dimensions whose criteria are rated from 1 to 4."""
    return [dimension for dimension, _, _ in report.dimension_rows if gives(dimension) == "rating"]


def rates(instrument: Instrument) -> bool:
    """Whether an instrument rates criteria from 1 to 4, whatever was answered."""
    return any(gives(dimension) == "rating" for dimension in instrument.dimensions)


def chapters(report: ServiceReport) -> dict[str, list[Dimension]]:
    """The rated dimensions of each chapter, in the instrument's order."""
    found: dict[str, list[Dimension]] = {}
    for dimension in rated(report):
        if dimension.part:
            found.setdefault(dimension.part, []).append(dimension)
    return found


def criteria_scores(report: ServiceReport, dimensions: list[Dimension]) -> list[float]:
    """The ratings, 1 to 4, of the criteria of some dimensions, those without one left out."""
    rows: list[Any] = [row for dimension in dimensions for row in report.item_scores(dimension)]
    return [rating_of(row.score) for row in rows if row.status == "published"]


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
            pointed(answer.item),
            f"{answer.mark} {OF_4}" if answer.valid and answer.mark else answer.label,
            report.instrument.dimension(answer.item.dimension).label,
        )
        for answer in unmet(report)
    ]
    return Table("Du plus bas au plus haut", ("Critère", "Réponse", "Dimension"), rows, (0, 2))


def pointed(item: Item) -> str:
    """A criterion, and where a published referential has it.

    >>> from qgdr_eval.instruments import load_instrument
    >>> pointed(load_instrument("politique_qgdr").items[0]).endswith(")")
    False
    """
    return f"{item.text} (critère officiel {item.official})" if item.official else item.text


def justified_table(report: ServiceReport) -> Table:
    """The answers that call for a written reason, each with the one that was given."""
    written = {(row.dimension, row.item): row.text for row in rows_of(report.notes)}
    rows = [
        (pointed(answer.item), long_name(answer.label), _reason(answer.item, written))
        for answer in answers_of(report, *rated(report))
        if any(one.label == answer.label for one in _to_justify(report, answer.item))
    ]
    return Table("Avec ce qui a été écrit", ("Critère", "Réponse", "Pourquoi"), rows, (0, 2))


def _to_justify(report: ServiceReport, item: Item) -> list[Option | SpecialCode]:
    answers = report.instrument.scale_of(item).answers
    return [answer for answer in answers if answer.code in item.justified]


def _reason(item: Item, written: dict[tuple[str, str], str]) -> str:
    whole = "voir le bloc-notes" if (item.dimension, "") in written else "aucune justification"
    return written.get((item.dimension, item.code), whole)
