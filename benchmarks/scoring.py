"""Speed of scoring beside the plainest group-by pandas offers.

One million invented respondents, 42 items in 12 dimensions, 20,000 services. Ours: from the
responses frame, exactly as a reader gives it, to the scores frame with every item, every dimension
and all their intervals. Beside it: ``(answers >= 4).groupby(service).mean()``, which gives item
shares alone: no reversed item, no missing answer, no dimension, no interval.

    python benchmarks/scoring.py [respondents] [services] [repetitions]
"""

import gc
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.scoring import by_service, code_answers, evaluate

SEED = 20260301


def simulate_responses(respondents: int, services: int, items: list[str]) -> pd.DataFrame:
    """Invented answers 1–5, 3 % missing, every service of the same expected size."""
    rng = np.random.default_rng(SEED)
    place = pd.Categorical.from_codes(
        rng.integers(0, services, respondents).astype(np.int32),
        categories=[f"service {i}" for i in range(services)],
    )
    columns = {
        "facility": pd.Categorical.from_codes(np.zeros(respondents, np.int8), ["f"]),
        "service": place,
    }
    for item in items:
        answers = rng.integers(1, 6, respondents).astype(np.int16)
        columns[item] = pd.arrays.IntegerArray(answers, rng.random(respondents) < 0.03)
    return pd.DataFrame(columns)


def score_all(responses: pd.DataFrame, roster: pd.DataFrame, instrument: Instrument) -> int:
    scores = evaluate(code_answers(responses, instrument), [by_service(responses, roster)])
    return len(scores)


def group_by(answers: pd.DataFrame, service: pd.Series) -> int:
    return len((answers >= 4).groupby(service, observed=True).mean())


def contestants(respondents: int, services: int) -> dict[str, Callable[[], int]]:
    instrument = load_instrument("sops_hopital_1")
    responses = simulate_responses(respondents, services, instrument.codes)
    roster = pd.DataFrame(
        {
            "facility": "f",
            "service": responses["service"].cat.categories,
            "head_count": pd.array([60] * services, dtype="Int64"),
        }
    )
    whole = responses[instrument.codes].fillna(3)
    small, large = whole.astype(np.int8), whole.astype(np.int64)
    service = responses["service"]
    return {
        "qgdr_eval, depuis Int16 avec manquants": lambda: score_all(responses, roster, instrument),
        "group-by, depuis int8 sans manquant": lambda: group_by(small, service),
        "group-by, depuis int64 sans manquant": lambda: group_by(large, service),
    }


def measure(
    runs: dict[str, Callable[[], int]], repetitions: int
) -> dict[str, list[tuple[float, float]]]:
    """(Elapsed, processor) seconds of each run.

    Runs alternate so that a busy moment of the machine touches them all.
    """
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    for _ in range(repetitions):
        for name, run in runs.items():
            gc.collect()
            elapsed, processor = time.perf_counter(), time.process_time()
            run()
            seconds[name].append((time.perf_counter() - elapsed, time.process_time() - processor))
    return seconds


def table(seconds: dict[str, list[tuple[float, float]]]) -> str:
    """Medians, and how many times ours is of each, in elapsed and in processor time."""
    medians = {
        name: [statistics.median(column) for column in zip(*pairs, strict=True)]
        for name, pairs in seconds.items()
    }
    ours = next(iter(medians.values()))
    lines = [
        "| | durée (s) | de – à (s) | processeur (s) | rapport durée | rapport processeur |",
        "|---|---|---|---|---|---|",
    ]
    for name, (elapsed, processor) in medians.items():
        times = [pair[0] for pair in seconds[name]]
        lines.append(
            f"| {name} | {elapsed:.2f} | {min(times):.2f} – {max(times):.2f} | {processor:.2f} "
            f"| {ours[0] / elapsed:.2f} | {ours[1] / processor:.2f} |"
        )
    return "\n".join(lines).replace(".", ",")


def main(respondents: int = 1_000_000, services: int = 20_000, repetitions: int = 7) -> None:
    print(table(measure(contestants(respondents, services), repetitions)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
