"""Signs: a shape each, told apart without colour, beside the words they stand for."""

from collections.abc import Sequence

from markupsafe import Markup

from qgdr_eval.french import listed, number

SIGNS = {
    "favourable": "disc cool",
    "unfavourable": "triangle warm",
    "signal": "diamond",
    "none": "ring",
    "reached": "square cool",
    "not_reached": "hollow warm",
    "cannot_conclude": "dashed",
}


def signed(sign: str, said: str) -> Markup:
    """Words after the shape that stands for them; none for what has no sign.

    >>> print(signed("none", "pas de signal"))
    <span class="sign ring" aria-hidden="true"></span>pas de signal
    """
    return Markup("{}{}").format(_shape(sign), said)


def row_of_signs(signs: Sequence[tuple[str, str]]) -> Markup:
    """One shape for each of several things, and how many there are of each in words.

    ``signs``: a sign and what it says, in the plural when several may.

    >>> print(row_of_signs([("none", "autre"), ("none", "autre")]).striptags())
    2 autre
    """
    counts: dict[str, int] = {}
    for _, said in signs:
        counts[said] = counts.get(said, 0) + 1
    words = listed(f"{number(n)} {said}" for said, n in counts.items())
    shapes = Markup("").join(_shape(sign) for sign, _ in signs)
    return Markup('<span class="signs">{}</span><span class="unseen">{}</span>').format(
        shapes, words
    )


def _shape(sign: str) -> Markup:
    if sign not in SIGNS:
        return Markup("")
    return Markup('<span class="sign {}" aria-hidden="true"></span>').format(SIGNS[sign])
