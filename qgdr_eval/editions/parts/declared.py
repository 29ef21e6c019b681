"""What a group or a person declared: without interval, an answer a square, risks by their zone."""

from collections.abc import Iterable
from typing import Any

from qgdr_eval.french import NO_BREAK, count
from qgdr_eval.instruments import Dimension
from qgdr_eval.instruments.model import RiskMap
from qgdr_eval.reporting import ServiceReport
from qgdr_eval.reporting.position import words
from qgdr_eval.reporting.position.answers import Answer, answers_of, gather
from qgdr_eval.reporting.position.points import Point, to_do_first, to_lean_on
from qgdr_eval.reporting.position.sections import answered, groups
from qgdr_eval.reporting.position.tiles import squares_of
from qgdr_eval.reporting.position.zones import (
    ASIDE,
    in_zone,
    look,
    map_of,
    risks_of,
    set_aside,
    zone_rule,
)


def findings(report: ServiceReport, most: int) -> list[dict[str, Any]]:
    """What the first screen of the page names, group by group, at most so many of each.

    >>> [group["title"] for group in findings(position_report, 1)]
    ["À faire d'abord", "Points d'appui"]
    """
    return [
        {
            "title": group["title"],
            "pole": group["pole"],
            "none": group["none"],
            "found": [_finding(point) for point in group["found"][:most]],
        }
        for group in groups(report)
    ]


def _finding(point: Point) -> dict[str, Any]:
    detail = f"« {point.detail} »" if point.detail else ""
    return {
        "figure": point.figure,
        "under": point.unit,
        "name": point.name,
        "quoted": False,
        "why": " ".join(filter(None, [detail, point.answer])),
    }


def messages(report: ServiceReport, most: int) -> list[dict[str, Any]]:
    """What to do first, with one point to lean on; it is declared, and says so elsewhere.

    >>> [message["pole"] for message in messages(position_report, 3)]
    ['cool', 'warm', 'warm']
    """
    lean, first = to_lean_on(report)[:1], to_do_first(report)
    told = [("cool", point) for point in lean] + [("warm", point) for point in first]
    return [
        {
            "name": point.name,
            "quoted": False,
            "figure": f"{point.figure} {point.unit}".strip(),
            "said": _finding(point)["why"],
            "pole": pole,
        }
        for pole, point in told[:most]
    ]


def profile(report: ServiceReport, most: int) -> dict[str, Any]:
    """An answer a square, dimension by dimension; the zones of a map of risks.

    >>> profile(position_report, 0)["kind"], profile(risk_report, 0)["kind"]
    ('squares', 'zones')
    """
    rows, tables = answered(report), map_of(report)
    if not rows and tables:
        return _zones(report, tables)
    dimensions = [dimension for dimension, _, _ in rows]
    drawn = [_row(report, dimension, row, reading) for dimension, row, reading in rows]
    return {
        "kind": "squares",
        "title": words.profile_title(report),
        "alt": " ".join(f"{row['label']} : {row['said']}." for row in drawn),
        "rows": drawn,
        "key": [
            {"tone": one.tone, "mark": one.mark, "critical": one.critical, "label": one.meaning}
            for one in squares_of(report, dimensions)
        ],
        "caution": report.instrument.caution or "",
        "how": "Une case par réponse, dans l'ordre du questionnaire. Rien n'est mesuré : c'est ce "
        "que le groupe a déclaré.",
    }


def _row(report: ServiceReport, dimension: Dimension, row: Any, reading: Any) -> dict[str, Any]:
    answers = answers_of(report, dimension)
    share = words.share(report, dimension, row)
    result = words.result(report, dimension, row) + (f" ({share})" if share else "")
    if row.status == "published":
        result = words.complete(report, dimension, result)
    return {
        "label": dimension.label,
        "part": dimension.part or "",
        "squares": [_square(answer) for answer in answers for _ in range(answer.times)],
        "result": result,
        "reading": words.reading(report, reading),
        "said": f"{result} ({_counted(answers)})",
    }


def _square(answer: Answer) -> dict[str, Any]:
    return {"tone": answer.tone, "mark": answer.mark, "critical": answer.item.critical}


def _counted(answers: Iterable[Answer]) -> str:
    return ", ".join(f"{given.full_label} : {given.times}" for given in gather(list(answers)))


def _listed(row: dict[str, Any]) -> list[str]:
    """The risks of a zone, to whoever does not see it."""
    return [f"({' ; '.join(row['names'])})"] if row["names"] else []


def _zones(report: ServiceReport, tables: RiskMap) -> dict[str, Any]:
    """The risks of each zone, the worst first, then those without one, by why."""
    risks = risks_of(report)
    placed = [
        (zone.id, zone_rule(tables, rank), look(tables, rank), in_zone(risks, rank))
        for rank, zone in enumerate(tables.zones)
    ]
    aside = [(word, "", "out", set_aside(risks, standing)) for standing, word in ASIDE.items()]
    rows = [
        {"label": name, "rule": rule, "look": seen,
         "names": [f"{risk.number}.{NO_BREAK}{risk.dimension.label}" for risk in found]}
        for name, rule, seen, found in (*placed, *aside)
        if found or seen != "out"
    ]  # fmt: skip
    told = [" ".join([f"{row['label']} : {count(len(row['names']), 'risque')}", *_listed(row)])
            for row in rows]  # fmt: skip
    return {
        "kind": "zones",
        "title": words.risks_title(report),
        "alt": f"Carte des risques. {'. '.join(told)}.",
        "rows": rows,
        "key": [],
        "caution": report.instrument.caution or "",
        "how": "Gravité, vraisemblance et maîtrise sont des rangs que le groupe a donnés : ils "
        "s'ordonnent, ils ne s'additionnent pas.",
    }
