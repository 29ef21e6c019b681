"""Without the key nobody is given back; the same attack reads a store that is not sealed."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from qgdr_eval.asking.receiving.reception import Reception
from tests.asking.attack import Plain, Together, attacks, in_postgresql
from tests.thorough import examples

RUNS = examples(25)


@pytest.fixture
def short():
    with TemporaryDirectory(prefix="at") as folder:  # a socket's path is short
        yield Path(folder)


def is_chance(verdict):
    """Far from what is read in an unsealed store; the whole proof says how near to chance."""
    return verdict.right < 0.45 and abs(verdict.tau) < 0.55


def test_a_file_and_its_log_after_a_kill_give_no_row_back(tmp_path):
    found = attacks(RUNS, Reception, tmp_path)
    assert {method: verdict for method, verdict in found.items() if not is_chance(verdict)} == {}


def test_the_same_attack_reads_a_file_that_is_not_sealed(tmp_path):
    found = attacks(RUNS, Plain, tmp_path)
    assert found["by_words"].right > 0.95
    assert not is_chance(found["by_length"])
    assert not is_chance(found["by_rewrites"])


def test_a_database_and_all_that_it_logs_give_no_row_back(short):
    found = in_postgresql(RUNS, Reception, short)
    assert {method: verdict for method, verdict in found.items() if not is_chance(verdict)} == {}


def test_the_same_attack_reads_how_often_a_draft_in_the_database_was_written(short):
    assert not is_chance(in_postgresql(RUNS, Together, short)["by_rewrites"])


def test_the_same_attack_reads_a_database_that_is_not_sealed(short):
    assert in_postgresql(RUNS, Plain, short)["by_words"].right > 0.95
