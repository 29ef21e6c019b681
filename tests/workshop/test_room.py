"""A workshop in real browsers: six, a facilitator, one device passed round, cards, a kill."""

import contextlib
import json
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error

from qgdr_eval.fictitious import write_demo
from qgdr_eval.workshop import Journal, open_debate
from qgdr_eval.workshop.server import Workshop, listen
from tests.workshop.printed import published
from tests.workshop.room import Served, reached


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    folder = tmp_path_factory.mktemp("atelier")
    write_demo(folder)
    return published(folder / "campagne.yml")


@pytest.fixture
def served(campaign):
    running = Served(campaign)
    yield running
    running.close()
    shutil.rmtree(campaign.parent / "atelier")


@pytest.fixture
def opened(browser):
    """Open an address in a browser of its own; everything it receives is kept."""
    contexts = []

    def open_page(url, **settings):
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.received, page.asked = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("response", lambda answer: page.received.append(answer))
        reached(url)
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()


def vote(page, answer):
    page.locator("form label").nth(answer).click()
    page.get_by_role("button", name="Voter").click()
    page.locator(".neutral").wait_for()


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


def bodies(page):
    """What a page received, but for pages it left: a browser forgets those (`everything`)."""
    texts = []
    for answer in page.received:
        with contextlib.suppress(Error):
            texts.append(answer.text())
    page.received.clear()
    return texts


def everything(room):
    """What every address of the room answers, as a participant may read it."""
    paths = ("", "nouveau", "mur/", "mur/nouveau", "tour/", "tour/?suivante=oui", "tour/nouveau")
    return [reached(f"{room}{path}").decode() for path in paths]


def only_how_many(texts):
    news = [json.loads(text) for text in texts if text.startswith("{")]
    assert all(set(one) == {"version", "voted"} for one in news)
    assert not any("<table" in text or "La répartition" in text for text in texts)


def violations(page):
    return [rule["id"] for rule in Axe().run(page).response["violations"]]


def test_six_browsers_a_device_passed_round_and_cards_through_both_rounds(served, opened):
    lead = opened(served.facilitator)
    phones = [opened(served.room, viewport={"width": 390, "height": 844}) for _ in range(6)]
    wall = opened(f"{served.room}mur/")
    assert [violations(page) for page in (lead, phones[0], wall)] == [[], [], []]
    assert lead.get_by_text("--network").count() == 1
    assert wall.locator("img").count() == 0  # an address that leads telephones nowhere
    press(lead, "Ouvrir le premier vote")
    for rank, phone in enumerate(phones):
        phone.get_by_role("button", name="Voter").wait_for()
        assert violations(phone) == []
        vote(phone, rank % 2)
    passed = opened(f"{served.room}tour/")
    for answer in (3, 4):
        passed.get_by_role("link", name="personne suivante").click()
        vote(passed, answer)
    lead.locator(".cards input").nth(2).fill("2")
    press(lead, "Compter ces cartes")
    wall.get_by_text("Ont voté : 10").wait_for()
    for page in (*phones, passed, wall):
        assert page.locator("table").count() == 0
        only_how_many(bodies(page))
    only_how_many(everything(served.room))
    press(lead, "Clore et montrer le premier vote")
    wall.locator("table").wait_for()
    votes = [cell.inner_text().strip() for cell in wall.locator("td").all()]
    assert votes[:5] == ["3", "3", "2", "1", "1"]
    assert violations(wall) == []

    served.stop(signal.SIGKILL)
    assert served.rest == ""
    served.start()
    assert "reprend où il en était" in served.said[0]
    reached(served.room)
    lead.goto(served.facilitator)
    assert lead.locator("td").first.inner_text().strip() == "3"

    press(lead, "Ouvrir le second vote")
    for page in phones:
        page.get_by_role("button", name="Voter").wait_for()
        vote(page, 3)
    only_how_many([text for page in phones for text in bodies(page) if text.startswith("{")])
    press(lead, "Clore et montrer le second vote")
    wall.get_by_text("La répartition n’est pas montrée").wait_for()  # six alike: words only
    lead.get_by_label("accord avec des réserves").check()
    lead.get_by_label("Action décidée").fill("<script>alert(1)</script> Relire à deux")
    assert violations(lead) == []
    press(lead, "Écrire l’accord")
    wall.get_by_text("Relire à deux").wait_for()
    own = f"http://127.0.0.1:{served.port}/"
    assert all(url.startswith(own) for page in (lead, wall, *phones) for url in page.asked)


def post(url, origin, **fields):
    body = urllib.parse.urlencode(fields).encode()
    return asked(url, {"Origin": origin} if origin else {}, body)[0]


def asked(url, headers, body=None):
    """(status, text) of a request with these headers."""
    try:
        answer = urllib.request.urlopen(urllib.request.Request(url, body, headers))
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.read().decode()


