"""The served form in a browser: by keyboard, by touch, without script, and on a shared computer."""

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

from qgdr_eval.asking.asked.inquiry import store_path
from qgdr_eval.asking.receiving.store import open_store
from tests.asking.campaigns import ready

NARROW = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    services = (("CH fictif", "Médecine", 40), ("CH fictif", "Urgences", 12))
    more = "  comments: true\n"
    return ready(tmp_path_factory.mktemp("servie"), services=services, more=more)


@pytest.fixture
def window(browser, served):
    """Open the first page in a browser of its own."""
    contexts = []

    def open_window(**settings):
        contexts.append(context := browser.new_context(**settings))
        page = context.new_page()
        page.foreign, page.refused = [], []
        page.on("request", lambda one: one.url.startswith(served.url) or page.foreign.append(one))
        page.on("console", lambda one: "Content Security" in one.text and page.refused.append(one))
        page.goto(served.url)
        return page

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def code(made):
    return made.codes["Médecine"].pop()


def enter(page, code):
    page.get_by_label("code de votre carte").fill(code)
    page.get_by_role("button", name="Commencer").click()
    page.wait_for_url("**/questionnaire")


def sealed(made):
    store = open_store(store_path(made.path, "essai"))
    opened = [made.pair.open(box, made.inquiry.seal.use) for box in store.boxes().values()]
    store.close()
    return [box["answers"] for box in opened]


def broken(page):
    return [rule["id"] for rule in Axe().run(page).response["violations"]]


def test_by_keyboard_alone_from_the_code_to_the_thanks(made, window, code):
    page = window()
    page.get_by_label("code de votre carte").focus()
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/questionnaire")
    page.locator("fieldset input").first.focus()
    for _ in made.asked.instrument.codes:
        page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/merci")
    assert "enregistrées et scellées" in page.locator("main").inner_text()
    assert len(sealed(made)[-1]) == len(made.asked.instrument.codes)
    assert (page.foreign, page.refused) == ([], [])


def test_by_touch_on_a_telephone_a_draft_is_resumed_on_another_device(window, code):
    page = window(**NARROW)
    enter(page, code)
    with page.expect_response("**/garder"):
        page.locator("fieldset").nth(2).locator("label").nth(1).tap()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    other = window()
    enter(other, code)
    assert other.locator("fieldset").nth(2).locator("input:checked").count() == 1
    assert other.locator(".count").inner_text() == "1"


def test_a_code_in_the_address_fills_the_field_and_leaves_the_address(window, served, code):
    page = window()
    page.goto(f"{served.url}/#{code.replace(' ', '')}")
    page.wait_for_function("document.querySelector('#code').value.length == 12")
    assert page.url == f"{served.url}/"


def test_without_script_it_is_answered_taken_back_and_sent(made, window, code):
    page = window(java_script_enabled=False)
    enter(page, code)
    page.locator("fieldset").first.locator("label").nth(1).click()
    page.locator("fieldset").nth(1).locator("label").nth(2).click()
    page.get_by_role("button", name="Envoyer mes réponses").click()
    assert page.locator(".blanks li").count() == len(made.asked.instrument.codes) - 2
    page.get_by_role("button", name="Retirer ma réponse à la question 1", exact=True).click()
    assert page.locator("input:checked").count() == 1
    page.get_by_role("button", name="Envoyer mes réponses").click()
    page.get_by_role("button", name="Envoyer quand même").click()
    page.wait_for_url("**/merci")
    assert list(map(len, sealed(made))).count(1) == 1


def test_on_a_shared_computer_back_shows_nothing_of_who_was_there(window, code):
    page = window()
    enter(page, code)
    with page.expect_response("**/garder"):
        page.locator("fieldset").first.locator("label").nth(1).click()
    page.get_by_role("button", name="Arrêter").click()
    page.wait_for_url("**/pause?arret")
    page.go_back()
    assert page.locator("input:checked").count() == 0
    assert page.locator("fieldset").count() == 0


def test_who_stops_reads_what_is_kept_and_resumes_at_the_first_question_without_an_answer(
    window, code
):
    page = window()
    enter(page, code)
    assert page.evaluate("document.activeElement.tagName") == "BODY"  # nothing begun: from the top
    for rank in (0, 1, 3):
        page.locator("fieldset").nth(rank).locator("label").nth(1).click()
    page.get_by_role("button", name="Arrêter").click()
    page.wait_for_url("**/pause?arret")
    told = page.locator("main").inner_text()
    assert "réponses sont gardées" in told
    assert "le code de votre carte" in told
    assert broken(page) == []
    page.get_by_role("link").click()
    enter(page, code)
    assert page.locator("input:checked").count() == 3
    assert page.locator("fieldset").nth(2).locator("input").first.evaluate(
        "one => one === document.activeElement")  # fmt: skip
    assert page.locator("fieldset").nth(2).evaluate(
        "one => { const at = one.getBoundingClientRect(); "
        "return at.top >= 0 && at.bottom <= innerHeight; }")  # fmt: skip


