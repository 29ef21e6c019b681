"""What is sealed in PostgreSQL, drafts beside: as a file does; cut anywhere, nothing is lost."""

import contextlib
import os
import shutil
import signal
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from qgdr_eval.asking.asked.inquiry import database_path, drafts_path
from qgdr_eval.asking.opening.gather import gather
from qgdr_eval.asking.opening.sources import every_source
from qgdr_eval.asking.preparing.prepare import prepare
from qgdr_eval.asking.receiving.reception import receiving_store
from qgdr_eval.asking.receiving.store import open_store
from qgdr_eval.asking.receiving.writer import NotKept
from qgdr_eval.asking.returning.returned import Return
from qgdr_eval.asking.sealing.cards import Card, card_of, read_code
from qgdr_eval.asking.sealing.drafts import close_draft, merged, open_draft
from qgdr_eval.asking.serve.start import Settings, open_reception
from qgdr_eval.asking.widget.cell import open_entry, reply_to
from qgdr_eval.problems import Refused
from tests.asking.campaigns import CROWD, ready, typed
from tests.asking.databases import Database
from tests.processes import killed

CARD, ROOM = Card(bytes(range(32))), 1024


@pytest.fixture(scope="module")
def database():
    with TemporaryDirectory(prefix="pg") as folder:  # a socket's path is short
        running = Database(Path(folder), log=Path(folder) / "log")
        yield running
        running.stop()


@pytest.fixture
def opened(database, tmp_path):
    """Open the store of a campaign, its drafts in a file of this test."""
    stores = []

    def open_(campaign):
        stores.append(open_store(database.url, campaign, tmp_path / f"{campaign}.sqlite"))
        return stores[-1]

    yield open_
    for store in stores:
        store.close()


def adds(item, code):
    return lambda box: close_draft(merged(open_draft(box, CARD), {item: code}), CARD, ROOM)


def sealed(box):
    return b"box", None


def drafts_in(path):
    """Places of the drafts that a file has, read beside whatever opens it."""
    with contextlib.closing(sqlite3.connect(path)) as reading:
        return {place for (place,) in reading.execute("select place from drafts")}


def test_it_keeps_sends_refuses_and_erases_as_a_file_does(opened, tmp_path):
    store = opened("une")
    waiting = [store.keep("m", "p", adds(f"Q{at}", at)) for at in range(40)]
    assert len(open_draft(waiting[-1].result(), CARD)) == 40
    assert len(open_draft(store.look("m", "p").result()[1], CARD)) == 40
    assert store.keep_return("m", "p", lambda box: (b"a", b"r")).result()
    assert not store.keep_return("m", "p", lambda box: (b"a", b"r")).result()
    assert store.keep("m", "p", adds("Q1", 1)).result() is None
    assert store.strike("m", "s", b"blank").result() is None
    assert store.strike("n", "s", b"blank").result() == b"blank"
    assert store.sheets_begun() == 1
    assert store.keep_sheet("s", lambda box: box + b", typed").result() == b"blank, typed"
    assert store.strike("n", "s", b"blank").result() == b"blank, typed"
    assert store.keep_sheet_return("s", "p", lambda box: (box, None)).result()
    assert not store.keep_sheet_return("s", "p", sealed).result()
    assert store.keep_sheet("s", lambda _: b"again").result() is None
    assert store.strike("o", "t", b"blank").result() == b"blank"
    store.lift("o", "t").result()
    store.keep("q", "q", adds("Q1", 1)).result()
    again = opened("une")
    assert (again.used(), sorted(again.boxes().values())) == ({"m", "n"}, [b"a", b"blank, typed"])
    assert drafts_in(tmp_path / "une.sqlite") == {"q"}
    again.erase(list(again.boxes()), list(again.remarks()))
    assert (again.boxes(), again.remarks()) == ({}, {})
    assert drafts_in(tmp_path / "une.sqlite") == set()


