"""PDF/UA-1 by two checkers that are not the compiler; what is read aloud, in which order.

``page`` tries the 104 rules of PDF/UA-1 that a machine can tell; ``pdfua``, written apart in
another language, sixteen of them.
"""

import io
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import page
import pdfua
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import BooleanObject, NameObject

from tests.editions.aloud import read_aloud
from tests.editions.documents import each_document, packed, printed, words_of

HOLD_TEXT = {"P", "Lbl", "LBody", "TH", "TD", "Figure", *(f"H{level}" for level in range(1, 7))}


def told_by_both(document: bytes, folder: Path) -> tuple[list[str], list[str]]:
    """What each checker finds wrong."""
    path = folder / "edition.pdf"
    path.write_bytes(document)
    first = page.validate_pdf_bytes(document, profile="ua1")
    assert first.rules.total > 100
    second = pdfua.validate(str(path))
    return [one.rule_id for one in first.failures], [one.rule_id for one in second.findings]


def spoiled(document: bytes, what: str) -> bytes:
    """The same document, less one thing that PDF/UA asks for."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(document)))
    root = writer.root_object
    match what:
        case "tags":
            del root["/StructTreeRoot"]
        case "language":
            del root["/Lang"]
        case "marked":
            root["/MarkInfo"][NameObject("/Marked")] = BooleanObject(False)
        case "alternative":
            for one in writer._objects:
                if isinstance(one, dict) and one.get("/S") == "/Figure":
                    del one["/Alt"]
        case "title":
            root["/ViewerPreferences"][NameObject("/DisplayDocTitle")] = BooleanObject(False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@each_document
def test_two_checkers_find_nothing_wrong(edition, report, tmp_path):
    assert told_by_both(printed(report, edition), tmp_path) == ([], [])


@pytest.mark.parametrize("what", ["tags", "language", "marked", "alternative", "title"])
def test_both_checkers_see_what_is_missing(what, team, tmp_path):
    document = spoiled(printed(team, "affiche"), what)
    first, second = told_by_both(document, tmp_path)
    assert first
    assert second


@each_document
def test_everything_that_is_read_aloud_stands_in_a_paragraph_a_title_a_list_or_a_table(
    edition, report
):
    for path, text in read_aloud(printed(report, edition)):
        assert not text or HOLD_TEXT & {*path}, (path, text)


@each_document
def test_every_sentence_that_opens_an_edition_is_a_paragraph_and_no_title(edition, report):
    titles = [text for path, text in read_aloud(printed(report, edition))
              if path and re.fullmatch("H[1-6]", path[-1])]  # fmt: skip
    assert titles
    assert all(titles)
    criteria = {packed(item.text) for item in report.instrument.items}  # one may be a title
    sentences = [text for text in titles if text.endswith(".") and packed(text) not in criteria]
    assert sentences == []


@each_document
def test_no_table_of_empty_cells_is_read(edition, report):
    cells = Counter(bool(text) for path, text in read_aloud(printed(report, edition))
                    if path and path[-1] in ("TH", "TD"))  # fmt: skip
    assert cells[False] <= cells[True] / 10


@each_document
def test_nothing_is_read_twice_in_a_row(edition, report):
    texts = [text for path, text in read_aloud(printed(report, edition))
             if not {"TH", "TD"} & {*path} and "Figure" not in path and len(text) > 20]  # fmt: skip
    assert not [text for text, following in pairwise(texts) if text == following]


def test_all_that_is_printed_is_read_aloud_but_the_foot_of_sheets(team):
    document = printed(team, "une_page")
    aloud = packed(" ".join(text for _, text in read_aloud(document)))
    for word in set(re.findall(r"\w{6,}", words_of(document))):
        assert packed(word) in aloud, word


def test_the_poster_is_read_from_whose_it_is_to_what_is_done_next(team):
    said = " ".join(text for _, text in read_aloud(printed(team, "affiche")))
    order = [
        team.service, "Ni note, ni classement", "deux priorités établies", "Marge du hasard",
        "Retenu ici", "deux se lisent nettement", "Ce que nous faisons", "Pour quand",
    ]  # fmt: skip
    places = [packed(said).index(packed(part)) for part in order]
    assert places == sorted(places)


def test_a_board_hears_what_is_established_then_the_plan_then_the_limits(opened_reports):
    report = opened_reports.named(["board_audit"])["board_audit"]
    said = packed(" ".join(text for _, text in read_aloud(printed(report, "direction"))))
    order = [report.facility, "Ce qui est établi", "L'établissement dans son ensemble",
             "Dans combien de services", "Service par service", "Où en est le plan",
             "actions promises", "Ce qu'on ne peut pas conclure", "La cause."]  # fmt: skip
    places = [said.index(packed(part)) for part in order]
    assert places == sorted(places)


def test_a_map_of_risks_names_each_risk_to_whoever_does_not_see_it(opened_reports):
    report = opened_reports.named(["risk_report"])["risk_report"]
    document = printed(report, "affiche")
    (drawn,) = [packed(alt) for path, alt in read_aloud(document, alternatives=True)
                if "Figure" in path]  # fmt: skip
    for dimension in report.instrument.dimensions:
        assert packed(dimension.label) in drawn
