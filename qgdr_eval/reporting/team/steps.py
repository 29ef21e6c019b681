"""What matters to a team and what it may do of it: each finding with a question and its levers.

The example reads ``team_report``: `qgdr demo essai` writes a campaign, and
``open_report("essai/campagne.yml")`` opens it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qgdr_eval.comparison.findings import AT_MOST
from qgdr_eval.comparison.findings.model import (
    DISCUSS,
    FIRST,
    LOW_ITEM,
    PERHAPS_LOW,
    PRIORITY,
    SPLIT,
    STRENGTHS,
    UNDECIDED,
    UNDER_OBJECTIVE,
    UNMET,
)
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import ComparisonRow, FindingRow
from qgdr_eval.french import capitalized, count, in_words, listed, quote
from qgdr_eval.instruments import Dimension, Instrument
from qgdr_eval.reporting.page.fragment import Fragment, render, stamped
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.team import first_page, words
from qgdr_eval.reporting.team.first_page import Finding
from qgdr_eval.reporting.team.readings import Readings, readings_of

TOLD_OTHERS = {UNDER_OBJECTIVE: "sous l'objectif", UNMET: "à comprendre"}
LEFT = {  # what a subject left for later is, after the dimension it is about
    PERHAPS_LOW: "plutôt une priorité, à confirmer",
    LOW_ITEM: "une question sous le repère",
    SPLIT: "une question partagée",
    UNDECIDED: "on ne peut pas conclure",
}
TAKEN = {  # in which order subjects to discuss are taken
    PERHAPS_LOW: "ce qui penche vers une priorité",
    UNDER_OBJECTIVE: "les critères sous l'objectif",
    UNMET: "les critères non remplis",
    LOW_ITEM: "les questions sous le repère",
    SPLIT: "les questions partagées",
    UNDECIDED: "ce dont on ne peut rien conclure",
}
NAMED = 4  # subjects left for later that a sentence still names


@dataclass(frozen=True)
class Group:
    """Findings of one part of the page. ``pole``: their colour; ``none``: said when there is none.

    ``more``: what was left out, and by which rule; ``named``: dimensions whose levers stand there,
    each beside the first finding that is about it; ``rest``: the other findings, a line each.
    """

    title: str
    pole: str
    findings: Sequence[Finding]
    more: str = ""
    none: str = ""
    named: frozenset[str] = frozenset()
    rest: Sequence[tuple[str, str]] = ()

    def levers(self, finding: Finding) -> Dimension | None:
        """The dimension whose levers stand under a finding; None when they stood already."""
        first = next(one for one in self.findings if one.dimension is finding.dimension)
        told = finding.dimension.id in self.named or first is not finding
        return None if told or not finding.to_talk else finding.dimension


@stamped
def next_steps(report: ServiceReport) -> Fragment:
    """What matters, each with a question to talk about, its levers and room to write.

    At most three critical criteria, three priorities and three things to discuss; the other
    dimensions to act on follow, folded. Without marks, those below the reference.

    >>> "Priorités établies" in next_steps(team_report).html
    True
    """
    groups = [] if report.hidden else list(groups_of(report))
    others = [] if report.hidden else _others(report, groups)
    found = [finding.dimension for group in groups for finding in group.findings]
    return render(
        "team/next_steps",
        people=report.instrument.of_people,
        concealed=report.hidden,
        groups=groups,
        others=others,
        alone=report.weak_alone,
        something=bool(found or others),
        without_levers=not any(one.levers or one.resources for one in [*found, *others]),
        advice_without_subject=words.nothing_to_act_on(readings_of(report)),
        told_beside=words.told_beside(report.instrument),
    )


def groups_of(report: ServiceReport) -> Iterator[Group]:
    """Critical criteria before any score, then priorities, what to discuss, what to keep.

    >>> [group.title for group in groups_of(team_report)]
    ['Priorités établies', 'À discuter en équipe', 'Points forts établis']
    """
    readings, these = readings_of(report), words.these(report.instrument)
    known = first_page.known_of(report)
    critical = first_page.critical(known)
    named = frozenset(finding.dimension.id for finding in critical)
    if critical:
        rest = first_page.other_critical(known)
        yield Group("Critères critiques, d'abord", "warm", critical, rest=rest)
    if readings.marked:
        none = f"Aucune dimension n'est une priorité établie par {these}."
        found = first_page.priorities(known)
        more = _more(report.found.part(PRIORITY), "bas")
        yield Group("Priorités établies", "warm", found, more, none, named)
        named |= {finding.dimension.id for finding in found}
    none = words.nothing_to_discuss(report.instrument)
    found = first_page.to_discuss(known)
    discussed = report.found.part(DISCUSS)
    untold = (
        _more_criteria(discussed),
        _left_for_later(discussed, report.instrument),
        _not_leaning(discussed, readings),
    )
    yield Group("À discuter en équipe", "ink", found, " ".join(filter(None, untold)), none, named)
    if readings.marked:
        none = f"Aucune dimension n'est un point fort établi par {these}."
        found = first_page.strengths(known)
        more = _more(report.found.part(STRENGTHS), "élevés")
        yield Group("Points forts établis", "cool", found, more, none)


def _more(found: Sequence[FindingRow], which_scores: str) -> str:
    others = len(found) - AT_MOST
    if others < 1:
        return ""
    which = "autre figure" if others == 1 else "autres figurent"
    text = f"{in_words(others, feminine=True).capitalize()} {which} dans le profil"
    return f"{text} ; les {in_words(AT_MOST)} montrées ici ont les scores les plus {which_scores}."


def _more_criteria(discussed: Sequence[FindingRow]) -> str:
    """How many criteria under the objective, or not met, are not among those told."""
    found = discussed[AT_MOST:]
    others = sum(row.kind in TOLD_OTHERS for row in found)
    told = next((TOLD_OTHERS[row.kind] for row in found if row.kind in TOLD_OTHERS), "")
    return f"{count(others, 'autre')} {told} dans « Critère par critère »." if others else ""


def _left_for_later(discussed: Sequence[FindingRow], instrument: Instrument) -> str:
    """Which subjects are not among those told, and why these were: three are enough at once."""
    if len(discussed) <= AT_MOST:
        return ""
    left = [
        f"{quote(instrument.dimension(row.dimension).label)} ({LEFT[row.kind]})"
        for row in discussed[AT_MOST:]
        if row.kind in LEFT
    ]
    kinds = {row.kind for row in discussed}
    order = ", puis ".join(words for kind, words in TAKEN.items() if kind in kinds)
    why = f"{in_words(AT_MOST).capitalize()} sujets suffisent à une réunion : d'abord {order}."
    others = len(left) - NAMED
    named = left[:NAMED] + ([count(others, "autre")] if others > 0 else [])
    return f"{why} Pour une autre fois : {listed(named)}." if left else why


def _not_leaning(discussed: Sequence[FindingRow], readings: Readings) -> str:
    """Why the other dimensions to confirm are not there: they lean the other way, or neither."""
    told = {row.dimension for row in discussed}
    n = sum(row.dimension not in told for row in readings.read("to_confirm"))
    if not n:
        return ""
    lean = "ne penche" if n == 1 else "ne penchent"
    return capitalized(f"{words.dimensions(n)} à confirmer {lean} pas de ce côté : voir le profil.")


def _others(report: ServiceReport, groups: Sequence[Group]) -> list[Dimension]:
    """Dimensions to act on that the page had no room for; without marks, those that are lower."""
    named = {finding.dimension.id for group in groups for finding in group.findings}
    pressing = [row.dimension for row in (*report.found.part(FIRST), *report.found.part(PRIORITY))]
    compared = rows_of(report.comparisons, ComparisonRow)
    ids = dict.fromkeys([*pressing, *_below_reference(readings_of(report), compared)])
    return [report.instrument.dimension(id) for id in ids if id not in named]


def _below_reference(readings: Readings, compared: Sequence[ComparisonRow]) -> list[str]:
    """Without thresholds, dimensions established below the reference are to be talked about."""
    if not readings.read("no_threshold"):
        return []
    return [row.dimension for row in compared if row.verdict == "lower"]
