"""Real coverage of our 95 % intervals on small teams, beside named alternatives.

Each respondent has a leaning drawn from a Beta distribution, and answers every item by it. For
yes/no items, answers of one respondent then correlate by exactly ``correlation``; the expected
score is ``share``. Many teams are drawn, scored by `evaluate`, and the intervals that hold the
truth are counted.
The spread between people is pooled over the teams, as over the services of a campaign, or left to
each team. Teams of which nearly everybody answered, and what reports claim: ``calibration.py``.

    python benchmarks/coverage.py [teams per case]
"""

import sys
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import t as student

from qgdr_eval.instruments import Dimension, Instrument, Item, Option, Scale
from qgdr_eval.scoring import Breakdown, evaluate, pool_spread, wilson
from qgdr_eval.scoring.coding import Coded
from qgdr_eval.scoring.intervals import Z

SEED = 20260301
SIZES, ITEMS = (3, 5, 9, 15, 30), (1, 3, 4, 10)
CORRELATIONS, SHARES = (0, 0.2, 0.5), (0.5, 0.75, 0.9)
OPTIONS = {"positive_share": 2, "mean_0_100": 5}
POLES = {
    2: ("negative", "positive"),
    5: ("negative", "negative", "neutral", "positive", "positive"),
}
Interval = tuple[np.ndarray, np.ndarray]


class Case(NamedTuple):
    measure: str
    share: float
    items: int
    correlation: float
    n: int


def instrument_of(case: Case) -> Instrument:
    poles = POLES[OPTIONS[case.measure]]
    options = tuple(Option(code=i, label=str(i), pole=pole) for i, pole in enumerate(poles))
    items = tuple(
        Item(code=f"I{i}", text=f"item {i}", dimension="d", scale="s") for i in range(case.items)
    )
    return Instrument(
        id="coverage",
        version="1.0.0",
        title="Couverture",
        source="simulation",
        licence="MIT",
        subject="respondent",
        scales={"s": Scale(label="s", options=options)},
        items=items,
        dimensions=(Dimension(id="d", label="d", definition="d", rule=case.measure),),
    )


def draw_teams(case: Case, teams: int, rng: np.random.Generator) -> np.ndarray:
    """Positions (teams, people, items)."""
    people = (teams, case.n)
    leaning = np.full(people, case.share)
    if case.correlation:
        spread = (1 - case.correlation) / case.correlation
        leaning = rng.beta(case.share * spread, (1 - case.share) * spread, people)
    steps = OPTIONS[case.measure] - 1
    return rng.binomial(steps, leaning[:, :, None], (*people, case.items))


def our_interval(case: Case, answers: np.ndarray, *, pooled: bool) -> Interval:
    """What a report prints: ``low`` and ``high`` of the dimension, between 0 and 1."""
    teams, n, items = answers.shape
    groups = pd.DataFrame(
        {
            "facility": "f",
            "service": [f"s{i}" for i in range(teams)],
            "stratum": "",
            "head_count": np.nan,
        }
    )
    coded = Coded(instrument_of(case), answers.reshape(-1, items).T.astype(np.uint8))
    breakdown = Breakdown(groups, np.repeat(np.arange(teams), n))
    spread = pool_spread(coded, breakdown, np.full(teams, pooled))
    scores = evaluate(coded, [breakdown], spread=spread)
    rows = scores[(scores["item"] == "") & (scores["measure"] == case.measure)]
    return rows["low"].to_numpy() / 100, rows["high"].to_numpy() / 100


