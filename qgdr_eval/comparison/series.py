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
)
from qgdr_eval.disclosure.indicators import PLACE, PublishedIndicators
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import PointRow, PublishedIndicatorRow, SignalRow

SIGNAL_COLUMNS = list(SignalRow._fields)
SIDES = {1: "above", -1: "below"}
FAVOURABLE = {("above", "up"), ("below", "down")}
POINT_COLUMNS = [*PointRow._fields[: PointRow._fields.index("centre")]]  # what the file says
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
class Part:
    """The points of a series between two declared changes, read by themselves.

    ``median``, and the limits of ``points``: those of the declared baseline where there is one.
    ``base``: the published points of that baseline, 0 without one. The rest as in `Series`.
    """

    chart: str
    median: float
    points: pd.DataFrame
    runs: Runs
    signals: pd.DataFrame
    base: int


@dataclass(frozen=True)
class Series:
    """One indicator in one place over time, read.

    ``points``: one row per period of the file, in time: ``period, label, numerator, denominator,
    value, status, comment, change, baseline``, then `LIMIT_COLUMNS`, ``outside`` ("", ``above``,
    ``below`` the limits), ``run`` (in the latest run longer than usual), ``part`` (from 1) and its
    ``median``. A part begins at each declared ``change``; ``chart``, ``median``, ``runs``, ``base``
    (published points of a frozen baseline) and ``signals`` are those of the last. ``signals``:
    columns `SIGNAL_COLUMNS`, where ``signal`` is ``shift``, ``crossings`` or ``outside``. Values,
    limits and target are in the indicator's own unit: percents, per ``per``, counts or values.
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
    base: int
    level: Level

    @property
    def change(self) -> str:
        """What the signals of the last part allow to say of a change.

        ``unfavourable`` or ``favourable`` when all the signals that last to the last point are on
        that side; ``signal`` when none lasts, when they have no side (too few crossings never
        have) or none is favourable; ``none``; ``flat`` when too many points are on the median for
        the run rules, and none is outside the limits; ``too_few``.
        """
        if self.chart == "too_few":
            return "too_few"
        lasting = self.signals[self.signals["recent"] & (self.signals["side"] != "")]
        if self.direction != "neutral" and len(lasting):
            good = {(side, self.direction) in FAVOURABLE for side in lasting["side"]}
            if len(good) == 1:
                return "favourable" if good.pop() else "unfavourable"
        if len(self.signals):
            return "signal"
        return "none" if self.runs.readable else "flat"

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """(period, its label, what changed) of each declared change."""
        declared = self.points[self.points["change"] != ""]
        return list(declared[["period", "label", "change"]].itertuples(index=False, name=None))


def read_series(published: PublishedIndicators) -> list[Series]:
    """Read every series of published indicators, in their order."""
    keys = ["indicator", *PLACE]
    return [series_of(rows) for _, rows in published.rows.groupby(keys, sort=False)]


def series_of(rows: pd.DataFrame) -> Series:
    """Read the published rows of one indicator in one place, whatever their order."""
    rows = rows.sort_values("period").reset_index(drop=True)
    first = rows_of(rows, PublishedIndicatorRow)[0]
    parts = read_parts(rows)
    points = pd.concat(
        [
            part.points.assign(part=rank, median=part.median)
            for rank, part in enumerate(parts, start=1)
        ]
    )
    last = parts[-1]
    return Series(
        **{name: getattr(first, name) for name in _SHARED},
        summed=bool(first.summed),
        chart=last.chart,
        median=last.median,
        points=points,
        runs=last.runs,
        signals=last.signals,
        base=last.base,
        level=read_level(rows),
    )


def read_parts(rows: pd.DataFrame) -> list[Part]:
    """The parts of one series; ``rows``: its published rows, in time."""
    return [_part(part) for _, part in rows.groupby((rows["change"] != "").cumsum())]


def _part(rows: pd.DataFrame) -> Part:
    """One part. Hidden periods have no limit."""
    shown = rows[rows["status"] == "published"]
    values = shown["value"].to_numpy(float)
    base = shown["baseline"].to_numpy(bool) if rows["baseline"].any() else None
    middle = values if base is None else values[base]
    median = float(np.median(middle)) if len(middle) else np.nan
    centre = None if base is None else median
    chart, around = _limits(shown, base)
    points = rows[POINT_COLUMNS].join(around)
    run = _in_long_run(shown, centre).reindex(points.index, fill_value=False)
    points = points.assign(outside=_outside(points), run=run)
    runs = read_runs(values, centre)
    signals = find_signals(points[points["status"] == "published"], runs, centre)
    return Part(chart, median, points, runs, signals, 0 if base is None else int(base.sum()))


def _limits(shown: pd.DataFrame, base: np.ndarray | None) -> tuple[str, pd.DataFrame]:
    """The chart of published points of one part, and its limits in the indicator's unit."""
    kind = str(shown["kind"].iloc[0]) if len(shown) else ""
    events, size = shown["numerator"].to_numpy(float), shown["denominator"].to_numpy(float)
    values = shown["value"].to_numpy(float)
    if kind == "count":
        size = np.ones(len(events))
    chart = choose_chart(kind, events, size, values, base)
    around = limits(chart, events, size, values, base)
    scale = float(shown["per"].iloc[0]) if kind in ("proportion", "rate") else 1.0
    return chart, (around * scale).set_index(shown.index)


