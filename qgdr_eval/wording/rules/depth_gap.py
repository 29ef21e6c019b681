"""The share of knowledge held at the level asked for."""

from qgdr_eval.wording.voice import RuleWords, Voice, after_of, in_percent, nothing_left

VOICE = Voice(
    formula=RuleWords(
        "Niveau exigé atteint",
        "pour une connaissance : 100 quand le niveau donné est au moins le niveau exigé, sinon 0",
        "pour une dimension : part des connaissances au niveau exigé",
    ),
    position=RuleWords(
        "Niveau demandé atteint",
        "pour une connaissance : 100 quand le niveau déclaré est au moins le niveau demandé, "
        "sinon 0",
        "pour une dimension : part des connaissances au niveau demandé",
    ),
    figure=in_percent,
    in_full=in_percent,
    at=in_percent,
    of=after_of(in_percent),
    short=in_percent,
    rounded=True,
    of_what="",
    heading="Score",
    criterion="question",
    critical="critique",
    counted=None,
    met=("au niveau demandé", "au niveau demandé"),
    done=("au niveau", "au niveau"),
    thing=("connaissance", "connaissances", True),
    rest=nothing_left,
    indicator="Part de ce qui est au niveau exigé",
    origin="",
)
