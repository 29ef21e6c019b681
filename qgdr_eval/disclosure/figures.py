"""The figures of a publication as the register keeps them, and put back in a later one."""

import json
from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from qgdr_eval.disclosure.published import Published
from qgdr_eval.disclosure.register import Event, Table

KEY = ["facility", "service"]
KEPT = ("scores", "distributions", "participation", "exclusions", "attestation")
CONSTANT = ["instrument", "version", "campaign"]
DECIMALS = 9  # as the store of results rounds: kept figures and fresh ones are compared
Place = tuple[str, str]


def figures_of(published: Published) -> dict[str, Table]:
    """The rows of every group shown, totals included; what a reader of all pages can hold."""
    people = published.participation
    shown = pd.MultiIndex.from_frame(people.loc[people["status"] == "published", KEY].astype(str))
    tables = {name: getattr(published, name) for name in KEPT}
    return {name: _table(frame[_at(frame, shown)]) for name, frame in tables.items()}


def _at(frame: pd.DataFrame, places: Collection[Place] | pd.MultiIndex) -> np.ndarray:
    """Whether each row is of one of the places."""
    wanted = pd.MultiIndex.from_tuples(list(places), names=KEY)
    return np.asarray(pd.MultiIndex.from_frame(frame[KEY].astype(str)).isin(wanted))


def _table(frame: pd.DataFrame) -> Table:
    plain = frame.drop(columns=CONSTANT, errors="ignore").round(DECIMALS)
    texts = {name: str for name in plain if isinstance(plain[name].dtype, pd.CategoricalDtype)}
    kept = json.loads(plain.astype(texts).to_json(orient="split", double_precision=DECIMALS))
    return Table(tuple(kept["columns"]), tuple(map(tuple, kept["data"])))


def frame_of(table: Table, like: pd.DataFrame) -> pd.DataFrame:
    """Rows of the register as a frame with the columns of another one."""
    rows = pd.DataFrame(list(table.rows), columns=list(table.columns))
    constants = {name: like[name].iloc[0] for name in CONSTANT if name in like and len(like)}
    found = rows.assign(**constants).reindex(columns=like.columns)
    numbers = [name for name in like if pd.api.types.is_numeric_dtype(like[name].dtype)]
    return found.astype(dict.fromkeys(numbers, float))


def put_back(
    published: Published, figures: dict[str, Table], places: Collection[Place]
) -> Published:
    """A publication where some groups have the figures of an earlier one, services in order."""
    if not places:
        return published
    frames = {name: _pasted(getattr(published, name), figures[name], places) for name in KEPT}
    return replace(published, **frames)


def set_aside_as_before(
    published: Published, figures: dict[str, Table], places: Collection[Place]
) -> Published:
    """A publication where what was set aside in some services is as an earlier one told it.

    Their figures are made again from the same returns; the log speaks of those that came since.
    """
    if not places:
        return published
    before = frame_of(figures["participation"], published.participation).set_index(KEY)["excluded"]
    people = published.participation.copy()
    for rank, place in enumerate(people[KEY].astype(str).itertuples(index=False, name=None)):
        if place in places and place in before.index:
            people.loc[people.index[rank], "excluded"] = before[place]
    exclusions = _pasted(published.exclusions, figures["exclusions"], places)
    return replace(published, participation=people, exclusions=exclusions)


def strata_of(figures: dict[str, Table], places: Collection[Place]) -> list[tuple[str, str, str]]:
    """(facility, service, stratum) of the strata that some groups show."""
    rows = _rows(figures["scores"], places)
    shown = rows[(rows["stratum"] != "") & (rows["status"] == "published")]
    return list(shown[[*KEY, "stratum"]].drop_duplicates().itertuples(index=False, name=None))


def _rows(table: Table, places: Collection[Place]) -> pd.DataFrame:
    rows = pd.DataFrame(list(table.rows), columns=list(table.columns))
    return rows[_at(rows, places)] if len(rows) and places else rows.head(0)


def scored_items(figures: dict[str, Table], place: Place) -> set[str]:
    """The items of which a service shows a score."""
    rows = _rows(figures["scores"], [place])
    shown = rows[(rows["status"] == "published") & (rows["stratum"] == "") & (rows["item"] != "")]
    return set(shown["item"])


def spread_of(figures: dict[str, Table], place: Place) -> dict[str, list[float]]:
    """How many answered each option of each item of a service, least favourable option first.

    Items whose answers were not shown are left out.
    """
    rows = _rows(figures["distributions"], [place])
    shown = rows[(rows["state"] == "option") & (rows["status"] == "published")]
    shown = shown.sort_values("position")
    return {str(item): group["count"].tolist() for item, group in shown.groupby("item")}


def with_notices(
    published: Published,
    dated: Iterable[tuple[Place, str]],
    events: Iterable[Event],
) -> Published:
    """Say in the attestation which figures are dated, and what became of publications.

    ``dated``: groups that keep earlier figures, with their day, "" for those hidden instead. The
    number of returns that came or went is not told: they are a hidden group.
    """
    rows = [(*place, "dated", day, 1) for place, day in dated]
    for event in (one for one in events if one.kind != "sent"):
        reason = f"{event.published or event.date} {event.reason}".strip()
        rows.append(("", "", event.kind, reason, 1))
    noticed = pd.DataFrame(rows, columns=list(published.attestation))
    attested = pd.concat([published.attestation, noticed], ignore_index=True)
    return replace(published, attestation=attested)


def _pasted(frame: pd.DataFrame, table: Table, places: Collection[Place]) -> pd.DataFrame:
    before = frame_of(table, frame)
    before = before[_at(before, places)]
    texts = [name for name in frame if isinstance(frame[name].dtype, pd.CategoricalDtype)]
    plain = frame.astype(dict.fromkeys(texts, str))
    numbers = [name for name in frame if frame[name].dtype.kind in "iu"]
    plain = plain.astype(dict.fromkeys(numbers, float))
    kept = plain[~_at(plain, places)]
    rows = pd.concat([kept, before.astype(plain.dtypes.to_dict())])
    order = {place: rank for rank, place in enumerate(_places(frame, rows))}
    found = zip(rows["facility"], rows["service"], strict=True)
    ranks = np.array([order[place] for place in found], dtype=int)
    split = (rows["stratum"] != "").to_numpy() if "stratum" in rows else np.zeros(len(rows), bool)
    whole = [name for name in numbers if rows[name].notna().all()]
    ordered = rows.iloc[np.lexsort((ranks, split))].reset_index(drop=True)
    return ordered.astype({name: frame[name].dtype for name in whole})


def _places(frame: pd.DataFrame, rows: pd.DataFrame) -> list[Place]:
    """The groups in their order; those the frame lacks come last."""
    every = pd.concat([frame[KEY], rows[KEY]]).astype(str)
    return list(dict.fromkeys(every.itertuples(index=False, name=None)))
