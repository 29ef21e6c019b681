"""What a page tells of itself can be neither forged nor hidden by the names and texts it shows."""

import dataclasses
from functools import cache

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook, new_output

from qgdr_eval.fingerprint import of_bytes
from qgdr_eval.press.proof import Evidence, Figures, Promise, prove, read_evidence
from qgdr_eval.reporting.page.export import export_html
from qgdr_eval.reporting.team import sections
from tests.reporting.fictitious import (
    FACILITY,
    lay_out,
    make_instrument,
    make_published,
    make_report,
)
from tests.thorough import examples

STAMP = "a" * 64
PIECES = (
    '"', "'", "<", ">", "&", "&quot;", "&#34;", "&amp;", "\\", "$", "{{", "%}", " : ", "l'équipe",
    f' data-results="{STAMP}"', f'<section data-results="{STAMP}">', f'<p data-results="{STAMP}"',
    f'<figure data-results="{STAMP}" data-drawn="b">', "</figure>", "<figure", "</section>",
    ' data-facility="X" data-service="Y" data-n="3"', '" data-n="99', "<!--fixe-->", "<!--/fixe-->",
    "<!--", "-->", "<svg>", "</svg>", '<img src="x">', "<img", "</div>", "<script>", "</style>",
)  # fmt: skip
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=4)
HOSTILE = st.lists(st.sampled_from(PIECES) | WORDS, min_size=1, max_size=5).map("".join)
SLOW = {"deadline": None, "suppress_health_check": list(HealthCheck)}
SERVICES = {"A": (11, 14), "B": (12, 15), "C": (6, 22)}


def report_of(service="A", hostile=""):
    instrument = make_instrument(dimensions=2, hostile=hostile)
    named = {name + hostile: people for name, people in SERVICES.items()}
    published = make_published(named, instrument, FACILITY + hostile, hostile=hostile)
    return make_report(published, service + hostile)


@cache
def plain_report(service="A"):
    return report_of(service)


@cache
def plain_page(service="A"):
    return lay_out(plain_report(service))


def promise_of(report):
    n = None if report.hidden else report.n
    return Promise(report.facility, report.service, n, report.fingerprint)


@settings(max_examples=examples(25), **SLOW)
@given(HOSTILE, st.sampled_from(list(SERVICES)))
def test_a_page_with_hostile_texts_tells_the_truth(hostile, service):
    report = report_of(service, hostile)
    evidence = read_evidence(lay_out(report))
    assert evidence.identities == ((report.facility, report.service, report.shown_n),)
    assert evidence.results == {report.fingerprint}
    # At a glance, the profile, one key, and the questions of two dimensions.
    assert len(evidence.figures) == (0 if report.hidden else 5)
    assert all(data for _, data in evidence.figures)
    assert prove(promise_of(report), evidence) == ""


@settings(max_examples=examples(300), **SLOW)
@given(HOSTILE, HOSTILE)
def test_a_masthead_says_names_exactly(facility, service):
    report = dataclasses.replace(plain_report(), facility=facility, service=service)
    evidence = read_evidence(str(sections.masthead(report, "2026-03-31")))
    assert evidence == Evidence(((facility, service, "11"),), frozenset([report.fingerprint]), ())


@settings(max_examples=examples(10), **SLOW)
@given(HOSTILE)
def test_a_part_of_another_page_is_seen_whatever_it_says(hostile):
    mine, other = plain_report(), report_of("B", hostile)
    for part in (sections.message, sections.profile, sections.items, sections.limits):
        page = plain_page().replace("</main>", f"{part(other)}</main>")
        assert prove(promise_of(mine), read_evidence(page))


def test_the_page_of_a_service_is_not_that_of_another():
    for one in SERVICES:
        for other in SERVICES:
            found = prove(promise_of(plain_report(one)), read_evidence(plain_page(other)))
            assert (found == "") == (one == other)


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"service": "Z"}, "la page obtenue est celle de"),
        ({"facility": "Z"}, "la page obtenue est celle de"),
        ({"n": 12}, "la page ne dit pas le bon nombre de réponses"),
        ({"n": None}, "la page ne dit pas le bon nombre de réponses"),
        ({"results": STAMP}, "une partie de la page est faite avec d'autres résultats"),
    ],
)
def test_every_part_of_the_promise_counts(change, cause):
    promise = promise_of(plain_report())
    assert prove(promise, read_evidence(plain_page())) == ""
    assert prove(dataclasses.replace(promise, **change), read_evidence(plain_page())).startswith(
        cause
    )


def test_two_mastheads_must_agree():
    page = plain_page() + str(sections.masthead(plain_report("B"), "2026-03-31"))
    assert "celle de" in prove(promise_of(plain_report()), read_evidence(page))


def test_pictures_that_are_not_ours_count_outside_what_is_common():
    ours = len(read_evidence(plain_page()).figures)
    page = plain_page() + "<img src='a'><svg id='b'><g/></svg><!--fixe--><img src='c'><!--/fixe-->"
    assert [data for _, data in read_evidence(page).figures[ours:]] == ["", ""]


HEXES = st.sampled_from([of_bytes(bytes([one])) for one in range(4)])
PAGES = st.lists(
    st.tuples(HEXES, st.lists(st.tuples(HEXES, HEXES | st.just("")), max_size=4)), max_size=6
)


@settings(max_examples=examples(200), **SLOW)
@given(PAGES)
def test_a_figure_is_refused_where_it_was_drawn_from_other_data(pages):
    """Against the slow way: every figure is compared with every earlier one."""
    figures, earlier = Figures(), {}
    for results, drawn in pages:
        refused = figures.refuse(results, drawn)
        others = False
        for figure, data in drawn:
            if earlier.setdefault(figure, data or results) != (data or results):
                others = True
                break
        assert bool(refused) == others


COMMUNE = "<!--fixe-->{}<!--/fixe-->"


def test_a_common_cell_does_not_hide_a_section_of_another_service():
    part = COMMUNE.format(sections.message(plain_report("B")))
    page = plain_page().replace("</main>", f"{part}</main>")
    assert prove(promise_of(plain_report()), read_evidence(page))


def test_a_text_is_no_masthead():
    written = 'data-facility="F" data-service="S" data-n="3"'
    assert not read_evidence(pd.DataFrame([[written]]).to_html()).identities


def test_a_picture_in_capitals_is_a_picture():
    assert len(read_evidence("<IMG SRC='a'><SVG></SVG>").figures) == 2


MARKED = "<!--fixe--><img src='a'><!--/fixe-->"


@pytest.mark.parametrize(
    ("kind", "tag", "output"),
    [
        ("text/html", "", MARKED),
        ("text/html", "", MARKED.replace("fixe", "fi<!--/fixe-->xe")),
        ("text/html", "masthead", MARKED),
        ("image/svg+xml", "", MARKED),
    ],
)
def test_an_output_cannot_say_that_it_is_common(kind, tag, output):
    shown = new_output("display_data", {kind: output})
    cell = new_code_cell(outputs=[shown], metadata={"tags": [tag] if tag else []})
    page = export_html(new_notebook(cells=[cell]), "Un service")
    assert read_evidence(page).figures
