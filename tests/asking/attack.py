"""What somebody without the key reads of who answered what: `python -m tests.asking.attack 1000`.

Eight people answer and send, each in his turn; the attacker saw in which order they sent. He has
the store and its log as a kill left them, or PostgreSQL's folder, tables and log, every file of the
campaign's folder, and the file that was opened; not the key. He says whose each row is. The same
attack is made on a store that does not seal, and on a database that keeps drafts too, so that it is
known to work.

``python -m tests.asking.attack 1000 100``: so many campaigns in SQLite, so many in PostgreSQL.
"""

import csv
import io
import json
import math
import os
import random
import re
import signal
import sqlite3
import sys
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from qgdr_eval.asking.asked.campaign import read_asked
from qgdr_eval.asking.asked.inquiry import Live, inquiry_path, load_inquiry, store_path
from qgdr_eval.asking.opening.gather import gather
from qgdr_eval.asking.opening.sources import every_source
from qgdr_eval.asking.receiving import store as stores
from qgdr_eval.asking.receiving.reception import Reception, Visit, receiving_store
from qgdr_eval.asking.receiving.store import open_store, schema_of
from qgdr_eval.asking.sealing.cards import card_of, read_code
from qgdr_eval.asking.sealing.seal import to_json
from tests.asking.campaigns import ready
from tests.asking.databases import Database
from tests.processes import killed

PEOPLE = 8
CONTROLS = 60  # campaigns that are not kept as they should be: they show at once
TOKEN = re.compile(rb"\b[0-9a-f]{32}\b")
SCHEMA = schema_of("essai")


@dataclass
class Evidence:
    """What the attacker has.

    ``rows``: of the opened file; ``files``: everything else, by name; ``boxes``: those of answers,
    in the order in which they came, as far as it can be read; ``rewritten``: how often each draft
    was written, or each card named to the database, by the order in which they were sent.
    """

    rows: list[dict[str, str]]
    files: dict[str, bytes] = field(default_factory=dict)
    boxes: list[bytes] = field(default_factory=list)
    rewritten: list[int] = field(default_factory=list)


def by_place(evidence, rng):
    """The rows stand in the order in which people sent."""
    return list(range(len(evidence.rows)))


def by_words(evidence, rng):
    """A row is written somewhere, in one form or another; where it stands says when it came."""
    places = [(f"box {rank:02}", box) for rank, box in enumerate(evidence.boxes)]
    places += sorted(evidence.files.items())
    found = []
    for row in evidence.rows:
        forms = forms_of(row)
        at = ((rank, content.find(form)) for rank, (_, content) in enumerate(places)
              for form in forms)  # fmt: skip
        found.append(next((place for place in at if place[1] >= 0), (len(places), rng.random())))
    return sorted(range(len(found)), key=found.__getitem__)


def by_length(evidence, rng):
    """The longest box is that of the row that says most."""
    lengths = [len(box) for box in evidence.boxes]
    return alike(lengths, [len(answers_of(row)) for row in evidence.rows], rng)


def by_rewrites(evidence, rng):
    """The draft that was written most often is that of the row with fewest blanks."""
    given = [sum(value != "" for value in row.values()) for row in evidence.rows]
    return alike(evidence.rewritten, given, rng)


METHODS = (by_place, by_words, by_length, by_rewrites)


def alike(came, rows, rng):
    """Rows in the order of who came, the greatest for the greatest; by chance where they tie."""
    people = sorted(range(len(rows)), key=lambda n: (came[n] if n < len(came) else 0, rng.random()))
    ranked = sorted(range(len(rows)), key=lambda n: (rows[n], rng.random()))
    of = dict(zip(people, ranked, strict=True))
    return [of[person] for person in range(len(rows))]


def answers_of(row):
    return to_json({code: int(value) for code, value in row.items() if value})


def forms_of(row):
    """A row as programs write one: JSON, CSV, bytes, digits, and each in hexadecimal."""
    values = list(row.values())
    plain = [answers_of(row)[1:-1], ";".join(values).encode(), ",".join(values).encode(),
             bytes(int(value or 0) for value in values), "".join(values).encode()]  # fmt: skip
    return [*plain, *(form.hex().encode() for form in plain)]


@dataclass(frozen=True)
class Plain(Reception):
    """A server that seals nothing, and leaves its log to SQLite; else its store is ours."""

    def redraft(self, box, card, changes):
        return to_json({**json.loads(box or b"{}"), **changes})

    def seal(self, visit, box, changes, comment):
        return box or b"{}", None


class Together(Reception):
    """A server whose drafts are in the database too, written again at each answer."""


