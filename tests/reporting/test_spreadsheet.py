"""Tables for people: what a French spreadsheet shows on a double click, and who may hold which."""

import csv
import io
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from qgdr_eval.campaigns.read import read_campaign
from qgdr_eval.disclosure.registration import as_draft
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.instruments import load_instrument
from qgdr_eval.problems import Refused
from qgdr_eval.reporting.exclusions_file import write_exclusions
from qgdr_eval.reporting.scores_table import COLUMNS, write_scores
from qgdr_eval.reporting.spreadsheet import write_table
from qgdr_eval.shipped import shipped
from tests.answered import publish_answers
from tests.responses.campaigns import MUSEUM, a_table, as_csv
from tests.test_cli import run

CAMPAIGN = """\
id: essai
title: "=Essai"
period: "2026"
instrument: {instrument}
responses: reponses.csv
columns: {{service: Service, facility: Site, subject: Id}}
coding: {{reversed: as_worded}}
disclosure: {{minimum: 5}}
"""


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """Two services of seven; a duplicate, an empty return, an unreadable cell; a hostile name."""
    rows = [
        f"{rank} Nord {('Urgences', '＝Bloc')[rank % 2]} IDE "
        f"{1 + rank % 5} 4 {1 + rank % 3} {5 - rank % 4} 4 2"
        for rank in range(14)
    ]
    rows += ["3 Nord Urgences IDE 1 1 1 1 1 2", "20 Nord Urgences IDE . . . . . .",
             "21 Nord Urgences IDE ?? 4 2 4 4 2"]  # fmt: skip
    (tmp_path / "reponses.csv").write_bytes(as_csv(a_table(*rows)))
    file = tmp_path / "campagne.yml"
    file.write_text(CAMPAIGN.format(instrument=MUSEUM / "questionnaire.yml"), "utf-8")
    return file


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))


SHIPPED = sorted(path.parent.name for path in shipped("questionnaires").glob("*/instrument.yml"))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_questionnaire_has_its_scores_in_french(name, tmp_path):
    instrument = load_instrument(name)
    rng = np.random.default_rng(5)
    n = 1 if instrument.declared else 12
    codes = [[option.code for option in instrument.scale_of(item).options]
             for item in instrument.items]  # fmt: skip
    given = np.array([rng.choice(one, n) for one in codes]).T
    given[: n // 4, 0] = 0  # some records are incomplete
    published = publish_answers(instrument, {("F", "A"): given})
    write_scores(published, tmp_path / "scores.csv")
    rows = read(tmp_path / "scores.csv")
    titles = {row["Questionnaire"] for row in rows}
    assert titles == {" ".join(instrument.title.split())}  # as typed: no space is lost
    measures = {row["Mesure"] for row in rows}
    assert len(measures) >= published.scores["measure"].nunique()
    assert not measures & set(published.scores["measure"])  # none is left in English


def test_scores_open_in_a_french_spreadsheet(campaign, tmp_path):
    published = read_campaign(campaign).publish()
    count = write_scores(published, tmp_path / "scores.csv")
    content = (tmp_path / "scores.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == count + 1
    rows = read(tmp_path / "scores.csv")
    assert list(rows[0]) == COLUMNS
    assert len(rows) == count == len(published.scores)
    for row, given in zip(rows, rows_of(published.scores), strict=True):
        shown = row["Score (0 à 100)"]
        assert "." not in shown
        score = float(shown.replace(",", ".")) if shown else float("nan")
        assert score == pytest.approx(given.score, abs=5e-5, nan_ok=True)
        assert row["Répondants"] == ("" if pd.isna(given.n) else str(int(given.n)))
        assert (row["Service"] == "Tous les services") == (given.service == "")
        assert (row["Question"] == "") == (given.item == "")


def test_what_a_draft_shows_is_still_to_be_published(campaign, tmp_path):
    published = read_campaign(campaign).publish()
    write_scores(as_draft(published), tmp_path / "draft.csv")
    write_scores(published, tmp_path / "scores.csv")
    draft, final = read(tmp_path / "draft.csv"), read(tmp_path / "scores.csv")
    assert {row["Publication"] for row in draft} == {"Brouillon"}
    states = [(one["État"], other["État"]) for one, other in zip(draft, final, strict=True)]
    assert ("à publier", "publié") in states
    assert all(one == other for one, other in states if other != "publié")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_nothing_runs_as_a_formula(campaign, tmp_path, suffix):
    path = tmp_path / f"scores{suffix}"
    write_scores(read_campaign(campaign).publish(), path)
    if suffix == ".csv":
        cells = [cell for row in read(path) for cell in row.values()]
    else:
        page = openpyxl.load_workbook(path).active
        assert all(cell.data_type != "f" for row in page for cell in row)
        cells = [str(cell.value) for row in page for cell in row]
    assert {"'=Essai", "'＝Bloc"} <= {*cells}
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "＝", "＋", "－", "＠"))]