def test_who_answered_everything_resumes_at_the_button_that_sends(made, window, code):
    page = window()
    enter(page, code)
    page.locator("fieldset input").first.focus()
    for _ in made.asked.instrument.codes:
        page.keyboard.press("2")
    page.get_by_role("button", name="Arrêter").click()
    page.wait_for_url("**/pause?arret")
    page.get_by_role("link").click()
    enter(page, code)
    assert page.evaluate("document.activeElement.className") == "send"


def test_who_stops_while_the_server_is_silent_reads_that_an_answer_is_not_kept(window, code):
    page = window()
    enter(page, code)
    page.route("**/garder", lambda route: route.abort())
    page.locator("fieldset").first.locator("label").nth(1).click()
    page.get_by_role("button", name="Arrêter").click()
    page.wait_for_url("**/pause?manque")
    assert "PAS été enregistrée" in page.locator("main").inner_text()


def test_five_idle_minutes_clear_the_screen_and_say_how_to_resume(window, code):
    page = window()
    page.clock.install()
    enter(page, code)
    with page.expect_response("**/garder"):
        page.locator("fieldset").first.locator("label").nth(1).click()
    page.clock.fast_forward("05:01")
    page.wait_for_url("**/pause?gardees")
    assert "le code de votre carte les rouvre" in page.locator("main").inner_text()
    page.go_back()
    assert page.locator("input:checked").count() == 0
    page.goto(page.url.split("/questionnaire")[0].split("/pause")[0])
    enter(page, code)
    assert page.locator("input:checked").count() == 1


def test_a_server_that_stops_answering_is_told_and_what_was_chosen_goes_with_the_next(window, code):
    page = window()
    enter(page, code)
    page.route("**/garder", lambda route: route.abort())
    page.locator("fieldset").first.locator("label").nth(1).click()
    page.locator(".told", has_text="peut-être pas enregistrée").wait_for()
    page.unroute("**/garder")
    with page.expect_response("**/garder"):
        page.locator("fieldset").nth(1).locator("label").nth(1).click()
    page.reload()
    assert page.locator("input:checked").count() == 2


def cut_after(route):
    """The server has it; of its acknowledgement the browser sees nothing, cookies included."""
    asked = route.request
    httpx.post(asked.url, headers=asked.all_headers(), content=asked.post_data, trust_env=False)
    route.abort("connectionreset")


def test_cut_between_the_writing_and_its_acknowledgement_the_page_says_no_more_than_it_knows(
    window, code
):
    page = window()
    enter(page, code)
    page.route("**/garder", cut_after)
    page.locator("fieldset").first.locator("label").nth(1).click()
    page.locator(".told", has_text="peut-être pas enregistrée").wait_for()
    page.unroute("**/garder")
    with page.expect_response("**/garder"):
        page.locator("fieldset").nth(1).locator("label").nth(2).click()
    other = window()
    enter(other, code)
    assert other.locator("input:checked").count() == 2


def test_a_return_whose_acknowledgement_is_lost_is_sent_again_and_counts_once(made, window, code):
    page, before = window(), len(sealed(made))
    enter(page, code)
    page.route("**/envoyer", cut_after)
    with page.expect_response("**/garder"):
        page.locator("fieldset").first.locator("label").nth(1).click()
    page.locator(".send").click()
    page.locator(".send").click()
    page.locator(".told", has_text="peut-être pas enregistrée").wait_for()
    assert len(sealed(made)) == before + 1
    page.unroute("**/envoyer")
    page.locator(".send").click()
    page.wait_for_selector("text=déjà servi")
    assert "enregistrée avec elle, comptée une seule fois" in page.locator("main").inner_text()
    assert len(sealed(made)) == before + 1


def test_two_tabs_of_one_card_each_keep_what_was_answered_there_and_one_alone_sends(
    made, window, code
):
    page, before = window(), len(sealed(made))
    enter(page, code)
    other = page.context.new_page()
    other.goto(page.url)
    for tab, rank in ((page, 0), (other, 1), (page, 2)):
        with tab.expect_response("**/garder"):
            tab.locator("fieldset").nth(rank).locator("label").nth(1).click()
    other.locator(".send").click()
    other.locator(".send").click()
    other.wait_for_url("**/merci")
    page.locator(".send").click()
    page.locator(".send").click()
    page.locator(".told", has_text="dans un autre onglet").wait_for()
    assert len(sealed(made)) == before + 1
    assert 3 in map(len, sealed(made))


@pytest.mark.parametrize("settings", [{}, {"color_scheme": "dark"}, NARROW])
def test_no_page_breaks_a_rule_of_accessibility(window, code, settings):
    page = window(bypass_csp=True, **settings)
    assert broken(page) == [], "entry"
    page.get_by_label("code de votre carte").fill("2345")
    page.get_by_role("button", name="Commencer").click()
    page.wait_for_selector("[aria-invalid]")
    assert broken(page) == [], "refused code"
    enter(page, code)
    assert broken(page) == [], "blank"
    with page.expect_response("**/garder"):
        page.locator("fieldset").first.locator("label").nth(1).click()
    page.locator(".send").click()
    assert broken(page) == [], "blanks listed"
    page.locator(".send").click()
    page.wait_for_url("**/merci")
    assert broken(page) == [], "sent"
