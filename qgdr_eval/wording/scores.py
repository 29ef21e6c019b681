"""A score in words: one score, one wording, on every surface that says it."""

import re
from collections.abc import Iterable

from qgdr_eval.french import interval, number, percent, typography
from qgdr_eval.instruments import Dimension, Instrument, Item, Scale

OF_4 = "sur 4"  # the unit of a rating, here and beside a figure in large type
UNITS = {"mean_0_100": "/100", "rating_1_4": f" {OF_4}"}
SIDES = {"positive_share": " favorables", "conformity": " conformes"}  # of what a share is
NAMED = re.compile(r"^(\w{1,3}|\*)(?:\.| ?:) ")  # « C. Les documents… », « 4 : atteinte grave… »


def score_in_full(
    score: float, dimension: Dimension, instrument: Instrument, item: Item | None = None
) -> str:
    """Write a 0–100 score as its rule says it: « 78 % », « 78/100 », « 3,25 sur 4 », a level.

    What every page, plan, alternative text and opened calculation says of one score.
    """
    text = score_words(score, dimension, instrument, item)
    level = dimension.rule == "maturity" and not text.startswith("entre")
    return f"niveau {text}" if level else text + UNITS.get(dimension.rule, "")


def item_score(score: float, item: Item, instrument: Instrument) -> str:
    """The score of one question, and of what it is a share: « 37 % favorables », « 38/100 »."""
    dimension = instrument.dimension(item.dimension)
    return score_in_full(score, dimension, instrument, item) + SIDES.get(dimension.rule, "")


def mark_words(value: float, dimension: Dimension, instrument: Instrument) -> str:
    """A threshold after « au moins »: « 50 % », « le niveau B »."""
    text = score_in_full(value, dimension, instrument)
    return f"le {text}" if text.startswith("niveau") else text


def of_mark_words(value: float, dimension: Dimension, instrument: Instrument) -> str:
    """A threshold after « au-delà » or « le repère »: « de 50 % », « du niveau B »."""
    text = score_in_full(value, dimension, instrument)
    return f"du {text}" if text.startswith("niveau") else f"de {text}"


def score_words(
    score: float, dimension: Dimension, instrument: Instrument, item: Item | None = None
) -> str:
    """The same without its unit, where an axis or a column gives it: « 78 », « 3,25 », « B »."""
    match dimension.rule:
        case "mean_0_100":
            return number(score)
        case "rating_1_4":
            return number(1 + 3 * score / 100, 2)
        case "maturity":
            question = item or instrument.items_of(dimension.id)[0]
            return level_words(score, instrument.scale_of(question))
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
    question = item or instrument.items_of(dimension.id)[0]
    return short_level(score, instrument.scale_of(question))


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
    # A third of the scale is stored as 33.333333333, under the level that stands at 100 ÷ 3.
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
    pairs = [
        (dimension, item) for dimension in dimensions for item in instrument.items_of(dimension.id)
    ]
    levels = [
        level_places(instrument.scale_of(item)) if dimension.rule == "maturity" else {}
        for dimension, item in pairs
    ]
    return levels[0] if levels and all(places == levels[0] for places in levels) else {}
