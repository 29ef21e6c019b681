"""Served and offline, in every state: no rule of accessibility broken, none beside the screen."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.asking.campaigns import ready
from tests.asking.test_gather import CLASSES
from tests.thorough import sampled

SIGHTS = {
    "small": {"viewport": {"width": 320, "height": 640}},
    "zoomed": {
        "viewport": {"width": 640, "height": 450},
        "device_scale_factor": 2,
    },  # 1280 at 200 %
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
    "small, dark and forced": {
        "viewport": {"width": 320, "height": 640},
        "color_scheme": "dark",
        "forced_colors": "active",
    },
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    services = (("CH fictif", "Médecine", 40), ("CH fictif", "Urgences", 12))
    return ready(tmp_path_factory.mktemp("etats"), services=services, **CLASSES)


@pytest.fixture
def window(browser):
    """A window of its own, where axe may be brought in."""
    contexts = []

    def open_window(**settings):
        contexts.append(browser.new_context(bypass_csp=True, **settings))
        return contexts[-1].new_page()

    yield open_window
    for context in contexts:
        context.close()


def right(page, state):
    """Whether a page, as it stands, is right."""
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == [], state
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], state


def enter(page, served, code):
    page.goto(served.url)
    right(page, "entry")
    page.get_by_label("code de votre carte").fill("2345")
    page.get_by_role("button", name="Commencer").click()
    page.wait_for_selector("[aria-invalid]")
    assert "2345 ACDE WXYC" in page.get_by_role("alert").inner_text()
    right(page, "refused code")
    page.get_by_label("code de votre carte").fill(code)
    page.get_by_role("button", name="Commencer").click()
    page.wait_for_url("**/questionnaire")
    right(page, "blank")


def half(page):
    for question in page.locator("fieldset").all()[:8]:
        question.locator("label").nth(1).click()


@pytest.mark.parametrize("sight", sampled(SIGHTS, "small, dark and forced"))
def test_served_every_state_is_right(window, made, served, sight):
    page = window(**SIGHTS[sight])
    enter(page, served, made.codes["Médecine"].pop())
    with page.expect_response("**/garder"):
        half(page)
    right(page, "half")
    page.route("**/garder", lambda route: route.abort())
    page.locator("fieldset").nth(9).locator("label").first.click()
    page.locator("legend .fault").wait_for()
    right(page, "not kept")
    page.unroute("**/garder")
    page.locator(".send").click()
    page.locator(".blanks li").first.wait_for()
    top = page.locator(".blanks h2").evaluate("one => one.getBoundingClientRect().top")
    assert 0 <= top < page.viewport_size["height"] / 2  # however long it is, its title is seen
    right(page, "blanks listed")
    page.locator(".send").click()
    page.wait_for_url("**/merci")
    right(page, "sent")
    page.goto(f"{served.url}/questionnaire")
    right(page, "refused")
    page.goto(f"{served.url}/pause?gardees")
    right(page, "paused")


@pytest.mark.parametrize("sight", sampled(SIGHTS, "small"))
def test_served_without_script_every_state_is_right(window, made, served, sight):
    page = window(**SIGHTS[sight])
    page.route("**/*.js", lambda route: route.abort())  # axe is a script: only theirs are kept out
    enter(page, served, made.codes["Médecine"].pop())
    half(page)
    page.get_by_role("button", name="Envoyer mes réponses").click()
    page.locator(".blanks li").first.wait_for()
    right(page, "blanks listed")
    page.get_by_role("button", name="Retirer ma réponse à la question 1", exact=True).click()
    page.wait_for_load_state()
    right(page, "taken back")
    page.get_by_role("button", name="Envoyer mes réponses").click()
    page.get_by_role("button", name="Envoyer quand même").click()
    page.wait_for_url("**/merci")
    right(page, "sent")


@pytest.mark.parametrize("sight", sampled(SIGHTS, "zoomed"))
def test_the_offline_file_is_right_in_every_state(window, made, sight):
    page = window(**SIGHTS[sight])
    page.goto((made.path.parent.parent / "imprimer/formulaire-hors-ligne.html").as_uri())
    right(page, "blank")
    half(page)
    right(page, "half")
    page.locator(".send").click()
    right(page, "blanks listed")
    page.locator(".send").click()
    page.wait_for_selector("[aria-invalid]")
    right(page, "refused code")
    page.locator("#code").fill(made.codes["Urgences"].pop())
    with page.expect_download():
        page.locator(".send").click()
    page.locator(".sent").wait_for()
    right(page, "sent")


def test_of_one_question_a_screen_reader_hears_everything(window, made, served):
    page = window()
    enter(page, served, made.codes["Médecine"].pop())
    page.route("**/garder", lambda route: route.abort())
    page.locator("#q-1 label").nth(3).click()
    page.locator("legend .fault").wait_for()
    heard = page.locator("#q-1").aria_snapshot()
    group = re.match(r'- group "(1\. .+)":', heard)[1]
    assert made.asked.instrument.items[0].text.rstrip(".")[:20] in group.replace("’", "'")
    assert group.endswith("Enregistrement non confirmé.")
    assert re.search(r'radio ".+" \[checked\]', heard)
    assert heard.count("radio ") == 7
    assert "Pas de réponse du serveur" in page.get_by_role("status").last.inner_text()
    page.unroute("**/garder")
    with page.expect_response("**/garder"):
        page.locator("#q-2 label").first.click()
    page.locator("legend .fault").wait_for(state="detached")
