"""The dashboard of a pôle: what it puts first, what it never says, what it never shows."""

import ast
import csv
import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from qgdr_eval.press.proof import Promise, prove, read_evidence
from qgdr_eval.problems import Refused
from qgdr_eval.reporting import dashboard
from qgdr_eval.reporting.dashboard.report import DashboardReport
from qgdr_eval.reporting.dashboard.sections import IDS
from qgdr_eval.reporting.dashboard.words import headline
from qgdr_eval.reporting.page.export import export_html
from qgdr_eval.shipped import shipped
from tests.reading import Page, text_of

NOTEBOOK = shipped("notebooks") / "35_tableau_de_bord.ipynb"
HOSTILE = "<script>alert(1)</script> & « l'équipe » 🙂"
PERIODS = [f"{year}-{month:02d}" for year in (2025, 2026) for month in range(1, 13)]
STEADY = [8, 12, 9, 11, 10, 13, 8, 12, 11, 9, 12, 10] * 2
RISING = [*STEADY[:14], *[17] * 10]
FAMILY_CALLS = {f'dashboard.family(report, "{key}")' for key in IDS}


def counts(name: str, values: list[int], direction: str = "baisse", **more: str) -> list[dict]:
    """Monthly counts of one indicator."""
    return [
        {
            "indicateur": name,
            "famille": "evenements indesirables",
            "etablissement": "Hôpital fictif",
            "pole": "Pôle A",
            "periode": period,
            "valeur": str(value),
            "type": "comptage",
            "sens": direction,
            **more,
        }
        for period, value in zip(PERIODS, values, strict=False)
    ]


def shares(name: str, pairs: list[tuple[int, int]], target: str = "", **more: str) -> list[dict]:
    """Monthly proportions of one indicator."""
    rows = counts(name, [0] * len(pairs), "hausse", famille="pratiques", type="", cible=target)
    return [
        {**row, "valeur": "", "numerateur": str(met), "denominateur": str(among), **more}
        for row, (met, among) in zip(rows, pairs, strict=True)
    ]


TWO = {"famille": "pratiques", "cible": "2"}


def opened(folder: Path, *rows: dict, pole: str = "", national: str = "") -> DashboardReport:
    path = folder / "indicateurs.csv"
    headers = list(dict.fromkeys(key for row in rows for key in row))
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, headers, restval="", delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return dashboard.open_dashboard(str(path), pole=pole, national=national)


def cells() -> list:
    return nbformat.read(NOTEBOOK, as_version=4).cells


def lay_out(report: DashboardReport) -> str:
    """The page the notebook makes of a report, without running a kernel."""
    page = nbformat.read(NOTEBOOK, as_version=4)
    names = {"dashboard": dashboard, "report": report, "report_date": "2026-11-16"}
    for cell in page.cells:
        if cell.source.startswith("dashboard."):
            shown = {"text/html": str(eval(cell.source, names))}
            cell.outputs = [nbformat.v4.new_output("display_data", shown)]
    return export_html(page, "Un pôle")


@pytest.fixture(scope="module")
def demo():
    return dashboard.open_dashboard("demo")


@pytest.fixture(scope="module")
def page(demo):
    return lay_out(demo)


# Opening


def test_an_empty_name_is_the_first_one(demo):
    assert (demo.facility, demo.pole) == ("Hôpital fictif du Val d'Orsel", "Pôle Médecine")
    assert demo.services == ["Médecine interne", "Cardiologie"]
    assert set(demo.published.rows["pole"]) == {"Pôle Médecine"}


def test_a_wrong_name_is_told_with_the_nearest():
    with pytest.raises(Refused, match="Pôle Médecine"):
        dashboard.open_dashboard("demo", pole="Pôle Medecine")
    with pytest.raises(Refused, match="établissement"):
        dashboard.open_dashboard("demo", facility="Ailleurs")


def test_the_fingerprint_is_that_of_what_the_page_may_show(tmp_path):
    mine, other = counts("Chutes", STEADY), counts("Chutes", STEADY, pole="Pôle B")
    one = opened(tmp_path, *mine, *other)
    assert opened(tmp_path, *mine, *other, pole="Pôle B").fingerprint != one.fingerprint
    elsewhere = [{**row, "valeur": "99"} for row in other]
    assert opened(tmp_path, *mine, *elsewhere).fingerprint == one.fingerprint
    assert opened(tmp_path, {**mine[0], "valeur": "99"}, *mine[1:]).fingerprint != one.fingerprint


