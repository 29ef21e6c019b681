"""What a cadre, a physician and referents who never met agree on, of the service they lead."""

import numpy as np

from qgdr_eval.instruments import Instrument

PACES = {"strategique": 0.8, "structurelle": 0.4, "technique": 0.75, "culturelle": 0.85}
SPREAD = 0.25  # of answers around the pace of their dimension, from 0 to 1
WITHOUT_OBJECT, MEDICAL_PART = "8", "ST06"  # some projects have no such part: every third group
NEEDS = {
    "ST02": "ST01", "ST07": "ST05", "ST10": "ST01", "ST11": "ST01", "ST12": "ST01", "ST13": "ST01",
    "SU03": "SU02", "SU10": "SU02", "TE07": "TE06", "TE08": "TE06", "TE09": "TE06", "TE10": "TE06",
    "TE11": "TE06", "TE18": "TE17", "TE19": "TE17", "TE21": "TE17",
}  # fmt: skip
"""The question that each question needs: what is not analysed is told to nobody."""


def draw_pair(instrument: Instrument, rng: np.random.Generator, place: int) -> dict[str, str]:
    """Codes by item; no answer is ahead of the one it needs."""
    given: dict[str, int] = {}
    for item in instrument.items:
        options = instrument.scale_of(item).options
        step = np.clip(rng.normal(PACES[item.dimension], SPREAD), 0, 1) * (len(options) - 1)
        most = given.get(NEEDS.get(item.code, ""), options[-1].code)
        given[item.code] = min(options[round(step)].code, most)
    aside = {MEDICAL_PART: WITHOUT_OBJECT} if place % 3 == 2 else {}
    return {code: str(state) for code, state in given.items()} | aside
