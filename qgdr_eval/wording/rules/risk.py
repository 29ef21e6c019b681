"""The zone of a risk, and the rank of what was rated."""

from qgdr_eval.french import number
from qgdr_eval.wording.voice import (
    FAVOURABLE,
    FAVOURABLE_SIDE,
    Question,
    RuleWords,
    Voice,
    after_of,
    nothing_left,
)

RISKS = ("risque", "risques", False)  # one, several, and whether it is feminine
FORMULA = RuleWords(
    "Zone de risque",
    "pour un risque : la gravité et la vraisemblance donnent un niveau brut, ce niveau et la "
    "maîtrise une zone, selon deux tables",
    "les rangs ne se multiplient ni ne se moyennent : on lit les risques zone par zone",
)


def _zone_or_rank(score: float, question: Question) -> str:
    tables = question.instrument.risk
    if score == score and question.item is not None:
        options = question.scale.options
        return number(options[round(score / 100 * (len(options) - 1))].code)
    if score == score and tables is not None:
        return tables.zones[round(score / 100 * (len(tables.zones) - 1))].id
    return "–"


VOICE = Voice(
    formula=FORMULA,
    position=FORMULA,
    figure=_zone_or_rank,
    in_full=_zone_or_rank,
    at=_zone_or_rank,
    of=after_of(_zone_or_rank),
    short=_zone_or_rank,
    rounded=True,
    of_what="",
    heading="Zone",
    criterion="question",
    critical="critique",
    counted=None,
    met=FAVOURABLE_SIDE,
    done=FAVOURABLE,
    thing=RISKS,
    rest=nothing_left,
    indicator="Zone de risque",
    origin="risque",
)
