"""The printed example that stands in the tree is whole, and is the one its files describe."""

import re

from qgdr_eval.checking.check import check_path
from qgdr_eval.press import verify_folder
from qgdr_eval.reporting import open_report, position
from qgdr_eval.shipped import PACKAGE

EXAMPLE = PACKAGE.parent / "reports" / "exemple"


def test_the_printed_example_is_whole():
    verdict = verify_folder(EXAMPLE)
    assert (verdict.pages, verdict.problems) == (5, ())


def test_its_campaign_is_accepted():
    assert check_path(EXAMPLE / "fichiers" / "campagne.yml").accepted


def test_its_pages_name_no_machine_and_fetch_nothing():
    for page in EXAMPLE.rglob("*.html"):
        text = page.read_text("utf-8")
        assert not re.search(r"/tmp/|/home/|/root/|[A-Z]:\\\\", text)
        assert not re.search(r"<(?:link|img|script)[^>]+https?:", text)


def test_its_results_open_though_they_were_stored_by_an_earlier_kit():
    report = open_report(str(EXAMPLE / "donnees" / "resultats.sqlite"))
    assert not report.hidden
    assert str(position.beside_team(report)) == ""
