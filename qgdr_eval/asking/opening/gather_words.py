"""What an opening did, told to who opens: what was counted, what stays, what was not understood."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qgdr_eval.french import count, listed, quote, typography

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qgdr_eval.asking.asked.inquiry import Unit
    from qgdr_eval.asking.opening.gather import Gathered

REFUSED = {
    "card": "d'une carte qui n'est pas de cette campagne",
    "answer": "avec des réponses que ce questionnaire n'offre pas",
    "class": "avec une catégorie qui n'est pas proposée",
}


def sentences(gathered: "Gathered") -> Iterator[str]:
    """An opening in French sentences, without a number that a service's own people could use."""
    new = sum(gathered.counted.values())
    yield typography(
        f"{count(new, 'réponse')} {'ouverte' if new < 2 else 'ouvertes'} ; "
        f"{count(gathered.total, 'ligne')} dans {gathered.answers}"
    )
    if gathered.waiting:
        yield typography(
            f"Restent scellées, faute d'être {gathered.floor} dans leur service : "
            f"{_units(gathered.waiting)}. Des fichiers scellés déposés plus tard peuvent les "
            "rejoindre ; « --last » les effacerait sans les lire"
        )
    if gathered.erased:
        erased = sum(gathered.erased.values())
        yield typography(f"{count(erased, 'réponse')} trop peu nombreuses, effacées sans être lues")
    if gathered.twice:
        boxes = count(gathered.twice, "envoi")
        yield typography(f"{boxes} d'une carte déjà comptée : chaque carte ne compte qu'une fois")
    if gathered.unopened:
        boxes = count(gathered.unopened, "boîte")
        yield typography(
            f"{boxes} que cette clé n'ouvre pas : abîmées, ou d'une autre campagne ; elles restent "
            "où elles sont"
        )
    for reason, boxes_of in gathered.refused.items():
        left = "laissée où elle est" if boxes_of < 2 else "laissées où elles sont"
        yield typography(f"{count(boxes_of, 'boîte')} {REFUSED[reason]} : {left}")
    if gathered.remarks:
        yield typography(f"{count(gathered.remarks, 'commentaire')} à part, sans les réponses")


def _units(units: "Mapping[Unit, int]") -> str:
    return listed(quote(unit.service) for unit in units)