def test_services_that_cannot_be_summed_are_read_one_by_one(tmp_path):
    rows = [
        {**row, "type": "valeur", "service": service}
        for service in ("Nord", "Sud")
        for row in counts("Note", STEADY)
    ]
    report = opened(tmp_path, *rows)
    assert [series.service for series in report.mains] == ["Nord", "Sud"]
    html = dashboard.family(report, "adverse_events")
    assert str(html).count("<figure") == 2


# The message


def test_the_demonstration_says_what_was_planted_in_it(demo):
    said = text_of(dashboard.message(demo))
    assert "Un indicateur change de façon défavorable, « Chutes de patients »" in said
    assert "une cible n'est pas atteinte, « Lettre de liaison remise le jour de la sortie »" in said
    changes = {series.indicator: series.change for series in demo.mains}
    assert changes["Patients qui recommanderaient l'établissement"] == "none"
    assert changes["Expérience des proches aidants, note sur 100"] == "too_few"
    levels = {series.indicator: series.level.verdict for series in demo.mains}
    assert levels["Plaintes ayant reçu une réponse en moins de 30 jours"] == "cannot_conclude"


def test_unfavourable_changes_come_first_then_targets_then_favourable_ones(tmp_path):
    report = opened(
        tmp_path,
        *counts("Bonne nouvelle", RISING, "hausse"),
        *shares("Cible manquée", [(20, 40)] * 9, "90"),
        *counts("Mauvaise nouvelle", RISING),
    )
    said = text_of(dashboard.message(report))
    places = [said.index(title) for title in
              ("Changement défavorable", "Cible non atteinte", "Changement favorable")]  # fmt: skip
    assert places == sorted(places)


def test_at_most_three_things_are_put_first_and_the_rest_is_counted(tmp_path):
    rows = [row for rank in range(5) for row in counts(f"Indicateur {rank}", RISING)]
    html = str(dashboard.message(opened(tmp_path, *rows)))
    assert html.count("<li>") == 3
    assert "2 autres points figurent plus bas" in text_of(html)


def test_what_a_total_hides_of_a_service_is_named(tmp_path):
    quiet = [value * 20 for value in STEADY]
    rows = [
        *counts("Chutes", quiet),
        *counts("Chutes", RISING, service="Nord"),
        *counts("Chutes", STEADY, service="Sud"),
    ]
    report = opened(tmp_path, *rows)
    assert report.mains[0].change != "unfavourable"
    said = text_of(dashboard.message(report))
    assert "Un indicateur change de façon défavorable, « Chutes, Nord »." in said
    assert "un changement défavorable" in text_of(dashboard.family(report, "adverse_events"))


def test_a_missed_target_is_told_with_the_change_of_the_same_indicator(tmp_path):
    report = opened(tmp_path, *counts("Chutes", RISING, cible="5"))
    html = str(dashboard.message(report))
    assert html.count("<li>") == 1
    assert "au-dessus de la médiane" in text_of(html)
    assert "Au plus 5 : non atteinte" in text_of(html)
    assert "Un indicateur change" in text_of(html)
    assert "une cible n'est pas atteinte" in text_of(html)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (counts("Chutes", STEADY), "Le hasard habituel suffit à expliquer ces chiffres"),
        (counts("Chutes", STEADY[:5]), "Trop peu de points pour lire une évolution"),
        (counts("Chutes", RISING, "neutre"), "Des changements sont à comprendre ensemble"),
        (
            counts("Chutes", RISING, "hausse"),
            "Un indicateur change de façon favorable, « Chutes ».",
        ),
        (shares("Lettre", [(20, 40)] * 9, "90"), "Une cible n'est pas atteinte, « Lettre »."),
    ],
)
def test_the_headline_is_one_sentence_that_the_series_support(tmp_path, rows, said):
    report = opened(tmp_path, *rows)
    assert headline(report.followed).replace("\u202f", " ").startswith(said)


