"""What a leader, or a group, says beside what the team says, always with the team's interval."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from qgdr_eval.comparison.differences import interval_p
from qgdr_eval.comparison.reference import adjust_p
from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.precision import as_printed
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import GapRow, ScoreRow, SelfGapRow, TurnoutRow

GAP_COLUMNS = list(SelfGapRow._fields)
BESIDE_COLUMNS = list(GapRow._fields)


def compare_self_to_team(own: Sequence[ScoreRow], team: Sequence[ScoreRow]) -> pd.DataFrame:
    """The gap, self − team, of each dimension that both have, in the order of ``own``.

    ``own``, ``team``: score rows with ``dimension, n_valid, score, low, high, status``. A person's
    own position is no sample, so the whole interval comes from the team: self − high to self −
    low. ``p`` is Student's, for the n − 1 degrees of freedom of the team, adjusted over the
    dimensions (Benjamini & Hochberg 1995). ``verdict``: ``higher`` when the person sees it more
    favourably, ``lower``, ``not_established``, or ``not_compared`` when one side is not shown.
    Columns: `GAP_COLUMNS`.
    """
    others = {row.dimension: row for row in team}
    rows = [_gap(row, others.get(row.dimension)) for row in own]
    gaps = pd.DataFrame(rows, columns=[*GAP_COLUMNS[:6], "degrees"])
    known = gaps["difference"].notna()
    p = np.full(len(gaps), np.nan)
    bounds = gaps.loc[known, ["difference", "low", "high", "degrees"]].to_numpy(float).T
    p[known] = adjust_p(np.asarray(interval_p(*bounds)))
    sides = np.where(gaps["difference"] > 0, "higher", "lower")
    verdicts = np.where(p < 0.05, sides, "not_established")
    found = gaps.assign(p=p, verdict=np.where(known, verdicts, "not_compared"))
    return found[GAP_COLUMNS]


def _gap(own: ScoreRow, team: ScoreRow | None) -> tuple[str | float, ...]:
    if team is None or not own.status == team.status == "published":
        return own.dimension, *[np.nan] * 6
    return (
        own.dimension,
        own.score,
        team.score,
        own.score - team.score,
        own.score - team.high,
        own.score - team.low,
        max(team.n_valid - 1, 1),
    )


def compare_group_to_team(own: Published, team: Published | None) -> pd.DataFrame:
    """The gap of each service on each dimension, what its group declares − what its team answers.

    As `compare_self_to_team`, service by service, from figures in whole points, as pages print
    them: a reader sees by themself which position is out of the interval. ``n`` and ``period`` are
    the team's, ``n`` NaN where its respondents are not shown. Columns: `BESIDE_COLUMNS`; no row
    without a team's campaign, nor for a service it does not have.
    """
    places = [place for place in own.services if team and place in team.services]
    if team is None or not places:
        return pd.DataFrame(columns=BESIDE_COLUMNS)
    answers = as_printed(team)
    gaps = [_beside(own.of(*place), answers.of(*place), *place) for place in places]
    return pd.concat(gaps, ignore_index=True)[BESIDE_COLUMNS]


def _beside(own: Published, team: Published, facility: str, service: str) -> pd.DataFrame:
    declared = own.dimension_scores().assign(score=lambda rows: _whole(rows["score"]))
    gaps = compare_self_to_team(
        rows_of(declared, ScoreRow), rows_of(team.dimension_scores(), ScoreRow)
    )
    turnout = rows_of(team.participation, TurnoutRow)[0]
    n = turnout.n if turnout.status == "published" else np.nan
    return gaps.assign(facility=facility, service=service, n=n, period=team.card.period)


def _whole(scores: pd.Series) -> pd.Series:
    return np.floor(scores.astype(float).round(9) + 0.5)
