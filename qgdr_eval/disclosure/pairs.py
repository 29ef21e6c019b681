"""What may be published of records matched between two rounds of an audit."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from qgdr_eval.disclosure.floor import FEWEST_ANSWERS
from qgdr_eval.disclosure.tables import KEY

NUMBERS = ["both", "gained", "lost", "neither", "n_pairs", "unpaired"]


def publish_pairs(
    pairs: pd.DataFrame, shown_services: Iterable[tuple[str, str]], minimum: int
) -> pd.DataFrame:
    """Blank the pairs that may not be shown; numbers become floats, NaN where hidden.

    Args:
        pairs: what `qgdr_eval.scoring.pairs.pair_records` counts.
        shown_services: (facility, service) of those shown in both rounds.
        minimum: fewest records matched in a service, its best matched criterion standing for it.

    Returns:
        The same rows with one column more, ``status``: ``suppressed`` in a service that is not
        shown or has too few records matched, and under `FEWEST_ANSWERS` pairs whatever the
        service; ``published`` otherwise.
    """
    places = pd.MultiIndex.from_frame(pairs[KEY])
    shown = places.isin(pd.MultiIndex.from_tuples([*shown_services], names=KEY))
    matched = pairs.groupby(KEY)["n_pairs"].transform("max")
    shown &= (matched >= minimum) & (pairs["n_pairs"] >= FEWEST_ANSWERS)
    numbers = {name: pairs[name].astype(float).where(shown) for name in NUMBERS}
    return pairs.assign(**numbers, status=np.where(shown, "published", "suppressed"))
