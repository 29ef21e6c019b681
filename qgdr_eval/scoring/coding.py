"""From answers as given to states: a position in the favourable order, or why there is none."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from qgdr_eval.instruments import Instrument, Item, Scale

# States above every position: an answer that is none, each for its own reason.
NOT_APPLICABLE, DONT_KNOW, MISSING = 11, 12, 13
STATES = 14  # positions 0…10, then the three above
_NOTHING, _UNKNOWN = -(2**15), 255  # the code given to a missing cell; the state of a wrong code


@dataclass(frozen=True)
class Coded:
    """Answers of one campaign as states, item by item.

    ``states``: array (items, subjects) of small integers; 0 is the least favourable option,
    reversed items already turned round; `NOT_APPLICABLE`, `DONT_KNOW`, `MISSING` stay apart.

    >>> from qgdr_eval.instruments import load_instrument
    >>> asked = load_instrument("culture_ehpad")
    >>> answers = pd.DataFrame({code: [5, 1] for code in asked.codes}, dtype="Int16")
    >>> code_answers(answers, asked).states.shape == (len(asked.items), 2)
    True
    """

    instrument: Instrument
    states: np.ndarray


def code_answers(
    responses: pd.DataFrame, instrument: Instrument, already_reversed: bool = False
) -> Coded:
    """Code a responses frame: one integer column per item, <NA> when missing. It is left as it is.

    ``already_reversed`` says that the file holds reversed items already turned round.

    >>> from qgdr_eval.instruments import load_instrument
    >>> asked = load_instrument("culture_ehpad")
    >>> answers = pd.DataFrame({code: [1, 5, 9, None] for code in asked.codes}, dtype="Int16")
    >>> code_answers(answers, asked, already_reversed=True).states[0].tolist()  # 1 to 5 are 0 to 4
    [0, 4, 12, 13]

    Raises:
        ValueError: a code the item's scale does not know (readers remove those beforehand).
    """
    states = np.empty((len(instrument.items), len(responses)), dtype=np.uint8)
    for row, item in enumerate(instrument.items):
        table = _states_by_code(instrument.scale_of(item), item.reversed and not already_reversed)
        given = responses[item.code].to_numpy(dtype=np.int16, na_value=_NOTHING)
        table.take(given.view(np.uint16), out=states[row], mode="clip")
        if (states[row] == _UNKNOWN).any():
            unknown = sorted(set(given[states[row] == _UNKNOWN].tolist()))
            raise ValueError(f"item {item.code}: codes not in its scale: {unknown}")
    return Coded(instrument, states)


def favourable_poles(scale: Scale, item: Item) -> list[str]:
    """The pole of each position of an item, least favourable first.

    A reversed item turns both the order and the poles of its scale round.
    """
    poles = [option.pole for option in scale.options]
    turned = {"negative": "positive", "neutral": "neutral", "positive": "negative"}
    return [turned[pole] for pole in reversed(poles)] if item.reversed else list(poles)


def favourable_labels(scale: Scale, item: Item) -> list[str]:
    """The label, as worded, of each position of an item, least favourable first."""
    labels = [option.label for option in scale.options]
    return labels[::-1] if item.reversed else labels


def _states_by_code(scale: Scale, turned: bool) -> np.ndarray:
    """The state of every 16-bit code; negative codes count from the end, as NumPy does."""
    table = np.full(2**16, _UNKNOWN, dtype=np.uint8)
    table[_NOTHING] = MISSING
    last = len(scale.options) - 1
    for position, option in enumerate(scale.options):
        table[option.code] = last - position if turned else position
    for code, state in [
        *((special.code, NOT_APPLICABLE) for special in scale.not_applicable),
        *((special.code, DONT_KNOW) for special in scale.dont_know),
    ]:
        table[code] = state
    return table
