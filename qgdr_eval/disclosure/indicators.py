"""Indicators that may be shown: small groups of people or records hidden, none to be rebuilt."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd

from qgdr_eval.disclosure.crossed import Sum, find_more_to_hide
from qgdr_eval.disclosure.published import SEAL
from qgdr_eval.frames import PublishedIndicatorRow

MINIMUM = 11  # people or records behind a figure that leaves the facility
PUBLISHED_COLUMNS = list(PublishedIndicatorRow._fields)
PLACE = ["facility", "pole", "service"]
GROUP = ["indicator", "facility", "pole"]
AMOUNTS = ["numerator", "denominator", "value"]
PER_YEAR = {"M": 12, "Q": 4, "Y": 1}


@dataclass(frozen=True)
class PublishedIndicators:
    """Indicators after disclosure, made only by `publish_indicators`.

    ``rows``: columns `PUBLISHED_COLUMNS`. ``status`` is ``published``; ``suppressed`` (fewer than
    ``minimum`` people or records); ``complementary`` (hidden so that a smaller one cannot be
    worked out from the pôle's total); ``no_data``. Anything but ``published`` has no number and no
    comment. ``summed``: whether the row is a total of its pôle's services made here.
    """

    rows: pd.DataFrame
    minimum: int
    seal: object = None

    def __post_init__(self) -> None:
        if self.seal is not SEAL:
            raise TypeError("only qgdr_eval.disclosure makes published indicators")

    @property
    def poles(self) -> list[tuple[str, str]]:
        """(facility, pôle) of every pôle, in the file's order."""
        pairs = zip(self.rows["facility"], self.rows["pole"], strict=True)
        return list(dict.fromkeys(pairs))

    def of(self, facility: str, pole: str) -> "PublishedIndicators":
        """The same indicators, kept to one pôle."""
        kept = (self.rows["facility"] == facility) & (self.rows["pole"] == pole)
        return dataclasses.replace(self, rows=self.rows[kept].reset_index(drop=True))


def publish_indicators(indicators: pd.DataFrame, minimum: int = MINIMUM) -> PublishedIndicators:
    """Let through what may be shown of a frame made by `read_indicators`.

    The rule: a proportion, or a value given with its number of people, is hidden when fewer than
    ``minimum`` people or records stand behind it. Beside a pôle's total, the hidden services of a
    period must be several, count at least ``minimum`` together, and not be at 0 or 100 %, which
    tells each of them: else the smallest service still shown is hidden too, until they do; where
    they never do, the total is. Likewise the months of a place beside its year. Counts, and rates
    per days or stays, describe an organisation, not people: they are shown.

    A pôle that gives several services and no row of its own gets a total, the sum of its
    services, for the periods where all of them have a number; it has the declared change and the
    baseline that all of them have. Raises ``ValueError`` for a
    ``minimum`` under 5.

    >>> from qgdr_eval.responses.indicators import INDICATOR_COLUMNS
    >>> nothing = pd.DataFrame(columns=INDICATOR_COLUMNS)
    >>> publish_indicators(nothing).poles
    []
    """
    if minimum < 5:  # the least whatever a file says, as for answers: docs/decisions/0004
        raise ValueError(f"nobody is protected by a minimum of {minimum}")
    given = indicators.astype(dict.fromkeys(AMOUNTS, float)).assign(
        summed=False,
        change=indicators["change"].astype("str").fillna(""),
        baseline=indicators["baseline"].eq(True),
    )
    rows = _with_totals(given).reset_index(drop=True)
    rows = rows.assign(status=_alone(rows, minimum))
    rows = rows.assign(status=_protect(rows, minimum))[PUBLISHED_COLUMNS]
    shown = rows["status"] == "published"
    rows[AMOUNTS] = rows[AMOUNTS].where(shown)
    rows["comment"] = rows["comment"].where(shown, "")
    return PublishedIndicators(rows, minimum, SEAL)


def _with_totals(indicators: pd.DataFrame) -> pd.DataFrame:
    """The same rows, the total of each pôle that has none before its services."""
    grouped = indicators.groupby(GROUP, sort=False)
    rows = indicators.assign(
        rank=grouped.ngroup(), services=grouped["service"].transform("nunique")
    )
    has_own = (indicators["service"] == "").groupby(rows["rank"]).transform("any")
    summable = ~has_own & (rows["services"] > 1) & (indicators["kind"] != "value")
    every = pd.concat([_totals(rows[summable]), rows])
    return every.sort_values("rank", kind="stable")[indicators.columns]


def _totals(services: pd.DataFrame) -> pd.DataFrame:
    """The sums of services, for the periods where all of them have a number."""
    periods = services.groupby([*GROUP, "period"], sort=False)
    complete = periods["numerator"].count() == periods["services"].first()
    marks = {"change": _common(periods["change"], ""), "baseline": periods["baseline"].all()}
    sums = {**periods[AMOUNTS].sum(min_count=1), **marks}
    total = periods.first().assign(**sums)[complete].reset_index()
    share = total["per"] * total["numerator"] / total["denominator"].where(total["denominator"] > 0)
    value = share.where(total["kind"] != "count", total["numerator"])
    return total.assign(value=value, service="", comment="", summed=True)[services.columns]


def _common(texts: Any, otherwise: str) -> pd.Series:
    """What all rows of a group say, ``otherwise`` when they differ."""
    first: pd.Series = texts.first()
    return first.where(texts.nunique() == 1, otherwise)


def _of_people(rows: pd.DataFrame) -> pd.Series:
    """Whether the denominator of a row counts people or records."""
    return rows["kind"].isin(["proportion", "value"]) & rows["denominator"].notna()


def _alone(rows: pd.DataFrame, minimum: int) -> pd.Series:
    """The status of each row taken alone."""
    status = pd.Series("published", rows.index, dtype="str")
    status[_of_people(rows) & (rows["denominator"] < minimum)] = "suppressed"
    status[rows["value"].isna()] = "no_data"
    return status


def _protect(rows: pd.DataFrame, minimum: int) -> pd.Series:
    """Hide more rows where a total shown beside them would give a hidden one back.

    Until nothing changes: a row hidden for one total may be what another leaves alone.
    """
    people = rows[_of_people(rows) & (rows["status"] != "no_data")]
    poles, periods = list(_of_poles(people)), list(_of_periods(people))
    amounts = dict(zip(people.index, people[["numerator", "denominator"]].to_numpy(), strict=True))
    status: dict[int, str] = rows["status"].to_dict()
    before: dict[int, str] = {}
    while status != before:
        before = dict(status)
        for total, parts in (*poles, *periods):
            given = [amounts[row] for row in (total, *parts)]
            shown = [status[row] == "published" for row in (total, *parts)]
            for rank in _to_hide(given, shown, minimum):
                status[(total, *parts)[rank]] = "complementary"
        if status == before and periods:
            shown_rows = {row for row in amounts if status[row] == "published"}
            more = find_more_to_hide(amounts, shown_rows, [*poles, *periods])
            status |= dict.fromkeys(more, "complementary")
    return pd.Series(status, dtype="str").reindex(rows.index)


def _to_hide(amounts: list[tuple[float, float]], shown: list[bool], minimum: int) -> list[int]:
    """Which rows to hide so that a total and its parts give no hidden part back.

    ``amounts``: (numerator, denominator) of the total, then of its parts. Parts are hidden from
    the smallest on until all those hidden are safe together; the total when they never are.
    """
    parts = range(1, len(amounts))
    hidden = [rank for rank in parts if not shown[rank] and amounts[rank][1] > 0]
    if not shown[0] or not hidden:
        return []
    more = sorted((rank for rank in parts if shown[rank]), key=lambda rank: amounts[rank][1])
    for n in range(len(more) + 1):
        kept = [amounts[rank] for rank in more[n:]]
        together = [amounts[rank] for rank in (*hidden, *more[:n])]
        if _is_safe(together, minimum) and not _is_extreme(*_rest(amounts[0], kept)):
            return more[:n]
    return [0]


def _is_safe(rows: Sequence[Sequence[float]], minimum: int) -> bool:
    """Whether the sum of hidden rows may be known: of several, enough people, not all alike."""
    met, among = _rest((0.0, 0.0), rows)
    return len(rows) > 1 and -among >= minimum and not _is_extreme(-met, -among)


def _rest(total: Sequence[float], parts: Sequence[Sequence[float]]) -> tuple[float, float]:
    """What is left of a total without some of its parts."""
    return (
        total[0] - sum(met for met, _ in parts),
        total[1] - sum(among for _, among in parts),
    )


def _is_extreme(met: float, among: float) -> bool:
    """Whether a sum of 0 or 100 % tells each of its parts; a sum of values never is."""
    return among > 0 and (met <= 0 or met >= among)


def _of_poles(rows: pd.DataFrame) -> Iterator[Sum]:
    """Each pôle's row of a period, and those of its services."""
    for _, group in rows.groupby([*GROUP, "period"], sort=False):
        own = group["service"] == ""
        if own.sum() == 1 and len(group) > 1:
            yield group.index[own][0], group.index[~own].tolist()


def _of_periods(rows: pd.DataFrame) -> Iterator[Sum]:
    """Each quarter or year of a place, and its months or quarters, which have another name.

    One indicator has one frequency: the same counts by month and by year are two indicators. They
    are known by their sums.
    """
    for _, place in rows.groupby([*PLACE, "kind"], sort=False):
        series = [part for _, part in place.groupby("indicator", sort=False)]
        for longer, shorter in permutations(series, 2):
            for total, parts in _covered(longer, shorter):
                amounts = place[["numerator", "denominator"]].fillna(0)
                if np.allclose(amounts.loc[total], amounts.loc[parts].sum()):
                    yield total, parts


def _covered(longer: pd.DataFrame, shorter: pd.DataFrame) -> Iterator[Sum]:
    """The rows of a series that cover rows of another; one alone, with data, is the same row."""
    ways = [str(part["frequency"].iloc[0]) for part in (longer, shorter)]
    if PER_YEAR[ways[0]] >= PER_YEAR[ways[1]]:
        return
    inside = pd.PeriodIndex(shorter["period"], freq=ways[1]).asfreq(ways[0]).astype(str)
    for row, period in zip(longer.index, longer["period"], strict=True):
        parts = shorter.index[inside == period].tolist()
        if parts:
            yield row, parts
