"""The form as one file, in a real browser: sealed there, saved as one small file, opened here."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from qgdr_eval.asking.asked.campaign import read_asked
from qgdr_eval.asking.form.lay import lay_form, read
from qgdr_eval.asking.opening.gather import gather
from qgdr_eval.asking.opening.sources import sources_of
from qgdr_eval.asking.preparing.offline import closing_of, lay_offline
from qgdr_eval.asking.preparing.prepare import draw_cards, inquiry_of
from qgdr_eval.asking.receiving.reception import SERVED
from qgdr_eval.asking.sealing.cards import ALPHABET, is_sound
from qgdr_eval.asking.sealing.seal import new_pair
from qgdr_eval.instruments import load_instrument, shipped_instruments
from qgdr_eval.responses.asked import UNSAID
from tests.asking.campaigns import ready, write_campaign
from tests.asking.test_gather import CLASSES, rows

PEOPLE = [
    name
    for name in shipped_instruments()
    if (one := load_instrument(name)).subject == "respondent" and not one.labels_only
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return ready(tmp_path_factory.mktemp("hors-ligne"), **CLASSES)


@pytest.fixture
def opened(browser, made):
    """Open the file from a disk; every request it makes is kept."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, accept_downloads=True)
    page = context.new_page()
    page.requested = []
    page.on("request", lambda request: page.requested.append(request.url))
    page.goto((made.path.parent.parent / "imprimer/formulaire-hors-ligne.html").as_uri())
    yield page
    context.close()


def answer_all(page, digit="2"):
    page.locator("fieldset input").first.focus()
    for _ in range(page.locator("fieldset").count()):
        page.keyboard.press(digit)


def send(page):
    with page.expect_download() as started:
        page.locator(".send").click()
    return started.value


def test_what_is_answered_in_the_file_is_what_is_opened(opened, made):
    code = made.codes["Médecine"][0]
    opened.locator("#code").fill(code.lower())
    answer_all(opened)
    opened.locator("textarea").fill("Un mot")
    download = send(opened)
    assert re.fullmatch(r"reponse-[0-9a-f]{16}\.qgdr", download.suggested_filename)
    download.save_as(made.dropped / download.suggested_filename)
    told = opened.locator(".told").inner_text()
    assert download.suggested_filename in told
    content = (made.dropped / download.suggested_filename).read_bytes()
    for word in (code.replace(" ", ""), "Un mot", "Médecins"):
        assert word.encode() not in content
    made.crowd()
    gather(made.path, made.pair, sources_of(made.path))
    (row,) = [row for row in rows(made) if row["Métier"] != UNSAID]
    items = made.asked.instrument.codes
    assert row["Service"] == "Médecine"
    assert row["Métier"] == "Médecins"
    second = [
        made.asked.instrument.scale_of(item).options[1].code for item in made.asked.instrument.items
    ]
    assert [int(row[item]) for item in items] == second
    assert [url for url in opened.requested if not url.startswith(("file:", "blob:"))] == []
    kept = opened.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    assert kept == [0, 0, ""]


def test_a_code_that_is_none_is_said_and_nothing_is_lost(opened):
    answer_all(opened)
    opened.locator(".send").click()
    opened.wait_for_function("document.querySelector('.told').textContent")
    assert "une lettre est fausse" in opened.locator(".told").inner_text()
    assert opened.locator("#code").get_attribute("aria-invalid") == "true"
    assert opened.evaluate("document.activeElement.id") == "code"
    assert opened.locator("input:checked").count() == opened.locator("fieldset").count()
    assert Axe().run(opened).violations_count == 0


def test_the_file_takes_the_codes_that_are_sound_and_no_others(opened, made):
    code = made.codes["Médecine"][0].replace(" ", "")
    at = range(len(code) - 1)
    exchanged = [code[:n] + code[n + 1] + code[n] + code[n + 2 :] for n in at]
    replaced = [code[:n] + other + code[n + 1 :] for n in at for other in ALPHABET]
    typed = [code, code + "2", f"{code[:-1]}é", "O" * 12, *exchanged, *replaced]
    accepted = opened.evaluate(
        """(typed) => typed.map((code) => {
            const field = document.querySelector("#code");
            field.value = code;
            field.dispatchEvent(new Event("input"));
            return !field.hasAttribute("aria-invalid");
        })""",
        typed,
    )
    assert accepted == [is_sound(one) for one in typed]
    assert {one for one, is_taken in zip(typed, accepted, strict=True) if is_taken} == {code}


def test_a_mistyped_code_is_said_before_anything_is_answered(opened, made):
    code = made.codes["Médecine"][0]
    opened.locator("#code").fill("A" + code[1:] if code[0] != "A" else "C" + code[1:])
    assert "une lettre est fausse" in opened.locator("#code-faux").inner_text()
    assert Axe().run(opened).violations_count == 0
    opened.locator("#code").fill(code)
    assert opened.locator("#code-faux").inner_text() == ""


def test_blanks_are_sent_as_blanks_and_what_is_not_said_is_a_class(opened, made):
    opened.locator("#code").fill(made.codes["Urgences"][0])
    opened.locator(".send").click()
    assert Axe().run(opened).violations_count == 0
    download = send(opened)
    box = download.path().read_bytes()[len(b"qgdr 1\n") :][: made.inquiry.seal.length]
    content = made.pair.open(box, made.inquiry.seal.use)
    assert content["answers"] == {}
    assert content["stratum"] == UNSAID


def test_files_are_of_one_length_whatever_they_hold(opened, made):
    opened.locator("#code").fill(made.codes["Urgences"][1])
    answer_all(opened, "1")
    opened.locator("textarea").fill("🙂" * 2000)
    long = send(opened).path().stat().st_size
    opened.reload()
    opened.locator("#code").fill(made.codes["Urgences"][2])
    opened.locator(".send").click()
    assert send(opened).path().stat().st_size == long


def test_a_browser_that_cannot_seal_says_that_nothing_was_sent(opened, made):
    opened.locator("#code").fill(made.codes["Urgences"][3])
    opened.evaluate("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    answer_all(opened)
    opened.locator(".send").click()
    opened.wait_for_function("document.querySelector('.told').textContent")
    assert "PAS été envoyées" in opened.locator(".told").inner_text()
    assert not opened.locator(".sent").count()


def test_the_file_is_light(made):
    assert len(read("preparing/offline.js").encode()) < 6_000
    page = made.path.parent.parent / "imprimer/formulaire-hors-ligne.html"
    assert page.stat().st_size < 70_000
    assert "http" not in page.read_text("utf-8").replace("http://www.w3.org", "")


@pytest.mark.parametrize("name", PEOPLE)
def test_whatever_is_asked_page_and_file_are_light(tmp_path, name):
    """With twelve classes and a comment: what a campaign may add to a questionnaire."""
    classes = ", ".join(f"Une profession assez longue à nommer {rank}" for rank in range(12))
    more = f"  comments: true\n  classes: [{classes}]\n"
    path = write_campaign(tmp_path, instrument=name, columns=CLASSES["columns"], more=more)
    asked = read_asked(path)
    inquiry = inquiry_of(asked, new_pair(), draw_cards(asked))
    served = lay_form(asked.instrument, SERVED, closing_of(asked))
    assert len(served.encode()) < 60_000
    assert len(lay_offline(asked, inquiry, "CH fictif").encode()) < 80_000
