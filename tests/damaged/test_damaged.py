"""A twentieth of the damaged inputs; ``python -m tests.damaged`` tries them all."""

from pathlib import Path

import pytest

from tests.damaged.attempt import attempt
from tests.damaged.world import READINGS, write_world

TRIED, AT_ONCE = 500, 25


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sound files of every kind."""
    folder = tmp_path_factory.mktemp("sain")
    write_world(folder)
    return folder


@pytest.mark.parametrize("reading", READINGS)
def test_what_is_not_damaged_is_read(reading: str, world: Path) -> None:
    verdict = READINGS[reading][2](world)
    assert getattr(verdict, "accepted", True), verdict
    assert not getattr(verdict, "problems", None) or reading in (
        "campaign",
        "workbook",
        "programme",
    )


@pytest.mark.parametrize("first", range(0, TRIED, AT_ONCE))
def test_damaged_inputs_are_refused_in_french_or_read(first: int, world: Path) -> None:
    tried = [attempt(seed, world) for seed in range(first, first + AT_ONCE)]
    assert [str(one) for one in tried if one.fault] == []
    assert sum(one.refused for one in tried) > AT_ONCE // 4
