"""Reversed items in the declared sense, or not."""

import numpy as np
import pandas as pd
import pytest

from qgdr_eval.responses import check_polarity
from tests.responses.campaigns import ITEMS, small_instrument


def answers(rows: int = 200, seed: int = 7) -> pd.DataFrame:
    """As worded: one leaning for everything, E3 and P3 answered the other way round."""
    rng = np.random.default_rng(seed)
    leaning = rng.integers(1, 6, (rows, 1))
    given = np.clip(leaning + rng.integers(-1, 2, (rows, 6)), 1, 5)
    given[:, [2, 5]] = 6 - given[:, [2, 5]]
    return pd.DataFrame(given, columns=ITEMS).astype("Int16")


def turned(frame: pd.DataFrame, *items: str) -> pd.DataFrame:
    return frame.assign(**{item: 6 - frame[item] for item in items})


@pytest.mark.parametrize(
    ("frame", "declared", "said"),
    [
        (answers(), "as_worded", None),
        (turned(answers(), "E3", "P3"), "already_reversed", None),
        (turned(answers(), "E3", "P3"), "as_worded", "already_reversed"),
        (answers(), "already_reversed", "as_worded"),
    ],
)
def test_a_wrong_declaration_is_an_error_with_its_cure(frame, declared, said) -> None:
    problems = check_polarity(frame, small_instrument(), declared)
    assert [problem.severity for problem in problems] == ["error"] * (said is not None)
    assert all(f"coding.reversed: {said}" in problem.cure for problem in problems)


def test_one_item_the_wrong_way_is_a_warning() -> None:
    problems = check_polarity(turned(answers(), "E1"), small_instrument(), "as_worded")
    assert {problem.severity for problem in problems} == {"warning"}
    assert any("E1" in problem.place for problem in problems)


@pytest.mark.parametrize(
    "frame",
    [
        answers(20),
        answers().assign(**dict.fromkeys(ITEMS, 3)).astype("Int16"),
        answers().assign(E1=pd.NA).astype("Int16"),
        answers(0),
        answers().replace(4, 9),
        answers().assign(E1=8, E2=9).astype("Int16"),
    ],
)
def test_little_or_constant_data_says_nothing_false(frame: pd.DataFrame) -> None:
    assert check_polarity(frame, small_instrument(), "as_worded") == []