def test_campaigns_of_one_database_do_not_see_each_other(opened):
    one, other = opened("a"), opened("b")
    one.strike("m", "s", b"blank").result()
    assert (one.used(), other.used()) == ({"m"}, set())


def test_killed_and_started_again_it_has_every_return_that_was_acknowledged(opened, database):
    store, kept, unsure = opened("tuee"), set(), set()
    for turn in range(3):
        marks = [f"{turn}_{at}" for at in range(30)]
        for mark in marks:
            store.keep(mark, mark, adds("Q1", 1)).result()
        futures = {mark: store.keep_return(mark, mark, sealed) for mark in marks}
        futures[marks[0]].result()
        database.kill()
        for mark, future in futures.items():
            try:
                kept |= {mark} if future.result() else set()
            except NotKept:
                unsure.add(mark)
        with pytest.raises(NotKept, match="lost"):
            store.keep_return("lost", "p", sealed).result()
        database.start()
    assert kept <= store.used() <= kept | unsure
    assert len(store.boxes()) == len(store.used())
    for mark in kept | unsure:
        used, box = store.look(mark, mark).result()
        assert used == (mark in store.used())
        assert used or open_draft(box, CARD) == {"Q1": 1}


def test_answers_are_kept_while_the_database_is_away(opened, database):
    store = opened("absente")
    store.keep("m", "p", adds("Q1", 1)).result()
    database.kill()
    store.keep("m", "p", adds("Q2", 2)).result()
    with pytest.raises(NotKept, match="lost"):
        store.keep_return("m", "p", sealed).result()
    database.start()
    given = []
    assert store.keep_return("m", "p", lambda box: (given.append(box) or b"box", None)).result()
    assert open_draft(given[0], CARD) == {"Q1": 1, "Q2": 2}


def send(store):
    store.keep("m", "p", adds("Q1", 1)).result()
    return lambda: store.keep_return("m", "p", sealed).result()


def type_in(store):
    store.strike("m", "p", b"blank").result()
    store.keep_sheet("p", lambda box: b"typed").result()
    return lambda: store.keep_sheet_return("p", "q", sealed).result()


def kill_between(url, campaign, drafts, begin):
    """Seal in a process that dies once the database has the box, and the draft is still there."""
    killed(seal_and_die, url, campaign, drafts, begin)
    assert drafts_in(drafts) == {"p"}


def seal_and_die(url, campaign, drafts, begin):
    store = open_store(url, campaign, drafts)
    seal = begin(store)
    event.listen(store._drafts.engine, "commit", lambda _: os.kill(os.getpid(), signal.SIGKILL))
    seal()


@pytest.mark.parametrize("reached", [True, False])
@pytest.mark.parametrize("begin", [send, type_in])
def test_killed_between_a_box_and_the_end_of_its_draft_it_counts_once_and_opens_nothing(
    database, opened, tmp_path, begin, reached
):
    campaign = f"entre_{begin.__name__}_{reached}".lower()
    kill_between(database.url, campaign, tmp_path / f"{campaign}.sqlite", begin)
    store = opened(campaign)
    if reached:  # as a server does when it starts
        store.reach()
        assert store.keep("m", "p", adds("Q2", 2)).result() is None
    assert store.look("m", "p").result() == (True, None)
    assert store.keep("m", "p", adds("Q2", 2)).result() is None
    assert not store.keep_return("m", "p", sealed).result()
    assert not store.keep_sheet_return("p", "q", sealed).result()
    assert store.strike("m", "p", b"blank").result() is None
    assert (list(store.boxes().values()), store.used()) == ([b"box"], {"m"})
    assert drafts_in(tmp_path / f"{campaign}.sqlite") == set()