def rates(events: list[int], direction: str = "baisse", days: int = 1000) -> list[dict]:
    """Monthly falls per 1,000 days."""
    rows = counts("Chutes", events, direction, type="taux", par="1000", valeur="")
    return [
        {**row, "numerateur": str(n), "denominateur": str(days)}
        for row, n in zip(rows, events, strict=True)
    ]


# About 30 falls, then 20, then 31 and 33, the highest of all: too few crossings of the median.
BACK_UP = [30, 31, 29, 30, 32, 20, 21, 19, 20, 18, 20, 21, 31, 33]


@pytest.mark.parametrize(
    ("rows", "change"),
    [
        (rates(BACK_UP), "à comprendre"),
        (rates(BACK_UP[::-1]), "à comprendre"),
        (rates(BACK_UP, "hausse"), "à comprendre"),
        (rates(BACK_UP, "neutre"), "à comprendre"),
        (counts("Chutes", [*STEADY[:14], 0, 11, 9], "baisse"), "passé"),  # one low month, and back
        (
            counts("Chutes", [*STEADY[:12], *[17] * 9, 10, 9], "hausse"),
            "à comprendre",
        ),  # a run over
        (counts("Chutes", RISING, "neutre"), "à comprendre"),
    ],
)
def test_a_change_without_a_side_that_lasts_is_never_called_favourable(tmp_path, rows, change):
    report = opened(tmp_path, *rows)
    page = text_of(lay_out(report)).split("Annexe")[0]
    assert "favorable" not in page
    assert f"Changement {change} qui ne s'explique pas par le hasard habituel" in page
    assert "Des changements sont à comprendre ensemble" in page
    assert "un changement à comprendre" in page


def test_too_few_crossings_say_neither_when_nor_which_way(tmp_path):
    report = opened(tmp_path, *rates(BACK_UP))
    said = text_of(dashboard.family(report, "adverse_events"))
    assert "n'est franchie que 2 fois (au moins 4 attendues), ce qui ne dit ni quand ni" in said
    assert "Le sens d'un changement : « Chutes »." in text_of(dashboard.limits(report))


def test_a_declared_change_and_a_frozen_base_are_named_on_the_page(tmp_path):
    rows = [
        {
            **row,
            "changement": "Protocole B" if rank == 12 else "",
            "base": "oui" if rank > 11 else "",
        }
        for rank, row in enumerate(counts("Chutes", [*STEADY[:12], *STEADY[:12]]))
    ]
    page = dashboard.family(opened(tmp_path, *rows), "adverse_events")
    said, alternatives = text_of(page), Page(page).texts["desc"]
    assert "Évolution lue depuis janv. 2026, « Protocole B » et lue sur une base figée" in said
    assert [one for one in alternatives if "Changement déclaré, janv. 2026 : Protocole B." in one]
    early = [{**row, "base": ""} for row in rows[:20]]
    short = text_of(dashboard.family(opened(tmp_path, *early), "adverse_events"))
    assert "8 points : il en faut dix" in short


# Families, limits, method


def test_a_family_without_indicators_shows_nothing(demo):
    assert not dashboard.family(demo, "other")


def test_every_indicator_is_drawn_once_wide_once_narrow_with_its_table(demo, page):
    assert page.count('<div class="wide">') == page.count('<div class="narrow">') == 8
    assert len(demo.followed) == 8
    assert all("<table" in part for part in page.split('<div class="wide">')[1:])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            shares("Lettre", [(39, 40)] * 9, "80"),
            "80 % : atteinte, tout l'intervalle est au-dessus",
        ),
        (shares("Lettre", [(20, 40)] * 9, "80"), "non atteinte, tout l'intervalle est au-dessous"),
        (shares("Lettre", [(33, 40)] * 9, "80"), "on ne peut pas conclure, l'intervalle va d'un"),
        (shares("Lettre", [(33, 40)] * 9), "33 sur 40, intervalle"),
        (shares("Lettre", [(33, 40)] * 8 + [(7, 9)]), "sept. 2025, n'est pas montrée"),
        (counts("Chutes", [9] * 9, **TWO), "non atteinte, tout l'intervalle est au-dessus"),
        (counts("Délai", [9] * 9, **TWO, type="valeur"), "une valeur seule n'a pas d'intervalle"),
        (counts("Chutes", RISING, **TWO), "défavorable qui ne s'explique pas par le hasard"),
        (counts("Chutes", [5] * 10, **TWO), "La plupart des valeurs sont égales"),
    ],
)
def test_an_indicator_is_said_in_words(tmp_path, rows, said):
    shown = text_of(dashboard.family(opened(tmp_path, *rows), "practices"))
    assert said.lower() in shown.replace("(", "").replace(")", "").lower()


