"""Results of people as precise as the page prints them, and no more, in whatever leaves the kit.

The ends of an interval with four decimals, or with the effective size beside them, give the spread
of a team's answers, and the spread says which lone answers are one person's. A mean of people's
own means gives, with the scores of its items, what the one who left a question empty said to the
others. Comparisons are computed before.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from qgdr_eval.disclosure.published import Published
from qgdr_eval.instruments import Instrument
from qgdr_eval.scoring import RULES

ENDS = ["low", "high", "wide_low", "wide_high", "beyond_low", "beyond_high"]
MEANS = ["score", "score_before", "difference", "reference_score", "expected", "beyond", "steadied"]
COEFFICIENTS = ["value", "low", "high"]


def as_printed(published: Published) -> Published:
    """The same results, as precise as their page; those of records and positions unchanged."""
    if not published.instrument.of_people:
        return published
    reliability = published.reliability.copy()
    reliability[COEFFICIENTS] = reliability[COEFFICIENTS].astype(float).round(2)
    scores = round_ends(published.scores, published.instrument)
    return replace(published, scores=scores, reliability=reliability)


def round_ends(frame: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """A frame of scores or comparisons of people, rounded half up to whole points.

    Ends of intervals; the dimension's own figures too where they are a mean of people's means.
    Levels are ranks already, and stay. A p, which would give the ends back, is left out.
    """
    if not instrument.of_people or "dimension" not in frame:
        return frame
    rules = {dimension.id: dimension.rule for dimension in instrument.dimensions}
    rule = frame["dimension"].astype(str).map(rules)
    way = rule.map(lambda name: RULES[name].combine, na_action="ignore")
    own = frame["item"].astype(str) == "" if "item" in frame else rule.notna()
    own &= frame["measure"].astype(str) == rule if "measure" in frame else True
    rounded = {name: _whole(frame[name], way != "median") for name in ENDS if name in frame}
    rounded |= {
        name: _whole(frame[name], own & (way == "subjects")) for name in MEANS if name in frame
    }
    return frame.assign(**rounded, **({"p": np.nan} if "p" in frame else {}))


def _whole(values: pd.Series, where: pd.Series) -> pd.Series:
    """Values rounded half up where asked, as `qgdr_eval.french.round_half_up` does."""
    given = values.astype(float)
    halves = np.sign(given) * np.floor(given.abs().round(9) + 0.5)
    return given.mask(where, halves)
