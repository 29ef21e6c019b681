"""Kill a notebook's kernel again and again while people take turns at it and sheets are typed.

``python -m tests.asking.kills_desk 1000``: every answer, sheet and return that was acknowledged
must be there, once. Gives what was lost or counted twice.
"""

import os
import random
import select
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from qgdr_eval.asking.asked.inquiry import store_path
from qgdr_eval.asking.receiving.store import open_store
from qgdr_eval.asking.sealing.cards import card_of, read_code
from qgdr_eval.asking.sealing.drafts import open_draft
from qgdr_eval.asking.widget.cell import open_entry, reply_to
from tests.asking.campaigns import ready
from tests.processes import tells

AT_ONCE = 4  # cards in play: half answered on the screen, half handed in with paper
LONGEST = 0.6  # seconds that a kernel lives once it has told something


@dataclass
class Known:
    """What was acknowledged of a card. ``unsure``: items sent without a reply that came back."""

    code: str
    paper: bool
    answers: dict[str, str] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    begun: bool = False
    trying: bool = False
    sent: bool = False

    def learn(self, event, item, value):
        """Take in one line of a kernel that was killed since."""
        if event == "begun":
            self.begun = True
        elif event == "try" and item:
            self.unsure.add(item)
        elif event == "try":
            self.trying = True
        elif event == "kept":
            self.answers[item] = value
            self.unsure.discard(item)
        elif event == "sent":
            self.sent = True


def live(pipe, path, playing, rng):
    """Answer and type until killed; each step is told before it is tried and once it is done."""
    desks = {paper: open_entry(path, paper=int(paper)) for paper in (False, True)}
    items = list(desks[False].asked.instrument.codes)

    def tell(one, event, item="", value=""):
        os.write(pipe, f"{one.code};{event};{item};{value}\n".encode())

    while waiting := [one for one in playing if not one.sent]:
        one = rng.choice(waiting)
        desk = desks[one.paper]
        seat = reply_to(desk, {"do": "enter", "code": one.code})
        if not seat["done"]:  # sent, and the kernel died before it could say so
            one.sent = True
            continue
        tell(one, "begun")
        where = {"visit": seat["visit"]}
        for item in rng.sample(items, 3):
            value = str(rng.randint(1, 5))
            tell(one, "try", item)
            if reply_to(desk, {**where, "do": "keep", "answers": {item: value}})["done"]:
                one.answers[item] = value
                tell(one, "kept", item, value)
        if rng.random() < 0.3:
            tell(one, "try")
            given = one.answers if one.paper else {}
            if reply_to(desk, {**where, "do": "send", "answers": given})["done"]:
                one.sent = True
                tell(one, "sent")


def killed(path, playing, rng):
    """What a kernel told before it was killed at a random moment after its first word."""
    process, pipe = tells(live, path, playing, rng)
    select.select([pipe], [], [])
    time.sleep(rng.uniform(0, LONGEST))
    process.kill()
    process.join()
    with pipe:
        return [line.split(";") for line in pipe.read().splitlines() if line.count(";") == 3]


def faults_of(made, everybody, store):
    """What was acknowledged and is not there, or is there twice."""
    returns = {}
    for box in store.boxes().values():
        content = made.pair.open(box, made.inquiry.seal.use)
        returns.setdefault(content["card"], []).append(content["answers"])
    for one in everybody:
        card = card_of(read_code(one.code), bytes.fromhex(made.inquiry.salt))
        found = returns.get(card.root.hex(), [])
        used, box = store.look(card.mark, card.sheet if one.paper else card.draft).result()
        if len(found) > 1 or (found and not (used and one.trying)):
            yield f"{len(found)} returns of one card"
        if one.sent and not found:
            yield "an acknowledged return is lost"
        if one.paper and one.begun and not found and (not used or box is None):
            yield "a card that was struck has neither its sheet nor its return"
        there = found[0] if found else open_draft(box, card)
        known = {item: int(code) for item, code in one.answers.items()}
        if any(there.get(item) != known[item] for item in set(known) - one.unsure):
            yield "an acknowledged answer is lost"


def kill_often(times, folder, seed=1):
    """Kill the kernel this many times; gives (acknowledged answers, returns, faults)."""
    rng = random.Random(seed)
    made = ready(folder, services=(("CH", "Médecine", AT_ONCE * times + 20),))
    codes = iter(made.codes["Médecine"])
    everybody, playing = {}, []
    for _ in range(times):
        playing = [one for one in playing if not one.trying]
        while len(playing) < AT_ONCE:
            playing.append(Known(next(codes), paper=len(everybody) % 2 == 0))
            everybody[playing[-1].code] = playing[-1]
        for code, *event in killed(made.path, playing, random.Random(rng.random())):
            everybody[code].learn(*event)
    store = open_store(store_path(made.path, "essai"), "essai")
    faults = list(faults_of(made, everybody.values(), store))
    store.close()
    told = everybody.values()
    return sum(len(one.answers) for one in told), sum(one.sent for one in told), faults


if __name__ == "__main__":
    with TemporaryDirectory() as chosen:
        kept, sent, wrong = kill_often(int(sys.argv[1]), Path(chosen))
    told = f"{kept} answers and {sent} returns acknowledged; faults: {wrong}"
    sys.stdout.write(f"{sys.argv[1]} kills: {told}\n")
    sys.exit(bool(wrong))
