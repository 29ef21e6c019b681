"""The served form without a browser: what is kept, what is refused, what is never written down."""

import json
import re
import sqlite3
import sys

import pytest

from qgdr_eval.asking.asked.inquiry import store_path
from qgdr_eval.asking.receiving.store import open_store
from qgdr_eval.asking.serve.wall import LARGEST
from tests.asking.campaigns import ready
from tests.asking.served import Served
from tests.asking.test_gather import CLASSES


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    services = (("CH fictif", "Médecine", 60), ("CH fictif", "Urgences", 12))
    return ready(tmp_path_factory.mktemp("servie"), services=services, **CLASSES)


@pytest.fixture
def person(made, served):
    """Somebody who has drawn a card that nobody used."""
    made.codes["Médecine"].append(code := made.codes["Médecine"].pop(0))
    return served.person(code)


LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000))
os.execv(sys.argv[1], sys.argv[1:])
"""


def kept(made):
    """Answers and remarks in the store, opened."""
    store = open_store(store_path(made.path, "essai"))
    boxes = [made.pair.open(box, made.inquiry.seal.use) for box in store.boxes().values()]
    remarks = [
        made.pair.open(box, made.inquiry.remark_seal.use) for box in store.remarks().values()
    ]
    lengths = {len(box) for box in store.boxes().values()}
    store.close()
    return boxes, remarks, lengths


def items(made):
    return made.asked.instrument.codes


def test_what_two_windows_answered_is_sealed_once_with_its_class_and_apart_from_its_words(
    made, served, person
):
    first, second = items(made)[:2]
    other = served.person()
    other.cookies = person.cookies
    before = len(kept(made)[0])
    assert person.post("/garder", json={first: "4", "_classe": "Médecins"}).status_code == 204
    assert other.post("/garder", json={second: "2"}).status_code == 204
    words = {"_commentaire": "Le mardi, <b>rien</b>"}
    assert person.post("/envoyer", json={first: "4", second: "", **words}).status_code == 200
    boxes, remarks, lengths = kept(made)
    assert len(boxes) == before + 1
    mine = next(box for box in boxes if box["card"] == person.cookies.get("carte", box["card"])
                and box["answers"] == {first: 4, second: 2})  # fmt: skip
    assert mine["stratum"] == "Médecins"
    assert any(remark["text"] == "Le mardi, <b>rien</b>" for remark in remarks)
    assert (len(remarks), len(lengths)) == (len(boxes), 1)


def test_an_acknowledgement_that_was_lost_is_asked_again_and_nothing_counts_twice(made, person):
    root = person.cookies["carte"]
    assert person.post("/envoyer", json={items(made)[0]: "1"}).status_code == 200
    number = len(kept(made)[0])
    person.cookies.set("carte", root)
    assert person.post("/envoyer", json={items(made)[0]: "1"}).status_code == 200
    assert "déjà servi" in person.get("/merci").text
    assert len(kept(made)[0]) == number
    assert person.post("/garder", json={items(made)[0]: "1"}, headers={
        "Cookie": f"carte={root}"}).status_code in (403, 409)  # fmt: skip


def test_without_script_blanks_come_first_and_an_answer_is_taken_back(made, person):
    first, second = items(made)[:2]
    page = person.post("/envoyer", data={first: "1", second: "2", "envoyer": "oui"})
    assert page.text.count("<li><a href=") == len(items(made)) - 1  # and the class
    page = person.post("/envoyer", data={first: "1", second: "2", "retirer": first})
    assert re.findall(r'name="(\w+)" value="\w+" checked', page.text) == [second]
    sent = person.post("/envoyer", data={second: "2", "envoyer": "quand-meme"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/merci")
    assert "enregistrées et scellées" in person.get("/merci").text
    assert "Rien n’a été envoyé" in person.get("/merci").text
    assert any(box["answers"] == {second: 2} for box in kept(made)[0])


def test_without_script_who_stops_reads_what_is_kept_and_how_to_resume(made, served):
    first, second = items(made)[:2]
    code = made.codes["Médecine"].pop(0)
    someone = served.person(code)
    someone.post("/envoyer", data={first: "1", second: "2", "envoyer": "oui"})
    page = someone.post("/quitter", data={}, follow_redirects=True).text
    for words in ("Ce qui était enregistré est gardé", "rien n’est envoyé", "le code de votre"):
        assert words in page
    again = served.person(code).get("/questionnaire").text
    assert re.findall(r'name="(\w+)" value="\w+" checked', again) == [first, second]


def test_without_cards_who_stops_reads_that_nothing_is_kept(tmp_path):
    running = Served(ready(tmp_path, more="  access: open\n").path).wait()
    someone = running.person()
    someone.post("/entrer", data={"place": "0"})
    assert "rien n’est gardé" in someone.post("/quitter", data={}, follow_redirects=True).text
    running.stop()


def test_a_store_that_somebody_holds_keeps_nothing_and_the_page_says_so(made, served, person):
    first = items(made)[0]
    holds = sqlite3.connect(store_path(made.path, "essai"), isolation_level=None)
    holds.execute("begin immediate")
    for where in ("/garder", "/envoyer"):
        answer = person.post(where, json={first: "3"}, timeout=30)
        assert (answer.status_code, "PAS été enregistré" in answer.json()["told"]) == (503, True)
    holds.execute("rollback")
    holds.close()
    assert " checked" not in person.get("/questionnaire").text
    assert person.post("/garder", json={first: "3"}).status_code == 204


def test_a_disk_that_takes_no_more_keeps_what_was_acknowledged_and_says_so_of_the_rest(tmp_path):
    made = ready(tmp_path)
    limited = Served(made.path, before=[sys.executable, "-c", LIMITED]).wait()
    kept, asked = {}, {}
    for code in made.codes["Médecine"]:
        person = limited.person(code)
        for item in items(made):
            answer = person.post("/garder", json={item: "1"})
            asked[code] = asked.get(code, 0) + 1
            kept[code] = kept.get(code, 0) + (answer.status_code == 204)
            assert answer.status_code == 204 or "PAS été enregistré" in answer.json()["told"]
    limited.kill()
    assert sum(kept.values()) < sum(asked.values())
    assert limited.output.count("ne sont pas enregistrées") <= sum(kept.values()) + 1
    again = Served(made.path).wait()
    found = {code: again.person(code).get("/questionnaire").text.count(" checked") for code in kept}
    again.stop()
    assert found == kept


def test_enough_is_said_before_anything_is_asked(served):
    page = served.person().get("/").text
    for words in ("la direction", "deux ans", "dpo@exemple.fr", "ne peut plus être retirée"):
        assert words in page


HOSTILE = {
    "a value outside the scale": (422, {"json": {"CE01": "99"}}),
    "a question that is not asked": (422, {"json": {"<script>": "1"}}),
    "a class that is not offered": (422, {"json": {"_classe": "=1+1"}}),
    "a value of another type": (422, {"json": {"CE01": {"a": [1]}}}),
    "no answers at all": (400, {"json": [1, 2]}),
    "bytes that are no text": (
        400,
        {"content": b'{"\xff\xfe": "1"}', "headers": {"content-type": "application/json"}},
    ),
    "nested without end": (
        400,
        {"content": b"[" * 60_000, "headers": {"content-type": "application/json"}},
    ),
    "a body of ten megabytes": (413, {"content": b"x" * 10_000_000}),
    "a body a little too long": (413, {"content": b"x" * (LARGEST + 1)}),
    "another site": (403, {"json": {}, "headers": {"Origin": "http://ailleurs.example"}}),
    "no origin": (403, {"json": {}, "headers": {"Origin": "null"}}),
    "another site, as its browser says": (
        403,
        {"json": {}, "headers": {"Sec-Fetch-Site": "cross-site"}},
    ),
}


@pytest.mark.parametrize("where", ["/garder", "/envoyer"])
@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_hostile_is_refused_in_words_and_keeps_nothing(made, person, what, where):
    status, request = HOSTILE[what]
    number = len(kept(made)[0])
    answer = person.post(where, **request)
    assert answer.status_code == status
    assert re.search(r"[a-zé]{4,} [a-zé’]+", answer.text)
    assert "<script>" not in answer.text.replace('<script type="module"', "")
    assert " checked" not in person.get("/questionnaire").text
    assert len(kept(made)[0]) == number


@pytest.mark.parametrize(
    "cookie", ["", "x", "0" * 64, "f" * 63 + "\N{LATIN SMALL LETTER E}", "0" * 64 + ".0", "../.."]
)
def test_a_forged_cookie_is_nobody(served, made, cookie):
    someone = served.person()
    headers = {"Cookie": f"carte={cookie}"}
    for answer in (
        someone.get("/questionnaire", headers=headers),
        someone.post("/garder", json={items(made)[0]: "1"}, headers=headers),
        someone.post("/envoyer", json={items(made)[0]: "1"}, headers=headers),
    ):
        assert answer.status_code == 403


def test_wrong_codes_are_limited_all_together_and_a_right_one_still_enters(made, served):
    someone = served.person()
    wrong = [someone.post("/entrer", data={"code": "2345ACDEWXYC"}).status_code for _ in range(45)]
    assert (wrong[0], wrong[-1]) == (403, 429)
    code = made.codes["Urgences"][0]
    assert someone.post("/entrer", data={"code": code.lower()}).status_code == 303
    assert someone.post("/entrer", data={"code": "<b>"}).status_code == 422


def test_every_answer_says_to_keep_nothing_and_shows_no_date(served, person):
    pages = ["/", "/questionnaire", "/merci", "/pause?gardees", "/form.js", "/form.css", "/nothing"]
    for answer in (*map(person.get, pages), person.post("/garder", content=b"")):
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert not {"date", "server", "last-modified", "etag"} & set(answer.headers)
        assert "expires" not in answer.headers.get("set-cookie", "").lower()
    assert "HttpOnly" in served.person().post("/entrer", data={}).headers.get(
        "set-cookie", "HttpOnly"
    )


def test_nothing_is_written_down_of_who_comes(tmp_path):
    made = ready(tmp_path)
    running = Served(made.path, "--copy", str(tmp_path / "copie")).wait()
    code = made.codes["Urgences"][0]
    someone = running.person(code)
    root = someone.cookies["carte"]
    someone.post("/garder", content=b"{" * 9, headers={"content-type": "application/json"})
    someone.post("/envoyer", json={items(made)[0]: "1"})
    someone.get("/../../etc/passwd")
    running.stop()
    assert running.output.count("\n") == 2  # where it is served, and the next command
    assert (tmp_path / "copie" / "essai.sqlite").stat().st_size > 0
    written = running.output.encode() + b"".join(
        path.read_bytes() for path in made.path.parent.rglob("*") if path.is_file()
    )
    for secret in (code.replace(" ", ""), code, root, "python-httpx"):
        assert secret.encode() not in written
    assert written.count(b"127.0.0.1") == 1  # ours
    assert json.loads((made.path.parent / "recueil" / "essai.json").read_text("utf-8"))
