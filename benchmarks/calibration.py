"""How often reports of small teams are wrong, and how often they see what has changed.

Campaigns of teams of 5 to 60 people are invented: twelve dimensions of four questions, each person
with a lasting leaning of their own, answers of one dimension correlated by one half within a team.
What a report claims is judged against the *whole team's lasting leanings*: what everybody would
say, on average over days. Answers are scored by the kit itself, from `pool_spread` to the readings
and the comparison of two rounds; beside it stand the intervals as they were made before.

    python benchmarks/calibration.py [campaigns per case]
"""

import sys
from collections.abc import Callable, Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

import numpy as np
import pandas as pd

from qgdr_eval.comparison.balance import read_balance
from qgdr_eval.comparison.evolution import compare_campaigns
from qgdr_eval.comparison.overall import OVERALL
from qgdr_eval.comparison.reading import read_interval
from qgdr_eval.comparison.self_team import compare_self_to_team
from qgdr_eval.disclosure import Published
from qgdr_eval.instruments import Dimension, Instrument, Item, Option, Scale, Threshold
from qgdr_eval.scoring import Breakdown, evaluate, pool_spread, wilson
from qgdr_eval.scoring.coding import Coded
from qgdr_eval.scoring.intervals import effective_size, finite_size

SEED = 20261129
TEAMS, ANSWERED, SERVICES = (5, 9, 15, 30, 60), (0.4, 0.7, 1.0), 10
DIMENSIONS, ITEMS, CORRELATION = 12, 4, 0.5
LEAST, MOST, ROOM = 0.35, 0.95, 0.8  # where the leanings of services stand; with room to gain
OPTIONS = {"positive_share": 2, "mean_0_100": 5}
POLES = {
    2: ("negative", "positive"),
    5: ("negative", "negative", "neutral", "positive", "positive"),
}
MARKS = (
    Threshold(kind="at_least", value=75, label="haut", origin="essai"),
    Threshold(kind="at_most", value=50, label="bas", origin="essai"),
)


class Case(NamedTuple):
    rule: str
    team: int
    answered: float
    services: int = SERVICES

    @property
    def n(self) -> int:
        """People who answered; two at least, for a spread to exist."""
        return max(2, round(self.team * self.answered))


class Row(NamedTuple):
    """A dimension of a report, as comparisons read it; the status is always ``published``."""

    dimension: int
    score: float
    low: float
    high: float
    verdict: str
    band: str
    n_valid: int = 0
    status: str = "published"


@cache
def instrument_of(rule: str) -> Instrument:
    options = tuple(
        Option(code=i, label=str(i), pole=pole) for i, pole in enumerate(POLES[OPTIONS[rule]])
    )
    names = [f"d{rank}" for rank in range(DIMENSIONS)]
    return Instrument(
        id="calibration",
        version="1.0.0",
        title="Calibration",
        source="simulation",
        licence="MIT",
        subject="respondent",
        scales={"s": Scale(label="s", options=options)},
        items=tuple(
            Item(code=f"{name}i{i}", text=f"{name} {i}", dimension=name, scale="s")
            for name in names
            for i in range(ITEMS)
        ),
        dimensions=tuple(Dimension(id=n, label=n, definition=n, rule=rule) for n in names),
        thresholds=MARKS,
    )


def draw_leanings(case: Case, rng: np.random.Generator, most: float = MOST) -> np.ndarray:
    """The lasting leaning of everybody, 0 to 1: (services, people, dimensions)."""
    share = rng.uniform(LEAST, most, (case.services, 1, DIMENSIONS))
    spread = (1 - CORRELATION) / CORRELATION
    return rng.beta(share * spread, (1 - share) * spread, (case.services, case.team, DIMENSIONS))


def answer(leanings: np.ndarray, case: Case, rng: np.random.Generator) -> np.ndarray:
    """One day's answers of those who answered: (services, people, dimensions, items)."""
    steps, asked = OPTIONS[case.rule] - 1, leanings[:, : case.n, :, None]
    return rng.binomial(steps, asked, (*asked.shape[:3], ITEMS)).astype(np.uint8)


