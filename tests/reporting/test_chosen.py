"""Cases that were chosen: no interval, no class, no mark, and each « non » told for itself."""

import re
from pathlib import Path

import pandas as pd
import pytest

from qgdr_eval.definitions import parse_document
from qgdr_eval.instruments import check_instrument, load_instrument
from qgdr_eval.reporting import audit, open_report, team
from qgdr_eval.reporting.opened import opened
from qgdr_eval.reporting.page.fragment import Fragment
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.team import sections
from qgdr_eval.reporting.team.evolution import since
from qgdr_eval.shipped import shipped
from qgdr_eval.wording.findings import say_findings
from qgdr_eval.wording.subjects import subject_of
from tests.reading import Page, plain

TRACERS = ("traceur", "traceur_parcours", "traceur_cible", "traceur_observation")
OF_A_SAMPLE = r"à la façon de la HAS|façon dont la HAS|Classe|\bétablie?s?\b|à confirmer|Intervalle"
CASES = 12
PARTS = (
    sections.masthead, sections.message, audit.overall, sections.profile, audit.criteria,
    since, sections.limits, sections.participation, team.next_steps, opened,
)  # fmt: skip


def the_report(folder: Path, instrument: str) -> ServiceReport:
    """Twelve cases: one criterion in three is not met by one case in four."""
    asked = load_instrument(instrument)
    rows = [
        {"Cas": f"C{rank}", "Service": "Médecine"}
        | {code: int((i + rank) % 4 > 0 or i % 3 > 0) for i, code in enumerate(asked.codes)}
        for rank in range(CASES)
    ]
    pd.DataFrame(rows).to_csv(folder / "cas.csv", sep=";", index=False)
    text = (
        "id: {id}\ntitle: Des cas\nperiod: mars 2026\nresponses: cas.csv\n"
        f"instrument: {instrument}\ncolumns: {{{{service: Service, subject: Cas}}}}\n"
        "services:\n  - {{service: Médecine, population: 40}}\ncoding: {{reversed: as_worded}}\n"
    )
    (folder / "avant.yml").write_text(text.format(id="avant"), encoding="utf-8")
    now = text.format(id="maintenant") + "earlier: avant.yml\n"
    (folder / "campagne.yml").write_text(now, encoding="utf-8")
    return open_report(str(folder / "campagne.yml"))


def text_of(fragment: Fragment) -> str:
    bare = re.sub(r"<svg.*?</svg>|<style.*?</style>", " ", fragment.html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", bare).replace("’", "'").split())


@pytest.mark.parametrize("instrument", TRACERS)
def test_a_page_of_chosen_cases_reads_as_no_sample(tmp_path: Path, instrument: str) -> None:
    report = the_report(tmp_path, instrument)
    page = " ".join(text_of(part(report)) for part in PARTS if part is not sections.masthead)
    assert "tirés au sort :" in page or "tirées au sort :" in page
    assert re.findall(OF_A_SAMPLE, page) == []
    assert re.findall(r"\[\s*\d+[^\]]*;[^\]]*\]", page) == []  # no interval anywhere


def test_each_criterion_not_met_is_told_by_its_cases(tmp_path: Path) -> None:
    report = the_report(tmp_path, "traceur_parcours")
    asked = report.instrument
    lacking = [item for i, item in enumerate(asked.items) if i % 3 == 0 and not item.critical]
    found = report.found.of("unmet")
    assert {row.item for row in found} == {item.code for item in lacking}
    assert [(row.score, row.n) for row in found] == [(75.0, CASES)] * len(lacking)
    shown = text_of(team.next_steps(report))
    assert f"3 non sur {CASES}" in shown.replace("\u202f", " ").replace("\xa0", " ")


def test_a_plan_quotes_cases_and_aims_at_no_rate(tmp_path: Path) -> None:
    report = the_report(tmp_path, "traceur_parcours")
    said = say_findings(report.findings, report.published)
    rows = said[said["kind"] == "unmet"]
    assert len(rows) > 0
    assert all("3 non sur 12" in text.replace("\xa0", " ") for text in rows["text"])
    assert not any("%" in text for text in [*rows["text"], *rows["target"]])


@pytest.mark.parametrize("instrument", TRACERS)
def test_a_tracer_declares_its_cases_chosen(instrument: str) -> None:
    asked = load_instrument(instrument)
    assert asked.chosen
    assert not subject_of(asked).drawn


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("subject: record\nchosen: true\nthresholds: [{kind: at_least}]", "un repère se lit sur"),
        ("subject: respondent\nchosen: true", "peuvent être choisis"),
        ("subject: group\nunit: {one: cas, many: cas}", "porte un autre nom"),
    ],
)
def test_what_chosen_cases_cannot_have_is_refused(given: str, said: str) -> None:
    problems = check_instrument(parse_document(given, "instrument.yml"))
    assert [said in problem.what for problem in problems].count(True) == 1


