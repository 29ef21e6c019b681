"""Which answers deserve the first page: what to lean on, what to do first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from qgdr_eval.comparison.findings import AT_MOST
from qgdr_eval.comparison.findings.declared import TOLD_OTHERWISE, height
from qgdr_eval.comparison.findings.model import LOW_ITEM, LOWEST_ANSWER, PRIORITY, WORST_ZONE
from qgdr_eval.french import count, listed, signed
from qgdr_eval.instruments import Dimension
from qgdr_eval.instruments.model import RiskMap
from qgdr_eval.reporting.position import words
from qgdr_eval.reporting.position.answers import (
    Answer,
    answers_of,
    toned,
    total,
    turned,
    unmet,
    valid,
)
from qgdr_eval.reporting.position.gaps import gap, required_label
from qgdr_eval.reporting.position.reserves import low_rated, reserve
from qgdr_eval.reporting.position.zones import Risk, in_zone, map_of, risks_of, set_aside
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.scoring import RULES, gives
from qgdr_eval.wording.rules import VOICES
from qgdr_eval.wording.rules.rating_1_4 import OF_4

ORDER = {  # the kinds of points, in the order they are told
    "imperative": "les critères impératifs sous 4 ou non cotés",
    "critical": "les critères critiques qui manquent",
    "zone": "la gravité la plus forte",
    "priority": "les dimensions sous leur repère",
    "low": "les autres critères cotés 1 ou 2",
}
ALONE = {  # how points of one kind are ordered
    "zone": "La gravité la plus forte d'abord.",
    "unknown": "Ceux qui peuvent être dans la zone la plus défavorable d'abord.",
    "imperative": "De la cotation la plus basse à la plus haute.",
    "low": "De la cotation la plus basse à la plus haute.",
}


@dataclass(frozen=True)
class Point:
    """One thing to say: a figure and its unit, what it is about, the answer behind it.

    ``dimension``: the id of what it belongs to, for the levers. ``kind``: why it is told.
    """

    dimension: str
    figure: str
    unit: str
    name: str
    detail: str = ""
    answer: str = ""
    kind: str = ""


def to_do_first(report: ServiceReport) -> list[Point]:
    """What calls for action, the most pressing first; none when nothing does."""
    return [
        *(_of_critical(report, answer) for answer in unmet(report)),
        *_of_worst_zone(report),
        *_of_low_dimensions(report),
        *_of_low_ratings(report),
        *_of_lowest_answers(report),
    ]


def to_lean_on(report: ServiceReport) -> list[Point]:
    """What stands well, the best first; none when nothing does."""
    return [
        *_of_best_zone(report),
        *_of_strengths(report),
        *_of_best_answers(report),
    ]


def to_see(report: ServiceReport) -> list[Point]:
    """The risks nobody could rate whole, those that may stand in the worst zone first."""
    tables = map_of(report)
    if tables is None:
        return []
    return [_of_unknown(tables, risk) for risk in set_aside(risks_of(report), "unknown")]


def _of_unknown(tables: RiskMap, risk: Risk) -> Point:
    worst, *rest = (tables.zones[zone].id for zone in risk.possible)
    return Point(
        risk.dimension.id,
        f"{worst} ?" if rest else worst,
        f"ou {listed(rest, 'ou')}" if rest else "dans tous les cas",
        f"{risk.number}. {risk.dimension.label}",
        "",
        risk.ratings,
        "unknown",
    )


def _of_critical(report: ServiceReport, answer: Answer) -> Point:
    dimension = report.instrument.dimension(answer.item.dimension)
    rated = gives(dimension) == "rating"
    kind = VOICES[dimension.rule].critical
    return Point(
        dimension.id,
        answer.mark if rated and answer.valid else "–",
        OF_4 if rated and answer.valid else "non coté" if rated else "",
        answer.item.text,
        "",
        f"Critère {kind}, {dimension.label}{'' if rated else f' : {answer.label}'}",
        "imperative" if rated else "critical",
    )


def _of_worst_zone(report: ServiceReport) -> Iterator[Point]:
    risks = {risk.dimension.id: risk for risk in risks_of(report)}
    for row in report.found(WORST_ZONE):
        yield _of_risk(report, risks[row.dimension])


def _of_best_zone(report: ServiceReport) -> Iterator[Point]:
    """The risks of the best zone, the gravest first."""
    if tables := map_of(report):
        for risk in in_zone(risks_of(report), len(tables.zones) - 1):
            yield _of_risk(report, risk)


def _of_risk(report: ServiceReport, risk: Risk) -> Point:
    tables = map_of(report)
    zone = tables.zones[risk.zone].id if tables and risk.zone is not None else ""
    name = f"{risk.number}. {risk.dimension.label}"
    return Point(risk.dimension.id, zone, "", name, "", risk.ratings, "zone")


def _of_low_dimensions(report: ServiceReport) -> list[Point]:
    scores = {dimension.id: (dimension, row) for dimension, row, _ in report.dimension_rows}
    farthest = [scores[row.dimension] for row in report.part(PRIORITY)]
    return [_of_dimension(report, *pair, "priority") for pair in _told_in_order(report, farthest)]


def _of_strengths(report: ServiceReport) -> list[Point]:
    """The dimensions above their mark that lack nothing they may hide."""
    strong = [
        (dimension, row)
        for dimension, row, reading in report.dimension_rows
        if (reading.verdict, reading.band) == ("established", "strength")
        and not reserve(report, dimension)
    ]
    farthest = sorted(strong, key=lambda pair: -pair[1].score)
    return [_of_dimension(report, *pair, "strength") for pair in _told_in_order(report, farthest)]


def _told_in_order(
    report: ServiceReport, farthest: list[tuple[Dimension, Any]]
) -> list[tuple[Dimension, Any]]:
    """Dimensions beyond a threshold, the farthest first; those told follow the questionnaire."""
    order = [dimension.id for dimension in report.instrument.dimensions]
    shown = sorted(farthest[:AT_MOST], key=lambda pair: order.index(pair[0].id))
    return [*shown, *farthest[AT_MOST:]]


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
        shown.label + turned([shown]) if shown else "",
        band,
    )


def _of_low_ratings(report: ServiceReport) -> Iterator[Point]:
    """The criteria at 1 or 2 of dimensions that are not told whole, the lowest first."""
    for row in report.found(LOW_ITEM):
        for answer in low_rated(report, report.instrument.dimension(row.dimension)):
            if answer.item.code == row.item:
                yield _of_criterion(report, answer)


def _of_criterion(report: ServiceReport, answer: Answer) -> Point:
    label = report.instrument.dimension(answer.item.dimension).label
    return Point(answer.item.dimension, answer.mark, OF_4, answer.item.text, "", label, kind="low")


def _figure(report: ServiceReport, dimension: Dimension, row: Any) -> tuple[str, str]:
    """The result of a dimension as a short figure and its unit."""
    result = words.result(report, dimension, row)
    if gives(dimension) == "rating":
        return result.removesuffix(f" {OF_4}"), OF_4
    if gives(dimension) == "level":
        level = result.removeprefix("niveau ").removeprefix("entre ")
        return level.replace(" et ", "–"), "niveau"
    return result, words.unit(report, dimension)


def _of_lowest_answers(report: ServiceReport) -> Iterator[Point]:
    """Without thresholds: what each dimension lacks most."""
    for row in report.found(LOWEST_ANSWER):
        dimension = report.instrument.dimension(row.dimension)
        answers = answers_of(report, dimension)
        poor = [answer for answer in toned(answers, "poor") if answer.item.code == row.item]
        yield _of_extreme(report, dimension, min(poor, key=lambda answer: answer.rank))


def _of_best_answers(report: ServiceReport) -> Iterator[Point]:
    """Without thresholds: the best answer of each dimension, the highest dimensions first."""
    for dimension, _, _ in sorted(_without_mark(report), key=lambda rows: -rows[1].score):
        good = toned(answers_of(report, dimension), "good")
        if good:
            yield _of_extreme(report, dimension, max(good, key=_height(report)))


def _without_mark(report: ServiceReport) -> list[tuple[Dimension, Any, Any]]:
    """The dimensions read without a mark; risks are told by their zones."""
    return [
        rows
        for rows in report.dimension_rows
        if rows[2].verdict == "no_threshold" and gives(rows[0]) != "zone"
    ]


def _height(report: ServiceReport) -> Callable[[Answer], tuple[int, int]]:
    return lambda answer: height(answer.item, report.instrument.scale_of(answer.item), answer.rank)


def _of_extreme(report: ServiceReport, dimension: Dimension, answer: Answer) -> Point:
    tells = _extreme_gap if RULES[dimension.rule].required else _extreme_answer
    return tells(report, dimension, answer)


def _extreme_answer(report: ServiceReport, dimension: Dimension, answer: Answer) -> Point:
    options = len(report.instrument.scale_of(answer.item).options)
    place = answer.rank + 1
    return Point(
        dimension.id,
        str(place),
        f"sur {options}",
        dimension.label,
        answer.item.text,
        answer.label + turned([answer]),
        "extreme",
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
        "extreme",
    )


def chosen_how(report: ServiceReport, points: list[Point], best: bool) -> str:
    """In what order points are told, how those without a mark are chosen, how many more follow."""
    kinds = list(dict.fromkeys(point.kind for point in points))
    if "extreme" in kinds:
        return _extremes_said(report, best)
    others = len(points) - AT_MOST
    which = "Un autre figure" if others == 1 else f"{others} autres figurent"
    parts = [_order_said(kinds, others)] if len(points) > 1 else []
    return " ".join(parts + ([f"{which} plus bas."] if others > 0 else []))


def _order_said(kinds: list[str], others: int) -> str:
    """The order of points: that of their kinds, or within the only one."""
    if len(kinds) > 1:
        return f"D'abord {', puis '.join(ORDER[kind] for kind in kinds)}."
    if kinds[0] in ALONE:
        return ALONE[kinds[0]]
    if kinds[0] in ("priority", "strength"):
        farthest = "Les plus éloignées de leur repère, dans" if others > 0 else "Dans"
        return f"{farthest} l'ordre du questionnaire."
    return ""


def _extremes_said(report: ServiceReport, best: bool) -> str:
    """How one answer a dimension is chosen without a mark, and how many there are in all."""
    high, tone = ("haute", "good") if best else ("basse", "poor")
    answers = [
        answer
        for dimension, _, _ in _without_mark(report)
        if best or gives(dimension) not in TOLD_OTHERWISE
        for answer in toned(answers_of(report, dimension), tone)
    ]
    return (
        f"La réponse la plus {high} de chaque dimension, les dimensions au score le plus "
        f"{'haut' if best else 'bas'} d'abord ; à égalité, la première du questionnaire. "
        f"{'Une dimension peut figurer des deux côtés. ' if best else ''}"
        f"En tout, {_counted(answers, best)}, à lire plus bas."
    )


def _counted(answers: list[Answer], best: bool) -> str:
    """How many answers stand on a side: plain ones, and depths of knowledge apart."""
    depths = total(answer for answer in answers if answer.item.required is not None)
    plain = total(answers) - depths
    side = "favorable" if best else "défavorable"
    parts = [f"{count(plain, 'réponse')} du côté {side}"] if plain else []
    level = "au niveau demandé" if best else "sous le niveau demandé"
    return listed(parts + ([f"{count(depths, 'connaissance')} {level}"] if depths else []))