@pytest.mark.parametrize(
    ("value", "said"),
    [("76", "l'intervalle la contient"), ("99", "est au-dessous"), ("40", "est au-dessus")],
)
def test_a_national_value_is_read_with_the_interval(tmp_path, value, said):
    national = tmp_path / "national.csv"
    national.write_text(f"indicateur;valeur;source;annee\nlettre;{value};HAS;2024\n", "utf-8")
    report = opened(tmp_path, *shares("Lettre", [(33, 40)] * 9), national=str(national))
    shown = text_of(dashboard.family(report, "practices"))
    assert f"{value} % (HAS, 2024) : " in shown
    assert said in shown
    assert f"Lettre : {value} %, HAS, 2024" in text_of(dashboard.provenance(report, "2026-11-16"))


def test_limits_are_always_something_and_name_what_cannot_be_read(tmp_path, demo):
    always = text_of(dashboard.limits(opened(tmp_path, *counts("Chutes", STEADY, cible="2"))))
    assert "La cause d'un changement." in always
    assert "Un rang entre pôles" in always
    said = text_of(dashboard.limits(demo))
    assert "Une évolution : « Expérience des proches aidants, note sur 100 »." in said
    assert "Si la cible est atteinte : « Plaintes ayant reçu une réponse" in said
    assert re.search(r"Plaintes ayant reçu une réponse en moins de 30 jours \(\d+ périodes\)", said)
    assert "Si le niveau convient : « Chutes de patients »" in said


def test_the_annex_works_its_rules_on_the_numbers_of_the_page(demo):
    said = text_of(dashboard.annex(demo))
    falls = demo.mains[0]
    assert f"n = {falls.runs.useful} ; plus longue suite {falls.runs.longest}, au plus 8" in said
    assert "carte u" in said
    assert "carte p)" in said
    charts = {series.chart for series in demo.mains}
    assert ("Laney" in said.split("Sources")[0]) == any("laney" in chart for chart in charts)
    for source in ("Anhøj", "Laney", "Garwood", "Wilson"):
        assert source in said.split("Sources")[1]


@pytest.mark.parametrize("word", ["amélior", "dégrad", "à cause", "grâce", "faute", "meilleur"])
def test_no_word_praises_blames_or_names_a_cause(page, word):
    assert word not in text_of(page)


# What is hidden stays hidden


def test_a_hidden_period_is_nowhere_on_the_page(tmp_path):
    rows = [
        *shares("Lettre", [(31, 37)] * 23 + [(6, 7)], service="Nord"),
        *shares("Lettre", [(53, 59)] * 24, service="Sud"),
    ]
    html = text_of(lay_out(opened(tmp_path, *rows)))
    assert "31/37" in html
    assert "6/7" not in html
    assert "6 sur 7" not in html
    assert "59/66" in html  # the total is shown…
    assert html.count("53/59") == 23  # … so the other service is not, that month
    assert "masqué pour en protéger un autre" in html


def test_a_value_that_is_not_the_latest_says_its_month(tmp_path):
    report = opened(tmp_path, *shares("Lettre", [(33, 40)] * 8 + [(7, 9)]))
    assert "83 %, août 2025" in text_of(dashboard.overview(report))
    assert "83 % [" in text_of(dashboard.overview(opened(tmp_path, *shares("L", [(33, 40)] * 8))))


