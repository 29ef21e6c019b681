"""Pages hold what they must, hide what they must, and fetch nothing."""

import dataclasses
import re
from itertools import pairwise

import nbformat
import pytest

from qgdr_eval.comparison import read_dimensions
from qgdr_eval.comparison.findings import find
from qgdr_eval.palette import FONT_STACK, PALETTE
from qgdr_eval.reporting import Entry, index_page, side_by_side, team
from qgdr_eval.reporting.page.export import CellFailed, export_html
from qgdr_eval.reporting.page.fragment import read_style
from qgdr_eval.reporting.report import CampaignReport
from qgdr_eval.scoring.reliability import FEWEST_SERVICES
from tests.reading import Page, plain, text_of
from tests.reporting.fictitious import (
    FACILITY,
    SERVICES,
    lay_out,
    make_instrument,
    make_published,
    make_report,
)

HOSTILE = "<script>alert(1)</script>"
NAMES = (HOSTILE, '"}</style><img src=x onerror=alert(1)>', "x" * 300, "Soins & suites : 100 % ?")


def overview_of(published):
    readings = read_dimensions(published)
    return CampaignReport(published, readings, find(published, readings), "0" * 64)


@pytest.fixture(scope="module")
def pages():
    published = make_published()
    small = make_published(instrument=make_instrument(1, (), "mean_0_100"))
    entries = [
        Entry(FACILITY, name, f"{rank}.html", "ready", n=12, rate=70.0)
        for rank, name in enumerate(SERVICES)
    ]
    return {
        "service": lay_out(make_report(published)),
        "hidden": lay_out(make_report(published, service="EHPAD Les Glycines")),
        "one dimension": lay_out(make_report(small)),
        "comparison": lay_out(overview_of(published), "40_comparaison.ipynb"),
        "index": index_page(
            [
                *entries,
                Entry("", "", "comparaison.html", "ready", date="2026-03-31", whole="Côte à côte"),
            ],
            published.card,
            {"qgdr-eval": "0.1.0"},
        ),
    }


PAGES = ["service", "hidden", "one dimension", "comparison", "index"]


@pytest.mark.parametrize("name", PAGES)
def test_headings_go_down_one_step_at_a_time(pages, name):
    levels = Page(pages[name]).levels
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fetches_nothing(pages, name):
    outline = Page(pages[name])
    assert not [address for address in outline.addresses if re.match(r"(https?:)?//", address)]
    assert not {"script", "link", "iframe", "img", "object"} & set(outline.tags)
    assert "url(http" not in pages[name]
    assert "@import" not in pages[name]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_french_has_its_landmarks_and_is_not_indexed(pages, name):
    outline = Page(pages[name])
    assert '<html lang="fr">' in pages[name]
    assert '<meta name="robots" content="noindex">' in pages[name]
    assert {"header", "main", "footer"} <= set(outline.tags)
    assert 'href="#contenu"' in pages[name]
    assert len(outline.ids) == len(set(outline.ids))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light(pages, name):
    assert len(pages[name].encode()) < 400_000


@pytest.mark.parametrize("name", ["service", "one dimension", "comparison"])
def test_a_table_stands_beside_each_figure(pages, name):
    figures = re.split(r"<figure", pages[name])[1:]
    parts = [part for part in figures if not re.search('id="figure-(apercu|legende)-', part)]
    assert parts
    assert all("<table" in part for part in parts)
    assert len(figures) - len(parts) <= 2  # the same profile at a glance, one key for all items


def test_each_figure_stands_once_wide_and_once_narrow(pages):
    names = re.findall(r'id="figure-([\w-]+?)-large"', pages["service"])
    assert sorted(name.split("-")[0] for name in names) == sorted(
        ["apercu", "profil", "legende", *["questions"] * 10]
    )
    assert pages["service"].count('<div class="wide">') == len(names)
    assert pages["service"].count('<div class="narrow">') == len(names)


def test_no_code_is_shown(pages):
    assert "open_report" not in pages["service"]
    assert "report_date" not in pages["service"]


def test_the_provenance_is_whole(pages):
    for proof in (
        "culture_fictive version 1.2.0",
        "11\u00a0répondants",
        "31 mars 2026",
        "qgdr-eval",
    ):
        assert proof in pages["service"]
    assert make_report(make_published()).fingerprint in pages["service"]
    assert f'<span class="hash">{"0" * 64}</span>' in pages["comparison"]  # of its results


@pytest.mark.parametrize("hostile", NAMES)
def test_hostile_names_stay_text(hostile):
    published = make_published(
        {hostile: (11, 14), "B": (13, 20), "C": (14, 20), "D": (4, 9)},
        facility=hostile,
        hostile=hostile,
        instrument=make_instrument(2, hostile=hostile),
    )
    for html in (
        lay_out(make_report(published)),
        lay_out(make_report(published, service="D")),
        lay_out(overview_of(published), "40_comparaison.ipynb"),
        index_page([Entry(hostile, hostile, "a.html", "failed", hostile)], published.card),
    ):
        assert HOSTILE not in html
        assert not {"script", "img"} & set(Page(html).tags)


def test_a_hostile_title_ends_neither_the_title_nor_the_style():
    empty = nbformat.v4.new_notebook()
    html = export_html(empty, NAMES[1], footer=NAMES[1])
    assert html.count("</style>") == 1
    assert "<img" not in html


def test_a_hidden_page_is_the_same_whatever_was_answered():
    few = {**SERVICES, "EHPAD Les Glycines": (3, 22)}
    more = {**SERVICES, "EHPAD Les Glycines": (9, 22)}
    pages = [
        lay_out(make_report(make_published(services), service="EHPAD Les Glycines"))
        for services in (few, more)
    ]
    assert pages[0] == pages[1]


