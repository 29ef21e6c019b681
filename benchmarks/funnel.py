"""How often a funnel calls ordinary services unusual, and how often steadied scores hold the truth.

Campaigns are invented: 8 to 99 services of 5 to 60 people, four yes/no questions correlated by one
half within a person. Ordinary services stand around a target with a normal spread, kept within 1
and 99 %; in half of the cases one service in ten stands 25 points below where it would. The
kit's own estimates are measured, and beside them what other tools do: the usual rule (z winsorised
at 10 %, additive variance), binomial limits on answers and on people, and the plain interval of
empirical Bayes.

    python benchmarks/funnel.py [services per case]
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtri

from qgdr_eval.comparison.between import paule_mandel, robust_variance, usual_variance
from qgdr_eval.comparison.funnel import FAR_LEVEL, LEVEL, record_limits
from qgdr_eval.comparison.shrinkage import average_spreads

SEED = 20261201
TEAMS, SERVICES, TARGETS, SPREADS = (5, 9, 15, 30, 60), (8, 18, 50, 99), (50, 75, 90), (0, 5, 8)
OUTLIERS, OFF = (0.0, 0.1), 25
ITEMS = 4
EDGE, FAR_EDGE = (float(ndtri((1 + level) / 2)) for level in (LEVEL, FAR_LEVEL))


class Case(NamedTuple):
    team: int
    services: int
    target: int
    spread: int
    outliers: float


class Drawn(NamedTuple):
    """Campaigns of one case: (campaigns, services) each, in points; ``ordinary``: true or not."""

    truth: np.ndarray
    ordinary: np.ndarray
    score: np.ndarray
    variance: np.ndarray


def draw(case: Case, services: int) -> Drawn:
    rng = np.random.default_rng([SEED, *(int(10 * part) for part in case)])
    shape = (max(services // case.services, 100), case.services)
    odd = np.arange(case.services) < round(case.outliers * case.services)
    share = rng.normal(case.target, case.spread, shape) / 100 - np.where(odd, OFF / 100, 0)
    share = np.clip(share, 0.01, 0.99)
    leaning = rng.beta(share[..., None], 1 - share[..., None], (*shape, case.team))
    answers = 100 * rng.binomial(ITEMS, leaning) / ITEMS
    within = answers.var(axis=-1, ddof=1).mean(axis=-1, keepdims=True)
    variance = np.broadcast_to(np.maximum(within, 1e-9) / case.team, shape)
    return Drawn(100 * share, np.broadcast_to(~odd, shape), answers.mean(axis=-1), variance)


def robust_z(drawn: Drawn) -> np.ndarray:
    far = drawn.score - np.median(drawn.score, axis=1, keepdims=True)
    between = robust_variance(far, drawn.variance)
    return far / np.sqrt(drawn.variance + between[:, None])


def usual_z(drawn: Drawn) -> np.ndarray:
    """Around the mean of all people, teams being of one size."""
    far = drawn.score - drawn.score.mean(axis=1, keepdims=True)
    between = usual_variance(far / np.sqrt(drawn.variance), drawn.variance)
    return far / np.sqrt(drawn.variance + between[:, None])


def plain(drawn: Drawn) -> tuple[np.ndarray, np.ndarray]:
    """Empirical Bayes taking the spread and the mean for known."""
    back = drawn.variance / (drawn.variance + paule_mandel(drawn.score, drawn.variance)[:, None])
    mean = drawn.score.mean(axis=1, keepdims=True)
    return drawn.score - back * (drawn.score - mean), drawn.variance * (1 - back)


def closed(drawn: Drawn) -> tuple[np.ndarray, np.ndarray]:
    """Morris's formulas (J Am Stat Assoc 1983;78:47, section 5), from the spread that fits best."""
    k, v = drawn.score.shape[1], drawn.variance
    whole = v + paule_mandel(drawn.score, v)[:, None]
    weight = (1 / whole) / (1 / whole).sum(axis=1, keepdims=True)
    far = drawn.score - (weight * drawn.score).sum(axis=1, keepdims=True)
    back = (k - 3) / (k - 1) * v / whole
    unsure = 2 / (k - 3) * back**2 * (weight * whole).sum(axis=1, keepdims=True) / whole * far**2
    return drawn.score - back * far, v * (1 - back * (1 - weight)) + unsure


def binomial(drawn: Drawn, target: int, n: int) -> np.ndarray:
    low, high = record_limits(target, n)
    return (drawn.score < low) | (drawn.score > high)


def flags(case: Case, services: int) -> dict[str, float]:
    """Services called unusual, in percent of the ordinary ones, then of those really apart."""
    drawn = draw(case, services)
    robust, usual = np.abs(robust_z(drawn)), np.abs(usual_z(drawn))
    beyond = {
        "kit": robust > EDGE,
        "usual": usual > EDGE,
        "answers": binomial(drawn, case.target, case.team * ITEMS),
        "people": binomial(drawn, case.target, case.team),
        "kit far": robust > FAR_EDGE,
        "usual far": usual > FAR_EDGE,
    }
    found = {name: 100 * flag[drawn.ordinary].mean() for name, flag in beyond.items()}
    if case.outliers:
        for name in ("kit", "usual"):
            found[f"{name} seen"] = 100 * beyond[name][~drawn.ordinary].mean()
    return found


