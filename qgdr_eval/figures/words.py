"""The words figures and their alternatives share."""

import re
from collections.abc import Iterable

from qgdr_eval.french import interval, listed, number, percent, quote, typography
from qgdr_eval.instruments import Dimension, Instrument, Item, Scale
from qgdr_eval.scoring.coding import favourable_labels, favourable_poles

HIDDEN = {
    "suppressed": "Non montré, pour l'anonymat",
    "complementary": "Masqué pour protéger un autre résultat",
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
POLES = {"negative": "défavorable", "neutral": "neutre", "positive": "favorable"}
STATES = {"not_applicable": "sans objet", "dont_know": "ne sait pas", "missing": "sans réponse"}
# Rules whose axis bears no percent sign: their score is no share of answers.
MEANS = {"mean_0_100", "rating_1_4", "maturity", "risk"}
NAMED = re.compile(r"^(\w{1,3}|\*)(?:\.| ?:) ")  # « C. Les documents… », « 4 : atteinte grave… »


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


def short_words(
    score: float, dimension: Dimension, instrument: Instrument, item: Item | None = None
) -> str:
    """A score where there is room for a few signs only: « B–C » for a level between B and C."""
    if dimension.rule != "maturity":
        return score_words(score, dimension, instrument, item)
    asked = item or instrument.items_of(dimension.id)[0]
    return short_level(score, instrument.scale_of(asked))


def short_ends(low: float, high: float, dimension: Dimension, instrument: Instrument) -> str:
    """The ends of an interval in a few signs: « [B–C ; D–E] »."""
    if dimension.rule != "maturity" or instrument.declared:
        return ends_words(low, high, dimension, instrument)
    ends = [short_words(end, dimension, instrument) for end in (low, high)]
    return f"[{typography(' ; '.join(ends))}]"


def level_words(score: float, scale: Scale) -> str:
    """The level a median stands at, by the short names of a scale's options: « entre B et C »."""
    around = _levels_around(score, scale)
    return around[0] if len(around) == 1 else f"entre {around[0]} et {around[1]}"


def short_level(score: float, scale: Scale) -> str:
    """The same in a few signs: « B–C »."""
    return "–".join(_levels_around(score, scale))


def _levels_around(score: float, scale: Scale) -> tuple[str, ...]:
    """The level at a score, or the two it stands between."""
    if score != score:
        return ("–",)
    levels = level_places(scale)
    below = [name for place, name in levels.items() if place <= score + 1e-4]
    above = [name for place, name in levels.items() if place >= score - 1e-4]
    return tuple(dict.fromkeys([*below[-1:], *above[:1]]))


def level_places(scale: Scale) -> dict[float, str]:
    """The short names of the levels of a scale by their place from 0 to 100.

    An option is named by the letter or number its label starts with; one without such a name
    stands between two levels. A scale that names none goes by rank.
    """
    found = [NAMED.match(option.label) for option in scale.options]
    names = {rank: match[1] for rank, match in enumerate(found) if match}
    names = names or {rank: str(rank + 1) for rank in range(len(scale.options))}
    return {100 * rank / (len(scale.options) - 1): name for rank, name in names.items()}


def axis_levels(dimensions: Iterable[Dimension], instrument: Instrument) -> dict[float, str]:
    """What stands along an axis of levels; nothing when dimensions are not all read on the same."""
    asked = [(one, item) for one in dimensions for item in instrument.items_of(one.id)]
    levels = [
        level_places(instrument.scale_of(item)) if one.rule == "maturity" else {}
        for one, item in asked
    ]
    return levels[0] if levels and all(one == levels[0] for one in levels) else {}


def turned_words(item: Item, scale: Scale, pole: str = "negative") -> str:
    """What a reversed item turns round: which answers to it are unfavourable (or favourable).

    Nothing for an item that is not reversed, or without an answer on that side.
    """
    asked = zip(favourable_labels(scale, item), favourable_poles(scale, item), strict=True)
    labels = [label for label, side in asked if side == pole]
    if not item.reversed or not labels:
        return ""
    one = len(labels) == 1
    verb, side = ("est", POLES[pole]) if one else ("sont", f"{POLES[pole]}s")
    return f"item inversé : {listed(quote(label) for label in labels)} {verb} {side}"


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
