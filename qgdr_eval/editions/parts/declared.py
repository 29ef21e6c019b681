"""What a group or a person declared: without interval, an answer a square, risks by their zone."""

from collections.abc import Iterable, Sequence

from qgdr_eval.french import NO_BREAK, count
from qgdr_eval.instruments.model import RiskMap
from qgdr_eval.reporting import ServiceReport
from qgdr_eval.reporting.position import words
from qgdr_eval.reporting.position.answers import Answer, gather
from qgdr_eval.reporting.position.points import Point, to_do_first, to_lean_on
from qgdr_eval.reporting.position.report import Position, position_of
from qgdr_eval.reporting.position.sections import groups
from qgdr_eval.reporting.position.stand import Stand
from qgdr_eval.reporting.position.tiles import squares_of
from qgdr_eval.reporting.position.zones import ASIDE, in_zone, look, set_aside, zone_rule


def findings(report: ServiceReport, most: int) -> list[dict[str, object]]:
    """What the first screen of the page names, group by group, at most so many of each.

    >>> [group["title"] for group in findings(position_report, 1)]
    ["À faire d'abord", "Points d'appui"]
    """
    return [
        {
            "title": group.title,
            "pole": group.pole,
            "none": group.none,
            "found": [_finding(point) for point in group.found[:most]],
        }
        for group in groups(position_of(report))
    ]


def _finding(point: Point) -> dict[str, object]:
    detail = f"« {point.detail} »" if point.detail else ""
    return {
        "figure": point.figure,
        "under": point.unit,
        "name": point.name,
        "quoted": False,
        "why": " ".join(filter(None, [detail, point.answer])),
    }


def messages(report: ServiceReport, most: int) -> list[dict[str, object]]:
    """What to do first, with one point to lean on; it is declared, and says so elsewhere.

    >>> [message["pole"] for message in messages(position_report, 3)]
    ['cool', 'warm', 'warm']
    """
    position = position_of(report)
    lean, first = to_lean_on(position)[:1], to_do_first(position)
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


def profile(report: ServiceReport, most: int) -> dict[str, object]:
    """An answer a square, dimension by dimension; the zones of a map of risks.

    >>> profile(position_report, 0)["kind"], profile(risk_report, 0)["kind"]
    ('squares', 'zones')
    """
    position = position_of(report)
    if not position.answered and position.tables:
        return _zones(position, position.tables)
    drawn = list(map(_row, position.answered))
    return {
        "kind": "squares",
        "title": words.profile_title(position.stands),
        "alt": " ".join(f"{row['label']} : {row['said']}." for row in drawn),
        "rows": drawn,
        "key": [
            {"tone": one.tone, "mark": one.mark, "critical": one.critical, "label": one.meaning}
            for one in squares_of(position.answered)
        ],
        "caution": report.instrument.caution or "",
        "how": "Une case par réponse, dans l'ordre du questionnaire. Rien n'est mesuré : c'est ce "
        "que le groupe a déclaré.",
    }


def _row(stand: Stand) -> dict[str, object]:
    result = words.complete(stand, words.result_and_share(stand))
    return {
        "label": stand.dimension.label,
        "part": stand.dimension.part or "",
        "squares": [_square(answer) for answer in stand.answers for _ in range(answer.times)],
        "result": result,
        "reading": words.reading(stand),
        "said": f"{result} ({_counted(stand.answers)})",
    }


def _square(answer: Answer) -> dict[str, object]:
    return {"tone": answer.tone, "mark": answer.mark, "critical": answer.item.critical}


def _counted(answers: Iterable[Answer]) -> str:
    return ", ".join(f"{given.full_label} : {given.times}" for given in gather(list(answers)))


def _told(label: object, names: Sequence[str]) -> str:
    """A zone and its risks, to whoever does not see them."""
    counted = f"{label} : {count(len(names), 'risque')}"
    return f"{counted} ({' ; '.join(names)})" if names else counted


def _zones(position: Position, tables: RiskMap) -> dict[str, object]:
    """The risks of each zone, the worst first, then those without one, by why."""
    risks = position.risks
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
    told = [_told(row["label"], row["names"]) for row in rows]
    return {
        "kind": "zones",
        "title": words.risks_title(tables, risks),
        "alt": f"Carte des risques. {'. '.join(told)}.",
        "rows": rows,
        "key": [],
        "caution": position.instrument.caution or "",
        "how": "Gravité, vraisemblance et maîtrise sont des rangs que le groupe a donnés : ils "
        "s'ordonnent, ils ne s'additionnent pas.",
    }