def intervals(case: Case, services: int) -> dict[str, float]:
    """Percent of the truths that 95 % intervals hold, and root mean square errors, in points."""
    drawn = draw(case, services)
    found = {"raw error": _error(drawn.score, drawn.truth)}
    for name, (score, variance) in (
        ("kit", _in_parts(drawn)),
        ("closed", closed(drawn)),
        ("plain", plain(drawn)),
    ):
        held = np.abs(score - drawn.truth) <= EDGE * np.sqrt(variance) + 1e-9
        found |= {f"{name} held": 100 * held.mean(), f"{name} error": _error(score, drawn.truth)}
    return found


def _error(score: np.ndarray, truth: np.ndarray) -> float:
    return float(np.sqrt(np.mean((score - truth) ** 2)))


def _in_parts(drawn: Drawn) -> tuple[np.ndarray, np.ndarray]:
    """`average_spreads` of a hundred campaigns at a time, which memory holds."""
    parts = [
        average_spreads(drawn.score[first : first + 100], drawn.variance[first : first + 100])
        for first in range(0, len(drawn.score), 100)
    ]
    scores, variances = zip(*parts, strict=True)
    return np.concatenate(scores), np.concatenate(variances)


def cases(outliers: float) -> Iterator[Case]:
    for target in TARGETS:
        for spread in SPREADS:
            for team in TEAMS:
                for services in SERVICES:
                    yield Case(team, services, target, spread, outliers)


Measure = Callable[[Case, int], dict[str, float]]


def measure(how: Measure, outliers: float, services: int) -> pd.DataFrame:
    """A row per case: what it is and what is measured of it."""
    return pd.DataFrame([{**c._asdict(), **how(c, services)} for c in cases(outliers)])


def french(low: float, high: float) -> str:
    """From the lowest to the highest number of services, or of targets."""
    ends = dict.fromkeys(f"{end:.1f}".replace(".", ",") for end in (low, high))
    return " à ".join(ends)


def table(found: pd.DataFrame, by: list[str], heads: dict[str, str]) -> str:
    """A line per group of cases, each measure from its least to its most in it."""
    lines: list[Iterable[str]] = [[*by, *heads.values()], ["---"] * (len(by) + len(heads))]
    for key, rows in found.groupby(by, sort=False):
        ends = [french(rows[column].min(), rows[column].max()) for column in heads]
        lines.append([*map(str, key), *ends])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def outside(found: pd.DataFrame, column: str, low: float, high: float) -> str:
    """The cases where a measure is not where it is wanted, one a line."""
    rows = found[~found[column].between(low, high)]
    shown = rows[["team", "services", "target", "spread", column]].round(2)
    return f"{len(rows)} of {len(found)}\n{shown.to_string(index=False)}"


FLAGS = {
    "kit": "kit, 95 %", "usual": "usage, 95 %", "answers": "binomiales, réponses",
    "people": "binomiales, personnes", "kit far": "kit, 99,8 %", "usual far": "usage, 99,8 %",
}  # fmt: skip
SEEN = {
    "kit": "kit, 95 %", "usual": "usage, 95 %", "kit far": "kit, 99,8 %",
    "kit seen": "kit, vus", "usual seen": "usage, vus",
}  # fmt: skip
HELD = {
    "kit held": "kit, couverture", "closed held": "formules de Morris, couverture",
    "plain held": "intervalle simple, couverture",
    "raw error": "erreur, score brut", "kit error": "erreur, score stabilisé",
}  # fmt: skip
NAMES = {"target": "cible", "spread": "écart vrai", "team": "équipe", "services": "services"}


def print_flags(outliers: float, services: int) -> None:
    found = measure(flags, outliers, services)
    by = [NAMES[key] for key in ("target", "spread", "team")]
    print(f"\n### {outliers:.0%} à part\n")
    print(table(found.rename(columns=NAMES), by, SEEN if outliers else FLAGS), flush=True)
    print(outside(found, "kit", 0 if outliers else 2.5, 6.5))
    print(outside(found, "kit far", 0, 0.8), flush=True)


def print_intervals(outliers: float, services: int) -> None:
    found = measure(intervals, outliers, services)
    by = [NAMES[key] for key in ("services", "spread", "team")]
    print(f"\n### Intervalles, {outliers:.0%} à part\n")
    print(table(found.rename(columns=NAMES).sort_values(by), by, HELD), flush=True)
    print(outside(found, "kit held", 92, 97), flush=True)


def main(services: int = 20_000) -> None:
    for outliers in OUTLIERS:
        print_flags(outliers, services)
    for outliers in OUTLIERS:
        print_intervals(outliers, services // 2)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
