"""Answers in any order give one opened file: `python -m tests.asking.orders 1000`.

The same twelve people send, each time in another order, each by the server or by a file dropped in
the folder as chance has it; the store is a file of SQLite, then PostgreSQL. What is opened must be
the same bytes each time: the answers, and the comments beside them.
"""

import random
import sys
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from qgdr_eval.asking.opening.gather import gather
from qgdr_eval.asking.opening.sources import every_source
from qgdr_eval.asking.receiving.reception import Reception, Visit, receiving_store
from qgdr_eval.asking.returning.remarks import FILE
from qgdr_eval.asking.sealing.cards import card_of, read_code
from qgdr_eval.responses.asked import UNSAID
from tests.asking.attack import forget
from tests.asking.campaigns import ready
from tests.asking.databases import Database
from tests.asking.test_gather import CLASSES, some_answers

read_card = cache(lambda code, salt: card_of(read_code(code), salt))  # ten milliseconds each
SERVICES = (("CH fictif", "Médecine", 7), ("CH fictif", "Urgences", 5))
STRATA = ("Infirmiers", "Médecins", UNSAID)


def people_of(made):
    """Code, answers, class and words of each: two people say the very same."""
    codes = [code for service in made.codes.values() for code in service[:-2]]
    return [(code, some_answers(made, rank // 2), STRATA[rank // 2 % 3], f"Mot {rank // 2}")
            for rank, code in enumerate(codes)]  # fmt: skip


def serve(made, store, code, answers, stratum, words, rng):
    """What the server does of a person: a draft, answer by answer, then the sending."""
    reception = Reception(made.asked, made.live, store)
    card = read_card(code, reception.salt)
    visit = Visit(card, made.inquiry.places[card.mark])
    parts = rng.sample(sorted(answers), rng.randint(0, 3))
    for item in parts:
        change = {item: answers[item]}
        store.keep(card.mark, card.draft, lambda box, change=change: reception.redraft(
            box, card, change)).result()  # fmt: skip
    everything = {**answers, "_classe": stratum}
    seal = partial(seal_of, reception, visit, everything, words)
    assert store.keep_return(card.mark, card.draft, seal).result()


def seal_of(reception, visit, answers, words, box):
    return reception.seal(visit, box, answers, words)


def opened_after(made, people, rng, database=None):
    """The bytes that are opened once people came in some order, each in some way."""
    url = database.url if database else ""
    store = receiving_store(made.path, "essai", url)
    for code, answers, stratum, words in rng.sample(people, len(people)):
        if rng.random() < 0.5:
            made.send(code, answers, f"{rng.getrandbits(64):x}", stratum, words)
        else:
            serve(made, store, code, answers, stratum, words, rng)
    store.close()
    with every_source(made.path, url=url) as sources:
        assert gather(made.path, made.pair, sources).total == len(people)
    comments = made.path.parent / FILE
    written = made.asked.answers.read_bytes(), comments.read_bytes()
    comments.unlink()
    forget(made, database)
    return written


def files_of(times, folder):
    """Every pair of files that was ever opened, and how often."""
    made, rng = ready(folder / "c", services=SERVICES, **CLASSES), random.Random(times)
    people, seen = people_of(made), {}
    (folder / "d").mkdir()
    database = Database(folder / "d")
    try:
        for held in (None, database) * times:
            written = opened_after(made, people, rng, held)
            seen[written] = seen.get(written, 0) + 1
    finally:
        database.stop()
    return seen


if __name__ == "__main__":
    with TemporaryDirectory(prefix="or") as chosen:
        found = files_of(int(sys.argv[1]), Path(chosen))
    print(f"{sum(found.values())} orders of arrival: {len(found)} opened file")
    sys.exit(len(found) != 1)
