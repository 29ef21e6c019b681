"""Two rounds, or oneself and a team, side by side: what a figure of them says beside its marks."""

from collections.abc import Sequence

from qgdr_eval.comparison.composition import Moved
from qgdr_eval.french import NO_BREAK, listed, number, percent, quote, typography
from qgdr_eval.wording.verdicts import NO_CONCLUSION, TO_CONFIRM

IN_A_KEY = {  # how sure a difference is, beside what a figure draws
    "established": "écart établi",
    "to_confirm": f"{TO_CONFIRM} : l'intervalle laisse zéro dehors, pas toutes comparaisons "
    "prises ensemble",
    "cannot_conclude": f"{NO_CONCLUSION} : l'intervalle contient zéro",
}
IN_A_COUNT = {  # the same, of so many
    "established": ("écart établi", "écarts établis"),
    "to_confirm": (TO_CONFIRM, TO_CONFIRM),
    "cannot_conclude": ("sans conclusion", "sans conclusion"),
    "not_compared": ("non comparé", "non comparés"),
}
ARROW = f"{NO_BREAK}→{NO_BREAK}"
NOT_COMPARED = "non comparé"
NOT_SHOWN_BEFORE = "non montré avant"
BROKEN = "le trait est coupé"
WHO_CHANGED = (
    "Ceux qui répondent ne sont plus tout à fait les mêmes ({}) : un écart peut venir de là, et "
    "rien ici ne permet de le dire."
)
ASKED_CHANGED = (
    "Ce qui est demandé, ou la façon de compter, a changé entre deux tours : le trait y est coupé. "
    "Ne sont comparées que les dimensions dont l'ensemble des questions, l'échelle et le calcul "
    "sont restés les mêmes."
)


def version_words(before: str, now: str) -> str:
    """That a questionnaire has changed its version: the line of each dimension is broken.

    >>> version_words("1.0.0", "2.0.0").endswith("2.0.0, le trait est coupé.")
    True
    """
    return typography(f"Questionnaire : version {before}{ARROW}{now}, {BROKEN}.")


def measure_words(names: Sequence[str]) -> str:
    """That these dimensions are no longer measured as they were, in the same version."""
    named = listed(quote(name) for name in names)
    return typography(f"{named} : questions ou calcul changés, {BROKEN}.")


def moved_words(moved: Moved) -> str:
    """A head count, or a share of who answered, that moved: « effectif 12 → 27 ».

    >>> told = Moved("", 12, 27), Moved("profession=IDE", 60, 30)
    >>> [moved_words(one).replace(ARROW, " > ") for one in told]
    ['effectif 12 > 27', 'IDE 60\\u202f% > 30\\u202f%']
    """
    if not moved.stratum:
        return f"effectif {number(moved.before)}{ARROW}{number(moved.now)}"
    name = moved.stratum.partition("=")[2] or "sans réponse à cette question"
    return f"{name} {percent(moved.before)}{ARROW}{percent(moved.now)}"


def composition_words(moved: Sequence[Moved]) -> str:
    """What moved among who answers, in a line; nothing when nothing did."""
    return typography(f"Qui répond a changé : {_named(moved)}.") if moved else ""


def composition_warning(moved: Sequence[Moved]) -> str:
    """What a difference may then come from, in a sentence; nothing when nothing moved."""
    return typography(WHO_CHANGED.format(_named(moved))) if moved else ""


def _named(moved: Sequence[Moved]) -> str:
    return listed(moved_words(one) for one in moved)