def _outside(points: pd.DataFrame) -> np.ndarray:
    above = points["value"] > points["high_limit"] + 1e-9
    below = points["value"] < points["low_limit"] - 1e-9
    return np.select([above, below], ["above", "below"], "")


def _in_long_run(shown: pd.DataFrame, centre: float | None) -> pd.Series:
    """Whether each published point belongs to the latest run longer than usual."""
    marked = pd.Series(False, shown.index)
    for _, first, last in long_runs(shown["value"].to_numpy(float), centre)[-1:]:
        marked[_useful(shown, centre).index[first : last + 1]] = True
    return marked


def _useful(shown: pd.DataFrame, centre: float | None) -> pd.DataFrame:
    middle = shown["value"].median() if centre is None else centre
    return shown[(shown["value"] - middle).round(9) != 0]


def find_signals(shown: pd.DataFrame, runs: Runs, centre: float | None = None) -> pd.DataFrame:
    """The signals of the published points of one part, columns `SIGNAL_COLUMNS`.

    A step up makes two long runs, one on each side: the latest is told. ``side``: that of the run
    or of the point; "" for too few crossings, which say that the series moved and not which way.
    A signal is ``recent`` when it lasts to the last point: a run that the last point off the median
    still belongs to, or a last point outside the limits. Too few crossings have no date.
    ``centre`` as in `read_runs`.
    """
    useful, last = _useful(shown, centre), str(shown["period"].max())
    found: list[tuple[str, str, str, str, int, bool]] = []
    for way, start, end in long_runs(shown["value"].to_numpy(float), centre)[-1:]:
        periods = useful["period"].iloc[start : end + 1]
        lasts = end == len(useful) - 1
        found.append(("shift", SIDES[way], *_ends(periods), len(periods), lasts))
    if runs.readable and runs.crossings < runs.crossings_limit:
        found.append(("crossings", "", *_ends(useful["period"]), runs.crossings, False))
    beyond = shown.loc[shown["outside"] != "", ["outside", "period"]]
    for side, period in beyond.itertuples(index=False, name=None):
        found.append(("outside", side, period, period, 1, period == last))
    return pd.DataFrame(found, columns=SIGNAL_COLUMNS).astype({"recent": bool})


def _ends(periods: pd.Series) -> tuple[str, str]:
    return str(periods.iloc[0]), str(periods.iloc[-1])


def read_level(rows: pd.DataFrame) -> Level:
    """The last published period of one series, with its interval, against its target."""
    shown = rows_of(
        rows[rows["status"] == "published"].sort_values("period"), PublishedIndicatorRow
    )
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
