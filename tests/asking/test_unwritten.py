"""What a whole day of serving writes, wherever it writes: nothing of who came, from where, when."""

import datetime
import re

import pytest

from tests.asking.campaigns import ready
from tests.asking.served import Served
from tests.asking.test_gather import CLASSES
from tests.asking.traces import OPENINGS, strace, written_in

ADDRESS, AGENT, WRONG = "203.0.113.77", "Navigateur-Rare/7.7", "WXY9 WXY9 WXY9"
TOLD = {
    "User-Agent": AGENT,
    "X-Forwarded-For": ADDRESS,
    "X-Real-IP": ADDRESS,
    "Forwarded": f"for={ADDRESS}",
    "Referer": f"http://{ADDRESS}/",
    "Accept-Language": "br-FR",
}
TALKATIVE = {
    "PYTHONASYNCIODEBUG": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "UVICORN_LOG_LEVEL": "trace",
}


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """A server that people used well and badly, traced; its campaign, and what it wrote."""
    folder = tmp_path_factory.mktemp("jour")
    patch, made = pytest.MonkeyPatch(), ready(folder, **CLASSES)
    for name, value in TALKATIVE.items():
        patch.setenv(name, value)
    options = ("--copy", str(folder / "copie"))
    served = Served(made.path, *options, before=strace(folder / "trace", OPENINGS)).wait()
    roots = [use(served, code, made.asked.instrument.codes) for code in made.codes["Médecine"][:6]]
    misuse(served, made.codes["Médecine"][0])
    served.stop()
    patch.undo()
    return made, folder, served, roots


def use(served, code, items):
    """Somebody answers, stops, resumes, sends; gives what his window kept of the card."""
    person = served.person()
    person.headers.update(TOLD)
    for _ in range(2):
        assert person.post("/entrer", data={"code": code}).is_redirect
        root = person.cookies["carte"]
        person.get("/questionnaire")
        person.post("/garder", json={items[0]: "2"})
        person.post("/quitter", json={})
    person.post("/entrer", data={"code": code})
    person.post("/envoyer", json={items[1]: "3", "_commentaire": "Un mot rare"})
    person.get("/merci")
    return root


def misuse(served, code):
    """What is refused, and what breaks, is what programs like to write down."""
    someone = served.person()
    someone.headers.update(TOLD)
    someone.get(f"/introuvable?code={code}")
    someone.post("/entrer", data={"code": WRONG})
    someone.post("/entrer", content=b"\xff\xfe=%zz")
    someone.post("/garder", json={"x": "1"}, headers={"Cookie": "carte=" + "e" * 64})
    someone.post("/envoyer", content=b"[" * 70_000)
    someone.request("TRACE", "/", headers={"Origin": f"http://{ADDRESS}"})


def test_it_writes_its_store_its_copy_and_what_it_prints_and_nothing_else(day):
    made, folder, *_ = day
    places = [str(made.path.parent / "recueil"), str(folder / "copie"), "/dev/"]
    written = written_in(folder / "trace")
    assert {path for path in written if not path.startswith(tuple(places))} == set()
    names = {path.rpartition("/")[2] for path in written}
    assert {"essai.sqlite", "essai.sqlite-wal", "essai.sqlite.part"} <= names


def test_no_address_agent_code_or_word_is_in_any_of_it(day):
    made, folder, served, roots = day
    codes = [*made.codes["Médecine"][:6], WRONG]
    secrets = [ADDRESS, AGENT, "br-FR", "Un mot rare", "introuvable", "e" * 64, *roots, *codes,
               *(code.replace(" ", "") for code in codes)]  # fmt: skip
    written = everything(made, folder, served)
    for secret in secrets:
        for form in (secret.encode(), secret.lower().encode(), secret.encode().hex().encode()):
            assert [name for name, content in written.items() if form in content] == [], secret
    held = b"".join(written.values())
    assert [bytes.fromhex(root) for root in roots if bytes.fromhex(root) in held] == []
    assert held.count(b"127.0.0.1") == 1  # where it is served, on the screen


def test_no_hour_is_in_any_of_it_and_no_day_but_that_of_the_count(day):
    made, folder, served, _ = day
    written = everything(made, folder, served)
    written.pop("recueil/essai.participation.json", None)
    today = datetime.datetime.now()
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%a, %d %b"):
        day_said = today.strftime(form).encode()
        assert [name for name, content in written.items() if day_said in content] == []
    hour = re.compile(rb"\b[0-2]\d:[0-5]\d:[0-5]\d\b")
    assert [name for name, content in written.items() if hour.search(content)] == []
    assert served.output.count("\n") == 2


def everything(made, folder, served):
    """All that was written: by path, and on the screen."""
    found = {"screen": served.output.encode()}
    for place in (made.path.parent / "recueil", folder / "copie"):
        found |= {f"{place.name}/{path.name}": path.read_bytes() for path in place.rglob("*")
                  if path.is_file()}  # fmt: skip
    return found
