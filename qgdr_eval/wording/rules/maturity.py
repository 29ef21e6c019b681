"""The level in the middle, by the name its scale gives it."""

from qgdr_eval.wording.levels import level_words, levels_around, short_level
from qgdr_eval.wording.voice import (
    ANSWERS,
    FAVOURABLE,
    FAVOURABLE_SIDE,
    Question,
    RuleWords,
    Said,
    Voice,
    nothing_left,
)


def _level(score: float, question: Question) -> str:
    return level_words(score, question.scale)


def _between(score: float, question: Question) -> bool:
    """Whether a median stands between two levels, which no level's name says."""
    return len(levels_around(score, question.scale)) > 1


def _after(named: str, between: str = "") -> Said:
    """A level as it is said after these words, or a median between two levels."""
    return lambda score, question: (
        f"{between if _between(score, question) else named}{_level(score, question)}"
    )


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
    in_full=_after("niveau "),
    at=_after("le niveau "),
    of=_after("du niveau ", "de "),
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
