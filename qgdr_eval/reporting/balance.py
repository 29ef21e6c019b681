"""Interdependent dimensions, side by side: the weakest, the balance, what its lack announces."""

import math

from qgdr_eval.comparison.balance import Balance, read_balance
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.french import interval, listed, number, quote
from qgdr_eval.instruments import Dimension
from qgdr_eval.reporting import words
from qgdr_eval.reporting.page import NOTHING, Fragment, render, stamped
from qgdr_eval.reporting.view import ServiceReport


@stamped
def balance(report: ServiceReport) -> Fragment:
    """How dimensions that need each other balance; nothing for other instruments."""
    shown = report.instrument
    if report.hidden or not shown.interdependent:
        return NOTHING
    found = read_balance(rows_of(report.readings), declared=shown.declared)
    if found is None:
        return NOTHING
    weakest = shown.dimension(found.weakest)
    return render(
        "balance",
        title=_title(report, found),
        extremes=_extremes(report, found),
        declared=shown.declared,
        reading=_reading(report, found),
        weakest=weakest,
    )


def _title(report: ServiceReport, found: Balance) -> str:
    """Which dimension is lowest of those shown; none is when the first two are level."""
    scores = sorted(row.score for row in rows_of(report.readings) if row.verdict != "hidden")
    if math.isclose(scores[0], scores[1], abs_tol=1e-9):
        return "Aucune dimension n'est seule la plus basse"
    name = quote(_short(report.instrument.dimension(found.weakest)))
    return f"Des {words.in_words(len(scores))} dimensions, {name} est la plus basse"


def _short(dimension: Dimension) -> str:
    """The name without what stands between brackets."""
    return dimension.label.split(" (")[0]


def _extremes(report: ServiceReport, found: Balance) -> str:
    scores = {row.dimension: row.score for row in rows_of(report.readings)}
    low, high = (_scored(report, id, scores[id]) for id in (found.weakest, found.strongest))
    ends = f" {interval(found.low, found.high)}" if found.low == found.low else ""
    return (
        f"La plus basse : {low}. La plus haute : {high}. "
        f"Entre les deux, {number(found.spread)} points{ends}."
    )


def _scored(report: ServiceReport, id: str, score: float) -> str:
    dimension = report.instrument.dimension(id)
    return f"{quote(_short(dimension))}, {words.score(score, dimension, report.instrument)}"


def _reading(report: ServiceReport, found: Balance) -> str:
    """What to expect when one dimension alone is under its mark."""
    lacking = [report.instrument.dimension(id) for id in found.lacking]
    if not lacking:
        return "Aucune dimension n'est sous son repère bas : aucune ne manque seule aux autres."
    names = listed(quote(_short(dimension)) for dimension in lacking)
    if len(lacking) > 1:
        return (
            f"Plusieurs dimensions sont sous leur repère bas ({names}) : la lecture d'une seule "
            "qui manque ne s'applique pas. Commencez par celle qui dépend le plus de vous."
        )
    sure = "" if found.sure else " (à confirmer : l'intervalle déborde du repère)"
    return f"{names} est seule sous son repère bas{sure}. {lacking[0].when_weak or ''}"
