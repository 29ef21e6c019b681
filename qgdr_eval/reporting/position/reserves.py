"""What a result that reaches its mark still lacks: a low criterion, an answer nobody gave."""

from qgdr_eval.comparison.findings.declared import RATED_2
from qgdr_eval.french import NO_BREAK, count, listed
from qgdr_eval.reporting.position.answers import OUTSIDE, Answer, toned, total
from qgdr_eval.reporting.position.stand import UNKNOWN, Stand


def reserve(stand: Stand) -> str:
    """Why a dimension that reaches its mark is not yet to lean on; "" when it is.

    A mean of ratings hides the criteria at 1 or 2 and the imperative ones nobody rated. A share
    of what was answered holds when the answers that lack could not bring it under its mark.
    """
    if stand.gives == "rating":
        return _of_ratings(stand)
    return "" if _holds(stand) else unknown_said(stand)


def _of_ratings(stand: Stand) -> str:
    low = total(low_rated(stand))
    unrated = total(answer for answer in stand.unmet if not answer.valid)
    parts = [f"{count(low, 'critère')} à 2 ou moins"] if low else []
    return listed(parts + ([f"{count(unrated, 'impératif')} sans cotation"] if unrated else []))


def low_rated(stand: Stand) -> list[Answer]:
    """The criteria of a dimension rated 1 or 2, the lowest first."""
    low = [answer for answer in stand.valid if answer.rank <= RATED_2]
    return sorted(low, key=lambda answer: answer.rank)


def unknown_said(stand: Stand) -> str:
    """The answers nobody gave, counted, on one line each: « 1 ne sait pas et 2 sans réponse »."""
    states = [answer.state for answer in stand.unknown]
    return listed(
        f"{states.count(state)} {OUTSIDE[state].lower()}".replace(" ", NO_BREAK)
        for state in UNKNOWN
        if state in states
    )


def _holds(stand: Stand) -> bool:
    """Whether a share would reach its mark even if no unknown answer were favourable."""
    lacking = total(stand.unknown)
    if not stand.counted or not lacking:
        return True
    least = 100 * total(toned(stand.valid, "good")) / (total(stand.valid) + lacking)
    return all(least >= mark.value for mark in stand.marks if mark.kind == "at_least")
