"""Vote in one workshop from two processes, both killed at random moments, many times over.

``python -m tests.workshop.killed FOLDER 30`` prints how many votes were acknowledged. Each of them
is in the file once; a vote that was not acknowledged is there whole or not at all.
"""

import contextlib
import os
import random
import signal
import sys
import time
from pathlib import Path

from qgdr_eval.disclosure import Card
from qgdr_eval.problems import Refused
from qgdr_eval.workshop import Debate, Journal, Topic
from qgdr_eval.workshop.session import Advanced, Voted

ANSWERS = ((1, "Non"), (2, "Plutôt non"), (3, "Plutôt oui"), (4, "Oui"))
TOPIC = Topic("A", "Question A.", "", "d", ANSWERS, "Pourquoi.")
DEBATE = Debate(Card("c", "Culture", "2026", 10, "none"), "essai", "Hôpital", "Bloc", (TOPIC,), "0")
TWO = 2  # a server and a notebook
MOST = 6  # votes acknowledged before the kill


def vote(journal: Journal, acknowledged: int, name: str) -> None:
    """Vote until killed; each vote is told to the pipe once it is acknowledged."""
    draw = random.Random(name)
    for number in range(10_000):
        token, code = f"{name}-{number}", draw.choice(TOPIC.codes)
        with contextlib.suppress(Refused):  # the other one writes without a pause
            journal.take(Voted("A", 0, token, code))
            os.write(acknowledged, f"{token}\n".encode())


def begun(path: Path, name: str) -> tuple[int, int]:
    """A process that votes, and where it tells what was acknowledged."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        vote(Journal(path, DEBATE), writing, name)
        os._exit(0)
    os.close(writing)
    return child, reading


def killed(path: Path, life: int) -> set[str]:
    """What two processes acknowledged before both were killed."""
    draw, told = random.Random(life), set[str]()
    children = [begun(path, f"{life}-{rank}") for rank in range(TWO)]
    for child, reading in children:
        with os.fdopen(reading, encoding="utf-8") as pipe:
            told |= {pipe.readline().strip() for _ in range(draw.randint(1, MOST))}
            time.sleep(draw.uniform(0, 0.01))
            os.kill(child, signal.SIGKILL)
            told |= set(pipe.read().split("\n")) - {""}
        os.waitpid(child, 0)
    return told


def main() -> None:
    path, lives = Path(sys.argv[1]) / "atelier.json", int(sys.argv[2])
    Journal(path, DEBATE).take(Advanced("A"))
    known: set[str] = set()
    for life in range(1, lives + 1):
        known |= killed(path, life)
        (ballots, _) = Journal(path, DEBATE).session.states["A"].rounds
        assert known <= set(ballots.used), known - set(ballots.used)
        assert len(set(ballots.used)) == len(ballots.used) == ballots.total
        # At most one vote of each process was on the disk and not acknowledged yet.
        assert len(ballots.used) - len(known) <= TWO * life
    sys.stdout.write(f"{len(known)}\n")


if __name__ == "__main__":
    main()
