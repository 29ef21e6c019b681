"""What a result that reaches its mark still lacks: a low criterion, an answer nobody gave."""

from qgdr_eval.comparison.findings.declared import RATED_2
from qgdr_eval.french import NO_BREAK, count, listed
from qgdr_eval.instruments import Dimension
from qgdr_eval.reporting.position.answers import (
    OUTSIDE,
    Answer,
    answers_of,
    toned,
    total,
    unmet,
    valid,
)
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.scoring import gives

UNKNOWN = ("dont_know", "missing")  # an answer exists, and nobody gave it


def reserve(report: ServiceReport, dimension: Dimension) -> str:
    """Why a dimension that reaches its mark is not yet to lean on; "" when it is.

    A mean of ratings hides the criteria at 1 or 2 and the imperative ones nobody rated. A share
    of what was answered holds when the answers that lack could not bring it under its mark.
    """
    if gives(dimension) == "rating":
        return _of_ratings(report, dimension)
    return "" if _holds(report, dimension) else unknown_said(report, dimension)


def _of_ratings(report: ServiceReport, dimension: Dimension) -> str:
    low = total(low_rated(report, dimension))
    unrated = total(
        answer
        for answer in unmet(report)
        if answer.item.dimension == dimension.id and not answer.valid
    )
    parts = [f"{count(low, 'critère')} à 2 ou moins"] if low else []
    return listed(parts + ([f"{count(unrated, 'impératif')} sans cotation"] if unrated else []))


def low_rated(report: ServiceReport, dimension: Dimension) -> list[Answer]:
    """The criteria of a dimension rated 1 or 2, the lowest first."""
    rated = valid(answers_of(report, dimension))
    return sorted(
        (answer for answer in rated if answer.rank <= RATED_2), key=lambda answer: answer.rank
    )


def unknown(report: ServiceReport, dimension: Dimension) -> list[Answer]:
    """The answers nobody gave: « Ne sait pas », or nothing."""
    return [answer for answer in answers_of(report, dimension) if answer.state in UNKNOWN]


def unknown_said(report: ServiceReport, dimension: Dimension) -> str:
    """The answers nobody gave, counted, on one line each: « 1 ne sait pas et 2 sans réponse »."""
    states = [answer.state for answer in unknown(report, dimension)]
    return listed(
        f"{states.count(state)} {OUTSIDE[state].lower()}".replace(" ", NO_BREAK)
        for state in UNKNOWN
        if state in states
    )


def _holds(report: ServiceReport, dimension: Dimension) -> bool:
    """Whether a share would reach its mark even if no unknown answer were favourable."""
    lacking = total(unknown(report, dimension))
    if gives(dimension) != "share" or not lacking or report.n > 1:
        return True
    among = valid(answers_of(report, dimension))
    least = 100 * total(toned(among, "good")) / (total(among) + lacking)
    marks = report.instrument.thresholds_of(dimension.id)
    return all(least >= mark.value for mark in marks if mark.kind == "at_least")
