"""Killed at random moments, a server or its database: every acknowledged answer is there, once."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.asking.database_kills import kill_database
from tests.asking.databases import Database
from tests.asking.kills import kill_often


@pytest.mark.parametrize("times", [5, pytest.param(30, marks=pytest.mark.thorough)])
def test_killed_again_and_again_it_loses_nothing_that_was_acknowledged(tmp_path, times):
    kept, sent, faults = kill_often(times, tmp_path, seed=times)
    assert faults == []
    assert kept + sent > 0


@pytest.mark.parametrize("times", [3, pytest.param(30, marks=pytest.mark.thorough)])
def test_killed_beside_its_database_it_loses_nothing_that_was_acknowledged(times):
    with TemporaryDirectory(prefix="pg") as folder:  # a socket's path is short
        database = Database(Path(folder) / "d")
        kept, sent, faults = kill_often(times, Path(folder), seed=times, url=database.url)
        database.stop()
    assert faults == []
    assert kept + sent > 0


@pytest.mark.parametrize("times", [2, pytest.param(10, marks=pytest.mark.thorough)])
def test_a_database_killed_again_and_again_loses_nothing_that_was_acknowledged(times):
    with TemporaryDirectory(prefix="pg") as folder:  # a socket's path is short
        kept, sent, faults = kill_database(times, Path(folder), seed=times)
    assert faults == []
    assert kept + sent > 0
