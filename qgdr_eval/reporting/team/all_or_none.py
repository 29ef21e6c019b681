"""The all-or-none score of an audit in words: complete records, and what the others may hide."""

from collections.abc import Mapping

from qgdr_eval.frames import ScoreRow
from qgdr_eval.french import number, percent
from qgdr_eval.wording.subjects import Subject

SCORE, LEAST, MOST = "all_or_none", "all_or_none_least", "all_or_none_most"


def bounds_words(beside: Mapping[str, ScoreRow], subject: Subject) -> str:
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
    others = subject.count(every - complete, "incomplet")
    none = f"{subject.none.split()[0].capitalize()} ne l'est"
    opening = f"Avec {others}, sur {number(every)} en tout" if complete else none
    if least.score == most.score:
        each = f"{'chacune' if subject.feminine else 'chacun'} d'{subject.them}"
        return f"{opening}, il serait de {percent(least.score)} : {each} a un « non »."
    ends = f"de {percent(least.score)} à {percent(most.score)}"
    return f"{opening}, il irait {ends}{_apart(score, least, most, subject)}."


def _apart(score: ScoreRow, least: ScoreRow, most: ScoreRow, subject: Subject) -> str:
    """What is added when complete records say what cannot be true of all."""
    if score.status != "published" or least.score <= score.score <= most.score:
        return ""
    whole = f"les {subject.plural} {subject.agree('complet')}"
    return f" : {whole} ne ressemblent pas aux autres, leur score ne vaut que pour {subject.them}"
