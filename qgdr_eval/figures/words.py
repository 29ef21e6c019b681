"""The words figures and their alternatives share."""

import re

from qgdr_eval.french import interval, number, percent, typography
from qgdr_eval.instruments import Dimension, Instrument, Item, Scale

HIDDEN = {
    "suppressed": "Effectif insuffisant : résultat non montré",
    "complementary": "Masqué pour protéger un autre groupe",
    "no_answer": "Aucune réponse exploitable",
    "unanimous": "Toutes les réponses sont identiques : répartition non montrée",
    "absent": "Pas de résultat",
}
VERDICTS = {
    "established": "établi : tout l'intervalle est dans une seule zone",
    "to_confirm": "à confirmer : l'intervalle franchit un seuil",
    "cannot_conclude": "on ne peut pas conclure : l'intervalle va d'une zone à l'autre",
    "capped": "plafonné : un critère critique n'est pas toujours conforme",
}
STATES = {"not_applicable": "sans objet", "dont_know": "ne sait pas", "missing": "sans réponse"}
# Rules whose axis bears no percent sign: their score is no share of answers.
MEANS = {"mean_0_100", "rating_1_4", "maturity", "risk"}
NAMED = re.compile(r"^(\w{1,3})(?:\.| ?:) ")  # « C. Les documents… », « 4 : atteinte grave… »


def hidden_words(status: str) -> str:
    """Why nothing is drawn, in words."""
    return typography(HIDDEN.get(status, HIDDEN["absent"]))


def score_words(
    score: float, dimension: Dimension, instrument: Instrument, item: Item | None = None
) -> str:
    """A score as its rule says it: a percentage, points out of 100, a mark, a level or a zone."""
    match dimension.rule:
        case "mean_0_100":
            return number(score)
        case "rating_1_4":
            return number(1 + 3 * score / 100, 2)
        case "maturity":
            asked = item or instrument.items_of(dimension.id)[0]
            return level_words(score, instrument.scale_of(asked))
        case "risk" if not item and instrument.risk and score == score:
            zones = instrument.risk.zones
            return zones[round(score / 100 * (len(zones) - 1))].id
        case "risk" if item and score == score:
            options = instrument.scale_of(item).options
            return number(options[round(score / 100 * (len(options) - 1))].code)
        case "risk":
            return "–"
        case _:
            return percent(score)


def ends_words(low: float, high: float, dimension: Dimension, instrument: Instrument) -> str:
    """The ends of an interval as its rule says scores; nothing where a position is declared."""
    if instrument.declared:
        return ""
    if dimension.rule in ("rating_1_4", "maturity"):
        ends = [score_words(end, dimension, instrument) for end in (low, high)]
        return f"[{typography(' ; '.join(ends))}]"
    return interval(low, high)


def level_words(score: float, scale: Scale) -> str:
    """The level a median stands at, by the short names of a scale's options: « entre B et C ».

    An option is named by the letter or number its label starts with; one without such a name
    stands between two levels. A scale that names none goes by rank.
    """
    if score != score:
        return "–"
    found = [NAMED.match(option.label) for option in scale.options]
    names = {rank: match[1] for rank, match in enumerate(found) if match}
    names = names or {rank: str(rank + 1) for rank in range(len(scale.options))}
    place = score / 100 * (len(scale.options) - 1)
    below = [name for rank, name in names.items() if rank <= place + 1e-6]
    above = [name for rank, name in names.items() if rank >= place - 1e-6]
    if not below or not above or below[-1] == above[0]:
        return (below or above)[-1 if below else 0]
    return f"entre {below[-1]} et {above[0]}"


def state_words(instrument: Instrument, item: Item, state: str) -> str:
    """An answer without a value, as an audit grid calls it; its usual name elsewhere."""
    scale = instrument.scale_of(item)
    named = {"not_applicable": scale.not_applicable, "dont_know": scale.dont_know}.get(state)
    if instrument.subject == "respondent" or not named:
        return STATES[state]
    return named[0].label.lower()


def top_label(dimensions: tuple[Dimension, ...]) -> str:
    """The label of the end of the 0–100 axis."""
    if all(dimension.rule in MEANS for dimension in dimensions):
        return "100"
    return percent(100)


def reference_words(reference: str) -> str:
    """A reference named for readers."""
    return "moyenne des autres services" if reference == "campaign" else reference
