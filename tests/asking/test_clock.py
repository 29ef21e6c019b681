"""The clock moved, forwards and back: nothing is lost, limited or written by it."""

import datetime
import json
import sqlite3
import struct
import sys
from pathlib import Path

import pytest

from qgdr_eval import asking
from qgdr_eval.asking.asked.inquiry import inquiry_path
from qgdr_eval.asking.receiving.participation import participation_path, read_participation
from tests.asking.campaigns import ready
from tests.asking.served import Served
from tests.asking.test_served import kept

# All over 2³²: what is told apart from chance by five bytes at least, in a file of boxes.
YEARS = [datetime.datetime(year, 3, 1, 13, 7, 11) for year in (2203, 2290, 2151, 2290, 2151)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("horloge")


@pytest.fixture(scope="module")
def clock(folder):
    """Set the clock."""
    told = folder / "heure"

    def set_clock(moment):
        told.write_text(repr(moment.timestamp()))

    set_clock(YEARS[0])
    set_clock.command = [sys.executable, "-m", "tests.asking.clocks", str(told)]
    return set_clock


@pytest.fixture(scope="module")
def served(folder, clock):
    made = ready(folder)
    running = Served(made.path, "--copy", str(folder / "copie"), command=clock.command).wait()
    running.made = made
    yield running
    running.stop()


def test_a_draft_and_a_return_outlive_any_move_of_the_clock(served, clock):
    items, codes = served.made.asked.instrument.codes, served.made.codes["Médecine"]
    people = [served.person(code) for code in codes[:3]]
    for moment, item in zip(YEARS, items, strict=False):
        clock(moment)
        for person in people:
            assert person.post("/garder", json={item: "2"}).status_code == 204
    for person, moment in zip(people, YEARS, strict=False):
        clock(moment)
        assert person.get("/questionnaire").text.count(" checked") == len(YEARS)
        assert person.post("/envoyer", json={}).status_code == 200
        assert "enregistrées et scellées" in person.get("/merci").text
    boxes, _, _ = kept(served.made)
    assert [box["answers"] for box in boxes] == [dict.fromkeys(items[: len(YEARS)], 2)] * 3


def test_wrong_codes_stay_limited_and_a_right_one_enters_whatever_the_clock(served, clock):
    someone = served.person()
    for moment in YEARS:
        clock(moment)
        told = [someone.post("/entrer", data={"code": "2345ACDEWXYC"}) for _ in range(40)]
        assert 429 in [one.status_code for one in told]
    assert someone.post("/entrer", data={"code": served.made.codes["Urgences"][0]}).is_redirect


def test_no_time_is_written_but_the_day_of_a_count(served, clock, folder):
    for moment, code in zip(YEARS, served.made.codes["Urgences"], strict=False):
        clock(moment)
        person = served.person(code)
        person.post("/garder", json={served.made.asked.instrument.codes[0]: "2"})
        person.post("/envoyer", json={})
    served.stop()
    counted = participation_path(inquiry_path(served.made.path, "essai"))
    assert read_participation(counted).day in {moment.date().isoformat() for moment in YEARS}
    assert not any(moment.strftime("%H:%M").encode() in counted.read_bytes() for moment in YEARS)
    files = [path for place in (served.made.path.parent, folder / "copie")
             for path in place.rglob("*") if path.is_file() and path != counted]  # fmt: skip
    assert {"essai.sqlite", "essai.json"} <= {path.name for path in files}
    for path in files:
        content = path.read_bytes()
        for moment in YEARS:
            assert [form for form in written(moment) if form in content] == [], path.name


def test_what_it_looks_for_would_be_found(tmp_path):
    """The search finds a moment however a program of Python or SQLite would keep it."""
    moment, path = YEARS[0], tmp_path / "x.sqlite"
    made = sqlite3.connect(path)
    made.execute("create table a (a, b, c)")
    seconds = moment.timestamp()
    made.execute("insert into a values (?, ?, ?)", (int(seconds), seconds, moment.isoformat()))
    made.commit()
    made.close()
    found = [form for form in written(moment) if form in path.read_bytes()]
    assert len(found) >= 4
    assert any(form in json.dumps(seconds).encode() for form in written(moment))


def written(moment):
    """How a moment may stand in a file: its day, its hour, its seconds, whole or not."""
    seconds = moment.timestamp()
    yield from (moment.strftime(form).encode() for form in ("%Y-%m-%d", "%H:%M:%S", "%d/%m/%Y",
                                                            "%Y%m%d"))  # fmt: skip
    yield str(int(seconds)).encode()
    for order in "<>":
        yield struct.pack(f"{order}d", seconds)
    for number in (int(seconds), int(seconds * 1000), int(seconds * 10**6)):
        size = (number.bit_length() + 7) // 8
        for order in ("big", "little"):
            yield number.to_bytes(size, order)


def test_the_clock_that_is_moved_is_every_clock_that_is_read():
    """A file of the room that reads a clock one day must be looked at here."""
    room = Path(asking.__file__).parent
    words = ("time.time(", "time_ns(", ".now(", "date.today", "monotonic", "perf_counter")
    reads = {path.relative_to(room).as_posix() for path in room.rglob("*.py") for word in words
             if word in path.read_text("utf-8")}  # fmt: skip
    assert reads <= {
        "preparing/drafted.py",  # the month of a campaign that is begun
        "receiving/attempts.py",  # monotonic: nobody moves it
        "serve/start.py",  # the day participation is counted
        "widget/entries.py",  # the day of a correction, in an audit
    }
