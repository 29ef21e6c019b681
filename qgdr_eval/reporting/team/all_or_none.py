"""The all-or-none score of an audit in words: complete records, and what the others may hide."""

from collections.abc import Mapping
from typing import Any

from qgdr_eval.french import count, number, percent

SCORE, LEAST, MOST = "all_or_none", "all_or_none_least", "all_or_none_most"


def bounds_words(beside: Mapping[str, Any]) -> str:
    """What incomplete records leave possible, in a sentence; "" when there are none.

    ``beside``: the published rows of one dimension, or of the whole grid, by measure.
    """
    score, least, most = (beside.get(name) for name in (SCORE, LEAST, MOST))
    if score is None or least is None or most is None or least.status != "published":
        return ""
    every = int(least.n_valid)
    complete = int(score.n_valid) if score.status == "published" else 0
    if every == complete:
        return ""
    others = count(every - complete, "dossier incomplet", "dossiers incomplets")
    opening = f"Avec {others}, sur {number(every)} en tout" if complete else "Aucun ne l'est"
    if least.score == most.score:
        return f"{opening}, il serait de {percent(least.score)} : chacun d'eux a un « non »."
    ends = f"de {percent(least.score)} à {percent(most.score)}"
    return f"{opening}, il irait {ends}{_apart(score, least, most)}."


def _apart(score: Any, least: Any, most: Any) -> str:
    """What is added when complete records say what cannot be true of all."""
    if score.status != "published" or least.score <= score.score <= most.score:
        return ""
    return " : les dossiers complets ne ressemblent pas aux autres, leur score ne vaut que pour eux"
