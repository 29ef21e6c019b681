"""The share of favourable answers."""

from qgdr_eval.wording.voice import (
    ANSWERS,
    FAVOURABLE,
    FAVOURABLE_SIDE,
    RuleWords,
    Voice,
    after_of,
    in_percent,
    nothing_left,
)

VOICE = Voice(
    formula=RuleWords(
        "Taux de réponses positives",
        "pour une question : réponses favorables ÷ réponses valides × 100",
        "pour une dimension : moyenne simple des taux de ses questions",
    ),
    position=RuleWords(
        "Part de réponses favorables",
        "pour une question : favorable ou non, le neutre ne l'étant pas",
        "pour une dimension : favorables ÷ réponses valides × 100",
    ),
    figure=in_percent,
    in_full=in_percent,
    at=in_percent,
    of=after_of(in_percent),
    short=in_percent,
    rounded=True,
    of_what=" favorables",
    heading="Score",
    criterion="question",
    critical="critique",
    counted=(*FAVOURABLE, "valides"),
    met=FAVOURABLE_SIDE,
    done=FAVOURABLE,
    thing=ANSWERS,
    rest=nothing_left,
    indicator="Part de réponses favorables",
    origin="",
)