def test_a_hidden_page_draws_nothing_and_stays_kind(pages):
    assert "<svg" not in pages["hidden"]
    assert "Effectif insuffisant" in pages["hidden"]
    assert "Ce qui reste disponible" in pages["hidden"]
    assert "ne dit rien de la qualité du travail" in pages["hidden"]


def test_limits_are_in_every_report(pages):
    for name in ("service", "hidden", "one dimension"):
        assert "Ce qu’on ne peut pas conclure, et pourquoi" in pages[name]


def test_an_error_is_never_a_page():
    failed = nbformat.v4.new_code_cell("1/0")
    failed.outputs = [nbformat.v4.new_output("error", ename="ZeroDivisionError", evalue="division")]
    with pytest.raises(CellFailed, match="ZeroDivisionError"):
        export_html(nbformat.v4.new_notebook(cells=[failed]), "Un service")


def test_instructions_and_printed_lines_are_left_out():
    order = nbformat.v4.new_markdown_cell("Choisissez", metadata={"tags": ["consigne"]})
    prose = nbformat.v4.new_markdown_cell("Un mot de plus")
    noisy = nbformat.v4.new_code_cell("print('bruit')")
    noisy.outputs = [nbformat.v4.new_output("stream", text="bruit")]
    html = export_html(nbformat.v4.new_notebook(cells=[order, prose, noisy]), "Un service")
    assert "Un mot de plus" in html
    assert "Choisissez" not in html
    assert "bruit" not in html


def test_a_failed_report_is_named_with_its_cause_and_not_linked():
    card = make_published().card
    html = index_page(
        [
            Entry("A", "B", "b.html", "failed", "la cellule 3 s'est arrêtée"),
            Entry("A", "C", "c.html", "suppressed"),
        ],
        card,
    )
    assert "en échec\u202f: la cellule 3 s’est arrêtée" in html
    assert "effectif insuffisant" in html
    assert [a for a in Page(html).addresses if a.endswith(".html")] == ["c.html"]


def test_an_unknown_rate_is_not_written():
    html = index_page(
        [Entry("A", "B", "b.html", "ready", n=1, rate=float("nan"))], make_published().card
    )
    assert "1 réponse<" in html.replace(", ", "").replace("prêt", "")
    assert "participation" not in html.split("</style>")[-1]


def test_pages_and_figures_share_their_colours_and_type():
    style = read_style("fragment.css")
    named = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", style))
    assert {"ink", "muted", "rule", "cool", "warm", "warm-light", "cool-light"} <= set(named)
    assert named == {name: PALETTE[name.replace("-", "_")] for name in named}
    every = set(re.findall(r"#[0-9a-f]{6}\b", style + read_style("page.css")))
    assert every <= set(PALETTE.values())
    assert FONT_STACK.replace("'", '"') in style


@pytest.mark.parametrize(
    ("subject", "said", "unsaid"),
    [
        ("respondent", "prêt, 12 réponses, participation 60 %", "dossiers"),
        ("record", "prêt, 12 dossiers", "participation"),
        ("group", "La position du groupe, à relire d'abord par lui.", "effectif insuffisant"),
        ("person", "à remettre à elle seule", "participation"),
    ],
)
def test_an_index_speaks_of_what_was_asked(subject, said, unsaid):
    card = dataclasses.replace(make_published().card, subject=subject)
    ready = Entry("Hôpital", "Médecine", "a.html", "ready", n=12, rate=60.0)
    text = text_of(index_page([ready], card))
    assert said in text
    assert unsaid not in text.lower()


@pytest.mark.parametrize("several", [FEWEST_SERVICES - 1, FEWEST_SERVICES])
def test_the_reliability_speaks_of_the_coefficients_of_its_table(several):
    services = dict.fromkeys("ABCDEFGHIJ"[:several], (20, 30))
    report = overview_of(make_published(services, make_instrument(1)))
    html = str(side_by_side.reliability(report))
    heads = Page(html).texts["th"]
    assert "Alpha de Cronbach" in heads
    assert ("pour l'ICC" in text_of(html)) == ("ICC(1)" in heads) == (several >= FEWEST_SERVICES)


@pytest.mark.parametrize(("subject", "said"), [("respondent", "réponses"), ("record", "dossiers")])
def test_the_totals_of_an_audit_speak_of_records(subject, said):
    instrument = make_instrument(1, (), "positive_share").model_copy(update={"subject": subject})
    published = make_published({"A": (12, 14), "B": (14, 20), "C": (13, 20)}, instrument)
    text = text_of(side_by_side.totals(overview_of(published)))
    assert f"réunit les {said} de ses services" in text
    assert f"moins de la moitié des {said}" in text
    assert ("réponses" in text) is (subject == "respondent")


WARNED = "Ces scores ne se comparent pas à ceux d'un autre questionnaire."


def warned(instrument):
    """Cautioned published results, on the page of a service and side by side."""
    published = make_published(instrument=instrument)
    return make_report(published), overview_of(published)


def test_what_a_profile_must_not_be_read_without_stands_beside_its_figure():
    report, overview = warned(make_instrument(3).model_copy(update={"caution": WARNED}))
    shown = (team.message(report), team.profile(report), side_by_side.heatmap(overview))
    for section in shown:
        after = str(section).split("</figure>")[-1]
        told = text_of(after.split("<table")[0].split("<details")[0])
        assert told.endswith(plain(WARNED))


def test_an_instrument_without_caution_says_nothing_more():
    report, overview = warned(make_instrument(3))
    for section in (team.profile(report), side_by_side.heatmap(overview)):
        assert 'class="note"' not in str(section)
