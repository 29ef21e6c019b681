"""The minutes of a workshop: a page like the others, which tells nobody's vote."""

import datetime
import re
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe

from qgdr_eval import french
from qgdr_eval.press.proof import Promise, prove, read_evidence
from qgdr_eval.problems import Refused
from qgdr_eval.reporting.minutes import open_minutes
from qgdr_eval.reporting.minutes.page import lay_minutes
from qgdr_eval.workshop import Journal, apply, open_debate, read_held
from qgdr_eval.workshop.session import (
    Advanced,
    Agreement,
    CardsCounted,
    Decided,
    StartedAgain,
    Voted,
)
from tests.reading import body_of

DAY = "2026-11-16"


@pytest.fixture(scope="module")
def debate():
    return open_debate("demo")


@pytest.fixture
def journal(debate, tmp_path):
    return Journal(tmp_path / "atelier.json", debate)


def vote(journal, topic, turn, votes):
    for at, code in enumerate(votes):
        journal.take(Voted(topic.item, turn, f"{topic.item}{turn}{at}", code))
    journal.take(Advanced(topic.item))


def debated(journal, first, second, agreement, rank=0):
    """A question that goes all the way, with these votes in its two rounds."""
    topic = journal.kept.topics[rank]
    journal.take(Advanced(topic.item))
    vote(journal, topic, 0, [topic.codes[at] for at in first])
    journal.take(Advanced(topic.item))
    vote(journal, topic, 1, [topic.codes[at] for at in second])
    journal.take(Decided(topic.item, agreement(topic)))


def agreed(topic):
    return Agreement(topic.codes[-1], "agreed", dissent="<b>La nuit</b>", action="Relire à deux")


def page_of(journal):
    return lay_minutes(open_minutes(journal.kept, DAY))


def cells(page):
    return re.findall(r'<td role="cell" data-label="[^"]* vote">(\d+)</td>', page)


def test_both_votes_and_what_was_agreed(journal):
    debated(journal, [0, 0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 1, 1, 1], agreed)
    page = page_of(journal)
    text = body_of(page).replace("\xa0", " ")
    codes = len(journal.kept.topics[0].codes)
    assert cells(page) == ["3", "2", "4", "5", *["0"] * 2 * (codes - 2)]
    assert text.count("7 votes") == 2
    assert "&lt;b&gt;La nuit&lt;/b&gt;" in page
    assert "Une question débattue : un accord." in text.replace("\u202f", " ")
    assert text.count("Relire à deux") == 2  # among what is to be done, and under its question
    assert text.count("n'a pas été débattue") == len(journal.kept.topics) - 1


def test_the_page_says_the_days_on_which_questions_were_opened(journal):
    """Not the day of the page, and nothing of a question that was started again or never opened."""
    assert "Tenu le" not in page_of(journal)
    debated(journal, [0] * 6, [0] * 6, agreed)
    today = datetime.date.today().isoformat()
    assert french.date(today) in body_of(page_of(journal)).split("Page du")[0]
    first, second, *_ = journal.kept.topics
    journal.take(StartedAgain(first.item))
    assert journal.kept.days == ()
    held = apply(apply(journal.session, Advanced(first.item), "2026-11-19"), Advanced(first.item))
    held = apply(held, Advanced(second.item), "2026-11-12")
    page = lay_minutes(open_minutes(replace(journal.kept, session=held), DAY))
    assert "12 novembre 2026 et 19 novembre 2026" in body_of(page)


@pytest.mark.parametrize("votes", [[0] * 4, [], [0, 1, 2], [0] * 8, [0] * 7 + [1]])
def test_no_vote_that_the_screens_do_not_show(journal, votes):
    topic = journal.kept.topics[0]
    journal.take(Advanced(topic.item))
    for at, rank in enumerate(votes):
        journal.take(Voted(topic.item, 0, str(at), topic.codes[rank]))
    assert "Premier vote" not in page_of(journal)  # the round is still open
    journal.take(Advanced(topic.item))
    page = page_of(journal)
    assert cells(page) == []
    assert "Premier vote" in page
    assert f"{len(votes)}\xa0vote" in page


def test_minutes_differ_by_no_vote_that_is_not_shown(debate, tmp_path):
    """Eight alike on the one side, on the other, or all but one: the same page."""
    pages = set()
    for rank, votes in enumerate([[0] * 8, [1] * 8, [0] * 7 + [1]]):
        journal = Journal(tmp_path / f"{rank}.json", debate)
        debated(journal, votes, votes, agreed)
        pages.add(page_of(journal))
    assert len(pages) == 1


def test_cards_that_the_room_saw_do_not_tell_what_devices_voted(journal):
    topic = journal.kept.topics[0]
    journal.take(Advanced(topic.item))
    journal.take(Voted(topic.item, 0, "un", topic.codes[0]))
    journal.take(CardsCounted(topic.item, {topic.codes[0]: 3, topic.codes[1]: 4}))
    journal.take(Advanced(topic.item))
    assert cells(page_of(journal)) == []


def test_the_page_is_proved_as_those_of_the_press(journal):
    debated(journal, [0, 0, 0, 1, 1, 1, 1], [0] * 7, agreed)
    report = open_minutes(journal.kept, DAY)
    promise = Promise(report.facility, report.service, None, report.fingerprint)
    assert prove(promise, read_evidence(lay_minutes(report))) == ""
    assert open_minutes(journal.kept, "2026-11-17").fingerprint != report.fingerprint


def test_on_paper_a_draft_is_said_over_no_text(journal, browser):
    """As an earlier kit held it. What is fixed on a page is printed over what stands there."""
    page = browser.new_page(viewport={"width": 700, "height": 1000})
    page.set_content(lay_minutes(open_minutes(replace(journal.kept, draft=True), DAY)))
    page.emulate_media(media="print")
    banner, header = page.locator("body > .draft"), page.locator("body > header")
    assert banner.evaluate("one => getComputedStyle(one).position") == "static"
    box = banner.bounding_box()
    assert box["y"] + box["height"] <= header.bounding_box()["y"]
    page.close()


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_axe_finds_nothing_and_nothing_overflows(journal, browser, width):
    debated(journal, [0, 0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 1, 1, 1], agreed)
    debated(journal, [0] * 6, [0, 1, 2], lambda _: Agreement(None, "none", "Non"), rank=1)
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(page_of(journal))
    assert [rule["id"] for rule in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == []
    page.close()


def test_no_minutes_of_a_workshop_that_was_not_held(tmp_path):
    with pytest.raises(Refused, match="aucun atelier"):
        read_held(tmp_path / "rien.json")