def test_each_indicator_is_drawn_and_signed_in_one_table(tmp_path):
    rows = [
        *shares("Cible atteinte", [(38, 40)] * 9, "50"),
        *shares("Cible manquée", [(20, 40)] * 9, "90"),
        *shares("Sans conclusion", [(30, 40)] * 9, "75"),
        *shares("Sans cible", [(30, 40)] * 9),
    ]
    report = opened(tmp_path, *rows)
    html = str(dashboard.overview(report))
    _, columns, lines = Page(html).tables[0]
    assert columns[:2] == ["Indicateur", "Courbe"]
    signs = ("square", "hollow", "dashed", "")
    told = ("atteinte", "non atteinte", "on ne peut pas conclure", "–")
    own = [part for part in html.split('role="row"') if "<figure" in part]
    assert len(own) == len(signs) == len([line for line in lines if len(line) > 1])
    for row, line, sign, words in zip(own, [line for line in lines if len(line) > 1], signs, told,
                                      strict=True):  # fmt: skip
        # A shape and a word: colour says nothing that they do not.
        assert set(re.findall(r'class="sign (square|hollow|dashed)', row)) == ({sign} - {""})
        assert words in line[4]
    drawn = re.findall(r'data-drawn="(\w+)"', html)
    assert len(set(drawn)) == len(signs)


def test_a_hidden_month_is_not_in_the_curve_of_its_indicator(tmp_path):
    pages = [
        str(dashboard.overview(opened(tmp_path, *shares("Lettre", [(31, 37)] * 9 + [few]))))
        for few in ((2, 4), (7, 9))
    ]
    assert pages[0] == pages[1]


def test_two_hidden_months_make_the_same_page(tmp_path):
    pages = [
        lay_out(opened(tmp_path, *shares("Lettre", [(31, 37)] * 9 + [few]))).split("Tableau</dt>")
        for few in ((2, 4), (7, 9))
    ]
    assert pages[0][0] == pages[1][0]


# The page


def test_the_page_proves_whose_it_is(demo, page):
    promise = Promise(demo.facility, demo.pole, None, demo.fingerprint)
    assert prove(promise, read_evidence(page)) == ""
    other = dashboard.open_dashboard("demo", pole="Pôle Chirurgie et bloc")
    wrong = Promise(other.facility, other.pole, None, other.fingerprint)
    assert "Pôle Médecine" in prove(wrong, read_evidence(page))


def test_every_section_carries_the_fingerprint(demo):
    sections = [
        dashboard.masthead(demo, "2026-11-16"),
        dashboard.message(demo),
        dashboard.overview(demo),
        dashboard.family(demo, "practices"),
        dashboard.limits(demo),
        dashboard.annex(demo),
        dashboard.provenance(demo, "2026-11-16"),
    ]
    for section in sections:
        assert f'data-results="{demo.fingerprint}"' in str(section).split(">", 1)[0]


def test_headings_go_down_one_step_at_a_time_and_names_are_unique(page):
    levels = Page(page).levels
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = Page(page).ids
    assert len(ids) == len(set(ids))


def test_hostile_names_stay_text(tmp_path):
    names = {"service": HOSTILE, "pole": HOSTILE, "unite": HOSTILE, "etablissement": HOSTILE}
    rows = shares(HOSTILE, [(33, 40)] * 9, "80", commentaire=HOSTILE, **names)
    html = lay_out(opened(tmp_path, *rows))
    assert "<script" not in html
    assert "alert(1)" in html


def test_comments_stand_beside_their_period_only_when_it_is_shown(tmp_path):
    rows = shares("Lettre", [(33, 40)] * 9 + [(3, 4)])
    rows[0]["commentaire"], rows[9]["commentaire"] = "nouveau logiciel", "un seul dossier de M."
    html = lay_out(opened(tmp_path, *rows))
    assert "nouveau logiciel" in html
    assert "un seul dossier" not in html


# The notebook


def test_the_notebook_only_calls():
    code = [cell for cell in cells() if cell.cell_type == "code"]
    assert all(len(cell.source.splitlines()) <= 5 for cell in code)
    assert {cell.source for cell in code} >= FAMILY_CALLS
    (given,) = [cell for cell in code if "parameters" in cell.metadata.get("tags", [])]
    assigned = [node.targets[0].id for node in ast.parse(given.source).body]
    assert assigned == ["indicators", "facility", "pole", "national", "report_date"]


def test_the_notebook_runs_from_top_to_bottom():
    names: dict = {}
    for cell in cells():
        if cell.cell_type == "code":
            exec(cell.source, names)
    assert names["report"].pole == "Pôle Médecine"
