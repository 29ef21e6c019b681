"""The share of records that meet a criterion, in an audit."""

from qgdr_eval.wording.voice import RuleWords, Voice, after_of, in_percent, nothing_left

FORMULA = RuleWords(
    "Taux de conformité",
    "pour un critère : oui ÷ (oui + non) × 100, ce qui est non applicable ou non renseigné "
    "restant hors du calcul",
    "pour une dimension : moyenne simple des taux de ses critères ; à côté, la mise en commun "
    "(tous les oui ÷ tous les oui et non) et le tout ou rien (part des lignes complètes où "
    "chaque critère applicable est conforme)",
)
VOICE = Voice(
    formula=FORMULA,
    position=FORMULA,
    figure=in_percent,
    in_full=in_percent,
    at=in_percent,
    of=after_of(in_percent),
    short=in_percent,
    rounded=True,
    of_what=" conformes",
    heading="Score",
    criterion="critère",
    critical="critique",
    counted=("oui", "oui", "oui ou non"),
    met=("conforme", "conformes"),
    done=("conforme", "conformes"),
    thing=("critère", "critères", False),
    rest=nothing_left,
    indicator="Taux de conformité",
    origin="EPP",
)
