"""A public data set of 2,042 answers in 99 groups, counted another way; skipped without it."""

import csv
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from qgdr_eval.instruments import Dimension, Instrument, Item
from qgdr_eval.scoring import by_service, code_answers, evaluate
from tests.scoring.campaigns import scale

ITEMS = "AF06 AF07 AP12 AP17 AP33 AP34 AS14 AS15 AS16 AS17 AS28".split()
DATA = Path(__file__).parents[3] / "shared" / "data" / "bhr2000_leadership.csv"

pytestmark = pytest.mark.skipif(not DATA.is_file(), reason=f"no {DATA.name} beside the checkout")


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with DATA.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def found(rows: list[dict[str, str]]) -> pd.DataFrame:
    asked = Instrument(
        id="bhr2000",
        version="1.0.0",
        title="bhr2000",
        source="R package multilevel",
        licence="GPL",
        subject="respondent",
        scales={"s": scale("--=++")},
        dimensions=(Dimension(id="d", label="d", definition="d", rule="positive_share"),),
        items=tuple(Item(code=code, text=code, dimension="d", scale="s") for code in ITEMS),
    )
    groups = [row["GRP"] for row in rows]
    names = list(dict.fromkeys(groups))
    frame = pd.DataFrame(
        {
            "facility": pd.Categorical(["f"] * len(rows)),
            "service": pd.Categorical(groups, names),
            **{
                code: pd.array(
                    [int(row[code]) if row[code].isdigit() else None for row in rows], dtype="Int16"
                )
                for code in ITEMS
            },
        }
    )
    roster = pd.DataFrame({"facility": "f", "service": names, "head_count": pd.NA})
    scores = evaluate(code_answers(frame, asked), [by_service(frame, roster)])
    return scores.astype({"service": str, "item": str}).set_index(["service", "item"])


def test_item_shares_equal_a_plain_count(rows: list[dict[str, str]], found: pd.DataFrame) -> None:
    assert found.index.get_level_values("service").nunique() == 99
    answers = Counter((row["GRP"], code, row[code]) for row in rows for code in ITEMS)
    for group in {row["GRP"] for row in rows}:
        shares = []
        for code in ITEMS:
            given = [answers[group, code, str(option)] for option in range(1, 6)]
            shares.append(100 * (given[3] + given[4]) / sum(given))
            assert found.loc[(group, code), "n_valid"] == sum(given)
            assert found.loc[(group, code), "score"] == pytest.approx(shares[-1])
        assert found.loc[(group, ""), "score"] == pytest.approx(sum(shares) / len(ITEMS))
