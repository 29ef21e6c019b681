"""Kill the server again and again while people answer: `python -m tests.asking.kills 1000`.

Every answer that was acknowledged must be there, once. Gives what was lost or counted twice.
"""

import contextlib
import os
import random
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import uvicorn.lifespan.off
import uvicorn.loops.auto
import uvicorn.protocols.http.auto

from qgdr_eval import cli
from qgdr_eval.asking.receiving.reception import receiving_store
from qgdr_eval.asking.sealing.cards import card_of, read_code
from qgdr_eval.asking.sealing.drafts import open_draft
from qgdr_eval.asking.serve import start
from tests.asking.campaigns import ready
from tests.asking.served import Served, free_port

READY = start, uvicorn  # read before the first copy, not by each of them
PEOPLE = 8  # at once
LONGEST = 0.8  # seconds that a server lives


@dataclass
class Person:
    """What one person was told is kept: answers of a draft, or a return.

    ``unsure``: what was given and not acknowledged; ``wrong``: what should not have been said.
    """

    code: str
    answers: dict[str, str] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    sent: bool = False
    trying: bool = False
    wrong: list[str] = field(default_factory=list)
    acknowledged: int = 0

    def answer(self, url, items, rng, stop):
        """Answer until told to stop; remember what was acknowledged, and what may be kept."""
        with httpx.Client(base_url=url, headers={"Origin": url}, trust_env=False) as client:
            client.post("/entrer", data={"code": self.code})
            while not (stop.is_set() or self.sent):
                self._once(client, items, rng)

    def answer_until_killed(self, *told):
        """The same, of a server that stops answering."""
        with contextlib.suppress(httpx.HTTPError):
            self.answer(*told)

    def _once(self, client, items, rng):
        if rng.random() < 0.1:
            self.trying = True
            self.sent |= self._told(client.post("/envoyer", json=self.answers), 200)
            return
        item, value = rng.choice(items), str(rng.randint(1, 5))
        self.unsure.add(item)
        if self._told(client.post("/garder", json={item: value}), 204):
            self.answers[item] = value
            self.unsure.discard(item)

    def _told(self, reply, kept):
        """Whether it is said to be kept; anything else must be said not to be, and why."""
        if reply.status_code == 409 and self.trying:  # it was sent: the acknowledgement was lost
            self.sent = True
        elif reply.status_code != kept and "PAS été enregistré" not in reply.text:
            self.wrong.append(f"{reply.status_code} says: {reply.text[:80]}")
        self.acknowledged += reply.status_code == kept
        return reply.status_code == kept


class Forked:
    """The command in a copy of this process: it is there at once, and dies as any other."""

    def __init__(self, campaign, *options, port):
        self.url = f"http://127.0.0.1:{port}"
        self._process = os.fork()
        if not self._process:
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, 1)
            os.dup2(nothing, 2)
            try:
                cli.main(["serve", str(campaign), "--port", str(port), *options])
            finally:
                os._exit(1)

    def wait(self):
        while True:
            with contextlib.suppress(httpx.TransportError):
                httpx.get(self.url, trust_env=False)
                return self
            time.sleep(0.02)

    def kill(self):
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)


def faults_of(made, people, store):
    """What was acknowledged and is not there, or is there twice."""
    returns = {}
    for box in store.boxes().values():
        content = made.pair.open(box, made.inquiry.seal.use)
        returns.setdefault(content["card"], []).append(content["answers"])
    for person in people:
        yield from person.wrong
        card = card_of(read_code(person.code), bytes.fromhex(made.inquiry.salt))
        found = returns.get(card.root.hex(), [])
        used, box = store.look(card.mark, card.draft).result()
        if len(found) > 1 or used != bool(found):
            yield f"{len(found)} returns of one card"
        if person.sent and not found:
            yield "an acknowledged return is lost"
        if found and not person.trying:
            yield "a return that nobody sent"
        there = found[0] if found else open_draft(box, card)
        known = {item: int(code) for item, code in person.answers.items()}
        if any(there.get(item) != known[item] for item in set(known) - person.unsure):
            yield "an acknowledged answer is lost"


def kill_often(times, folder, seed=1, url="", kind=Served):
    """Kill the server this many times; gives (acknowledged answers, returns, faults)."""
    rng = random.Random(seed)
    per_service = PEOPLE * times // 4 + 20
    made = ready(folder, services=(("CH", "Médecine", per_service),))
    items = list(made.asked.instrument.codes)
    codes = iter(made.codes["Médecine"])
    everybody, now = [], []
    port = free_port()
    for _ in range(times):
        now = [one for one in now if not one.sent]
        fresh = [Person(code) for code, _ in zip(codes, range(PEOPLE - len(now)), strict=False)]
        now, everybody = now + fresh, everybody + fresh
        served = kind(made.path, *(["--store", url] if url else []), port=port).wait()
        _live_and_die(served, now, items, rng)
    store = receiving_store(made.path, "essai", url)
    faults = list(faults_of(made, everybody, store))
    store.close()
    return sum(len(p.answers) for p in everybody), sum(p.sent for p in everybody), faults


def _live_and_die(served, people, items, rng):
    stop = threading.Event()
    told = [(served.url, items, random.Random(rng.random()), stop) for _ in people]
    threads = [
        threading.Thread(target=one.answer_until_killed, args=args)
        for one, args in zip(people, told, strict=True)
    ]
    for thread in threads:
        thread.start()
    before = sum(one.acknowledged for one in people)
    if rng.random() < 0.8:  # most lives see something kept, however slow the machine
        while any(thread.is_alive() for thread in threads) and before == sum(
            one.acknowledged for one in people
        ):
            time.sleep(0.01)
    time.sleep(rng.uniform(0, LONGEST))
    served.kill()
    stop.set()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    with TemporaryDirectory() as chosen:
        times, url = int(sys.argv[1]), " ".join(sys.argv[2:])
        kept, sent, wrong = kill_often(times, Path(chosen), url=url, kind=Forked)
    print(f"{sys.argv[1]} kills: {kept} answers and {sent} returns acknowledged; faults: {wrong}")
    sys.exit(bool(wrong))
