"""Which answers deserve the first page: what to lean on, what to do first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from qgdr_eval.french import signed
from qgdr_eval.instruments import Dimension
from qgdr_eval.reporting import position_words as words
from qgdr_eval.reporting.position_answers import Answer, answers_of, toned, unmet, valid
from qgdr_eval.reporting.position_gaps import gap, required_label
from qgdr_eval.reporting.position_risks import Risk, in_zone, map_of, risks_of
from qgdr_eval.reporting.view import ServiceReport

AT_MOST = 3


@dataclass(frozen=True)
class Point:
    """One thing to say: a figure and its unit, what it is about, the answer behind it.

    ``dimension``: the id of what it belongs to, for the levers.
    """

    dimension: str
    figure: str
    unit: str
    name: str
    detail: str = ""
    answer: str = ""


def to_do_first(report: ServiceReport) -> list[Point]:
    """What calls for action, the most pressing first; none when nothing does."""
    return [
        *(_of_critical(report, answer) for answer in unmet(report)),
        *_of_zone(report, worst=True),
        *_of_band(report, "priority"),
        *_of_extremes(report, best=False),
    ]


def to_lean_on(report: ServiceReport) -> list[Point]:
    """What stands well, the best first; none when nothing does."""
    return [
        *_of_zone(report, worst=False),
        *_of_band(report, "strength"),
        *_of_extremes(report, best=True),
    ]


def _of_critical(report: ServiceReport, answer: Answer) -> Point:
    dimension = report.instrument.dimension(answer.item.dimension)
    rated = dimension.rule == "rating_1_4"
    kind = "impératif" if rated else "critique"
    return Point(
        dimension.id,
        answer.mark if rated and answer.valid else "–",
        "sur 4" if rated and answer.valid else "non coté" if rated else "",
        answer.item.text,
        "",
        f"Critère {kind}, {dimension.label}{'' if rated else f' : {answer.label}'}",
    )


def _of_zone(report: ServiceReport, worst: bool) -> Iterator[Point]:
    """The risks of the worst zone, or of the best, the gravest first."""
    tables = map_of(report)
    if tables is None:
        return
    rank = 0 if worst else len(tables.zones) - 1
    for risk in in_zone(risks_of(report), rank):
        yield _of_risk(risk, tables.zones[rank].id)


def _of_risk(risk: Risk, zone: str) -> Point:
    name = f"{risk.number}. {risk.dimension.label}"
    return Point(risk.dimension.id, zone, "", name, "", risk.ratings)


def _of_band(report: ServiceReport, band: str) -> list[Point]:
    """The dimensions beyond a threshold, the farthest first; those told apart in usual order."""
    held = [rows for rows in report.dimension_rows if _stands(rows[2], band)]
    way = 1 if band == "priority" else -1
    farthest = sorted(held, key=lambda rows: way * rows[1].score)
    told = [rows for rows in held if rows in farthest[:AT_MOST]]
    return [
        _of_dimension(report, dimension, row, band)
        for dimension, row, _ in (*told, *farthest[AT_MOST:])
    ]


def _stands(reading: Any, band: str) -> bool:
    return bool(reading.verdict == "established" and reading.band == band)


def _of_dimension(report: ServiceReport, dimension: Dimension, row: Any, band: str) -> Point:
    answers = valid(answers_of(report, dimension))
    wanting = [answer for answer in answers if answer.tone != "good"]
    lowest = min(wanting, key=lambda answer: answer.rank) if wanting else None
    shown = lowest if band == "priority" else None
    figure, unit = _figure(report, dimension, row)
    return Point(
        dimension.id,
        figure,
        unit,
        dimension.label,
        shown.item.text if shown else "",
        shown.label if shown else "",
    )


def _figure(report: ServiceReport, dimension: Dimension, row: Any) -> tuple[str, str]:
    """The result of a dimension as a short figure and its unit."""
    said = words.result(report, dimension, row)
    if dimension.rule == "rating_1_4":
        value, _, among = said.partition(" sur ")
        return value, f"sur {among}"
    if dimension.rule == "maturity":
        level = said.removeprefix("niveau ").removeprefix("entre ")
        return level.replace(" et ", "–"), "niveau"
    return said, words.unit(report, dimension)


def _of_extremes(report: ServiceReport, best: bool) -> list[Point]:
    """Without thresholds: the best or worst answer of each dimension, the dimension's own way."""
    held = [rows for rows in report.dimension_rows if rows[2].verdict == "no_threshold"]
    ranked = sorted(held, key=lambda rows: -rows[1].score if best else rows[1].score)
    return [
        EXTREMES.get(dimension.rule, _extreme_answer)(report, dimension, answer)
        for dimension, _, _ in ranked
        if dimension.rule != "risk" and (answer := _extreme(report, dimension, best))
    ]


def _extreme(report: ServiceReport, dimension: Dimension, best: bool) -> Answer | None:
    answers = toned(valid(answers_of(report, dimension)), "good" if best else "poor")
    chosen = max if best else min
    return chosen(answers, key=lambda answer: _height(report, answer), default=None)


def _height(report: ServiceReport, answer: Answer) -> tuple[int, int]:
    """How high an answer is: its gap to what is required, if anything is; then its place."""
    levels = gap(report, answer) if answer.item.required is not None else 0
    return levels or 0, answer.rank


def _extreme_answer(report: ServiceReport, dimension: Dimension, answer: Answer) -> Point:
    options = len(report.instrument.scale_of(answer.item).options)
    place = answer.rank + 1
    return Point(
        dimension.id, str(place), f"sur {options}", dimension.label, answer.item.text, answer.label
    )


def _extreme_gap(report: ServiceReport, dimension: Dimension, answer: Answer) -> Point:
    levels = gap(report, answer) or 0
    return Point(
        dimension.id,
        signed(levels) if levels else "=",
        f"niveau{'x' if abs(levels) > 1 else ''}" if levels else "au niveau",
        dimension.label,
        answer.item.text,
        f"{answer.label} ; demandé : {required_label(report, answer)}",
    )


EXTREMES: dict[str, Callable[[ServiceReport, Dimension, Answer], Point]] = {
    "depth_gap": _extreme_gap
}
