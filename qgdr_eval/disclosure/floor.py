"""How few is too few: it depends on whose answers they are."""

from dataclasses import dataclass

from qgdr_eval.instruments import Instrument

FEWEST_ANSWERS = 5  # valid answers of people behind any figure, however large the group


@dataclass(frozen=True)
class Floor:
    """Fewest subjects of a group that is shown, fewest valid ``answers`` behind one figure."""

    group: int
    answers: int


def floor_of(instrument: Instrument, minimum: int) -> Floor:
    """The floor for an instrument in a campaign that asks for this minimum.

    People who answer are protected twice: in their group, and in each figure. Records of patients
    are protected by the size of their group; a criterion that applies to three of them tells
    nothing of who answered. What a group agreed to declare, or a person says of themself to read
    alone, is shown as it is.

    >>> from qgdr_eval.instruments import load_instrument
    >>> floor_of(load_instrument("culture_securite"), 10)
    Floor(group=10, answers=5)
    """
    if instrument.declared:
        return Floor(1, 1)
    return Floor(minimum, FEWEST_ANSWERS if instrument.of_people else 1)
