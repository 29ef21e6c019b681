"""Indicators read over time: each series with its chart, its signals and its last level."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from qgdr_eval.comparison.control import (
    Runs,
    against_target,
    choose_chart,
    level_interval,
    limits,
    long_runs,
    read_runs,
    sides_of,
)
from qgdr_eval.disclosure.indicators import PLACE, PublishedIndicators
from qgdr_eval.disclosure.rows import rows_of

RECENT = 3  # a signal is recent when it touches one of the last three points
SIGNAL_COLUMNS = ["signal", "side", "first", "last", "points", "recent"]
SIDES = {1: "above", -1: "below"}
FAVOURABLE = {("above", "up"), ("below", "down")}
_SHARED = (  # what all rows of a series say alike
    *("indicator", "family", "facility", "pole", "service", "kind", "frequency", "per", "target"),
    *("direction", "unit", "reference", "reference_source"),
)


@dataclass(frozen=True)
class Level:
    """The last published period against the target; ``low`` and ``high``: 95 % interval.

    ``verdict``: ``reached`` or ``not_reached`` when the whole interval is on that side of the
    target, ``cannot_conclude`` when it is not or when there is no interval (a value),
    ``no_target``, ``no_data``.
    """

    period: str
    label: str
    value: float
    numerator: float
    denominator: float
    low: float
    high: float
    verdict: str


NO_LEVEL = Level("", "", np.nan, np.nan, np.nan, np.nan, np.nan, "no_data")


@dataclass(frozen=True)
class Series:
    """One indicator in one place over time, read.

    ``points``: one row per period of the file, in time: ``period, label, numerator, denominator,
    value, status, comment``, then `LIMIT_COLUMNS`, ``outside`` ("", ``above``, ``below`` the
    limits) and ``run`` (in the latest run longer than usual). ``signals``: columns
    `SIGNAL_COLUMNS`, where ``signal`` is ``shift``, ``crossings`` or ``outside``. Values, limits
    and target are in the indicator's own unit: percents, per ``per``, counts or values.
    """

    indicator: str
    family: str
    facility: str
    pole: str
    service: str
    kind: str
    frequency: str
    per: float
    target: float
    direction: str
    unit: str
    reference: float
    reference_source: str
    summed: bool
    chart: str
    median: float
    points: pd.DataFrame
    runs: Runs
    signals: pd.DataFrame
    level: Level

    @property
    def change(self) -> str:
        """What the signals allow to say of a change.

        ``unfavourable`` or ``favourable`` when all recent signals are on that side; ``signal``
        when they are on both, past, or have no favourable side; ``none``; ``flat`` when most
        points are on the median; ``too_few``.
        """
        if self.chart == "too_few":
            return "too_few"
        recent = self.signals[self.signals["recent"] & (self.signals["side"] != "")]
        if self.direction != "neutral" and len(recent):
            good = {(side, self.direction) in FAVOURABLE for side in recent["side"]}
            if len(good) == 1:
                return "favourable" if good.pop() else "unfavourable"
        if len(self.signals):
            return "signal"
        return "none" if self.runs.readable else "flat"


def read_series(published: PublishedIndicators) -> list[Series]:
    """Read every series of published indicators, in their order."""
    keys = ["indicator", *PLACE]
    return [series_of(rows) for _, rows in published.rows.groupby(keys, sort=False)]


def series_of(rows: pd.DataFrame) -> Series:
    """Read the published rows of one indicator in one place, whatever their order."""
    rows = rows.sort_values("period").reset_index(drop=True)
    first = rows_of(rows)[0]
    chart, points = chart_points(rows)
    shown = points[points["status"] == "published"]
    values = shown["value"].to_numpy(float)
    runs = read_runs(values)
    return Series(
        **{name: getattr(first, name) for name in _SHARED},
        summed=bool(first.summed),
        chart=chart,
        median=float(np.median(values)) if len(values) else np.nan,
        points=points,
        runs=runs,
        signals=find_signals(shown, runs),
        level=read_level(rows),
    )


def chart_points(rows: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    """The chart of one series and its points, as `Series` describes them.

    ``rows``: published rows of one indicator and place. Hidden periods have no limit.
    """
    rows = rows.sort_values("period").reset_index(drop=True)
    shown = rows[rows["status"] == "published"]
    kind = str(rows["kind"].iloc[0])
    events, size = shown["numerator"].to_numpy(float), shown["denominator"].to_numpy(float)
    if kind == "count":
        size = np.ones(len(events))
    chart = choose_chart(kind, events, size)
    around = limits(chart, events, size, shown["value"].to_numpy(float))
    scale = 1.0 if kind in ("count", "value") else float(rows["per"].iloc[0])
    names = ["period", "label", "numerator", "denominator", "value", "status", "comment"]
    points = rows[names].join((around * scale).set_index(shown.index))
    outside, run = _outside(points), _in_long_run(shown)
    return chart, points.assign(outside=outside, run=run.reindex(points.index, fill_value=False))


def _outside(points: pd.DataFrame) -> np.ndarray:
    above = points["value"] > points["high_limit"] + 1e-9
    below = points["value"] < points["low_limit"] - 1e-9
    return np.select([above, below], ["above", "below"], "")


def _in_long_run(shown: pd.DataFrame) -> pd.Series:
    """Whether each published point belongs to the latest run longer than usual."""
    marked = pd.Series(False, shown.index)
    for _, first, last in long_runs(shown["value"].to_numpy(float))[-1:]:
        marked[_useful(shown).index[first : last + 1]] = True
    return marked


def _useful(shown: pd.DataFrame) -> pd.DataFrame:
    return shown[(shown["value"] - shown["value"].median()).round(9) != 0]


def find_signals(shown: pd.DataFrame, runs: Runs) -> pd.DataFrame:
    """The signals of the published points of one series, columns `SIGNAL_COLUMNS`.

    A step up makes two long runs, one on each side: the latest is told. ``side``: that of the run,
    of the point, or, for too few crossings, the one most points of the second half are on ("" when
    neither). A signal is ``recent`` when it touches one of the last `RECENT` points; too few
    crossings always do.
    """
    useful = _useful(shown)
    late = set(shown["period"].iloc[-RECENT:])
    found: list[tuple[str, str, str, str, int, bool]] = []
    for side, start, end in long_runs(shown["value"].to_numpy(float))[-1:]:
        periods = useful["period"].iloc[start : end + 1]
        recent = bool(late & set(periods))
        found.append(("shift", SIDES[side], *_ends(periods), len(periods), recent))
    if runs.readable and runs.crossings < runs.crossings_limit:
        sides = sides_of(shown["value"].to_numpy(float))
        leaning = int(np.sign(sides[len(sides) // 2 :].sum()))
        crossed = ("crossings", SIDES.get(leaning, ""), *_ends(useful["period"]))
        found.append((*crossed, runs.crossings, True))
    for row in rows_of(shown[shown["outside"] != ""]):
        found.append(("outside", row.outside, row.period, row.period, 1, row.period in late))
    return pd.DataFrame(found, columns=SIGNAL_COLUMNS).astype({"recent": bool})


def _ends(periods: pd.Series) -> tuple[str, str]:
    return str(periods.iloc[0]), str(periods.iloc[-1])


def read_level(rows: pd.DataFrame) -> Level:
    """The last published period of one series, with its interval, against its target."""
    shown = rows_of(rows[rows["status"] == "published"].sort_values("period"))
    if not shown:
        return NO_LEVEL
    last = shown[-1]
    low, high = level_interval(last.kind, last.numerator, last.denominator, last.per)
    return Level(
        last.period,
        last.label,
        last.value,
        last.numerator,
        last.denominator,
        low,
        high,
        against_target(low, high, last.target, last.direction),
    )
