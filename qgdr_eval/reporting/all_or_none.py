"""The all-or-none score of an audit in words: complete records, and what the others may hide."""

from collections.abc import Mapping
from typing import Any

from qgdr_eval.french import count, number, percent

SCORE, LEAST, MOST = "all_or_none", "all_or_none_least", "all_or_none_most"


def complete_words(row: Any) -> str:
    """The records a score rests on: « 12 dossiers complets, 5 conformes »."""
    met = round(row.score * row.n_valid / 100)
    complete = count(int(row.n_valid), "dossier complet", "dossiers complets")
    return f"{complete}, {count(met, 'conforme', 'conformes')} à chaque critère applicable"


def bounds_words(beside: Mapping[str, Any]) -> str:
    """What incomplete records leave possible, in a sentence; "" when there are none.

    ``beside``: the published rows of one dimension, or of the whole grid, by measure.
    """
    score, least, most = (beside.get(name) for name in (SCORE, LEAST, MOST))
    if score is None or least is None or most is None or least.status != "published":
        return ""
    every, complete = int(least.n_valid), int(score.n_valid)
    if every == complete:
        return ""
    others = count(every - complete, "dossier incomplet", "dossiers incomplets")
    ends = f"de {percent(least.score)} à {percent(most.score)}"
    if least.score == most.score:
        ends = f"de {percent(least.score)} exactement, chacun ayant un « non »"
    said = f"Avec {others}, sur {number(every)} en tout, il irait {ends}"
    return f"{said}{_apart(score, least, most)}."


def _apart(score: Any, least: Any, most: Any) -> str:
    """What is added when complete records say what cannot be true of all."""
    if score.status != "published" or least.score <= score.score <= most.score:
        return ""
    return " : les dossiers complets ne ressemblent pas aux autres, leur score ne vaut que pour eux"
