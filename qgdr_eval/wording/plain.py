"""Results in plain French: so many out of ten, how sure, what it means. No word of the trade."""

from decimal import ROUND_HALF_UP, Decimal

from qgdr_eval.french import NO_BREAK, quote
from qgdr_eval.instruments import Dimension, Instrument, Item
from qgdr_eval.scoring.coding import favourable_labels, favourable_poles

GOOD, BAD = "Cela va bien.", "C'est à améliorer."
PERHAPS_GOOD = "Cela va peut-être bien : il faut en parler."
PERHAPS_BAD = "C'est peut-être à améliorer : il faut en parler."
BETWEEN = "Il faut en parler."
UNKNOWN = "On ne peut pas savoir : il faut en parler."
NOT_SHOWN = "Ce n'est pas montré, pour protéger les personnes."
MEANT = {
    ("established", "strength"): GOOD,
    ("established", "priority"): BAD,
    ("to_confirm", "strength"): PERHAPS_GOOD,
    ("to_confirm", "priority"): PERHAPS_BAD,
    ("to_confirm", "between"): UNKNOWN,
    ("established", "between"): BETWEEN,
}
"""What a reading allows to say, by its verdict and its side; see `meant`."""


def meant(verdict: str, band: str) -> str:
    """What a reading allows to say.

    >>> meant("established", "strength"), meant("cannot_conclude", "between")
    ('Cela va bien.', 'On ne peut pas savoir : il faut en parler.')
    """
    if verdict == "hidden":
        return NOT_SHOWN
    return MEANT.get((verdict, band), UNKNOWN)


def tenths(value: float) -> int:
    """A score of 0 to 100 out of ten, rounded half up.

    >>> tenths(64.9), tenths(65)
    (6, 7)
    """
    return int((Decimal(str(round(value, 9))) / 10).quantize(Decimal(1), ROUND_HALF_UP))


def out_of_ten(n: int, one: str, many: str) -> str:
    """So many of something out of ten: « 7 personnes sur 10 »."""
    return f"{n}{NO_BREAK}{one if n < 2 else many} sur 10"


def sure(low: int, high: int, others: str) -> str:
    """How sure it is: between how many and how many out of ten, had other answers been given.

    >>> sure(6, 8, "d'autres réponses")
    "Avec d'autres réponses, cela pourrait être entre 6 et 8 sur 10."
    """
    between = f"entre {low} et {high} sur 10" if low < high else f"toujours environ {low} sur 10"
    return f"Avec {others}, cela pourrait être {between}."


def good_answer(item: Item, instrument: Instrument) -> str:
    """The answers that are good to have, as people read them: « Oui »."""
    scale = instrument.scale_of(item)
    sided = zip(favourable_labels(scale, item), favourable_poles(scale, item), strict=True)
    return " ou ".join(quote(label) for label, side in sided if side == "positive")


def answers_out_of_ten(n: int, dimension: Dimension, instrument: Instrument) -> str:
    """How many answers to a dimension are good: « Environ 7 réponses sur 10 sont « Oui ». »

    >>> from qgdr_eval.instruments import load_instrument
    >>> simple = load_instrument("experience_usagers_facile")
    >>> answers_out_of_ten(7, simple.dimension("accueil"), simple).replace(NO_BREAK, " ")
    'Environ 7 réponses sur 10 sont «\u202fOui\u202f».'
    """
    found = {good_answer(item, instrument) for item in instrument.items_of(dimension.id)}
    good = found.pop() if len(found) == 1 else "une bonne réponse"
    counted = out_of_ten(n, "réponse", "réponses")
    return f"Environ {counted} {'est' if n < 2 else 'sont'} {good}."