def alternatives(values: np.ndarray) -> Iterator[tuple[str, Interval]]:
    """Textbook intervals of the same teams; none knows the head count."""
    _, n, items = values.shape
    means = values.mean(axis=2)
    score, error = means.mean(axis=1), means.std(axis=1, ddof=1) / np.sqrt(n)
    yield "Wald", (score - Z * error, score + Z * error)
    quantile = student.ppf(0.975, n - 1)
    yield "Student", (score - quantile * error, score + quantile * error)
    yield "Wilson, réponses mises en commun", wilson(score, n * items)
    yield "Wilson, une réponse par personne", wilson(score, np.full(len(score), n))
    unrelated = values.var(axis=1).mean(axis=1) / items
    with np.errstate(divide="ignore", invalid="ignore"):
        size = n * score * (1 - score) / np.maximum(means.var(axis=1), unrelated)
    size = np.nan_to_num(size, nan=n, posinf=n)
    yield "Wilson, taille efficace, sans t", wilson(score, np.fmax(size, n))


def run_case(case: Case, teams: int) -> list[dict[str, object]]:
    """Coverage (%) and mean width (points) of each interval on one case."""
    rng = np.random.default_rng([SEED, *map(int, np.frombuffer(repr(case).encode(), np.uint8))])
    answers = draw_teams(case, teams, rng)
    values = answers / (OPTIONS[case.measure] - 1)
    intervals = {
        "qgdr_eval": our_interval(case, answers, pooled=True),
        "qgdr_eval, une équipe seule": our_interval(case, answers, pooled=False),
        **dict(alternatives(values)),
    }
    return [
        {
            **case._asdict(),
            "interval": name,
            "coverage": 100 * np.mean((low - 1e-9 <= case.share) & (case.share <= high + 1e-9)),
            "width": 100 * np.mean(np.clip(high, 0, 1) - np.clip(low, 0, 1)),
        }
        for name, (low, high) in intervals.items()
    ]


def cases() -> Iterator[Case]:
    """Every case once: with one item, answers of one respondent have nothing to correlate with."""
    for measure, share, items, correlation, n in product(
        OPTIONS, SHARES, ITEMS, CORRELATIONS, SIZES
    ):
        if items > 1 or measure == "mean_0_100" or correlation == 0:
            yield Case(measure, share, items, correlation, n)


def worst_and_mean(coverages: pd.Series) -> str:
    return f"{coverages.min():.0f} ({coverages.mean():.0f})"


def table(results: pd.DataFrame, index: list[str]) -> str:
    """Worst coverage, and the mean one, over the three true shares; one column per team size."""
    cells = results.groupby([*index, "n"], sort=False)["coverage"].agg(worst_and_mean).unstack("n")
    heads = [*index, *(f"n = {n}" for n in cells.columns)]
    lines = [" | ".join(heads), " | ".join(["---"] * len(heads))]
    for key, row in cells.iterrows():
        keys = key if isinstance(key, tuple) else (key,)
        lines.append(" | ".join([*(str(part).replace(".", ",") for part in keys), *row]))
    return "\n".join(f"| {line} |" for line in lines)


def widths(results: pd.DataFrame) -> str:
    cells = results.groupby(["interval", "n"], sort=False)["width"].mean().unstack("n")
    lines = [
        "| intervalle | " + " | ".join(f"n = {n}" for n in cells.columns) + " |",
        "|---" * (len(cells.columns) + 1) + "|",
    ]
    lines += [
        f"| {name} | " + " | ".join(f"{w:.0f}" for w in row) + " |"
        for name, row in cells.iterrows()
    ]
    return "\n".join(lines)


def run(chosen: Iterator[Case], teams: int) -> pd.DataFrame:
    return pd.DataFrame([row for case in chosen for row in run_case(case, teams)])


def main(teams: int = 4000) -> None:
    results = run(cases(), teams)
    ours = results.query("interval == 'qgdr_eval'")
    for measure in OPTIONS:
        one = ours.query("measure == @measure")
        print(f"\n{measure}\n\n{table(one, ['items', 'correlation'])}")
    usual = results.query("items in (3, 4) and correlation > 0")
    print(f"\nintervals\n\n{table(usual, ['interval'])}\n\n{widths(usual)}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
