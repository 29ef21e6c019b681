"""A level of maturity in words, by the short names of the options of its scale."""

from collections.abc import Iterable

from qgdr_eval.instruments import Dimension, Instrument, Scale
from qgdr_eval.scoring import gives


def level_words(score: float, scale: Scale) -> str:
    """The level a median stands at, by the short names of a scale's options: « entre B et C »."""
    around = levels_around(score, scale)
    return around[0] if len(around) == 1 else f"entre {around[0]} et {around[1]}"


def short_level(score: float, scale: Scale) -> str:
    """The same in a few signs: « B–C »."""
    return "–".join(levels_around(score, scale))


def levels_around(score: float, scale: Scale) -> tuple[str, ...]:
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

    An option without a short name stands between two levels. A scale that names none goes by rank.
    """
    names = {rank: option.short for rank, option in enumerate(scale.options) if option.short}
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
