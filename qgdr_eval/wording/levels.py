"""A level of maturity in words, by the names the options of its scale begin with."""

import re
from collections.abc import Iterable

from qgdr_eval.instruments import Dimension, Instrument, Scale
from qgdr_eval.scoring import gives

NAMED = re.compile(r"^(\w{1,3}|\*)(?:\.| ?:) ")  # « C. Les documents… », « 4 : atteinte grave… »


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
        level_places(instrument.scale_of(item)) if gives(dimension) == "level" else {}
        for dimension, item in pairs
    ]
    return levels[0] if levels and all(places == levels[0] for places in levels) else {}
