"""The mean of people's own means, in points from 0 to 100."""

from qgdr_eval.wording.voice import (
    ANSWERS,
    FAVOURABLE,
    FAVOURABLE_SIDE,
    Question,
    RuleWords,
    Voice,
    after_of,
    in_points,
    nothing_left,
)


def _of_100(score: float, question: Question) -> str:
    return f"{in_points(score, question)}/100"


VOICE = Voice(
    formula=RuleWords(
        "Score moyen sur 100",
        "pour une question : (rang de la réponse − 1) ÷ (nombre de réponses possibles − 1) × 100, "
        "en moyenne",
        "pour une dimension : moyenne des scores de chaque répondant, lui-même moyenne de ses "
        "réponses",
    ),
    position=RuleWords(
        "Score moyen sur 100",
        "pour une question : (rang de la réponse − 1) ÷ (nombre de réponses possibles − 1) × 100",
        "pour une dimension : moyenne de ses questions répondues",
    ),
    figure=in_points,
    in_full=_of_100,
    at=_of_100,
    of=after_of(_of_100),
    short=in_points,
    rounded=True,
    of_what="",
    heading="Score",
    criterion="question",
    critical="critique",
    counted=None,
    met=FAVOURABLE_SIDE,
    done=FAVOURABLE,
    thing=ANSWERS,
    rest=nothing_left,
    indicator="Score de 0 à 100",
    origin="",
)
