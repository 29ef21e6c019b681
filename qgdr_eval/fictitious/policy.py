"""Where a group that never met stands with its policy: no step is ahead of the one it needs."""

from collections.abc import Iterator

import numpy as np

from qgdr_eval.instruments import Instrument

TO_DO, UNDER_WAY, DONE, WITHOUT_OBJECT = 1, 2, 3, 8
AXES = 5  # of six: the sixth is without object
STEPS = "FROPNGI"  # an axis is phrased, tried in four ways, agreed by the group, by the instances
# By dimension: how likely a step is done, then under way, when what it needs is done; then how much
# less likely it is in the second group.
PACES = {
    "preparation": (0.93, 0.07, 0.0),
    "elaboration": (0.95, 0.05, 0.0),
    "axes_formules": (0.97, 0.03, 0.0),
    "axes_testes": (0.96, 0.04, 0.07),
    "axes_valides_groupe": (0.85, 0.1, 0.3),
    "axes_valides_instances": (0.85, 0.1, 0.4),
    "adoption_communication": (0.6, 0.3, 0.3),
    "mise_en_oeuvre": (0.65, 0.3, 0.3),
    "analyse_resultats": (0.5, 0.35, 0.3),
}
BEGUN = ("PR01", "PR03", "EL05")  # what all the rest needs: a group that answers has it
NEEDS = {
    **{f"PR0{rank}": ("PR01",) for rank in range(2, 7)},
    **{f"EL0{rank}": ("PR03",) for rank in range(1, 5)},
    "EL06": ("EL05",),
    **{f"AX{axis}F": ("EL05",) for axis in range(1, AXES + 1)},
    **{f"AX{axis}R": ("EL03",) for axis in range(1, AXES + 1)},
    "AD01": tuple(f"AX{axis}I" for axis in range(1, AXES + 1)),
    "AD02": ("AD01",),
    "AD03": ("AD01",),
    "AD04": ("AD01",),
    "AD05": ("AD01",),
    "AD06": tuple(f"AX{axis}F" for axis in range(1, AXES + 1)),
    "MO02": ("AX1I",),
    "MO03": ("MO02",),
    "MO04": ("MO03",),
    "MO05": ("MO02",),
    "MO06": ("MO02",),
    "MO07": ("MO06",),
    "MO08": ("MO06",),
    "AR01": ("MO02",),
    "AR03": ("AR01",),
    "AR04": ("AR01",),
    "AR05": ("AR01",),
    "AR06": ("AR05",),
    "AR07": ("AR06",),
}
"""The items that each item needs, which the instrument asks before it."""


def draw_policy(instrument: Instrument, rng: np.random.Generator, place: int) -> dict[str, str]:
    """Codes by item; the second group, which began later, is behind the first."""
    given: dict[str, int] = {}
    for item in instrument.items:
        drawn = _state(item.dimension, place, rng)
        drawn = DONE if item.code in BEGUN else drawn
        given[item.code] = min([drawn, *(given[code] for code in needs_of(item.code))])
    return {
        code: str(WITHOUT_OBJECT if code.startswith(f"AX{AXES + 1}") else state)
        for code, state in given.items()
    }


def needs_of(code: str) -> Iterator[str]:
    """The items that one needs: those named, and for an axis the step before.

    >>> list(needs_of("AX2G")), list(needs_of("MO04"))
    (['AX2N'], ['MO03'])
    """
    yield from NEEDS.get(code, ())
    if code.startswith("AX") and code[-1] != STEPS[0]:
        yield code[:-1] + STEPS[STEPS.index(code[-1]) - 1]


def _state(dimension: str, place: int, rng: np.random.Generator) -> int:
    done, under_way, late = PACES[dimension]
    chance = rng.random() + late * place
    return DONE if chance < done else UNDER_WAY if chance < done + under_way else TO_DO
