"""Each service beside itself in an earlier campaign: what moved, and what cannot be said.

The team as it was stands beside the team as it is, whoever came and whoever left: each round is
judged by what these people would have said another day (`lasting_size`), not by what other people
might have said. Records are drawn anew: theirs are judged as samples of a practice.
"""

import numpy as np
import pandas as pd

from qgdr_eval.comparison.differences import (
    interval_p,
    mcnemar_mid_p,
    mover,
    newcombe,
    newcombe_paired,
)
from qgdr_eval.comparison.overall import OVERALL, overall_rows
from qgdr_eval.comparison.reference import adjust_p
from qgdr_eval.comparison.regression import expect_unchanged
from qgdr_eval.disclosure import Published
from qgdr_eval.frames import EvolutionRow
from qgdr_eval.instruments import Instrument
from qgdr_eval.instruments.difference import differ
from qgdr_eval.scoring.pairs import yes_no_items

EVOLUTION_COLUMNS = list(EvolutionRow._fields[:-1])  # the period before is said by `rounds`
LABELS = ["facility", "service", "dimension", "item", "measure"]
PLACE = ["facility", "service"]
KEY = [*PLACE, "home", "item"]  # ``home``: the dimension of a dimension's own row, "" for an item
BOUNDS = ["score", "below", "above"]
ENDS = {True: ["low", "high"], False: ["wide_low", "wide_high"]}  # of people, of anything else
SIDES = ("", "_before")
CELLS = ["both", "gained", "lost", "neither"]
CHANGED = 5.0  # points: AHRQ's rule of thumb, a column nothing is concluded from


