"""Indicators that may be shown: small groups of people or records hidden, none to be rebuilt."""

import dataclasses
from dataclasses import dataclass
from typing import Any

import pandas as pd

from qgdr_eval.disclosure.published import SEAL
from qgdr_eval.responses.indicators import INDICATOR_COLUMNS

MINIMUM = 11  # people or records behind a figure that leaves the facility
PUBLISHED_COLUMNS = [*INDICATOR_COLUMNS, "status", "summed"]
PLACE = ["facility", "pole", "service"]
GROUP = ["indicator", "facility", "pole"]
AMOUNTS = ["numerator", "denominator", "value"]


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
    seal: Any = None

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
    period must together count at least ``minimum``: else the smallest service still shown is
    hidden too, until they do. Counts, and rates per days or stays, describe an organisation, not
    people: they are shown.

    A pôle that gives several services and no row of its own gets a total, the sum of its
    services, for the periods where all of them have a number; it has the declared change and the
    baseline that all of them have. Raises ``ValueError`` for a
    ``minimum`` under 5.

    >>> from qgdr_eval.responses.indicators import INDICATOR_COLUMNS
    >>> nothing = pd.DataFrame(columns=INDICATOR_COLUMNS)
    >>> publish_indicators(nothing).poles
    []
    """
    if minimum < 5:
        raise ValueError(f"nobody is protected by a minimum of {minimum}")
    given = indicators.astype(dict.fromkeys(AMOUNTS, float)).assign(
        summed=False,
        change=indicators["change"].astype("str").fillna(""),
        baseline=indicators["baseline"].eq(True),
    )
    rows = _with_totals(given).reset_index(drop=True)
    rows = rows.assign(status=_alone(rows, minimum))
    rows = rows.assign(status=_protect_services(rows, minimum))[PUBLISHED_COLUMNS]
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


def _protect_services(rows: pd.DataFrame, minimum: int) -> pd.Series:
    """Hide more services where a total shown beside them would give a hidden one back.

    From the smallest on, services are hidden while those before them count under ``minimum``.
    """
    people = rows[_of_people(rows) & (rows["status"] != "no_data")]
    totals = people[(people["service"] == "") & (people["status"] == "published")]
    services = people[people["service"] != ""].sort_values("denominator", kind="stable")
    periods = [services[name] for name in (*GROUP, "period")]
    hidden = services["status"] == "suppressed"
    told = pd.MultiIndex.from_arrays(periods).isin(
        pd.MultiIndex.from_frame(totals[[*GROUP, "period"]])
    )
    before = services.groupby(periods)["denominator"].cumsum() - services["denominator"]
    risky = hidden.groupby(periods).transform("any") & told & ~hidden & (before < minimum)
    status = rows["status"].copy()
    status[services.index[risky]] = "complementary"
    return status
