"""All dimensions of a team together: to test whether it changed, never as a score to be read."""

import numpy as np
import pandas as pd

from qgdr_eval.disclosure import Published
from qgdr_eval.scoring import RULES
from qgdr_eval.scoring.intervals import lasting_size, wilson

OVERALL = "overall"
PLACE = ["facility", "service"]
OVERALL_COLUMNS = [*PLACE, "n", "score", "below", "above"]
ADDED = ("items", "subjects")  # rules whose scores have a mean


def overall_rows(published: Published) -> pd.DataFrame:
    """The mean of the dimensions of each service that shows them all, with its 95 % interval.

    Everything is made of figures that are published, so that nothing more is said of anybody: the
    mean is that of the dimensions' scores, and its interval Wilson's, of size n ÷ D ÷ (1 − f·α)
    with what was pooled over the campaign for each person's mean over all dimensions. Where too
    few services were pooled it goes from the mean of the lower ends to that of the upper ones, as
    if all dimensions were wrong together: too wide rather than too narrow.

    Columns `OVERALL_COLUMNS`; ``n``: answers behind a typical dimension. Empty unless people
    answered two dimensions or more.
    """
    instrument = published.instrument
    rules = {RULES[dimension.rule].combine for dimension in instrument.dimensions}
    if not instrument.of_people or len(instrument.dimensions) < 2 or rules - set(ADDED):
        return pd.DataFrame(columns=OVERALL_COLUMNS)
    rows = published.dimension_scores()
    rows = rows[rows["service"] != ""]
    rows = rows.astype(dict.fromkeys([*PLACE, "status"], str))
    means = rows.assign(inverse=1 / rows["n_valid"].astype(float)).groupby(PLACE, sort=False).agg(
        shown=("status", lambda status: (status == "published").sum()),
        inverse=("inverse", "mean"),
        score=("score", "mean"),
        below=("low", "mean"),
        above=("high", "mean"),
    )  # fmt: skip
    whole = means[means["shown"] == len(instrument.dimensions)].reset_index()
    return _narrowed(whole.assign(n=1 / whole["inverse"]), published)[OVERALL_COLUMNS]


def _narrowed(rows: pd.DataFrame, published: Published) -> pd.DataFrame:
    """The same with Wilson's interval, where the spread of people's means is known."""
    spread = published.spread
    pooled = spread[(spread["dimension"] == "") & (spread["item"] == "")]
    if pooled.empty or pooled["design_effect"].isna().any():
        return rows
    design, alpha = pooled.iloc[0][["design_effect", "alpha"]].astype(float)
    heads = published.participation.astype(dict.fromkeys(PLACE, str)).set_index(PLACE)["head_count"]
    people = heads.reindex(pd.MultiIndex.from_frame(rows[PLACE])).to_numpy(float)
    size = lasting_size(rows["n"] / design, rows["n"] / people, alpha)
    low, high = wilson(np.asarray(rows["score"] / 100, float), size)
    return rows.assign(below=100 * low, above=100 * high)