def test_the_workbook_holds_numbers_and_its_titles_stay_in_sight(campaign, tmp_path):
    published = read_campaign(campaign).publish()
    write_scores(published, tmp_path / "scores.xlsx")
    page = openpyxl.load_workbook(tmp_path / "scores.xlsx").active
    assert page.freeze_panes == "A2"
    assert [cell.value for cell in page[1]] == COLUMNS
    rank = COLUMNS.index("Score (0 à 100)")
    scores = [row[rank] for row in page.iter_rows(min_row=2, values_only=True)]
    expected = [None if pd.isna(score) else pytest.approx(score, abs=5e-5)
                for score in published.scores["score"]]  # fmt: skip
    assert scores == expected
    assert all(page.column_dimensions[letter].width >= 12 for letter in "ABCDEFGHIJKLMNOPQRS")


def test_whole_numbers_are_whole_and_others_bear_a_comma(tmp_path):
    write_table(tmp_path / "t.csv", "T", ["a", "b", "c", "d"], [[48.0, 1234.5, None, "x;y"]])
    assert (tmp_path / "t.csv").read_text("utf-8-sig").splitlines()[1] == '48;1234,5;;"x;y"'
    write_table(tmp_path / "vide.xlsx", "T", ["a"], [])
    assert openpyxl.load_workbook(tmp_path / "vide.xlsx").active.max_row == 1
    with pytest.raises(Refused, match="format de tableau inconnu"):
        write_table(tmp_path / "t.ods", "T", ["a"], [])


def test_the_log_of_exclusions_lists_each_row(campaign, tmp_path):
    assert write_exclusions(campaign, tmp_path / "journal.csv") == 3
    rows = read(tmp_path / "journal.csv")
    assert [(row["Ligne"], row["Motif"], row["Suite"], row["Question"], row["Donné"])
            for row in rows] == [
        ("16", "retour en double", "écarté du calcul", "", "3"),
        ("17", "retour vide", "écarté du calcul", "", ""),
        ("18", "réponse hors de l'échelle", "réponse lue comme manquante", "E1", "??"),
    ]  # fmt: skip
    assert {row["Service"] for row in rows} == {"Urgences"}


def test_the_log_replaces_nothing_and_stays_out_of_what_is_handed_out(campaign, tmp_path, capsys):
    journal = tmp_path / "journal.csv"
    journal.write_text("à moi", "utf-8")
    code, _, err = run(capsys, "exclusions", campaign, "--out", journal)
    assert (code, "ce fichier existe déjà" in err) == (1, True)
    assert journal.read_text("utf-8") == "à moi"
    code, out, _ = run(capsys, "exclusions", campaign, "--out", journal, "--replace")
    assert (code, "à garder avec les réponses" in out) == (0, True)
    assert run(capsys, "exclusions", campaign, "--out", tmp_path / "reponses.csv", "--replace")[0]
    reports = tmp_path / "rapports"
    (reports / "donnees").mkdir(parents=True)
    (reports / "donnees" / "manifeste.json").write_text("{}", "utf-8")
    for name in ("journal.csv", "services/journal.csv", "donnees/journal.csv"):
        code, _, err = run(capsys, "exclusions", campaign, "--out", reports / name)
        assert (code, "est un dossier de rapports" in err) == (1, True)
        assert not (reports / name).exists()
