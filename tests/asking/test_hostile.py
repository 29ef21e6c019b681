"""Hostile input, from network to opened file: refused in words; nothing kept, run or leaked."""

import csv
import io
import sqlite3
from contextlib import closing

import pytest

from qgdr_eval.asking.asked.inquiry import store_path
from qgdr_eval.asking.opening.gather import gather
from qgdr_eval.asking.opening.sources import every_source
from qgdr_eval.asking.returning.boxes import drop
from qgdr_eval.asking.returning.remarks import RISKY
from qgdr_eval.asking.returning.returned import Return
from qgdr_eval.asking.sealing.cards import card_of, read_code
from tests.asking.campaigns import CROWD, ready
from tests.asking.served import Served
from tests.asking.test_gather import CLASSES, rows

WORDS = [
    '=HYPERLINK("http://x.example";"y")',
    "<script>alert(1)</script>",
    "+33 6 00 00 00 00",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "  =1+1",
    "\t=1+1",
    "\r\n=1+1",
    '"; drop table answers; --',
    "fin\u202egnp.exe\u0000\u0007",
    "a;b\nc;d",
    "{{ 7 * 7 }} {% raw %}",
]


SERVICES = (("CH fictif", "Médecine", 14), ("CH fictif", "Urgences", 12))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return ready(tmp_path_factory.mktemp("hostile"), services=SERVICES, **CLASSES)


@pytest.fixture
def alone(tmp_path):
    """A campaign of one test, served, that may be opened once it is stopped."""
    made = ready(tmp_path, services=SERVICES, **CLASSES)
    running = Served(made.path).wait()
    yield made, running
    running.stop()


def opened(made, **choices):
    """Open, once others came in such a number that anything may be."""
    made.crowd()
    with every_source(made.path) as sources:
        return gather(made.path, made.pair, sources, **choices)


def test_words_that_attack_are_given_back_as_words(alone):
    made, served = alone
    for code, words in zip(made.codes["Médecine"], WORDS, strict=False):
        person = served.person(code)
        assert person.post("/envoyer", json={"_commentaire": words}).status_code == 200
    served.stop()
    assert opened(made).remarks == len(WORDS)
    text = made.path.with_name("commentaires.csv").read_text("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]
    assert {len(line) for line in lines} == {2}
    assert not any(cell.startswith(RISKY) for line in lines for cell in line)
    found = {cell for _, cell in lines}
    assert {"'=1+1", "<script>alert(1)</script>", "{{ 7 * 7 }} {% raw %}", "a;b c;d"} <= found
    assert "alert" not in made.asked.answers.read_text("utf-8-sig")


def test_what_was_written_is_given_back_to_its_page_as_text(made, served):
    person = served.person(made.codes["Urgences"][0])
    words = "</textarea><script>alert(1)</script>"
    page = person.post("/envoyer", data={"_commentaire": words, "envoyer": "oui"})
    assert "&lt;/textarea&gt;&lt;script&gt;" in page.text
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("where", ["/entrer", "/envoyer", "/garder"])
@pytest.mark.parametrize(
    "body", [b"code=%ff%fe", b"code=\xff\xfe", b"%", b"a" * 60_000, b"&" * 3000]
)
def test_a_form_that_is_no_text_is_refused_in_words(made, served, where, body):
    person = served.person(made.codes["Urgences"][1])
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = person.post(where, content=body, headers=kind)
    assert answer.status_code in (200, 400, 422)  # 200: the form again, with what is left blank
    assert "<h1" in answer.text
    assert "Traceback" not in answer.text
    assert " checked" not in person.get("/questionnaire").text


def test_a_card_that_was_sent_enters_nothing_more_whoever_types_it(alone):
    made, served = alone
    code = made.codes["Urgences"][2]
    first = made.asked.instrument.codes[0]
    root = (person := served.person(code)).cookies["carte"]
    assert person.post("/envoyer", json={first: "1"}).status_code == 200
    thief = served.person(code)
    assert "déjà servi" in thief.get("/questionnaire").text
    held = {"Cookie": f"carte={root}"}
    assert thief.post("/garder", json={first: "2"}, headers=held).status_code == 409
    assert thief.post("/envoyer", json={first: "2"}, headers=held).status_code == 200
    served.stop()
    assert opened(made).total == 1 + len(SERVICES) * CROWD
    assert [row[first] for row in rows(made) if row[first]] == ["1"]


def test_a_card_is_of_its_service_whatever_its_holder_says(alone):
    made, served = alone
    code, first = made.codes["Médecine"][0], made.asked.instrument.codes[0]
    person = served.person(code)
    person.cookies.set("carte", f"{person.cookies['carte']}.1", domain="127.0.0.1")
    person.post("/envoyer", json={first: "1", "place": "1"})
    person.post("/envoyer", json={first: "1"})
    served.stop()
    forged = Return(made.codes["Médecine"][1], {}, "Médecins", ("CH fictif", "Urgences"))
    drop(made.dropped, f"{1:016x}", made.inquiry.seal.close(forged.content()))
    opened(made)
    sent = [row for row in rows(made) if row[first] or row["Métier"] == "Médecins"]
    assert [row["Service"] for row in sent] == ["Médecine", "Médecine"]


def test_boxes_cut_altered_copied_or_of_another_campaign_stay_in_the_store_and_are_told(
    alone, tmp_path
):
    made, served = alone
    other = ready(tmp_path / "autre", **CLASSES)
    for code in made.codes["Médecine"][:4]:
        served.person(code).post("/envoyer", json={})
    served.stop()
    foreign = other.inquiry.seal.close(Return(other.codes["Médecine"][0], {}).content())
    with closing(sqlite3.connect(store_path(made.path, "essai"))) as thief, thief:
        names = [name for (name,) in thief.execute("select name from answers order by name")]
        (box,) = thief.execute("select box from answers where name = ?", names[:1]).fetchone()
        thief.execute("update answers set box = ? where name = ?", (box[:-1], names[0]))
        thief.execute("update answers set box = zeroblob(?) where name = ?", (len(box), names[1]))
        (kept,) = thief.execute("select box from answers where name = ?", names[2:3]).fetchone()
        more = {"f" * 32: foreign, "e" * 32: kept, "d" * 32: b""}
        thief.executemany("insert into answers values (?, ?)", more.items())
    result = opened(made)
    assert (result.total, result.twice, result.unopened) == (2 + len(SERVICES) * CROWD, 1, 4)
    with every_source(made.path) as sources:
        assert set(sources[0].boxes()) == {*names[:2], "f" * 32, "d" * 32}


def test_a_draft_that_was_altered_or_is_another_card_s_is_not_read_and_it_is_said(made, served):
    first = made.asked.instrument.codes[0]
    codes = made.codes["Médecine"][:3]
    people = [served.person(code) for code in codes]
    for person in people:
        person.post("/garder", json={first: "1"})
    salt = bytes.fromhex(made.inquiry.salt)
    places = [card_of(read_code(code), salt).draft for code in codes]
    with closing(sqlite3.connect(store_path(made.path, "essai"))) as thief, thief:
        (box,) = thief.execute("select box from drafts where place = ?", places[:1]).fetchone()
        thief.execute("update drafts set box = ? where place = ?", (box, places[1]))
        thief.execute("update drafts set box = x'00' where place = ?", places[2:])
    mine, *others = (person.get("/questionnaire").text for person in people)
    assert mine.count(" checked") == 1
    for page in others:
        assert " checked" not in page
        assert "n’a pas pu être relu" in page
    assert people[1].post("/garder", json={first: "3"}).status_code == 204
    assert people[1].get("/questionnaire").text.count(" checked") == 1
