"""Every screen at every step: accessible in every look, nothing off its side, targets large."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from qgdr_eval.workshop.screens import Screen, lay_screen
from tests.workshop.screens import LOOKS, alone, screens, steps

TARGETS = "button, summary, a, label, input[type=number], textarea"
SMALLEST = 44  # pixels


@pytest.fixture(scope="module")
def pages():
    return dict(screens())


ALWAYS = [("clair", 1280), ("sombre", 390), ("forcé", 320)]
OTHERS = [(look, width) for look in LOOKS for width in (1280, 390, 320)
          if (look, width) not in ALWAYS]  # fmt: skip


@pytest.mark.parametrize(
    ("look", "width"),
    [*ALWAYS, *(pytest.param(*one, marks=pytest.mark.thorough) for one in OTHERS)],
)
def test_axe_finds_nothing(browser, pages, look, width):
    context = browser.new_context(viewport={"width": width, "height": 844}, **LOOKS[look])
    page, found = context.new_page(), {}
    for name, html in pages.items():
        page.set_content(html)
        broken = [rule["id"] for rule in Axe().run(page).response["violations"]]
        wide = page.evaluate("document.documentElement.scrollWidth") > width
        found |= {name: [*broken, *["too wide"] * wide]} if broken or wide else {}
    context.close()
    assert found == {}


def test_targets_are_large(browser, pages):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    small = set()
    for name, html in pages.items():
        page.set_content(html)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        boxes = [one.bounding_box() for one in page.locator(TARGETS).all()]
        small |= {name for box in boxes if box and min(box["width"], box["height"]) < SMALLEST}
    page.close()
    assert small == set()


@pytest.mark.parametrize("height", [900, 800])
def test_what_the_facilitator_does_next_is_in_view(browser, pages, height):
    page = browser.new_page(viewport={"width": 1280, "height": height})
    below = set()
    for name, html in pages.items():
        page.set_content(html)
        if name.endswith("-facilitator"):
            box = page.locator("button:visible").first.bounding_box()
            below |= {name} if box["y"] + box["height"] > height else set()
    page.close()
    assert below == set()


def test_a_field_that_has_the_focus_is_not_under_the_button(browser, pages):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_content(pages["4-accord-facilitator"])
    button = page.get_by_role("button", name="Écrire l’accord")
    for field in page.locator(".acts textarea").all():
        page.evaluate("scrollTo(0, 0)")
        field.focus()
        box, over = field.bounding_box(), button.bounding_box()
        assert box["y"] + box["height"] <= over["y"]
    page.close()


def test_the_wall_shows_a_whole_round_at_the_size_of_a_projector(browser, pages):
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    for step in ("2-discussion", "3-second-vote", "4-accord"):
        page.set_content(pages[f"{step}-wall"])
        table = page.locator("table").first.bounding_box()
        assert table["y"] + table["height"] <= 1080
        assert table["width"] > 1920 / 3
    page.close()


@pytest.mark.parametrize("width", [1280, 640, 390])
def test_an_option_to_type_is_on_one_line(browser, width):
    (_, journal), *_ = steps()
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.set_content(alone(lay_screen(Screen(journal.kept, "facilitator", "/"))))
    typed = page.locator("code")
    assert typed.inner_text() == "--network"
    assert typed.evaluate("one => one.getClientRects().length") == 1
    page.close()


def test_the_facilitator_is_led_to_the_next_question(pages):
    agreed = pages["5-terminée-facilitator"]
    assert "Question suivante" in agreed
    assert "<summary>Corriger l’accord</summary>" in agreed
    assert "Question suivante" not in pages["4-accord-facilitator"]
    assert "Revenir à cette question" not in pages["1-vote-facilitator"]  # a vote is open