def score(case: Case, answers: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The scores of a campaign, dimensions and items, service after service, and their spread."""
    services, n = answers.shape[:2]
    groups = pd.DataFrame(
        {
            "facility": "f",
            "service": [f"s{i}" for i in range(services)],
            "stratum": "",
            "head_count": float(case.team),
        }
    )
    coded = Coded(instrument_of(case.rule), answers.reshape(services * n, -1).T.copy())
    teams = Breakdown(groups, np.repeat(np.arange(services), n))
    spread = pool_spread(coded, teams, np.ones(services, dtype=bool))
    scores = evaluate(coded, [teams], spread=spread)
    return scores[scores["measure"] == case.rule], spread


def now(case: Case, answers: np.ndarray) -> np.ndarray:
    """Score, low and high of each dimension, 0 to 100: (3, services, dimensions)."""
    scores, _ = score(case, answers)
    wholes = scores[scores["item"] == ""]
    return wholes[["score", "low", "high"]].to_numpy(float).T.reshape(3, -1, DIMENSIONS)


def before(case: Case, answers: np.ndarray) -> np.ndarray:
    """The same as it was made: each team's own spread, then (N − 1) / (N − n)."""
    values = answers / (OPTIONS[case.rule] - 1)
    means, n = values.mean(axis=3), case.n
    share, own = means.mean(axis=1), means.var(axis=1) / n
    unrelated = values.var(axis=1).mean(axis=2) / ITEMS / n
    size = effective_size(share, own, unrelated, np.full(share.shape, n))
    return 100 * np.array([share, *wilson(share, finite_size(size, n, case.team))])


def items_now(case: Case, answers: np.ndarray) -> np.ndarray:
    """Low and high of each item: (2, services, dimensions, items)."""
    scores, _ = score(case, answers)
    items = scores[scores["item"] != ""]
    return items[["low", "high"]].to_numpy(float).T.reshape(2, -1, DIMENSIONS, ITEMS)


def read(scores: np.ndarray, n: int) -> list[Row]:
    """The dimensions of one report of ``n`` answers, read: ``scores`` is (3, dimensions)."""
    return [
        Row(rank, *ends, *read_interval(*ends, MARKS), n)
        for rank, ends in enumerate(scores.T.tolist())
    ]


def judge(scores: np.ndarray, truth: np.ndarray, n: int) -> dict[str, float]:
    """What one report claims, against the truth (dimensions)."""
    rows = read(scores, n)
    stands = [read_interval(one, one, one, MARKS)[1] for one in truth.tolist()]
    sure = [row for row in rows if row.verdict == "established"]
    own = [Row(rank, one, one, one, "", "") for rank, one in enumerate(truth.tolist())]
    balance = read_balance(rows)
    lowest = balance is not None and balance.apart and balance.weakest != truth.argmin()
    return {
        "wrong": any(row.band != stands[row.dimension] for row in sure),
        "sure": len(sure) / len(rows),
        "self": bool(compare_self_to_team(own, rows)["verdict"].isin(["higher", "lower"]).any()),
        "lowest": bool(lowest),
    }


Made = Callable[[Case, np.ndarray], np.ndarray]


def run_case(case: Case, campaigns: int, made: Made) -> dict[str, Any]:
    """Coverage and width over dimensions, then what goes wrong in reports, all in percent."""
    rng = np.random.default_rng([SEED, *map(int, repr(case).encode())])
    held, widths, claims = [], [], []
    for _ in range(campaigns):
        leanings = draw_leanings(case, rng)
        truth = 100 * leanings.mean(axis=1)
        scores = made(case, answer(leanings, case, rng))
        held.append((scores[1] - 1e-9 <= truth) & (truth <= scores[2] + 1e-9))
        widths.append(scores[2] - scores[1])
        claims += [judge(scores[:, i], truth[i], case.n) for i in range(case.services)]
    rates = 100 * pd.DataFrame(claims).astype(float).mean()
    return {
        **case._asdict(),
        "coverage": 100 * float(np.mean(held)),
        "width": float(np.mean(widths)),
        **rates,
    }


def run_items(case: Case, campaigns: int) -> float:
    """Coverage of the intervals of items, in percent."""
    rng = np.random.default_rng([SEED, 1, *map(int, repr(case).encode())])
    held = []
    for _ in range(campaigns):
        leanings = draw_leanings(case, rng)
        low, high = items_now(case, answer(leanings, case, rng))
        truth = 100 * leanings.mean(axis=1)[:, :, None]
        held.append((low - 1e-9 <= truth) & (truth <= high + 1e-9))
    return 100 * float(np.mean(held))


def as_published(case: Case, answers: np.ndarray) -> Published:
    """Results as the comparison of two rounds reads them; nobody is hidden here."""
    scores, spread = score(case, answers)
    places = scores[["facility", "service"]].drop_duplicates().assign(head_count=case.team)
    shown = SimpleNamespace(
        instrument=instrument_of(case.rule),
        scores=scores.assign(status="published"),
        participation=places,
        spread=spread,
    )
    shown.dimension_scores = lambda: shown.scores[shown.scores["item"] == ""]
    return cast(Published, shown)


def moved(leanings: np.ndarray, points: float, dimensions: int) -> np.ndarray:
    """The same people, the first ``dimensions`` having gained so many points on average."""
    later, first = leanings.copy(), leanings[..., :dimensions]
    means = first.mean(axis=1, keepdims=True)
    later[..., :dimensions] = 1 - (1 - first) * np.clip(1 - points / 100 / (1 - means), 0, 1)
    return later


def run_rounds(case: Case, campaigns: int, points: float, dimensions: int) -> dict[str, Any]:
    """Reports that see a change, all in percent; what the lowest question gained, in points.

    ``seen``: where something moved, one of these dimensions or all of them together is said to
    have moved; ``overall``: all of them together; ``raw``, ``beyond``: what the lowest question
    of the team gained, and what of it the page calls beyond its own return to the mean.
    """
    rng = np.random.default_rng([SEED, 2, int(points), dimensions, *map(int, repr(case).encode())])
    found = []
    for _ in range(campaigns):
        leanings = draw_leanings(case, rng, ROOM)
        rounds = [answer(one, case, rng) for one in (leanings, moved(leanings, points, dimensions))]
        rows = compare_campaigns(*(as_published(case, one) for one in rounds))
        found += [_seen(mine, dimensions) for _, mine in rows.groupby("service", sort=False)]
    return {**case._asdict(), **pd.DataFrame(found).astype(float).mean()}


def _seen(rows: pd.DataFrame, dimensions: int) -> dict[str, float]:
    sure = rows["verdict"].isin(["improved", "worsened"])
    whole, items = rows["measure"] == OVERALL, rows["item"] != ""
    these = rows["dimension"].isin([f"d{rank}" for rank in range(dimensions)]) & ~items
    lowest = rows.loc[rows.loc[items, "score_before"].idxmin()]
    return {
        "seen": 100 * bool((sure & (these | whole)).any()),
        "overall": 100 * bool((sure & whole).any()),
        "raw": lowest["difference"],
        "beyond": lowest["beyond"],
    }


def cases(services: int = SERVICES) -> Iterator[Case]:
    for rule in OPTIONS:
        for team in TEAMS:
            for answered in ANSWERED:
                yield Case(rule, team, answered, services)


def french(value: float, decimals: int = 1) -> str:
    return f"{value:.{decimals}f}".replace(".", ",")


def table(found: list[dict[str, Any]]) -> str:
    """One line a team size; a column group a share that answered."""
    heads = ["règle", "équipe", "ont répondu", "couverture", "« établi » à tort", "établies",
             "largeur", "écart avec soi, à tort", "plus basse à part, à tort"]  # fmt: skip
    lines = [
        [
            row["rule"], str(row["team"]), f"{Case(row['rule'], row['team'], row['answered']).n}",
            french(row["coverage"]), french(row["wrong"]), french(row["sure"], 0),
            french(row["width"], 0), french(row["self"]), french(row["lowest"]),
        ]
        for row in found
    ]  # fmt: skip
    return "\n".join(f"| {' | '.join(line)} |" for line in [heads, ["---"] * len(heads), *lines])


def rounds_table(campaigns: int) -> str:
    """One line a team size: nothing changed, then three dimensions, then all of them."""
    heads = ["règle", "équipe", "rien n'a changé : dit à tort", "3 dimensions, +15 : vu",
             "toutes, +15 : l'ensemble vu", "question la plus basse, rien changé : gain",
             "dont au-delà de l'attendu"]  # fmt: skip
    lines = [heads, ["---"] * len(heads)]
    for rule in OPTIONS:
        for team in TEAMS:
            case = Case(rule, team, 1.0)
            still = run_rounds(case, campaigns, 0, DIMENSIONS)
            three, every = (run_rounds(case, campaigns, 15, k) for k in (3, DIMENSIONS))
            figures = (
                still["seen"],
                three["seen"],
                every["overall"],
                still["raw"],
                still["beyond"],
            )
            lines.append([rule, str(team), *map(french, figures)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main(campaigns: int = 40) -> None:
    for title, made, services in (
        ("Avant, dix services", before, SERVICES),
        ("Maintenant, dix services", now, SERVICES),
        ("Maintenant, trois services", now, 3),
        ("Maintenant, un seul service", now, 1),
    ):
        rounds = campaigns * max(1, 6 // services)
        print(f"\n### {title}\n")
        print(table([run_case(case, rounds, made) for case in cases(services)]), flush=True)
    print(f"\n### Deux tours, tous ont répondu\n\n{rounds_table(campaigns)}", flush=True)
    print("\n### Questions, dix services\n")
    for case in cases():
        print(case.rule, case.team, case.n, french(run_items(case, campaigns)), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
