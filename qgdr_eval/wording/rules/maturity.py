"""The level in the middle, by the name its scale gives it."""

from qgdr_eval.wording.levels import level_words, short_level
from qgdr_eval.wording.voice import (
    ANSWERS,
    FAVOURABLE,
    FAVOURABLE_SIDE,
    Question,
    RuleWords,
    Voice,
    nothing_left,
)


def _level(score: float, question: Question) -> str:
    return level_words(score, question.scale)


def _in_full(score: float, question: Question) -> str:
    text = _level(score, question)
    return text if text.startswith("entre") else f"niveau {text}"


def _short(score: float, question: Question) -> str:
    return short_level(score, question.scale)


VOICE = Voice(
    formula=RuleWords(
        "Niveau médian",
        "pour une question : le niveau du milieu quand les réponses sont rangées, jamais une "
        "moyenne",
        "pour une dimension : médiane des niveaux médians de chaque répondant ; quand les deux "
        "réponses du milieu diffèrent, le niveau est à mi-chemin",
    ),
    position=RuleWords(
        "Niveau médian",
        "pour une question : le niveau choisi",
        "pour une dimension : le niveau du milieu quand ceux de ses questions sont rangés, jamais "
        "une moyenne",
    ),
    figure=_level,
    in_full=_in_full,
    short=_short,
    rounded=False,
    of_what="",
    heading="Niveau",
    criterion="question",
    critical="critique",
    counted=None,
    met=FAVOURABLE_SIDE,
    done=FAVOURABLE,
    thing=ANSWERS,
    rest=nothing_left,
    indicator="Niveau de maturité",
    origin="",
)
