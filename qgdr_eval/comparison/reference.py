"""Each service beside a reference, always with the interval of the difference.

The example reads ``campaign_report``: `qgdr demo essai` writes a campaign, and
``open_campaign("essai/campagne.yml")`` of `qgdr_eval.reporting` opens it.
"""

import numpy as np
import pandas as pd
from scipy.special import ndtr

from qgdr_eval.disclosure import Published
from qgdr_eval.frames import ComparisonRow
from qgdr_eval.scoring.intervals import Z

COMPARISON_COLUMNS = [*ComparisonRow._fields[:-1], "p", "verdict"]
FEWEST_OTHERS = 2  # one other service alone would be a duel, not a reference


def compare_to_reference(published: Published) -> pd.DataFrame:
    """Compare every published service with the campaign's reference, dimension by dimension.

    The reference is the mean of the *other* published services, each counting once, or external
    values; it is made of published figures only, so it gives nothing away. ``low`` and ``high``
    are the 95 % interval of the difference, from the two intervals (MOVER: Newcombe, Stat Med
    1998;17:873; Zou & Donner, Stat Med 2008;27:1693). ``p`` is adjusted over the whole campaign
    (Benjamini & Hochberg 1995); ``verdict`` is ``higher`` or ``lower`` under 5 %, otherwise
    ``not_established``. Columns: `COMPARISON_COLUMNS`, services in the campaign's order.

    >>> rows = compare_to_reference(campaign_report.published)
    >>> one = rows[rows["dimension"] == rows["dimension"][0]]
    >>> scores = one["reference_score"] + one["difference"]
    >>> mean_of_others = (scores.sum() - scores[0]) / (len(scores) - 1)
    >>> bool(abs(mean_of_others - one["reference_score"][0]) < 1e-9)
    True
    """
    if published.card.reference == "none":
        return pd.DataFrame(columns=COMPARISON_COLUMNS)
    rows = published.dimension_scores()
    rows = rows[(rows["service"] != "") & (rows["status"] == "published")]
    rows = rows.astype({"facility": str, "service": str, "dimension": str})
    internal = published.card.reference == "campaign"
    against = _others(rows) if internal else _external(rows, published.references)
    return _compare(
        rows.assign(**against).dropna(subset=["reference_score"]),
        "campaign" if internal else published.card.reference,
    )


def _others(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Mean of the other services and its interval, from sums over all less one's own."""
    below, above = (rows["score"] - rows["wide_low"]) ** 2, (rows["wide_high"] - rows["score"]) ** 2
    k = _rest(rows, pd.Series(1.0, rows.index))
    mean = (_rest(rows, rows["score"]) / k).where(k >= FEWEST_OTHERS)
    return {
        "reference_score": mean,
        "reference_low": mean - np.sqrt(_rest(rows, below).clip(lower=0)) / k,
        "reference_high": mean + np.sqrt(_rest(rows, above).clip(lower=0)) / k,
    }


def _rest(rows: pd.DataFrame, values: pd.Series) -> pd.Series:
    return values.groupby(rows["dimension"]).transform("sum") - values


def _external(rows: pd.DataFrame, references: pd.DataFrame) -> dict[str, pd.Series]:
    """External values; one without an interval is taken as exact."""
    known = references.set_index("dimension")[["score", "low", "high"]].astype(float)
    score = rows["dimension"].map(known["score"])
    return {
        "reference_score": score,
        "reference_low": rows["dimension"].map(known["low"]).fillna(score),
        "reference_high": rows["dimension"].map(known["high"]).fillna(score),
    }


def _compare(rows: pd.DataFrame, label: str) -> pd.DataFrame:
    score, reference = rows["score"], rows["reference_score"]
    difference = score - reference
    down = np.hypot(score - rows["wide_low"], rows["reference_high"] - reference)
    up = np.hypot(rows["wide_high"] - score, reference - rows["reference_low"])
    p = _adjusted(difference, np.where(difference > 0, down, up))
    sides = np.where(difference > 0, "higher", "lower")
    return rows.assign(
        reference=label,
        difference=difference,
        low=difference - down,
        high=difference + up,
        p=p,
        verdict=np.where(p < 0.05, sides, "not_established"),
    )[COMPARISON_COLUMNS].reset_index(drop=True)


def _adjusted(difference: pd.Series, half: np.ndarray) -> np.ndarray:
    """Two-sided p of each difference from the half interval on the side of zero, then adjusted."""
    if difference.empty:
        return np.array([])
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * ndtr(-np.abs(difference.to_numpy()) / half * Z)
    return adjust_p(np.nan_to_num(p, nan=1.0))


def adjust_p(p: np.ndarray) -> np.ndarray:
    """p values adjusted for their number, so that 5 % of the claims made may be false.

    The i-th smallest of m becomes min over j ≥ i of p(j)·m/j (Benjamini and Hochberg, J R Stat
    Soc B 1995;57:289).

    >>> adjust_p(np.array([0.01, 0.5, 0.02])).round(3).tolist()
    [0.03, 0.5, 0.03]
    """
    largest_first = np.argsort(p)[::-1]
    ranks = np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[largest_first] = np.minimum.accumulate(p[largest_first] * len(p) / ranks).clip(max=1)
    return adjusted