def turns_of(people, items, rng):
    """Who does what, everybody's answers mixed, a sending last; and the order of sendings.

    Who leaves more blank sends no sooner: else the rows themselves would tell who came first.
    """
    turns = []
    for person in people:
        end, answered = rng.uniform(0.5, 1), rng.randint(len(items) // 2, len(items))
        turns += [(rng.uniform(0, end), person, {item: rng.randint(1, 5)})
                  for item in rng.sample(items, answered)]  # fmt: skip
        turns.append((end, person, None))
    turns.sort(key=lambda turn: turn[0])
    return [turn[1:] for turn in turns], [who for _, who, change in turns if change is None]


def answer(reception, turns):
    store, entered = reception.store, set()
    for card, changes in turns:
        if card not in entered:
            entered.add(card)
            assert store.look(card.mark, card.draft).result() == (False, None)
        if changes is None:
            seal = partial(sealed, reception, Visit(card, reception.inquiry.places[card.mark]))
            assert store.keep_return(card.mark, card.draft, seal).result()
        else:
            redraft = partial(redrafted, reception, card, changes)
            store.keep(card.mark, card.draft, redraft).result()


def sealed(reception, visit, box):
    return reception.seal(visit, box, {}, "")


def redrafted(reception, card, changes, box):
    return reception.redraft(box, card, changes)


def answer_and_die(path, kind, turns):
    """In a process that is killed once the last answer is acknowledged."""
    if kind is Plain:
        stores.empty_log = lambda engine: None
    asked = read_asked(path)
    kept = inquiry_path(path, asked.campaign.id)
    store = open_store(store_path(path, asked.campaign.id), asked.campaign.id)
    answer(kind(asked, Live(kept, load_inquiry(kept)), store), turns)
    os.kill(os.getpid(), signal.SIGKILL)


def of_a_file(made, kind, turns):
    """The evidence of a campaign kept in a file."""
    killed(answer_and_die, made.path, kind, turns)
    store = store_path(made.path, "essai")
    files = {path.name: path.read_bytes() for path in store.parent.iterdir() if path.is_file()}
    evidence = Evidence([], files)
    states = list(states_of(files[store.name], files.get(f"{store.name}-wal", b"")))
    follow(evidence, states)
    return evidence


def states_of(main, log):
    """The tables after each commit that the log still has."""
    size = int.from_bytes(log[8:12], "big") or 4096
    ends = [at + 24 + size for at in range(32, len(log) - 23 - size, 24 + size)
            if log[at + 4 : at + 8] != bytes(4)] or [0]  # fmt: skip
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "x.sqlite"
        for end in ends:
            for path in Path(folder).iterdir():
                path.unlink()
            copy.write_bytes(main)
            copy.with_name("x.sqlite-wal").write_bytes(log[:end])
            with closing(sqlite3.connect(copy)) as reading:
                made = {name for (name,) in reading.execute("select name from sqlite_master")}
                boxes = {
                    table: dict(reading.execute(f"select {key}, box from {table}"))
                    for table, key in (("drafts", "place"), ("answers", "name"))
                    if table in made
                }
            yield boxes


def follow(evidence, states):
    """What a succession of states says: boxes as they came, drafts until they went."""
    seen, times, before = set(), Counter(), {}
    for state in states:
        drafts, boxes = state.get("drafts", {}), state.get("answers", {})
        times.update(place for place, box in drafts.items() if before.get(place) != box)
        evidence.rewritten += [times[place] for place in before if place not in drafts]
        evidence.boxes += [box for name, box in sorted(boxes.items()) if name not in seen]
        seen |= set(boxes)
        before = drafts


def of_a_database(made, kind, turns, database, log):
    """The evidence of a campaign kept in PostgreSQL, by whoever administers it."""
    start = log.stat().st_size
    if kind is Together:
        store = open_store(database.url, "essai")
    else:
        store = receiving_store(made.path, "essai", database.url)
    answer(kind(made.asked, made.live, store), turns)
    store.close()
    with psycopg.connect(database.url, autocommit=True) as administrator:
        administrator.execute("checkpoint")
        query = f"select box from {SCHEMA}.answers order by xmin::text::bigint"
        boxes = [bytes(box) for (box,) in administrator.execute(query)]
        tables = [path for (path,) in administrator.execute(
            "select pg_relation_filepath(c.oid) from pg_class c join pg_namespace n on n.oid = "
            f"relnamespace where nspname = '{SCHEMA}' and relkind in ('r', 'i')")]  # fmt: skip
        (segment,) = administrator.execute(
            "select pg_walfile_name(pg_current_wal_lsn())"
        ).fetchone()
    told = log.read_bytes()[start:]
    read = {path: (database.folder / path).read_bytes() for path in
            (*tables, f"pg_wal/{segment}")}  # fmt: skip
    return Evidence([], {"1 log": told, **read}, boxes, named_in(told))


def named_in(log):
    """How often each card was named, in the order in which cards were used: all is in the log."""
    times, order = Counter(), {}
    for statement in log.split(b"execute"):
        words = statement.lower()
        for mark in set(TOKEN.findall(statement)):
            times[mark] += 1
            if b"insert into" in words and b".used " in words:
                order.setdefault(mark, len(order))
    return [times[mark] for mark in order]


def opened(made, turns, kind, url=""):
    """The rows that the opening writes: by its own command, or sorted as it would."""
    if kind is not Plain:
        with every_source(made.path, url=url) as sources:
            gather(made.path, made.pair, sources)
        text = made.asked.answers.read_text("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    else:
        rows = [{code: str(given.get(code, "")) for code in made.asked.instrument.codes}
                for given in given_by(turns).values()]  # fmt: skip
        rows.sort(key=lambda row: tuple(row.values()))
    codes = made.asked.instrument.codes
    return [{code: row[code] for code in codes} for row in rows]


def given_by(turns):
    given = defaultdict(dict)
    for card, changes in turns:
        given[card.mark].update(changes or {})
    return given


def forget(made, database=None):
    """The same campaign, as before anybody answered."""
    for path in (made.path.parent / "recueil").glob("essai.*"):
        if path.name != "essai.json":
            path.unlink()
    made.asked.answers.unlink(missing_ok=True)
    if database:
        database.drop(SCHEMA)


def matched(guess, rows, order, turns):
    """How many people were given their own row, and how alike the two orders are (Kendall)."""
    given = given_by(turns)
    codes = list(rows[0])
    truth = [tuple(str(given[card.mark].get(code, "")) for code in codes) for card in order]
    where = {row: rank for rank, row in enumerate(truth)}
    said = [where[tuple(rows[rank].values())] for rank in guess]
    pairs = [(said[a] < said[b]) for a in range(len(said)) for b in range(a + 1, len(said))]
    return sum(rank == place for place, rank in enumerate(said)), 2 * sum(pairs) / len(pairs) - 1


def attack(made, kind, seed, database=None, log=None):
    """One campaign, and every method; gives what each found."""
    # Two kinds of the same numbers would be read in each other's remains.
    rng = random.Random(f"{kind.__name__} {seed}")
    salt = bytes.fromhex(made.inquiry.salt)
    codes = rng.sample(made.codes["Médecine"], PEOPLE)
    cards = {card.mark: card for card in (card_of(read_code(code), salt) for code in codes)}
    turns, order = turns_of(sorted(cards), list(made.asked.instrument.codes), rng)
    turns, order = [(cards[mark], change) for mark, change in turns], [cards[m] for m in order]
    if database:
        evidence = of_a_database(made, kind, turns, database, log)
    else:
        evidence = of_a_file(made, kind, turns)
    assert kind is Plain or len({len(box) for box in evidence.boxes}) == 1
    evidence.rows = opened(made, turns, kind, database.url if database else "")
    inside = made.path.parent / "recueil"
    evidence.files |= {f"then {path.name}": path.read_bytes() for path in inside.glob("essai.*")}
    forget(made, database)
    return {method.__name__: matched(method(evidence, rng), evidence.rows, order, turns)
            for method in METHODS}  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """How near to the truth: ``right``, the share of people given their own row, by chance one in
    eight; ``tau``, how alike the orders are, by chance 0; ``z``, standard errors from chance."""

    right: float
    tau: float
    z: float


def verdict(found):
    """What many campaigns say of one method."""
    runs, pairs = len(found), PEOPLE * (PEOPLE - 1)
    right = sum(hits for hits, _ in found)
    tau = sum(tau for _, tau in found) / runs
    spread = math.sqrt(2 * (2 * PEOPLE + 5) / (9 * pairs) / runs)
    z = max((right - runs) / math.sqrt(runs), abs(tau) / spread, key=abs)
    return Verdict(right / runs / PEOPLE, tau, z)


def attacks(runs, kind, folder, database=None, log=None):
    """Verdicts by method."""
    made = ready(folder, services=(("CH fictif", "Médecine", 30),))
    found = defaultdict(list)
    for seed in range(runs):
        for method, score in attack(made, kind, seed, database, log).items():
            found[method].append(score)
    return {method: verdict(scores) for method, scores in found.items()}


def in_postgresql(runs, kind, folder):
    """The same, kept in a PostgreSQL that logs all it can."""
    log = folder / "d" / "log"
    log.parent.mkdir(parents=True)
    database = Database(log.parent, log=log)
    try:
        return attacks(runs, kind, folder / "c", database, log)
    finally:
        database.stop()


def main(of_files, of_postgresql):
    for where, runs, made, kinds in (
        ("SQLite", of_files, attacks, (Reception, Plain)),
        ("PostgreSQL", of_postgresql, in_postgresql, (Reception, Together, Plain)),
    ):
        for kind in kinds if runs else ():
            times = runs if kind is Reception else min(runs, CONTROLS)
            with TemporaryDirectory(prefix="at") as chosen:
                for method, said in made(times, kind, Path(chosen) / "x").items():
                    figures = f"{said.right:.1%}, tau {said.tau:+.3f}, z {said.z:+.1f}"
                    print(f"{where} {times}, {kind.__name__} {method}: {figures}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
