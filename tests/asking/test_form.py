"""The form in a browser: by keyboard alone, on a telephone, by a screen reader's rules."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from qgdr_eval.asking import lay_form, lay_page
from qgdr_eval.asking.form import read
from qgdr_eval.instruments import load_instrument, shipped_instruments

ASKABLE = [name for name in shipped_instruments() if not load_instrument(name).labels_only]
WIDE, NARROW, SMALLEST = (1280, 900), (390, 844), (320, 640)


@pytest.fixture
def opened(browser, tmp_path):
    """Open the form of an instrument from a disk; every request it makes is kept."""
    contexts = []

    def open_form(name, size=WIDE, **settings):
        path = tmp_path / "formulaire.html"
        path.write_text(lay_page(load_instrument(name)), encoding="utf-8")
        context = browser.new_context(
            viewport=dict(zip(("width", "height"), size, strict=True)), **settings
        )
        contexts.append(context)
        page = context.new_page()
        page.requested = []
        page.on("request", lambda request: page.requested.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_form
    for context in contexts:
        context.close()


def answered(page):
    return page.locator("fieldset.answered").count()


@pytest.mark.parametrize("name", ASKABLE)
def test_an_instrument_is_answered_by_digits_alone(opened, name):
    page = opened(name)
    page.locator("fieldset input").first.focus()
    total = len(load_instrument(name).items)
    for _ in range(total):
        page.keyboard.press("2")
    assert answered(page) == total
    assert page.locator(".count").inner_text() == str(total)
    assert page.evaluate("document.activeElement.className") == "send"
    page.keyboard.press("Enter")
    assert "rien n’a été enregistré" in page.locator(".told").inner_text()
    assert [url for url in page.requested if not url.startswith("file:")] == []


def test_nothing_is_chosen_beforehand_and_every_answer_can_be_taken_back(opened):
    page = opened("culture_securite")
    assert page.locator("input:checked").count() == 0
    first = page.locator("fieldset").first
    first.locator("label").nth(3).click()
    assert (answered(page), page.locator(".count").inner_text()) == (1, "1")
    first.get_by_role("button", name="Retirer ma réponse").click()
    assert (answered(page), page.locator(".count").inner_text()) == (0, "0")
    assert page.locator("input:checked").count() == 0


def test_enter_in_a_question_neither_sends_nor_takes_back(opened):
    page = opened("culture_securite")
    page.locator("fieldset").first.locator("label").first.click()
    page.keyboard.press("Enter")
    assert answered(page) == 1
    assert page.locator(".blanks").is_hidden()


def test_blanks_are_listed_with_links_and_may_be_left(opened):
    page = opened("experience_usagers_facile")
    page.locator("fieldset").nth(1).locator("label").first.click()
    page.locator(".send").click()
    blanks = page.locator(".blanks li")
    assert blanks.count() == 13
    assert page.evaluate("document.activeElement.className") == "blanks"
    blanks.nth(1).get_by_role("link").click()  # the third question: the second has its answer
    assert page.evaluate("document.activeElement.closest('fieldset').id") == "q-3"
    page.get_by_role("button", name="Envoyer quand même").click()
    assert "C’est fini" in page.locator(".told").inner_text()


@pytest.mark.parametrize("size", [WIDE, NARROW, SMALLEST])
@pytest.mark.parametrize("name", ["culture_securite", "maturite_securite", "epp_hygiene_mains"])
def test_a_form_never_scrolls_sideways_and_its_targets_are_large(opened, name, size):
    page = opened(name, size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    boxes = page.evaluate(
        "[...document.querySelectorAll('label, .send, .undo')].map(e => e.getBoundingClientRect())"
        ".map(b => [b.width, b.height])"
    )
    assert all(width >= 44 and height >= 44 for width, height in boxes)
    lefts = page.evaluate(
        "[...document.querySelector('fieldset').querySelectorAll('.choice')]"
        ".map(e => e.getBoundingClientRect().left)"
    )
    stacked = len(set(lefts)) == 1
    assert stacked == (size != WIDE or name == "maturite_securite")


STATES = {
    "blank": {},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "small": {"size": SMALLEST},
}


@pytest.mark.parametrize("state", STATES)
def test_a_form_breaks_no_rule_of_accessibility(opened, state):
    page = opened("culture_securite", **STATES[state])
    for step in ("blank", "half", "refused", "sent"):
        if step == "half":
            for question in page.locator("fieldset").all()[:20]:
                question.locator("label").nth(1).click()
        if step in ("refused", "sent"):
            page.locator(".send").click()
        found = Axe().run(page).response["violations"]
        assert [rule["id"] for rule in found] == [], step


def test_a_screen_reader_hears_the_question_its_answers_and_their_state(opened):
    page = opened("culture_securite")
    first = page.locator("fieldset").first
    first.locator("label").nth(3).click()
    heard = first.aria_snapshot()
    assert re.search(r'group "1\. .+ Êtes-vous d’accord', heard)
    assert 'radio "D’accord" [checked]' in heard
    assert 'button "Retirer ma réponse à la question 1"' in heard


@pytest.mark.parametrize(("name", "sides"), [("culture_securite", 2), ("epp_hygiene_mains", 1)])
def test_on_paper_forty_questions_take_two_sides_and_none_is_cut(opened, name, sides):
    page = opened(name)
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == sides
    page.emulate_media(media="print")
    hidden = ".promise, .keys, .undo, footer"
    assert not any(part.is_visible() for part in page.locator(hidden).all())
    assert page.locator("fieldset").last.is_visible()


def test_a_form_is_light_and_holds_no_inline_style():
    page = lay_page(load_instrument("culture_securite"))
    assert len(page.encode()) <= 60_000
    assert len(read("form.js").encode()) <= 6_000
    assert "style=" not in lay_form(load_instrument("culture_securite"))
    assert not re.search(r"https?://", page)
