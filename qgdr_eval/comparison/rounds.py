"""What a campaign is compared to: thresholds, a reference, its past, a second auditor, a team."""

import dataclasses
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from qgdr_eval.comparison.agreement import measure_agreement
from qgdr_eval.comparison.changed import changed_between
from qgdr_eval.comparison.composition import composition_of
from qgdr_eval.comparison.evaluated import compare_to_evaluation
from qgdr_eval.comparison.evolution import compare_campaigns
from qgdr_eval.comparison.findings import find
from qgdr_eval.comparison.reading import read_dimensions
from qgdr_eval.comparison.reference import compare_to_reference
from qgdr_eval.comparison.self_team import compare_group_to_team
from qgdr_eval.comparison.series import Series, series_of
from qgdr_eval.comparison.unusual import find_unusual
from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.rounds import Rounds
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import AgreementRow, EvolutionRow, HistoryRow
from qgdr_eval.instruments.difference import Difference, differ

PLACE = ["facility", "service"]
AGREEMENT_COLUMNS = list(AgreementRow._fields)
HISTORY_COLUMNS = list(HistoryRow._fields)


class _Twice(NamedTuple):
    """A criterion of a service read by two auditors, or all of them together (``item`` "")."""

    facility: str
    service: str
    item: str
    both: float
    lost: float
    gained: float
    neither: float
    kappa_low: float
    kappa_high: float


def compare_rounds(rounds: Rounds) -> dict[str, pd.DataFrame]:
    """Every comparison of a campaign, by name: what reports read beside its results.

    ``readings``, ``findings`` (what matters in them), ``comparisons`` (without p, which depends on
    every service), ``evolution`` (since the latest earlier campaign), ``agreement``, ``history``
    (every round, the latest last), ``gaps`` (of a group to its team), ``composition`` (who answered
    at each round), ``funnel`` (which services stand where few do) and, where rounds did not all ask
    the same, ``changed``; ``docs/frames.md`` has their columns.
    """
    readings = read_dimensions(rounds.published)
    changed = changed_between(_every(rounds))
    compared = {
        "readings": readings,
        "findings": find(rounds.published, readings),
        "comparisons": compare_to_reference(rounds.published).drop(columns="p"),
        "evolution": _evolution(rounds),
        "agreement": _agreement(rounds.second),
        "history": _history(rounds),
        "gaps": compare_group_to_team(rounds.published, rounds.team),
        "composition": composition_of(_every(rounds)),
        "funnel": find_unusual(rounds.published, rounds.kinds),
    }
    return compared | ({"changed": changed} if len(changed) else {})


def _evolution(rounds: Rounds) -> pd.DataFrame:
    if not rounds.earlier and rounds.evaluated:
        told, ratings = rounds.evaluated
        return compare_to_evaluation(rounds.published, ratings).assign(period_before=told)
    if not rounds.earlier:
        return pd.DataFrame(columns=EvolutionRow._fields)
    latest = rounds.earlier[-1]
    moved = compare_campaigns(latest.published, rounds.published, latest.pairs)
    return moved.assign(period_before=latest.published.card.period)


def _agreement(second: pd.DataFrame | None) -> pd.DataFrame:
    """Agreement on each criterion, and on all those of a service put together (``item`` "").

    The interval of the latter is that of records drawn again, whole.
    """
    if second is None:
        return pd.DataFrame(columns=AGREEMENT_COLUMNS)
    shown = second[second["status"] == "published"]
    cells = ["both", "lost", "gained", "neither"]
    grouped = shown.groupby(PLACE, sort=False, observed=True)
    together = grouped[cells].sum().join(grouped[["kappa_low", "kappa_high"]].first()).reset_index()
    alone = shown.drop(columns=["kappa_low", "kappa_high"])
    tables = pd.concat([together.assign(item=""), alone], ignore_index=True)
    return pd.DataFrame(
        [_agreed(row) for row in rows_of(tables, _Twice)], columns=AGREEMENT_COLUMNS
    )


def _agreed(row: _Twice) -> tuple[str | float, ...]:
    found = measure_agreement(*map(int, (row.both, row.lost, row.gained, row.neither)))
    if not row.item and not found.reason:
        found = dataclasses.replace(found, low=row.kappa_low, high=row.kappa_high)
    return row.facility, row.service, row.item, *dataclasses.astuple(found)


def _history(rounds: Rounds) -> pd.DataFrame:
    """The dimensions of every service at each round, where the campaign has earlier ones."""
    every = _every(rounds)
    if not every:
        return pd.DataFrame(columns=HISTORY_COLUMNS)
    known = set(rounds.published.services)
    tables = [
        _round(published, rank, parts)
        for rank, (published, parts) in enumerate(zip(every, _parts(every), strict=True), start=1)
    ]
    rows = pd.concat(tables, ignore_index=True)
    places = zip(rows["facility"], rows["service"], strict=True)
    return rows[[place in known for place in places]].reset_index(drop=True)


def _every(rounds: Rounds) -> list[Published]:
    """All rounds, the latest last; none of a campaign that has no other before it."""
    if not rounds.earlier:
        return []
    return [*(earlier.published for earlier in rounds.earlier), rounds.published]


def _parts(every: Sequence[Published]) -> list[dict[str, int]]:
    """The part of each dimension at each round: from 1, one more when what it measures changes.

    Another version begins another part too, whatever it changed.
    """
    asked = [published.instrument for published in every]
    ids = dict.fromkeys(one.id for instrument in asked for one in instrument.dimensions)
    steps = [_begun(differ(before, after)) for before, after in pairwise(asked)]
    return list(
        accumulate(
            steps,
            lambda parts, begun: {id: parts[id] + (id in begun) for id in ids},
            initial=dict.fromkeys(ids, 1),
        )
    )


def _begun(found: Difference) -> set[str]:
    """The dimensions that begin another part."""
    if found.old.version != found.new.version:
        return {one.id for one in found.dimensions}
    return set(found.broken)


def rounds_series(rounds: Sequence[HistoryRow], name: str) -> Series:
    """One dimension of one service, round after round, as a series of values out of 100.

    ``rounds``: its rows of the history, in order; rounds stand one step apart, whatever the time
    between them. What it measures anew, or in another version, is a declared change.
    """
    shared = {
        "indicator": name, "family": "", "facility": "", "pole": "", "service": "",
        "kind": "value", "frequency": "R", "per": 1.0, "target": np.nan, "direction": "up",
        "unit": "sur 100", "reference": np.nan, "reference_source": "", "summed": False,
    }  # fmt: skip
    rows = [
        shared
        | {
            "period": f"{1000 + int(row.round)}",
            "label": row.period,
            "numerator": np.nan,
            "denominator": np.nan,
            "value": row.score,
            "status": row.status,
            "comment": "",
            "change": _change(before, row),
            "baseline": False,
        }
        for before, row in zip((None, *rounds), rounds, strict=False)
    ]
    return series_of(pd.DataFrame(rows))


def _change(before: HistoryRow | None, row: HistoryRow) -> str:
    if before is None or row.part == before.part:
        return ""
    same = row.version == before.version
    return "questions ou calcul changés" if same else f"questionnaire, version {row.version}"


def _round(published: Published, rank: int, parts: dict[str, int]) -> pd.DataFrame:
    rows = published.dimension_scores()
    rows = rows[rows["service"] != ""].astype(dict.fromkeys([*PLACE, "dimension", "status"], str))
    return rows.assign(
        round=rank,
        period=published.card.period,
        version=published.instrument.version,
        part=rows["dimension"].map(parts),
        n=rows["n_valid"],
    )[HISTORY_COLUMNS]
