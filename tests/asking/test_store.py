"""The store: kept once and together, told to nobody otherwise; what is not ours is refused."""

import sqlite3
import threading
from concurrent.futures import wait
from contextlib import closing

import pytest

from qgdr_eval.asking.receiving.disks import kind_of
from qgdr_eval.asking.receiving.store import open_store, schema_of
from qgdr_eval.asking.receiving.writer import NotKept
from qgdr_eval.asking.sealing.cards import Card
from qgdr_eval.asking.sealing.drafts import close_draft, merged, open_draft
from qgdr_eval.problems import Refused
from qgdr_eval.writing import Unwritable

CARD = Card(bytes(range(32)))
ROOM = 1024


def adds(item, code, card=CARD):
    """The change that one answer makes to a draft."""
    return lambda box: close_draft(merged(open_draft(box, card), {item: code}), card, ROOM)


def pragma(store, words):
    """Ask SQLite for something, on the connection that the store writes with."""

    def ask(held):
        return held.here.connection.exec_driver_sql(f"pragma {words}").scalar()

    return store._writer.ask(ask).result()


def boxes(answers=b"answers", remark=None):
    return lambda draft: (answers, remark)


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "recueil" / "essai.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "recueil" / "essai.sqlite"


def test_two_windows_change_each_what_was_answered_there(store):
    wait([store.keep("m", "p", adds(f"Q{at}", at)) for at in range(40)])
    _, box = store.look("m", "p").result()
    assert open_draft(box, CARD) == {f"Q{at}": at for at in range(40)}


def test_what_waits_is_committed_together(store, path):
    locked = sqlite3.connect(path, isolation_level=None)
    locked.execute("begin immediate")
    before = store.commits
    waiting = [store.keep(f"m{at}", f"p{at}", adds("Q1", 1)) for at in range(200)]
    assert not any(future.done() for future in waiting)
    locked.execute("rollback")
    locked.close()
    wait(waiting)
    assert store.commits - before <= 2


def test_sending_seals_erases_the_draft_and_uses_the_card_at_once(store):
    store.keep("m", "p", adds("Q1", 1)).result()
    assert store.keep_return("m", "p", boxes(b"a", b"r")).result()
    assert store.look("m", "p").result() == (True, None)
    assert (*store.boxes().values(), *store.remarks().values()) == (b"a", b"r")
    assert store.used() == {"m"}


def test_a_used_card_neither_sends_nor_drafts_again(store):
    assert store.keep_return("m", "p", boxes()).result()
    assert not store.keep_return("m", "p", boxes()).result()
    assert store.keep("m", "p", adds("Q1", 1)).result() is None
    assert (len(store.boxes()), store.look("m", "p").result()) == (1, (True, None))


def test_a_card_struck_for_paper_sends_nothing_more(store):
    store.keep("m", "p", adds("Q1", 1)).result()
    assert store.strike("m", "s", b"blank").result() == b"blank"
    assert not store.keep_return("m", "p", boxes()).result()
    assert store.keep("m", "p", adds("Q1", 1)).result() is None
    assert store.sheets_begun() == 1


def test_a_sheet_is_resumed_until_it_is_sealed_once_and_takes_the_draft_of_its_card(store):
    store.keep("m", "p", adds("Q1", 1)).result()
    store.strike("m", "s", b"blank").result()
    assert store.keep_sheet("s", lambda box: box + b", typed").result() == b"blank, typed"
    assert store.strike("m", "s", b"blank").result() == b"blank, typed"
    assert store.keep_sheet_return("s", "p", lambda box: (box, None)).result()
    assert not store.keep_sheet_return("s", "p", boxes()).result()
    assert store.keep_sheet("s", lambda _: b"again").result() is None
    assert store.strike("m", "s", b"blank").result() is None
    assert list(store.boxes().values()) == [b"blank, typed"]
    assert (store.look("m", "p").result(), store.sheets_begun()) == ((True, None), 0)


def test_a_sheet_without_a_card_that_is_left_was_never_begun(store):
    store.strike("m", "s", b"blank").result()
    store.lift("m", "s").result()
    assert (store.used(), store.sheets_begun()) == (set(), 0)
    store.keep_return("m", "p", boxes()).result()
    store.lift("m", "s").result()
    assert store.used() == {"m"}


def test_what_was_counted_is_erased_with_what_nobody_sent_and_nothing_else(store):
    store.keep("m", "p", adds("Q1", 1)).result()
    for card in "abc":
        store.keep_return(card, card, boxes(card.encode(), card.encode())).result()
    first, *others = store.boxes()
    store.erase([first], list(store.remarks()))
    assert (sorted(store.boxes()), store.remarks()) == (others, {})
    assert (store.used(), store.look("m", "p").result()) == ({"a", "b", "c"}, (False, None))


def test_the_fault_of_one_costs_the_others_nothing(store, path):
    def faulty(box):
        raise ZeroDivisionError

    hold = sqlite3.connect(path, isolation_level=None)
    hold.execute("begin immediate")
    futures = [store.keep("m", "p", change) for change in (adds("Q1", 1), faulty, adds("Q2", 2))]
    hold.execute("rollback")
    hold.close()
    assert isinstance(futures[1].exception(), ZeroDivisionError)
    assert open_draft(futures[2].result(), CARD) == {"Q1": 1, "Q2": 2}


def test_who_went_away_stops_nobody(store):
    hold = threading.Event()
    store._writer.ask(lambda held: hold.wait())
    gone, stays = (store.keep(card, card, adds("Q1", 1)) for card in "ab")
    gone.cancel()
    hold.set()
    assert open_draft(stays.result(), CARD) == {"Q1": 1}


