"""Kill PostgreSQL again and again while people answer: `python -m tests.asking.database_kills 50`.

The server of the form runs through it all, and says of each answer whether it is kept.
"""

import random
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from qgdr_eval.asking.receiving.reception import receiving_store
from tests.asking.campaigns import ready
from tests.asking.databases import Database
from tests.asking.kills import PEOPLE, Person, faults_of
from tests.asking.served import Served

LONGEST = 0.8  # seconds that PostgreSQL lives
AWAY = 0.3  # seconds that it stays away, at most


class Crowd:
    """People who answer at once; who has sent is followed by somebody else."""

    def __init__(self, url, codes, items, seed):
        self.people, self._codes = [], iter(codes)
        self._told = url, items
        self._rng, self._stop, self._threads = random.Random(seed), threading.Event(), []

    def fill(self):
        while sum(thread.is_alive() for thread in self._threads) < PEOPLE:
            self.people.append(one := Person(next(self._codes)))
            rng = random.Random(self._rng.random())
            self._threads.append(threading.Thread(target=self._answer, args=(one, rng)))
            self._threads[-1].start()

    def _answer(self, one, rng):
        try:
            one.answer(*self._told, rng, self._stop)
        except Exception as error:
            one.wrong.append(f"no answer at all: {error!r}")

    def leave(self):
        self._stop.set()
        for thread in self._threads:
            thread.join()


def kill_database(times, folder, seed=1):
    """Kill PostgreSQL this many times; gives (acknowledged answers, returns, faults)."""
    rng = random.Random(seed)
    made = ready(folder, services=(("CH", "Médecine", PEOPLE * (times + 2) * 3),))
    database = Database(folder / "d")
    served = Served(made.path, "--store", database.url).wait()
    crowd = Crowd(served.url, made.codes["Médecine"], list(made.asked.instrument.codes), seed)
    for _ in range(times):
        crowd.fill()
        time.sleep(rng.uniform(0.05, LONGEST))
        database.kill()
        time.sleep(rng.uniform(0, AWAY))
        database.start()
    crowd.fill()
    time.sleep(LONGEST)
    crowd.leave()
    served.stop()
    store = receiving_store(made.path, "essai", database.url)
    faults = list(faults_of(made, crowd.people, store))
    if served.output.count("ne répond pas") > times:
        faults.append("an outage is told more than once")
    store.close()
    database.stop()
    people = crowd.people
    return sum(len(one.answers) for one in people), sum(one.sent for one in people), faults


if __name__ == "__main__":
    with TemporaryDirectory(prefix="pg") as chosen:
        kept, sent, wrong = kill_database(int(sys.argv[1]), Path(chosen))
    print(f"{sys.argv[1]} kills: {kept} answers and {sent} returns acknowledged; faults: {wrong}")
    sys.exit(bool(wrong))
