"""A notebook's kernel killed at random moments: every acknowledged answer is there, once."""

import pytest

from tests.asking.kills_desk import kill_often


@pytest.mark.parametrize("times", [5, pytest.param(30, marks=pytest.mark.thorough)])
def test_killed_again_and_again_it_loses_neither_turn_nor_sheet(tmp_path, times):
    kept, _, faults = kill_often(times, tmp_path, seed=times)
    assert faults == []
    assert kept > 0