def test_a_full_disk_keeps_nothing_and_says_so_and_goes_on_once_it_has_room(store, path):
    store.keep("m", "p", adds("Q1", 1)).result()
    pages = pragma(store, "page_count")
    pragma(store, f"max_page_count = {pages}")
    assert store._drafts.engine.pool.size() == 1  # the very connection that is limited
    failed = [store.keep(f"m{at}", f"p{at}", adds("Q1", 1)) for at in range(50)]
    wait(failed)
    assert {str(future.exception()) for future in failed} == {"full"}
    assert open_draft(store.look("m", "p").result()[1], CARD) == {"Q1": 1}
    pragma(store, "max_page_count = 99999")
    assert store.keep("m9", "p9", adds("Q1", 1)).result() is not None


def test_a_store_that_somebody_locks_keeps_nothing_and_says_so(store, path):
    pragma(store, "busy_timeout = 50")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(NotKept, match="locked"):
        store.keep("m", "p", adds("Q1", 1)).result()
    other.execute("rollback")
    other.close()
    assert store.keep("m", "p", adds("Q1", 1)).result() is not None


def test_it_has_four_tables_without_a_date_or_a_row_number(store, path):
    with closing(sqlite3.connect(path)) as reading:
        made = dict(reading.execute("select name, sql from sqlite_master where sql is not null"))
        settings = [reading.execute(f"pragma {name}").fetchone()[0] for name in ("journal_mode",)]
    assert sorted(made) == ["answers", "drafts", "remarks", "used"]
    assert all("WITHOUT ROWID" in sql for sql in made.values())
    assert not any(word in sql.lower() for sql in made.values() for word in ("date", "time"))
    assert settings == ["wal"]


def test_the_log_keeps_nothing_of_what_was_written_before(store, path):
    """A draft is written at each answer: a log of them all would tell how many there were."""
    log = path.with_name(f"{path.name}-wal")
    for at in range(9):
        store.keep("m", "p", adds("Q1", at)).result()
    store.boxes()  # whoever waits for it waits until the log is tidy
    store.boxes()
    assert log.stat().st_size == 0
    reading = sqlite3.connect(path, isolation_level=None)
    reading.execute("begin")
    reading.execute("select * from drafts").fetchall()
    store.keep("m", "p", adds("Q1", 2)).result()
    assert store.commits > 0
    reading.close()
    store.keep("m", "p", adds("Q1", 3)).result()
    store.boxes()
    store.boxes()
    assert log.stat().st_size == 0


def test_drafts_are_as_long_whatever_they_hold(store):
    for at in range(1, 41):
        store.keep("m", "p", adds(f"Q{at}", at)).result()
    full = store.look("m", "p").result()[1]
    assert len(full) == len(close_draft({}, CARD, ROOM))


def test_a_draft_is_read_by_its_card_alone():
    box = close_draft({"Q1": 4}, CARD, ROOM)
    assert b'"answers"' not in box  # long enough not to stand there by chance
    assert open_draft(box, Card(bytes(32))) is None
    assert open_draft(box[:-1], CARD) is None


@pytest.mark.parametrize("content", [b"hello" * 999, b"SQLite format 3\0" + b"x" * 999])
def test_a_file_that_is_no_store_is_refused_and_left_as_it_was(tmp_path, content):
    (tmp_path / "x.sqlite").write_bytes(content)
    with pytest.raises(Refused, match="n'est pas un recueil"):
        open_store(tmp_path / "x.sqlite")
    assert (tmp_path / "x.sqlite").read_bytes() == content


@pytest.mark.parametrize("more", ["create table other (a)", "create table used (mark, day)"])
def test_a_layout_of_another_version_is_refused(tmp_path, more):
    with closing(sqlite3.connect(tmp_path / "x.sqlite")) as made:
        made.execute(more)
    with pytest.raises(Refused, match="de cette version du kit"):
        open_store(tmp_path / "x.sqlite")


def test_a_network_folder_is_refused(tmp_path, monkeypatch):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"server:/x {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr("qgdr_eval.asking.receiving.disks.MOUNTS", mounts)
    with pytest.raises(Refused, match="sur le réseau"):
        open_store(tmp_path / "recueil" / "x.sqlite")
    assert not (tmp_path / "recueil").exists()


def test_the_kind_of_a_folder_is_that_of_its_nearest_mount(tmp_path):
    mounts = (
        "a / ext4 rw 0 0\nb /mnt/un\\040partage cifs rw 0 0\nc /mnt/un\\040partage/x xfs rw 0 0"
    )
    assert kind_of(tmp_path.__class__("/mnt/un partage/y"), mounts) == "cifs"
    assert kind_of(tmp_path.__class__("/mnt/un partage/x/y"), mounts) == "xfs"


@pytest.mark.parametrize("url", ["mysql://a/b", "http://a", "postgresql://nobody@127.0.0.1:9/none"])
def test_a_database_that_is_none_is_refused_without_its_password(url):
    secret = url.replace("://", "://x:motdepasse@" if "@" not in url else "://x:motdepasse@z@")
    with pytest.raises(Refused) as refused:
        open_store(secret if "nobody" not in url else url.replace("nobody", "nobody:motdepasse"))
    assert "motdepasse" not in str(refused.value)


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "recueil").write_text("a file")
    with pytest.raises(Unwritable):
        open_store(tmp_path / "recueil" / "x.sqlite")


def test_names_of_campaigns_make_names_of_schemas():
    assert schema_of("a" * 64) != schema_of("a" * 63 + "b")