def test_writes_from_elsewhere_forged_or_too_late_are_refused(served):
    reached(served.room)
    own = f"http://127.0.0.1:{served.port}"
    (kept,) = (served.campaign.parent / "atelier").glob("*.json")
    item = json.loads(kept.read_text("utf-8"))["topics"][0]["item"]
    act, ballot = (
        f"{served.facilitator}faire",
        {"item": item, "token": "jeton-assez-long", "code": 1},
    )
    assert post(act, None, item=item, do="advance", version=0) == 409
    assert post(act, "http://ailleurs.example", item=item, do="advance", version=0) == 403
    assert post(f"{served.room}faire", own, item=item, do="advance", version=0) == 404
    assert post(f"{served.room}vote", own, **ballot, version=0) == 409  # not open yet
    assert post(act, own, item=item, do="advance", version=0) == 200
    assert post(f"{served.room}vote", own, **ballot, version=0) == 409  # of another round
    wrong = urllib.parse.urlencode(ballot | {"code": 77, "version": 1}).encode()
    status, page = asked(f"{served.room}vote", {"Origin": own}, wrong)
    assert status == 409
    assert 'name="token"' in page  # who is refused may still vote
    assert "Votre vote est compté" not in page
    assert post(f"{served.room}vote", own, **ballot, version=1) == 200
    assert post(f"{served.room}vote", own, **ballot, version=1) == 200  # the same one again
    assert json.loads(reached(f"{served.room}nouveau"))["voted"] == 1
    assert post(act, own, item=item, do="advance", version=1) == 200
    before = kept.read_bytes()
    assert post(f"{served.room}vote", own, **ballot, version=2) == 409  # closed
    assert post(act, own, item=item, do="cards", version=2, **{"carte-1": 3}) == 409
    assert post(act, own, item=item, do="x" * 70_000, version=2) == 409
    assert kept.read_bytes() == before


def test_every_address_is_answered_to_this_room_alone(served):
    """A name that leads here from elsewhere, another site's script: pages, news, writes alike."""
    reached(served.room)
    here = f"127.0.0.1:{served.port}"
    pages = ("", "nouveau", "mur/", "mur/nouveau", "mur/qr.svg", "tour/", "tour/nouveau")
    own = [f"{served.facilitator}{name}" for name in ("", "nouveau", "qr.svg")]
    for url in [*(f"{served.room}{name}" for name in pages), *own, f"http://{here}/atelier.css"]:
        assert asked(url, {"Host": "ailleurs.example"})[0] == 421
        assert asked(url, {"Origin": "http://ailleurs.example"})[0] == 403
        assert asked(url, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"})[0] == 403
        assert asked(url, {"Origin": f"http://{here}", "Sec-Fetch-Site": "same-origin"})[0] == 200
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert asked(served.room, followed)[0] == 200
    for url, status in ((f"http://{here}/", 404), (f"{served.room}vote", 405)):
        code, text = asked(url, {})
        assert (code, "Page introuvable" in text) == (status, True)


def test_a_disk_that_takes_nothing_is_said_and_the_workshop_goes_on(served):
    reached(served.room)
    own = f"http://127.0.0.1:{served.port}"
    folder = served.campaign.parent / "atelier"
    (kept,) = folder.glob("*.json")
    item = json.loads(kept.read_text("utf-8"))["topics"][0]["item"]
    act = {"item": item, "do": "advance", "version": 0}
    away = folder.rename(folder.with_name("ailleurs"))
    folder.write_text("")  # no folder of this name can be made any more
    body = urllib.parse.urlencode(act).encode()
    status, text = asked(f"{served.facilitator}faire", {"Origin": own}, body)
    assert status == 409
    assert "Rien n’a été enregistré" in text
    folder.unlink()
    away.rename(folder)
    assert post(f"{served.facilitator}faire", own, **act) == 200


def test_a_port_that_is_taken_is_said_in_words(served):
    reached(served.room)
    command = [sys.executable, "-m", "qgdr_eval.cli", "workshop", str(served.campaign)]
    done = subprocess.run([*command, "--port", served.port], capture_output=True, text=True)
    said = done.stderr.replace("\u202f", " ")
    assert done.returncode == 1
    assert f"port {served.port} : un autre atelier, ou un autre programme, s'en sert" in said
    assert "--port" in said
    assert "Traceback" not in said
    assert done.stdout == ""
    reached(served.room)


def test_another_workshop_begins_and_the_one_before_is_kept(served):
    reached(served.room)
    (kept,) = (served.campaign.parent / "atelier").glob("*.json")
    before = kept.read_bytes()
    served.stop()
    served.start("--another")
    aside = kept.with_name(f"{kept.stem}-1.json")
    assert str(aside) in served.said[0]
    assert "Un atelier commence" in served.said[1]
    assert aside.read_bytes() == before
    assert kept.read_bytes() != before  # its room has another address
    served.stop()


def test_stopped_it_says_how_to_resume_and_what_to_do_with_what_is_agreed(served):
    reached(served.room)
    (kept,) = (served.campaign.parent / "atelier").glob("*.json")
    item = json.loads(kept.read_text("utf-8"))["topics"][0]["item"]
    own, act = f"http://127.0.0.1:{served.port}", f"{served.facilitator}faire"
    for version in range(4):
        assert post(act, own, item=item, do="advance", version=version) == 200
    assert post(act, own, item=item, do="record", accord="agreed", version=4) == 200
    served.stop(signal.SIGINT)
    assert served.process.returncode == 0
    named = [line.split(" : ")[-1] for line in served.rest.replace("\u202f", " ").splitlines()]
    commands = [line for line in named if line.startswith("qgdr workshop")]
    assert len(commands) == 3
    assert all("--service" in line for line in commands)
    assert commands[1].endswith("--minutes compte-rendu.html")
    assert commands[2].endswith("--agreed")
    assert own not in served.rest


def test_the_wall_shows_an_address_that_leads_somewhere(tmp_path):
    journal = Journal(tmp_path / "a.json", open_debate("demo"))
    alone = Workshop(journal, "clé", ("127.0.0.1:8390", "localhost:8390"))
    shared = Workshop(journal, "clé", ("192.0.2.10:8390", "127.0.0.1:8390"))
    assert (alone.shown, shared.shown) == ("", f"http://192.0.2.10:8390/{journal.kept.room}/")


def test_answers_leave_at_once():
    """Without its protocol named, a socket waits 40 ms for more: a page a second for each phone."""
    with listen("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP
