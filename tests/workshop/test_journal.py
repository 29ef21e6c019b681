"""The file of a workshop: resumed at the same step, and nothing to be read of an order."""

import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qgdr_eval.disclosure import Card
from qgdr_eval.problems import Refused
from qgdr_eval.workshop import Debate, Journal, NotNow, Topic
from qgdr_eval.workshop.journal import read_session
from qgdr_eval.workshop.session import Advanced, Agreement, CardsCounted, Decided, Voted
from tests.thorough import WHOLE

TOPICS = tuple(Topic(name, f"Question {name}.", "", "d", ((1, "Non"), (2, "Oui")), "Pourquoi.")
               for name in "AB")  # fmt: skip
DEBATE = Debate(Card("c", "Culture", "2026", 10, "none"), "essai", "Hôpital", "Bloc", TOPICS, "0")


def test_a_workshop_resumes_at_the_same_step(tmp_path):
    journal = Journal(tmp_path / "a.json", DEBATE)
    agreed = Decided("A", Agreement(None, "none", "« Non »"))
    votes = [Advanced("A"), Voted("A", 0, "t", 2), CardsCounted("A", {1: 3})]
    for event in (*votes, *[Advanced("A")] * 3, agreed):
        journal.take(event)
        assert Journal(tmp_path / "a.json", DEBATE).kept == journal.kept
    assert {path.name for path in tmp_path.iterdir()} - {"a.json.lock"} == {"a.json"}
    assert Path(f"{journal.path}.lock").stat().st_size == 0


def test_a_server_and_a_notebook_hold_the_same_workshop(tmp_path):
    server, notebook = (Journal(tmp_path / "a.json", DEBATE) for _ in range(2))
    notebook.take(Advanced("A"))
    assert server.session == notebook.session
    for rank in range(6):
        [server, notebook][rank % 2].take(Voted("A", 0, f"t{rank}", 1 + rank % 2))
    assert server.kept == notebook.kept
    assert server.session.states["A"].rounds[0].private == {1: 3, 2: 3}


def test_no_vote_is_lost_when_many_write_at_once(tmp_path):
    Journal(tmp_path / "a.json", DEBATE).take(Advanced("A"))

    def cast(at):
        Journal(tmp_path / "a.json", DEBATE).take(Voted("A", 0, f"t{at}", 2))

    with ThreadPoolExecutor(6) as hands:
        list(hands.map(cast, range(30)))
    assert Journal(tmp_path / "a.json", DEBATE).session.states["A"].rounds[0].private == {2: 30}


def test_a_file_taken_away_comes_back_with_the_next_event(tmp_path):
    journal = Journal(tmp_path / "a.json", DEBATE)
    journal.take(Advanced("A"))
    journal.path.unlink()
    assert journal.session.states["A"].step == "first_vote"
    journal.take(Voted("A", 0, "t", 2))
    assert Journal(tmp_path / "a.json", DEBATE).resumed


def test_any_order_of_votes_leaves_the_same_file_byte_for_byte(tmp_path):
    votes = [Voted("A", 0, f"t{rank:02}", 1 + rank % 2) for rank in range(8)]
    start = Journal(tmp_path / "0.json", DEBATE)
    start.take(Advanced("A"))
    blank = start.path.read_bytes()
    files = set()
    for seed in range(20):
        path = tmp_path / f"{seed}.json"
        path.write_bytes(blank)
        journal = Journal(path, DEBATE)
        for vote in random.Random(seed).sample(votes, len(votes)):
            journal.take(vote)
        files.add(path.read_bytes())
    assert len(files) == 1


def test_a_token_stands_beside_no_answer_and_goes_when_the_round_closes(tmp_path):
    journal = Journal(tmp_path / "a.json", DEBATE)
    journal.take(Advanced("A"))
    journal.take(Voted("A", 0, "un-jeton", 2))
    assert journal.path.read_text("utf-8").count("un-jeton") == 1
    journal.take(Advanced("A"))
    assert "un-jeton" not in journal.path.read_text("utf-8")


def test_what_may_not_be_shown_of_a_closed_round_is_in_no_file(tmp_path):
    """Six alike, or all but one: the same file, which says six."""
    files = set()
    for rank, votes in enumerate([[1] * 6, [2] * 6, [1] * 5 + [2]]):
        journal = Journal(tmp_path / f"{rank}.json", DEBATE)
        journal.take(Advanced("A"))
        for at, code in enumerate(votes):
            journal.take(Voted("A", 0, f"t{at}", code))
        journal.take(Advanced("A"))
        text = journal.path.read_text("utf-8").replace(journal.kept.room, "")
        assert Journal(journal.path, DEBATE).kept == journal.kept
        files.add(text)
    assert len(files) == 1
    assert '"hidden": 6' in text


def test_what_is_refused_leaves_the_file_as_it_was(tmp_path):
    journal = Journal(tmp_path / "a.json", DEBATE)
    before = journal.path.read_bytes()
    with pytest.raises(NotNow):
        journal.take(Voted("A", 0, "t", 2))
    assert journal.path.read_bytes() == before


@pytest.mark.parametrize("text", ["", "{}", '{"format": 2}', "[1]"])
def test_a_file_that_is_not_ours_is_refused(tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(Refused, match="atelier"):
        read_session(tmp_path / "a.json")


def test_kills_lose_no_acknowledged_vote_and_count_none_twice(tmp_path):
    lives = 100 if WHOLE else 10
    command = [sys.executable, "-m", "tests.workshop.killed", tmp_path, str(lives)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root,
                          env=os.environ | {"PYTHONPATH": str(root)})  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 2 * lives
