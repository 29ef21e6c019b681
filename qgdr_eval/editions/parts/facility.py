"""A facility for those who govern it: its profile, its services in counts, its plan, the limits."""

from collections import Counter
from collections.abc import Callable, Mapping

from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.editions.facility import FacilityReport
from qgdr_eval.editions.parts import measured
from qgdr_eval.figures.heatmap import heatmap_lines
from qgdr_eval.figures.heatmap_cells import Cell, Line
from qgdr_eval.frames import ActionRow, FollowedRow, TurnoutRow
from qgdr_eval.french import count, date, number
from qgdr_eval.instruments import Instrument
from qgdr_eval.reporting.action_plan.report import PlanReport
from qgdr_eval.reporting.action_plan.sections import EFFECT, headline, unchecked
from qgdr_eval.reporting.board import heads_of, limits_of, said_of
from qgdr_eval.reporting.page.fragment import NAMED
from qgdr_eval.reporting.team import words

COUNTED = {  # what is counted of the services on a dimension, by verdict (and band)
    ("established", "strength"): "Point fort établi",
    ("established", "between"): "Entre les deux repères",
    ("established", "priority"): "Priorité établie",
    "to_confirm": "À confirmer",
    "cannot_conclude": "Sans conclusion",
    "capped": "Plafonné",
    "no_threshold": "Affiché",
    "hidden": "Non montré",
}
ALWAYS = (("established", "strength"), ("established", "priority"))
ORDER = ("late", "open", "done", "abandoned")  # of actions, each in the plan's own order
Take = Callable[[FacilityReport, int], object]


def profile(report: FacilityReport, most: int) -> dict[str, object]:
    """The facility as a whole, dimension by dimension; hidden where its total is.

    >>> profile(board_report, 0)["kind"]
    'scores'
    """
    return measured.profile(report.total, most) | {"title": "L'établissement dans son ensemble"}


def services(report: FacilityReport, most: int) -> dict[str, object]:
    """What is established in how many services; then each of them, when they are few.

    Services are in the campaign's order, never in that of their results. ``most``: how many of
    them are named; more are counted only.

    >>> told = services(board_report, 12)
    >>> len(told["each"]["rows"]), len(services(board_report, 5)["each"]["rows"])
    (8, 0)
    """
    lines = heatmap_lines(report.published, report.readings, report.published.services)
    return {
        "said": _said(report),
        "counted": _counted(lines, report.instrument),
        "each": _each(report, lines if len(lines) <= most else []),
    }


def _said(report: FacilityReport) -> list[str]:
    """What the facility as a whole supports, then what its services do, when they are several."""
    shown = rows_of(report.published.participation, TurnoutRow, status="published")
    whole = [] if report.total.hidden else [words.headline(report.total)]
    several = sum(bool(row.service) for row in shown) > 1
    return [*whole, *([said_of(report, report.published.services, "services")] * several)]


def _counted(lines: list[Line], instrument: Instrument) -> dict[str, object]:
    """How many services stand where, dimension by dimension; what none does is left out."""
    counts = [Counter(map(_stand, column)) for column in zip(*(line.cells for line in lines),
              strict=True)]  # fmt: skip
    met = set().union(*counts)
    read = any(instrument.thresholds_of(dimension.id) for dimension in instrument.dimensions)
    kept = [stand for stand in COUNTED if stand in met or (read and stand in ALWAYS)]
    return {
        "columns": ["Dimension", *(COUNTED[stand] for stand in kept)],
        "rows": [
            [dimension.label, *(number(counted[stand]) for stand in kept)]
            for dimension, counted in zip(instrument.dimensions, counts, strict=True)
        ],
    }


def _stand(cell: Cell) -> str | tuple[str, str]:
    both = (cell.verdict, cell.band)
    return both if both in COUNTED else cell.verdict


def _each(report: FacilityReport, lines: list[Line]) -> dict[str, object]:
    labels = {one.id: one.name for one in report.instrument.dimensions}
    people = rows_of(report.published.participation, TurnoutRow)
    why = {row.service: words.OF_A_GROUP[row.status] for row in people if row.status != "published"}
    counted, _ = heads_of(report.instrument)
    return {
        "columns": ["Service", counted, "Établi comme point fort", "Établi comme priorité"],
        "rows": [
            [line.service, "–", *2 * [why[line.service]]]
            if line.service in why
            else [line.service, *_shown(line, labels)]
            for line in lines
        ],
    }


def _shown(line: Line, labels: Mapping[str, str]) -> list[str]:
    """How many answered, then the dimensions that are established on each side."""
    sides = [
        [labels[cell.dimension] for cell in line.cells if (cell.verdict, cell.band) == side]
        for side in ALWAYS
    ]
    return [number(line.n), *map(_named, sides)]


def _named(labels: list[str]) -> str:
    """Dimensions by their names while there is room for them, in number beyond."""
    names = "\u202f; ".join(labels)
    return (names or "aucun") if len(names) <= NAMED else count(len(labels), "dimension")


def plan(report: FacilityReport, most: int) -> dict[str, object] | None:
    """Where the plan of the facility stands, its late actions first; None without any plan.

    >>> plan(board_report, 8) is None
    True
    """
    return told_of_plan(report.plan, most) if report.plan else None


def told_of_plan(plan: PlanReport, most: int) -> dict[str, object]:
    """A plan in a sentence, then action by action, at most so many."""
    rows = [pair for flag in ORDER for pair in plan.rows(flag)
            if flag != "open" or not pair[1].late]  # fmt: skip
    kept = rows[:most]
    return {
        "said": headline(plan),
        "unchecked": unchecked(plan.total("done_not_evaluated")),
        "columns": ["Action", "Où", "Qui pilote", "Échéance", "Où elle en est"],
        "rows": [_action(*pair) for pair in kept],
        "more": len(rows) - len(kept),
    }


def _action(row: ActionRow, seen: FollowedRow) -> list[str]:
    state = f"{row.state}, en retard" if seen.late else row.state
    told = [row.action or row.objective, row.service or row.pole or "L'établissement", row.pilot]
    return [*(" ".join(text.split()) or "–" for text in told), date(row.due) if row.due else "–",
            state]  # fmt: skip


def limits(report: FacilityReport, most: int) -> list[dict[str, str]]:
    """What cannot be concluded, and why: what every result has in common stands last.

    >>> limits(board_report, 3)[-1]["what"]
    'La cause.'
    """
    *first, last = limits_of(report, "lecture", "lectures")
    first = [EFFECT, *first] if report.plan and len(report.plan.own) else first
    return [{"what": what, "why": why} for what, why in [*first[: most - 1], last]]


TAKES: dict[str, Take] = {
    "profile": profile,
    "services": services,
    "plan": plan,
    "limits": limits,
}
"""What there is to take of a facility."""
