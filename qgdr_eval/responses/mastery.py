"""Which way the control of a risk map counts: 5 is the best in the kit, 1 in many other tools."""

from collections.abc import Iterator

import numpy as np

from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Problem
from qgdr_eval.responses.campaign import Campaign, Coding
from qgdr_eval.responses.codes import MISSING
from qgdr_eval.tables.faults import CAMPAIGN, fault

WAYS = {  # what `Coding.control` may be, and when
    "five_is_best": "5 dit la meilleure maîtrise, comme dans le kit",
    "one_is_best": "1 dit la meilleure",
}
CURE = "écrivez sous « coding » : " + " ; ".join(
    f"« control: {way} » si {when}" for way, when in WAYS.items()
)


def turn_control(values: np.ndarray, instrument: Instrument, coding: Coding) -> np.ndarray:
    """Codes of answers (rows, items) where 5 is the best control, whatever the file counts.

    >>> from qgdr_eval.instruments import load_instrument
    >>> map_ = load_instrument("compte_qualite")
    >>> rated = np.array([[2 if item.role == "control" else 4 for item in map_.items]])
    >>> turned = turn_control(rated, map_, Coding(reversed="as_worded", control="one_is_best"))
    >>> turned[0, [item.role for item in map_.items].index("control")], turned[0, 0]
    (np.int64(4), np.int64(4))
    """
    turned = values.copy()
    if coding.control != "one_is_best":
        return turned
    for rank, item in enumerate(instrument.items):
        if item.role == "control":
            codes = [option.code for option in instrument.scale_of(item).options]
            opposite = dict(zip(codes, codes[::-1], strict=True))
            turned[:, rank] = [opposite.get(code, code) for code in values[:, rank].tolist()]
    return turned


def check_control(
    values: np.ndarray, instrument: Instrument, campaign: Campaign, file: str
) -> Iterator[Problem]:
    """Ask which way a loaded map counts control: a map that is turned over looks as good.

    A grid of the kit, what the kit asked for, and answers in words say it by themselves.
    """
    rated = [rank for rank, item in enumerate(instrument.items) if item.role == "control"]
    coding = campaign.coding
    if coding.control and not rated:
        what = "« control » ne sert qu'à une carte des risques"
        yield fault(CAMPAIGN, what, "retirez cette clé", place="coding.control")
    elif coding.control == "one_is_best" and coding.answers == "labels":
        what = "la maîtrise est écrite en toutes lettres, qui disent elles-mêmes son sens"
        yield fault(CAMPAIGN, what, "retirez « control »", place="coding.control")
    own = campaign.responses.layout == "grid" or campaign.asking or coding.answers == "labels"
    if rated and not coding.control and not own and (values[:, rated] != MISSING).any():
        what = "le sens de la maîtrise n'est pas dit : 5 y est lu comme la meilleure"
        yield fault(file, what, CURE, place="coding.control", severity="warning")