@pytest.mark.parametrize(
    ("instrument", "one", "seen"),
    [
        ("epp_hygiene_mains", "opportunité", "12 opportunités observées"),
        ("epp_contention", "mesure", "12 mesures étudiées"),
        ("epp_circuit_medicament", "dossier", "12 dossiers lus"),
    ],
)
def test_a_page_names_what_was_read(tmp_path: Path, instrument: str, one: str, seen: str) -> None:
    """« Dossier » is left to grids whose rows are files."""
    report = the_report(tmp_path, instrument)
    assert subject_of(report.instrument).noun == one
    told = report.subject.count(report.n, report.subject.seen).replace("\xa0", " ")
    assert told == seen
    own = " ".join(text_of(part(report)) for part in PARTS if part is not audit.criteria)
    asked = " ".join([*(item.text for item in report.instrument.items), *report.instrument.notes])
    levers = " ".join(lever for one in report.instrument.dimensions for lever in one.levers)
    if one != "dossier":
        left = re.findall(r"\bdossiers?\b", own)
        of_its_own = re.findall(r"\bdossiers?\b", asked + levers)
        assert len(left) <= len(of_its_own), own


# Three looks


def test_a_tracer_is_read_theme_by_theme_three_looks_side_by_side(tmp_path: Path) -> None:
    """Counted from the rows of `the_report`: one criterion in three, one case in four."""
    report = the_report(tmp_path, "traceur")
    ((_, columns, rows),) = Page(audit.looks(report)).tables
    assert columns == [
        "Thème", "Ce que dit la personne", "Ce que dit l'équipe", "Ce que montre le dossier",
    ]  # fmt: skip
    assert [row[0] for row in rows][:3] == ["Accueil", "Information", "Accord (critique)"]
    assert len(rows) == 15
    ranks = {code: rank for rank, code in enumerate(report.instrument.codes)}
    for number, row in enumerate(rows, start=1):
        for look, cell in zip("PED", row[1:], strict=True):
            lacking = CASES // 4 if ranks[f"{look}{number:02d}"] % 3 == 0 else 0
            told = f"○ {lacking} non sur {CASES}" if lacking else f"● oui, {CASES} sur {CASES}"
            assert plain(cell) == told


@pytest.mark.parametrize("instrument", TRACERS[1:])
def test_other_tracers_have_no_looks(tmp_path: Path, instrument: str) -> None:
    assert not audit.looks(the_report(tmp_path, instrument))


def test_two_criteria_of_one_dimension_do_not_share_a_theme() -> None:
    text = (shipped("questionnaires") / "traceur" / "instrument.yml").read_text("utf-8")
    twice = text.replace('theme: "Information"', 'theme: "Accueil"', 1)
    told = check_instrument(parse_document(twice, "instrument.yml"))
    assert ["porté par deux critères" in problem.what for problem in told] == [True]
