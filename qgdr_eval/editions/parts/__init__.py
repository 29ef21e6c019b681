"""What an edition may take of a report, part by part: published values and our words for them."""

from collections.abc import Callable, Mapping
from typing import Any

from qgdr_eval.editions.facility import FacilityReport, Report
from qgdr_eval.editions.parts import declared, facility, measured, plain, talk, whole
from qgdr_eval.reporting import ServiceReport

MOST = {
    "findings": 3,
    "messages": 3,
    "questions": 5,
    "limits": 3,
    "ideas": 4,
    "services": 12,
    "plan": 8,
}
"""How many of a part are taken when an edition does not say."""

Take = Callable[[ServiceReport, int], object]

MEASURED: dict[str, Take] = {
    "findings": measured.findings,
    "messages": measured.messages,
    "profile": measured.profile,
    "questions": talk.questions,
    "limits": talk.limits,
    "blocks": whole.blocks,
    "ideas": plain.ideas,
}
"""Of what people answered or records showed."""

DECLARED: dict[str, Take] = MEASURED | {
    "findings": declared.findings,
    "messages": declared.messages,
    "profile": declared.profile,
}
"""Of what a group or a person declared."""


WITHOUT_RESULTS = ("plan",)
"""What has nothing of what people answered: it stands beside hidden results too."""


def take(report: Report, part: str, most: Mapping[str, int]) -> object:
    """One part of a report as plain values; None for a hidden one, which has none.

    >>> len(take(team_report, "questions", {"questions": 2}))
    2
    """
    if report.hidden and part not in WITHOUT_RESULTS:
        return None
    if isinstance(report, FacilityReport):
        return facility.TAKES[part](report, at_most(part, most))
    takes = DECLARED if report.instrument.declared else MEASURED
    return takes[part](report, at_most(part, most))


def at_most(part: str, most: Mapping[Any, int]) -> int:
    """How many of a part an edition takes.

    >>> at_most("plan", {"plan": 3}), at_most("plan", {})
    (3, 8)
    """
    return most.get(part, MOST.get(part, 0))