def compare_campaigns(
    earlier: Published, later: Published, pairs: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Compare every service with itself, dimension by dimension and item by item.

    Args:
        earlier, later: two campaigns with the same instrument, in any versions of it.
        pairs: what `qgdr_eval.disclosure.pairs.publish_pairs` lets through, when the same records
            were audited twice.

    Returns:
        `EVOLUTION_COLUMNS`, one row per service, dimension (``item`` "") and item of the later
        campaign, in its order, then one a service for all its dimensions together (`OVERALL`;
        ``dimension`` and ``item`` "", no scores: see `overall_rows`). ``n_before``, ``n``: valid
        answers, or the pairs. ``difference``: points gained, with its 95 % interval, in the sense
        that is favourable. ``method``: ``newcombe`` for yes/no items of audits (independent
        samples), ``paired`` for those whose pairs are shown (all numbers of the row are then those
        of the pairs, p McNemar's mid-p), ``declared`` for positions, without
        interval, "" for cases that were chosen, ``mover`` for everything else, from the intervals
        of the two scores.

        ``p`` is adjusted (Benjamini & Hochberg 1995) over the dimensions of a service with the
        test of all of them together, and apart over its items. ``verdict``: ``improved`` or
        ``worsened`` when p is under 5 % and the interval leaves zero out, otherwise
        ``not_established``; ``declared`` for two positions, of which nothing was drawn and nothing
        is tested; ``not_compared`` when one side is hidden or absent, or does not measure the same
        thing, as `qgdr_eval.instruments.difference.differ` says. ``campaign_verdict``:
        the same with p adjusted over every service of the campaign, for pages that show them side
        by side. ``five_points``: the score moved by 5 points or more, AHRQ's rule of thumb for
        SOPS, which is no test. ``p_alone``, ``compared``: of records, p before it is adjusted, and
        over how many rows it then is. ``expected``, ``beyond``, ``beyond_low``, ``beyond_high``:
        see `expect_unchanged`.

    Raises:
        ValueError: the campaigns do not use the same instrument.
        TypeError: pairs that have not passed disclosure.
    """
    if earlier.instrument.id != later.instrument.id:
        raise ValueError(f"{earlier.instrument.id} is not {later.instrument.id}")
    rows = _with_pairs(_side_by_side(earlier, later), pairs)
    rows["method"] = _methods(rows, later.instrument)
    rows = _with_all_together(_counted_on_pairs(rows), earlier, later)
    rows = rows.join(expect_unchanged(rows))
    rows = rows.assign(**_differences(rows, later.instrument.of_people))
    rows = rows.assign(**_alone(rows, later.instrument))
    rows = rows.assign(**_concluded(rows))
    whole = rows["measure"] == OVERALL
    rows[["score", "score_before"]] = rows[["score", "score_before"]].mask(whole)
    rows["five_points"] = rows["difference"].abs().round(9) >= CHANGED
    return rows[EVOLUTION_COLUMNS]


def _side_by_side(earlier: Published, later: Published) -> pd.DataFrame:
    rows = _rows(later).merge(
        _rows(earlier)[[*KEY, "n", *BOUNDS]], on=KEY, how="left", suffixes=("", "_before")
    )
    found = differ(earlier.instrument, later.instrument)
    keys = zip(rows["home"], rows["item"], strict=True)
    return rows.assign(same=[found.compares(home, item) for home, item in keys])


def _rows(published: Published) -> pd.DataFrame:
    """The rule's own measure of every service, dimension and item; NaN where hidden."""
    rules = {dimension.id: dimension.rule for dimension in published.instrument.dimensions}
    scores = published.scores
    rows = scores[(scores["service"] != "") & (scores["stratum"] == "")].astype(
        dict.fromkeys(LABELS, str)
    )
    rows = rows[rows["measure"] == rows["dimension"].map(rules)]
    shown = rows["status"] == "published"
    ends = ENDS[published.instrument.of_people]
    named = zip(("n", *BOUNDS), ("n_valid", "score", *ends), strict=True)
    numbers = {name: rows[column].astype(float).where(shown) for name, column in named}
    home = rows["dimension"].where(rows["item"] == "", "")
    return rows[LABELS].assign(home=home, **numbers)


def _with_all_together(rows: pd.DataFrame, earlier: Published, later: Published) -> pd.DataFrame:
    """One row more for each service whose dimensions are all compared: all of them together."""
    wholes = rows[rows["item"] == ""]
    compared = (wholes["method"] == "mover").groupby([wholes[name] for name in PLACE]).all()
    sides = overall_rows(later), overall_rows(earlier)
    both = sides[0].merge(sides[1], on=PLACE, suffixes=SIDES)
    kept = compared.reindex(pd.MultiIndex.from_frame(both[PLACE]), fill_value=False).to_numpy(bool)
    if not kept.any():
        return rows
    whole = both[kept].assign(dimension="", item="", measure=OVERALL, method="mover")
    return pd.concat([rows, whole], ignore_index=True)


def _with_pairs(rows: pd.DataFrame, pairs: pd.DataFrame | None) -> pd.DataFrame:
    if pairs is None:
        return rows.assign(**dict.fromkeys(CELLS, np.nan))
    if "status" not in pairs:
        raise TypeError("only pairs that have passed disclosure are compared")
    shown = pairs.loc[pairs["status"] == "published", [*PLACE, "item", *CELLS]]
    return rows.merge(shown.astype(dict.fromkeys([*PLACE, "item"], str)), how="left")


def _methods(rows: pd.DataFrame, instrument: Instrument) -> np.ndarray:
    compared = rows["same"] & rows["score"].notna() & rows["score_before"].notna()
    if instrument.declared:
        return np.where(compared, "declared", "")
    if instrument.chosen:  # other cases, chosen anew: nothing is the same
        return np.full(len(rows), "")
    audited = yes_no_items(instrument) if instrument.of_records else []
    yes_no = rows["item"].isin(audited)
    return np.select(
        [~compared, yes_no & rows["both"].notna(), yes_no], ["", "paired", "newcombe"], "mover"
    )


def _counted_on_pairs(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows compared pair by pair give the scores of the pairs, so that the row adds up."""
    n = rows[CELLS].sum(axis=1)
    own = {
        "n": n,
        "n_before": n,
        "score": 100 * (rows["both"] + rows["gained"]) / n,
        "score_before": 100 * (rows["both"] + rows["lost"]) / n,
    }
    paired = rows["method"] == "paired"
    return rows.assign(**{name: rows[name].mask(paired, values) for name, values in own.items()})


def _differences(rows: pd.DataFrame, people: bool) -> dict[str, np.ndarray]:
    """The difference by each row's method, its bounds in points, and p before adjustment."""
    found = _by_every_method(rows)
    chosen = [(rows["method"] == method).to_numpy() for method in found]
    difference, low, high = np.select(chosen, [*found.values()], np.nan)
    exact = mcnemar_mid_p(rows["gained"], rows["lost"])
    read = interval_p(difference, low, high, _degrees(rows) if people else np.inf)
    tested = [rows["method"] == "declared", rows["method"] == "paired"]
    p = np.select(tested, [np.nan, exact], read)
    return {"difference": difference, "low": low, "high": high, "p": p}


def _degrees(rows: pd.DataFrame) -> np.ndarray:
    """Degrees of freedom of the people of both rounds."""
    return np.maximum(rows["n"] + rows["n_before"] - 2, 1).to_numpy(float)


def _by_every_method(rows: pd.DataFrame) -> dict[str, np.ndarray]:
    """Difference, low and high of every row, (3, rows), as each method would give them."""
    after, before = (rows[[name + side for name in BOUNDS]].T.to_numpy() for side in SIDES)
    met, met_before = ((rows["score" + side] * rows["n" + side] / 100).round() for side in SIDES)
    nothing = np.full(len(rows), np.nan)
    return {
        "declared": np.array([after[0] - before[0], nothing, nothing]),
        "mover": np.array(mover(*after, *before)),
        "newcombe": 100 * np.array(newcombe(met, rows["n"], met_before, rows["n_before"])),
        "paired": 100 * np.array(newcombe_paired(*(rows[cell] for cell in CELLS))),
    }


def _concluded(rows: pd.DataFrame) -> dict[str, pd.Series | np.ndarray]:
    """p within each service, and the verdicts of its page and of pages of several services."""
    own, all_services = (_adjusted(rows, place).reindex(rows.index) for place in (PLACE, []))
    return {
        "p": own,
        "verdict": _verdicts(rows, own),
        "campaign_verdict": _verdicts(rows, all_services),
    }


def _adjusted(rows: pd.DataFrame, place: list[str]) -> pd.Series:
    """p adjusted over the dimensions of each ``place``, and apart over its items."""
    known = rows.dropna(subset=["p"])
    families = known.groupby([*place, known["item"] == ""], sort=False)["p"]
    return families.transform(lambda p: adjust_p(p.to_numpy()))


def _alone(rows: pd.DataFrame, instrument: Instrument) -> dict[str, pd.Series]:
    """p of each row of records before it is adjusted, and over how many it then is.

    NaN for people, whose intervals leave the kit rounded: p would give back what rounding hides.
    """
    families = rows.groupby([*PLACE, rows["item"] == ""], sort=False)["p"]
    records = rows["p"].notna() & (instrument.of_records)
    return {
        "p_alone": rows["p"].where(records),
        "compared": families.transform("count").astype(float).where(records),
    }


def _verdicts(rows: pd.DataFrame, p: pd.Series) -> np.ndarray:
    sure = p < 0.05
    return np.select(
        [
            rows["method"] == "",
            rows["method"] == "declared",
            sure & (rows["low"] > 0),
            sure & (rows["high"] < 0),
        ],
        ["not_compared", "declared", "improved", "worsened"],
        "not_established",
    )
