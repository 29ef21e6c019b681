"""The script of a workshop: an hour that is an hour."""

import re
from itertools import pairwise

import pytest

from qgdr_eval.workshop import open_debate
from qgdr_eval.workshop.paper import lay_script, moments_of


def plain(page):
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", text)


@pytest.fixture(scope="module")
def debate():
    return open_debate("demo")


@pytest.mark.parametrize("topics", [1, 2, 3, 4, 5])
def test_the_script_fills_the_hour_and_no_step_is_empty(topics):
    moments = [moment for question in moments_of(topics) for moment in question]
    assert (moments[0].start, moments[-1].end) == (10, 50)
    assert all(before.end == after.start for before, after in pairwise(moments))
    assert all(moment.end > moment.start for moment in moments)


def test_the_script_is_three_sheets(browser, debate):
    """Two questions a page, and what ends the hour beside the last one."""
    page = browser.new_page()
    page.set_content(lay_script(debate))
    assert len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True))) <= 3
    page.close()


def test_the_script_has_each_question_with_its_reason(debate):
    text = plain(lay_script(debate))
    assert "50 à 60 min" in text
    assert all(plain(topic.text)[:30].replace("'", "’") in text for topic in debate.topics)
