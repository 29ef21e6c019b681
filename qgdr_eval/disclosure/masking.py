"""Answers as totals may count them: those behind a hidden row of a service read as missing."""

from dataclasses import replace

import numpy as np

from qgdr_eval.scoring import Breakdown, Coded
from qgdr_eval.scoring.coding import MISSING


def mask(coded: Coded, services: Breakdown, hidden: np.ndarray) -> Coded:
    """The same answers, missing where ``hidden`` (services, items) says so; a copy, if any is.

    >>> from qgdr_eval.instruments import load_instrument
    >>> nothing = Coded(load_instrument("culture_securite"), np.zeros((40, 0), np.uint8))
    >>> mask(nothing, None, np.zeros((0, 40), bool)) is nothing
    True
    """
    if not hidden.any():
        return coded
    states = coded.states.copy()
    for item in np.flatnonzero(hidden.any(axis=0)):
        states[item, np.append(hidden[:, item], False)[services.codes]] = MISSING
    return replace(coded, states=states)
