"""The mean of criteria rated from 1 to 4, the star counting 4."""

from qgdr_eval.french import number
from qgdr_eval.scoring import rating_of
from qgdr_eval.wording.voice import FAVOURABLE, Question, RuleWords, Voice, after_of, nothing_left

OF_4 = "sur 4"  # the unit of a rating, here and beside a figure in large type


def _rating(score: float, question: Question) -> str:
    return number(rating_of(score), 2)


def _of_4(score: float, question: Question) -> str:
    return f"{_rating(score, question)} {OF_4}"


VOICE = Voice(
    formula=RuleWords(
        "Cotation de 1 à 4",
        "pour un critère : sa cotation, l'étoile comptant 4 ; NC et RI restent hors du calcul",
        "pour une dimension : moyenne simple de ses critères cotés, avec deux décimales",
    ),
    position=RuleWords(
        "Cotation de 1 à 4",
        "pour un critère : sa cotation, l'étoile comptant 4",
        "pour une dimension ou un chapitre : moyenne simple de ses critères cotés, avec deux "
        "décimales ; les repères se lisent sur (moyenne − 1) ÷ 3 × 100",
    ),
    figure=_rating,
    in_full=_of_4,
    at=_of_4,
    of=after_of(_of_4),
    short=_rating,
    rounded=False,
    of_what="",
    heading="Score",
    criterion="critère",
    critical="impératif",
    counted=None,
    met=("à 3 ou plus", "à 3 ou plus"),
    done=FAVOURABLE,
    thing=("critère coté", "critères cotés", False),
    rest=nothing_left,
    indicator="Cotation de 1 à 4",
    origin="",
)