def test_a_draft_that_a_full_disk_leaves_keeps_nothing_more_once_its_card_is_used(opened):
    """The process lives on, and a window is still open on the form that was sent."""
    store = opened("pleine")
    store.keep("m", "p", adds("Q1", 1)).result()
    full = OperationalError("commit", None, sqlite3.OperationalError("database or disk is full"))

    def fail(_):
        raise full

    event.listen(store._drafts.engine, "commit", fail)
    with pytest.raises(NotKept, match="full"):
        store.keep_return("m", "p", sealed).result()
    event.remove(store._drafts.engine, "commit", fail)
    assert store.keep("m", "p", adds("Q2", 2)).result() is None
    assert not store.keep_return("m", "p", sealed).result()
    assert len(store.boxes()) == 1


def test_a_store_restored_from_before_a_return_lets_its_card_answer_again(opened, database):
    store = opened("rendue")
    assert store.keep_return("m", "p", sealed).result()
    database.drop("qgdr_rendue")
    store.close()
    again = opened("rendue")
    assert again.look("m", "p").result() == (False, None)
    assert again.keep_return("m", "p", sealed).result()


def told_since(database, start):
    """What the database was asked since its log was so long."""
    told = database.log.read_bytes()[start:]
    return [word for word in (b"execute", b"statement:", b"connection received") if word in told]


def test_a_database_is_told_of_no_answer_before_it_is_sent(database, tmp_path):
    made = ready(tmp_path)
    served = open_reception(made.path, Settings(store=database.url))
    desk = open_entry(made.path, store=database.url)
    typing = open_entry(made.path, paper=1, store=database.url)
    one, two, three, *_ = made.codes["Médecine"]
    card = card_of(read_code(one), served.salt)
    visit = reply_to(desk, {"do": "enter", "code": two})["visit"]
    sheet = reply_to(typing, {"do": "enter", "code": three})["visit"]
    start = database.log.stat().st_size
    for item in made.asked.instrument.codes[:8]:
        change = {item: 4}
        served.store.keep(card.mark, card.draft, lambda box, change=change: served.redraft(
            box, card, change)).result()  # fmt: skip
        for host, who in ((desk, visit), (typing, sheet)):
            asked = {"do": "keep", "visit": who, "answers": {item: "4"}}
            assert reply_to(host, asked)["done"]
    assert told_since(database, start) == []
    assert reply_to(desk, {"do": "send", "visit": visit, "answers": {}})["done"]
    assert told_since(database, start) != []
    served.store.close()
    database.drop("qgdr_essai")


def test_a_server_that_is_not_there_is_refused_in_words(tmp_path):
    nowhere = "postgresql://nobody:secret@127.0.0.1:1/none"
    with pytest.raises(Refused, match="ne s'ouvre pas"):
        open_store(nowhere, "x")
    made = ready(tmp_path)
    for receive in (
        lambda: open_reception(made.path, Settings(store=nowhere)),
        lambda: open_entry(made.path, store=nowhere),
    ):
        with pytest.raises(Refused, match="ne s'ouvre pas"):
            receive()
    assert not database_path(made.path, "essai").exists()


def test_drafts_are_refused_a_network_folder_as_a_store_is(tmp_path, monkeypatch):
    made, mounts = ready(tmp_path), tmp_path / "mounts"
    mounts.write_text(f"server:/x {made.path.parent} nfs4 rw 0 0\n")
    monkeypatch.setattr("qgdr_eval.asking.receiving.disks.MOUNTS", mounts)
    with pytest.raises(Refused, match="sur le réseau"):
        open_reception(made.path, Settings(store="postgresql://nobody@127.0.0.1:1/none"))
    assert not drafts_path(made.path, "essai").exists()


