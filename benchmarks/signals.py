"""How often an unchanged series gives a signal, and how often one changed point is found.

Run: ``python benchmarks/signals.py [series]`` (1,000 series a cell by default, a few minutes).
Prints the tables of ``docs/decisions/0009-control-charts.md``. ``3σ`` is the plain chart of three
standard deviations (mean moving ranges for values), ``kit`` what the kit draws; the two run rules
are counted apart and not in ``3σ`` nor ``kit``.
"""

import sys
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from qgdr_eval.comparison.control import D2, choose_chart, limits, read_runs

Drawn = Callable[[tuple[int, int]], np.ndarray]
POINTS = (12, 24)
PROPORTIONS = ((60, 0.8), (40, 0.1), (200, 0.3), (800, 0.3), (20, 0.05))  # records, level
SPREADS = (1, 2, 4, 9)  # variance over that of the binomial law


def shares(rng: np.random.Generator, size: int, level: float, spread: float) -> Drawn:
    """Records met out of ``size``, with ``spread`` times the binomial variance."""
    if spread == 1:
        return lambda shape: rng.binomial(size, level, shape)
    known = (size - 1) / (spread - 1) - 1
    alpha, beta = level * known, (1 - level) * known
    return lambda shape: rng.binomial(size, rng.beta(alpha, beta, shape))


def values(rng: np.random.Generator) -> dict[str, Drawn]:
    """Values as indicators have them, from even to very skewed."""
    return {
        "normales, 5 %": lambda shape: rng.normal(1, 0.05, shape),
        "normales, 20 %": lambda shape: np.abs(rng.normal(1, 0.2, shape)),
        "lognormales, 0,3": lambda shape: np.exp(rng.normal(0, 0.3, shape)),
        "lognormales, 0,6": lambda shape: np.exp(rng.normal(0, 0.6, shape)),
        "lognormales, 1": lambda shape: np.exp(rng.normal(0, 1, shape)),
        "exponentielles": lambda shape: rng.exponential(1, shape),
        "moyennes de 15 scores": lambda shape: 100 * rng.beta(8, 2, (*shape, 15)).mean(axis=2),
    }


def drawn_limits(kind: str, events: np.ndarray, size: float, plain: bool) -> np.ndarray:
    """Which points of one series are outside, on the plain chart or on the kit's."""
    if kind == "value":
        if plain:
            half = 3 * np.abs(np.diff(events)).mean() / D2
            return np.abs(events - events.mean()) > half
        around = limits("xmr", events, events, events)
        return beyond(events, around)
    share, sizes = events / size, np.full(len(events), size)
    if plain:
        level = share.mean()
        return np.abs(share - level) > 3 * np.sqrt(level * (1 - level) / size) + 1e-12
    around = limits(choose_chart(kind, events, sizes), events, sizes, share)
    return beyond(share, around)


def beyond(points: np.ndarray, around: pd.DataFrame) -> np.ndarray:
    """Which points are beyond their limits."""
    low, high = around["low_limit"].to_numpy(), around["high_limit"].to_numpy()
    return (points > high + 1e-12) | (points < low - 1e-12)


def rung(kind: str, series: np.ndarray, size: float) -> Iterator[float]:
    """Shares of series with a point outside, plain then the kit's, and with a run rule broken."""
    for plain in (True, False):
        yield np.mean([drawn_limits(kind, events, size, plain).any() for events in series])
    runs = [read_runs(events) for events in series]
    yield np.mean(
        [
            one.readable
            and (one.longest > one.longest_limit or one.crossings < one.crossings_limit)
            for one in runs
        ]
    )


def found(series: np.ndarray, size: int, level: float, rng: np.random.Generator) -> Iterator[float]:
    """How often a point five standard deviations away is outside, plain then the kit's."""
    away = 5 * np.sqrt(level * (1 - level) / size) * (1 if level < 0.5 else -1)
    moved = series.copy()
    moved[:, -3] = rng.binomial(size, level + away, len(series))
    for plain in (True, False):
        outside = [drawn_limits("proportion", events, size, plain)[-3] for events in moved]
        yield np.mean(outside)


def percents(rates: Iterator[float]) -> str:
    return " | ".join(f"{100 * rate:.0f}" for rate in rates)


def main(series: int) -> None:
    """Print both tables."""
    rng = np.random.default_rng(2026)
    print("| dossiers, niveau | dispersion | points | 3σ | kit | suites | trouvé 3σ | trouvé kit |")
    for size, level in PROPORTIONS:
        for spread in SPREADS:
            for points in POINTS:
                events = shares(rng, size, level, spread)((series, points)).astype(float)
                rates = percents(rung("proportion", events, size))
                seen = percents(found(events, size, level, rng)) if spread == 1 else "– | –"
                print(f"| {size}, {level:.0%} | {spread} | {points} | {rates} | {seen} |")
    print("| valeurs | points | 3σ | kit | suites |")
    for name, draw in values(rng).items():
        for points in POINTS:
            print(f"| {name} | {points} | {percents(rung('value', draw((series, points)), 1))} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
