"""What a PDF of ours is: tagged, French, on its sheets, the same each time; what it hides."""

import dataclasses
import re
from itertools import pairwise
from pathlib import Path

import pytest
from pypdf import PdfReader

from qgdr_eval.editions import open_edition, print_edition, shipped_editions
from qgdr_eval.problems import Refused
from qgdr_eval.reporting import open_report
from tests.editions.documents import (
    each_document,
    opened_of,
    packed,
    printed,
    properties_of,
    sheets_of,
    structure_of,
    title_of,
    words_of,
)
from tests.press.campaigns import write_small

A4, A3 = (210, 297), (297, 420)
SHEETS = {"une_page": [A4, A4], "affiche": [A3]}  # others take those they need, up to a number
OF_A_SERVICE = [name for name in shipped_editions() if open_edition(name).edition.of == "service"]
HOSTILE = (
    '#panic("non") #show: none',
    'Bloc $a^2$ "q" \\u{40} *gras* _it_',
    "@preview/cetz:0.3.0 <ancre> // fin /* ouvert",
    "Unité " + "très longue " * 12 + "fin",
    "a" * 180,
    "قسم القلب",
)


@pytest.fixture(params=shipped_editions())
def edition(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@each_document
def test_the_same_report_gives_the_same_bytes(edition, report):
    once = printed(report, edition)
    assert once == printed(report, edition)
    assert once != printed(report, edition, "2026-11-17")


@each_document
def test_it_is_printed_on_the_sheets_it_says(edition, report):
    sheets = sheets_of(printed(report, edition))
    assert len(sheets) <= open_edition(edition).edition.sheets
    assert sheets == SHEETS.get(edition, [A4] * len(sheets))


@each_document
def test_it_is_tagged_in_french_and_begins_with_its_one_title(edition, report):
    document = printed(report, edition)
    kinds = [kind for kind, _ in structure_of(document)]
    levels = [int(kind[1]) for kind in kinds if re.fullmatch("H[1-6]", kind)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert "<pdfuaid:part>1</pdfuaid:part>" in properties_of(document)
    assert b"/Lang(fr-FR)" in document


@each_document
def test_only_fonts_that_come_with_the_kit_are_used(edition, report, tmp_path):
    path = tmp_path / "edition.pdf"
    path.write_bytes(printed(report, edition))
    fonts = {
        str(font["/BaseFont"]).split("+")[-1]
        for page in PdfReader(path).pages
        for font in (one.get_object() for one in page["/Resources"]["/Font"].values())
    }
    assert fonts
    assert all(name.startswith("DejaVuSans") for name in fonts), fonts


@each_document
def test_numbers_and_signs_are_set_as_french_wants(edition, report, tmp_path):
    path = tmp_path / "edition.pdf"
    path.write_bytes(printed(report, edition))
    text = " ".join(page.extract_text() for page in PdfReader(path).pages)
    assert "\u202f%" in text or "%" not in text
    if edition != "annexe":  # it tells versions, and signs that stand alone in a cell
        assert not re.search(r"[ \u00a0\d][%;!?»]|«[ \w]|\d\.\d", text)


@pytest.mark.parametrize("edition", OF_A_SERVICE)
def test_a_hidden_group_is_hidden_in_words_and_properties(edition, hidden):
    document = printed(hidden, edition)
    text = words_of(document)
    assert "Effectif insuffisant" in text
    assert "%" not in text
    assert "[" not in text
    assert "n=&amp;" in properties_of(document)


def test_a_hidden_group_looks_the_same_whatever_it_answered(edition, tmp_path):
    first, second = write_small(tmp_path / "a"), write_small(tmp_path / "b")
    second.answer_otherwise("Hôpital fictif A", "Équipe de nuit")
    documents = [
        printed(opened_of(one.file, edition, "Hôpital fictif A", "Équipe de nuit"), edition)
        for one in (first, second)
    ]
    assert documents[0] == documents[1]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_only_a_name(edition, name, tmp_path):
    services = [(name, name, 30, 14), ("Autre", "Autre", 20, 12)]
    small = write_small(tmp_path / "campagne", services)
    document = printed(opened_of(small.file, edition, name, name), edition)
    assert name.split()[0] in title_of(document)
    assert set(sheets_of(document)) == set(SHEETS.get(edition, [A4]))
    if name.isascii():
        assert packed(name) in packed(words_of(document)).replace("’", "'")
    else:
        assert set(packed(name)) <= set(packed(words_of(document)))


@each_document
def test_a_draft_says_so_on_each_sheet(edition, report):
    card = dataclasses.replace(report.card, draft=True)
    published = dataclasses.replace(report.published, card=card)
    draft = dataclasses.replace(report, published=published)
    document = printed(draft, edition)
    said = words_of(document).count("Brouillon, à ne pas diffuser")
    assert said >= len(sheets_of(document))
    assert title_of(document).startswith("Brouillon")


def test_one_person_s_page_is_no_poster(edition, tmp_path):
    with pytest.raises(Refused) as refused:
        print_edition(open_report("demo_self"), open_edition(edition), "2026-11-16")
    (problem,) = refused.value.problems
    assert "la position d'une personne" in problem.what
    assert not list(Path(tmp_path).iterdir())