def test_two_servers_share_a_folder_and_never_a_database_alone(database, tmp_path):
    made = ready(tmp_path)
    settings, elsewhere = Settings(store=database.url), tmp_path / "ailleurs"
    shutil.copytree(made.path.parent, elsewhere)
    one, other = (open_reception(made.path, settings) for _ in range(2))
    one.store.keep("m", "p", adds("Q1", 1)).result()
    assert open_draft(other.store.look("m", "p").result()[1], CARD) == {"Q1": 1}
    assert other.store.keep_return("m", "p", sealed).result()
    assert one.store.keep("m", "p", adds("Q2", 1)).result() is None
    one.store.keep("n", "n", adds("Q1", 1)).result()
    with pytest.raises(Refused, match="déjà servie depuis un autre ordinateur"):
        open_reception(elsewhere / made.path.name, settings)
    one.store.close()
    other.store.close()
    moved = open_reception(elsewhere / made.path.name, settings)
    assert moved.store.look("m", "p").result() == (True, None)
    assert moved.store.look("n", "n").result() == (False, None)  # a draft stays where it was begun
    moved.store.close()
    database.drop("qgdr_essai")


def test_a_campaign_served_from_it_is_neither_prepared_anew_nor_opened_without_it(
    database, tmp_path
):
    made = ready(tmp_path)
    served = open_reception(made.path, Settings(store=database.url))
    answers = made.inquiry.seal.close(Return(made.codes["Médecine"][0], {}).content())
    served.store.keep("m", "p", adds("Q1", 1)).result()
    served.store.keep_return(made.inquiry.units[0].cards[0], "p", lambda _: (answers, None))
    served.store.keep("n", "n", adds("Q1", 1)).result()
    served.store.close()
    key, noted = tmp_path / "autre.txt", database_path(made.path, "essai")
    with pytest.raises(Refused, match="--store"), every_source(made.path):
        pass
    note = noted.read_bytes()
    for _ in range(2):  # drafts alone, without the note, are somebody's beginnings too
        with pytest.raises(Refused, match="les perdrait"):
            prepare(made.path, tmp_path / "i", key, typed(key), replace=True)
        noted.unlink(missing_ok=True)
    noted.write_bytes(note)
    assert not key.exists()
    made.crowd()
    with every_source(made.path, url=database.url) as sources:
        assert gather(made.path, made.pair, sources).total == 1 + 2 * CROWD
    everything = b"".join(path.read_bytes() for path in made.path.parent.rglob("*.*"))
    assert database.url.encode() not in everything
    assert drafts_in(drafts_path(made.path, "essai")) == set()


def test_sheets_typed_beside_a_database_are_opened_with_it(database, tmp_path):
    database.drop("qgdr_essai")
    made = ready(tmp_path)
    one, two, three, *_ = made.codes["Médecine"]
    for code, store in ((one, database.url), (two, database.url), (three, "")):
        desk = open_entry(made.path, paper=1, store=store)
        visit = reply_to(desk, {"do": "enter", "code": code})["visit"]
        assert reply_to(desk, {"do": "send", "visit": visit, "answers": {"CE01": "4"}})["done"]
    assert (
        "a déjà servi"
        in reply_to(open_entry(made.path, store=database.url), {"do": "enter", "code": one})["why"]
    )
    made.crowd()
    with every_source(made.path, url=database.url) as sources:
        assert gather(made.path, made.pair, sources).total == 3 + 2 * CROWD
        assert [dict(source.boxes()) for source in sources] == [{}, {}, {}]


def test_a_sheet_begun_on_another_computer_is_typed_again_from_its_paper(database, tmp_path):
    database.drop("qgdr_essai")
    made, elsewhere = ready(tmp_path), tmp_path / "ailleurs"
    shutil.copytree(made.path.parent, elsewhere)
    here, there = (receiving_store(path, "essai", database.url) for path in
                   (made.path, elsewhere / made.path.name))  # fmt: skip
    here.strike("m", "s", b"blank").result()
    here.keep_sheet("s", lambda box: b"typed").result()
    assert there.strike("m", "s", b"other").result() == b"blank"
    assert there.keep_sheet_return("s", "p", sealed).result()
    assert not here.keep_sheet_return("s", "p", sealed).result()
    assert len(here.boxes()) == 1
    here.close()
    there.close()
