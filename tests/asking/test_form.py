"""The form in a browser: by keyboard alone, on a telephone, by a screen reader's rules."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from qgdr_eval.asking import lay_form, lay_page
from qgdr_eval.asking.form.lay import TRIAL, Closing, Filled, read
from qgdr_eval.french import typography
from qgdr_eval.instruments import load_instrument, shipped_instruments
from tests.asking.campaigns import ready

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
    asked = load_instrument("experience_usagers_facile").items
    assert blanks.count() == len(asked) - 1
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
        "[...document.querySelector('fieldset').querySelectorAll('.choices label')]"
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
    page = opened("culture_ehpad", **STATES[state])
    for step in ("blank", "half", "refused", "sent"):
        if step == "half":
            for question in page.locator("fieldset").all()[:8]:
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


@pytest.mark.parametrize("name", ASKABLE)
def test_a_page_to_try_is_light_and_what_travels_to_telephones_lighter(name):
    """What a group or one person answers is never served: its words alone make it heavy."""
    instrument = load_instrument(name)
    served = instrument.subject == "respondent"
    most = 70_000 if served else 15_000 + 2_000 * len(instrument.items)
    assert len(lay_page(instrument).encode()) <= most


@pytest.mark.parametrize("name", ["culture_securite", "epp_hygiene_mains", "traceur"])
def test_the_digit_of_an_answer_is_shown_on_screen_and_on_paper_and_heard_nowhere(opened, name):
    page = opened(name)
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        shown = page.evaluate(
            "[...document.querySelectorAll('fieldset label')].map(one => {"
            "const digit = getComputedStyle(one, '::before');"
            "return digit.content.startsWith('counter(rank)') && parseFloat(digit.fontSize); })"
        )
        assert len(shown) > 40
        assert min(shown) > 8  # pixels, 6.5 points
    heard = re.findall(r'radio "([^"]+)"', page.locator("form").aria_snapshot())
    assert len(heard) == len(shown)
    assert not any(re.match(r"\d ", words) for words in heard)


@pytest.mark.parametrize(("touch", "told"), [(False, True), (True, False)])
def test_the_keys_are_told_where_there_is_a_keyboard(opened, touch, told):
    page = opened("culture_ehpad", NARROW, has_touch=touch, is_mobile=touch)
    assert page.locator(".keys").is_visible() == told


def test_past_nine_answers_no_digit_is_shown_that_no_key_gives(browser):
    classes = tuple(f"Métier {rank}" for rank in range(1, 12))
    form = lay_form(load_instrument("culture_ehpad"), TRIAL, Closing("Métier", classes))
    page = browser.new_page()
    page.set_content(f"<style>{read('form/form.css')}</style>{form}")
    shown = page.evaluate(
        "[...document.querySelectorAll('fieldset:last-of-type label')].slice(-12)"
        ".map(one => getComputedStyle(one, '::before').content !== 'none')"
    )
    assert shown == [True] * 9 + [False] * 3
    page.close()


@pytest.mark.parametrize("access", ["cards", "open"])
def test_on_paper_what_to_do_of_the_card_is_said_as_the_card_and_the_notice_say_it(
    browser, tmp_path, access
):
    made = ready(tmp_path, instrument="culture_securite", more=f"  access: {access}\n")
    page = browser.new_page()
    page.goto((tmp_path / "imprimer/questionnaire-papier.html").as_uri())
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 2
    page.emulate_media(media="print")
    assert page.locator(".promise").is_visible()
    said = page.locator(".promise").inner_text()
    notice = (tmp_path / "imprimer/notice.html").read_text("utf-8")
    page.goto((tmp_path / "imprimer/notice.html").as_uri())
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    cards = access == "cards"
    assert ("Rendez cette feuille avec votre carte" in said) == cards
    assert ("Rendez la feuille avec votre carte" in notice) == cards
    assert ("Votre service :" in said.replace("\u202f", " ")) == (not cards)
    assert bool(made.codes) == cards
    for sheet in (tmp_path / "imprimer").glob("cartes-*"):
        assert "rendez-la avec votre feuille" in sheet.read_text("utf-8")
    page.close()


def test_a_page_after_the_first_says_what_it_is_of_and_its_number():
    page = lay_page(load_instrument("culture_securite"))
    assert 'counter(page) " / " counter(pages)' in page
    assert "@page :first" in page
    title = re.search(r'@top-left \{ content: "([^"]+)"', page)[1]
    unescaped = re.sub(r"\\([0-9a-f]+) ", lambda code: chr(int(code[1], 16)), title)
    assert unescaped == typography(load_instrument("culture_securite").title)


def test_a_form_holds_no_inline_style_and_a_small_script():
    page = lay_page(load_instrument("culture_securite"))
    assert len(read("form/form.js").encode()) <= 6_000
    assert "style=" not in lay_form(load_instrument("culture_securite"))
    assert not re.search(r"https?://", page)


def test_a_form_is_shown_again_as_it_was_left_with_its_blanks_first():
    instrument = load_instrument("culture_securite")
    closing = Closing("Métier", ("Infirmiers", "Médecins"), comments=True)
    left = {"CS01": 4, "CS03": 2, "_classe": "Médecins"}
    form = lay_form(instrument, TRIAL, closing, Filled(left, "l'été </textarea><b>", listed=True))
    assert re.findall(r'name="(\w+)" value="([^"]+)" checked', form) == [
        (name, str(value)) for name, value in left.items()
    ]
    assert (form.count(" answered"), form.count("<li>")) == (3, 41 - 3)
    assert '<span class="count">3</span>' in form
    assert "l&#39;été &lt;/textarea&gt;&lt;b&gt;</textarea>" in form
    assert "Envoyer quand même" in form
    assert "Envoyer quand même" not in lay_form(instrument, TRIAL, closing, Filled(left))
