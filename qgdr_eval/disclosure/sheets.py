"""The scores frame laid out as sheets, judged, and put back with what is hidden blanked."""

from itertools import accumulate, pairwise

import numpy as np
import pandas as pd

from qgdr_eval.disclosure.floor import Floor
from qgdr_eval.disclosure.levels import Levels
from qgdr_eval.disclosure.suppress import (
    Rows,
    Sheet,
    Tables,
    judge_alone,
    protect_items,
    protect_totals,
    shown_strata,
)

NUMBERS = ["n", "n_valid", "score", "low", "high", "wide_low", "wide_high"]
STATUSES = ["published", "suppressed", "complementary", "no_answer"]


def suppress(scores: pd.DataFrame, levels: Levels, floor: Floor) -> pd.DataFrame:
    """Judge every row of a scores frame and blank the numbers of those that may not be shown."""
    sheets, rows = _lay_out(scores, levels)
    plain = _judge_plain(sheets[:3], rows, levels, floor)
    statuses = list(plain)
    for i in range(3, len(sheets), 3):
        statuses += _judge_strata(sheets[i : i + 3], plain, rows, levels, floor)
    shown = _blank(scores, np.concatenate([status.ravel() for status in statuses]))
    return _without_unseen_strata(shown)


def _lay_out(scores: pd.DataFrame, levels: Levels) -> tuple[list[Sheet], Rows]:
    groups = [len(breakdown.groups) for breakdown in levels.breakdowns]
    width = len(scores) // sum(groups)
    valid = scores["n_valid"].to_numpy().reshape(-1, width)
    sizes = scores["n"].to_numpy().reshape(-1, width)[:, 0]
    cuts = pairwise(accumulate(groups, initial=0))
    first = scores.head(width)
    rows = Rows(
        pd.factorize(first["dimension"])[0],
        (first["item"] != "").to_numpy(),
        (first["dimension"] == "").to_numpy(),
    )
    telling = (scores["status"] == "telling").to_numpy().reshape(-1, width)
    return [Sheet(sizes[a:b], valid[a:b], telling[a:b]) for a, b in cuts], rows


def _judge_plain(sheets: list[Sheet], rows: Rows, levels: Levels, floor: Floor) -> list[np.ndarray]:
    services, facilities, campaign = (
        protect_items(judge_alone(sheet, floor), rows) for sheet in sheets
    )
    valid = sheets[0].valid
    counted = np.broadcast_to(levels.members.counted[:, None], valid.shape)
    facilities = protect_items(
        protect_totals(facilities, services, valid, levels.totals_of, counted), rows
    )
    left = counted & (facilities != "published")[levels.totals_of]
    whole = np.zeros(len(valid), dtype=int)
    campaign = protect_items(protect_totals(campaign, services, valid, whole, left), rows)
    return [services, facilities, campaign]


def _judge_strata(
    sheets: list[Sheet], plain: list[np.ndarray], rows: Rows, levels: Levels, floor: Floor
) -> list[np.ndarray]:
    """Strata follow one rule on respondents and on answers, and fall with their whole."""
    tables = [
        Tables(
            _by_group(sheet.sizes[:, None], whole),
            _by_group(np.where(sheet.telling, 1, sheet.valid), whole),  # one is too few
            floor,
        )
        for sheet, whole in zip(sheets, plain, strict=True)
    ]
    seen = [whole == "published" for whole in plain]
    shown = shown_strata(tables, seen, levels.members, levels.totals_of)
    statuses = []
    for sheet, may in zip(sheets, shown, strict=True):
        each = may.repeat(len(sheet.sizes) // len(may), axis=0)
        alone = judge_alone(sheet, floor)
        status = protect_items(np.where(each | (alone == "no_answer"), alone, "suppressed"), rows)
        statuses.append(np.where(status == "complementary", "suppressed", status))
    return statuses


def _by_group(counts: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return counts.reshape(len(whole), -1, counts.shape[1])


def _blank(scores: pd.DataFrame, status: np.ndarray) -> pd.DataFrame:
    shown = status == "published"
    numbers = {name: scores[name].astype(float).where(shown) for name in NUMBERS}
    return scores.assign(**numbers, status=pd.Categorical(status, categories=STATUSES))


def _without_unseen_strata(scores: pd.DataFrame) -> pd.DataFrame:
    """Drop strata shown nowhere in the campaign: a rare profession's very name would tell."""
    shown = scores.loc[scores["status"] == "published", "stratum"].unique()
    return scores[scores["stratum"].isin(["", *shown])].reset_index(drop=True)
