"""The share of what is done."""

from qgdr_eval.french import NO_BREAK
from qgdr_eval.wording.voice import RuleWords, Voice, after_of, in_percent

FORMULA = RuleWords(
    "Part de ce qui est fait",
    "pour un point : fait ou non ; « en cours » n'est pas fait, « sans objet » sort du calcul",
    "pour une dimension : fait ÷ (fait + en cours + à faire) × 100",
)


def _rest(doing: int, to_do: int) -> list[str]:
    left = "reste" if to_do == 1 else "restent"
    half, poor = f"{doing}{NO_BREAK}en cours", f"{to_do}{NO_BREAK}{left} à faire"
    return [half] * (doing > 0) + [poor] * (to_do > 0)


VOICE = Voice(
    formula=FORMULA,
    position=FORMULA,
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
    counted=("fait", "faits", "points"),
    met=("fait", "faits"),
    done=("fait", "faits"),
    thing=("point", "points", False),
    rest=_rest,
    indicator="Part de ce qui est fait",
    origin="",
)
