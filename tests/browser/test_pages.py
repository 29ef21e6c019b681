"""Pages as readers get them: in a browser, on a telephone, on paper, by a screen reader's rules."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from qgdr_eval.fictitious.programme import write_demo_programme
from qgdr_eval.press import print_campaign, print_programme
from tests.thorough import thorough

LARGEST = 400_000
PAGES = [
    "index.html",
    "comparaison.html",
    "services/01-medecine.html",
    "services/02-script-alert-1-script-l-equipe-etc.html",
    "services/03-equipe-de-nuit.html",
    "services/04-medecine.html",
    "services/05-*.html",
]
# Each page at each width; while one works, at one of the two, in turn.
SEEN = [
    pytest.param(name, width, marks=() if (at + wide) % 2 == 0 else thorough)
    for at, name in enumerate(PAGES)
    for wide, width in enumerate((1280, 390))
]
KINDS = {  # of pages of a programme, each opened once
    "programme": "index.html",
    "10, a group": "position_politique_qgdr/services/01-*.html",
    "30, an audit": "medicament_tour_2/services/01-*.html",
    "35, a dashboard": "poles/01-*.html",
    "50, a plan": "plans/01-*.html",
    "60, a synthesis": "etablissements/01-*.html",
}
MOST_SHEETS = {"10, a group": 4, "30, an audit": 4, "60, a synthesis": 2}
PROGRAMME = """
id: essai
title: Programme d'essai
period: 2025-2026
campaigns: [medicament/tour-2/campagne.yml, politique/campagne.yml]
indicators: indicateurs.csv
plan: plan.xlsx
"""


@pytest.fixture(scope="module")
def folder(campaign_file, tmp_path_factory, browser):
    """The pages are only made when there is a browser to open them."""
    out = tmp_path_factory.mktemp("rapports")
    print_campaign(campaign_file, out, report_date="2026-03-31", jobs=0)
    return out


@pytest.fixture(scope="module")
def programme(tmp_path_factory, browser):
    """A part of the demonstration, with a page of each kind that stands outside a survey."""
    folder = tmp_path_factory.mktemp("programme")
    file = write_demo_programme(folder)
    file.write_text(PROGRAMME, encoding="utf-8")
    print_programme(file, folder / "rapports", report_date="2026-03-31", jobs=0)
    return folder / "rapports"


def find(folder: Path, name: str) -> Path:
    return next(folder.glob(name))


def assert_accessible_and_self_contained(page, path):
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(path.as_uri())
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert asked == [path.as_uri()]
    assert said == []
    assert page.evaluate("document.documentElement.lang") == "fr"


def assert_within_the_screen(page, width):
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def assert_headings_and_landmarks_in_order(page):
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.evaluate("document.querySelectorAll('main').length") == 1


def assert_every_figure_has_words_and_a_table(page):
    drawings = page.evaluate(
        "[...document.querySelectorAll('svg')].map(s => [s.getAttribute('role'),"
        " (s.getAttribute('aria-label') || s.textContent).length,"
        " (s.closest('section:not(#essentiel)') || document).querySelectorAll('table').length])"
    )
    for role, words, tables in drawings:
        assert role == "img"
        assert words > 30
        assert tables >= 1


def assert_prints_on_a4(page):
    printed = page.pdf(prefer_css_page_size=True)
    boxes = set(re.findall(rb"/MediaBox \[([^\]]+)\]", printed))
    sizes = {tuple(round(float(x)) for x in box.split()) for box in boxes}
    assert all(abs(w - 595) <= 2 and abs(h - 842) <= 2 for *_, w, h in sizes), sizes
    return len(re.findall(rb"/Type /Page\b", printed))


@pytest.mark.parametrize(("name", "width"), SEEN)
def test_accessible_self_contained_and_within_the_screen(browser, folder, name, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    assert_accessible_and_self_contained(page, find(folder, name))
    assert_within_the_screen(page, width)
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_headings_figures_and_paper(browser, folder, name):
    page = browser.new_page()
    page.goto(find(folder, name).as_uri())
    assert_headings_and_landmarks_in_order(page)
    assert_every_figure_has_words_and_a_table(page)
    assert_prints_on_a4(page)
    page.close()


FIRST = """() => {
  const box = document.querySelector('#essentiel figure').getBoundingClientRect();
  const next = document.querySelector('#suite').getBoundingClientRect();
  return [box.top, box.bottom, next.top];
}"""


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_first_screen_of_a_team_holds_a_picture_then_comes_what_to_do(
    browser, folder, width, height
):
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(find(folder, "services/01-medecine.html").as_uri())
    top, bottom, next_steps = page.evaluate(FIRST)
    assert height / 6 < top < bottom < height
    assert next_steps < 2 * height
    page.close()


def test_a_team_prints_on_four_sheets_and_what_is_opened_is_printed_too(browser, folder):
    page = browser.new_page()
    page.goto(find(folder, "services/01-medecine.html").as_uri())
    folded = assert_prints_on_a4(page)
    page.eval_on_selector_all("details.apart", "all => all.forEach(one => { one.open = true; })")
    assert folded <= 4 < assert_prints_on_a4(page)
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_light(folder, name):
    assert find(folder, name).stat().st_size < LARGEST


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_of_a_programme(browser, programme, kind):
    path = find(programme, KINDS[kind])
    page = browser.new_page(viewport={"width": 390, "height": 900})
    assert_accessible_and_self_contained(page, path)
    assert_within_the_screen(page, 390)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert_within_the_screen(page, 1280)
    assert_headings_and_landmarks_in_order(page)
    assert_every_figure_has_words_and_a_table(page)
    sheets = assert_prints_on_a4(page)
    assert path.stat().st_size < LARGEST
    assert sheets <= MOST_SHEETS.get(kind, sheets)
    page.close()


DRAWN = """() => [...document.querySelectorAll('figure, .tile, table.map')].map(drawn => {
  const style = getComputedStyle(drawn);
  const plain = style.backgroundImage === 'none';
  return [style.forcedColorAdjust, plain ? style.backgroundColor : style.backgroundImage];
})"""
WRAPS = """() => [...new Set([...document.querySelectorAll('.qgdr *')]
  .filter(one => !one.closest('.hash')).map(one => getComputedStyle(one).overflowWrap))]"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", list(KINDS))
def test_what_is_drawn_keeps_its_ground_and_words_are_whole(browser, programme, kind, scheme):
    """With forced colours, on a dark screen too, a figure keeps the ground it was drawn for."""
    page = browser.new_page()
    page.emulate_media(color_scheme=scheme, forced_colors="active")
    page.goto(find(programme, KINDS[kind]).as_uri())
    for adjust, ground in page.evaluate(DRAWN):
        assert adjust == "none"
        assert ground != "rgba(0, 0, 0, 0)"
    assert "anywhere" not in page.evaluate(WRAPS)
    page.close()


def test_links_of_a_programme_lead_to_pages_that_lead_on(browser, programme):
    page = browser.new_page()
    page.goto((programme / "index.html").as_uri())
    links = page.evaluate("[...document.querySelectorAll('main a')].map(a => [a.href, a.text])")
    assert len(links) > len(KINDS)
    for href, text in links:
        assert text.strip()
        assert page.goto(href)
        assert page.evaluate("document.querySelectorAll('h1').length") == 1
    page.close()
