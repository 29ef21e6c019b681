"""A certification referential of the user's own, from its workbook to its printed pages."""

from pathlib import Path
from statistics import fmean
from typing import Any

import openpyxl
import pandas as pd
import pytest

from qgdr_eval import cli
from qgdr_eval.checking.check import check_path
from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.instruments.referential import read_referential, write_instrument
from qgdr_eval.problems import Refused
from qgdr_eval.reporting.audit.sections import chapter_table
from qgdr_eval.reporting.report import open_report

TITLES = [
    "Chapitre", "Objectif", "N° critère", "Critère", "Niveau d'exigence", "Éléments d'évaluation",
    "Méthode d'évaluation", "Champ d'application",
]  # fmt: skip
CHAPTERS = ["Chapitre 1 – Le patient", "Chapitre 2 – Les équipes", "Chapitre 3 – L'établissement"]
EXTRA = {"1.1", "2.2", "3.4", "3.1"}  # 12 objectives × 3 criteria + 4 = 40
TRACERS = 12


def rows() -> list[list[Any]]:
    """3 chapters × 4 objectives, 40 criteria: one imperative and one advanced per chapter."""
    found: list[list[Any]] = []
    for chapter in range(1, 4):
        for objective in range(1, 5):
            stem = f"{chapter}.{objective}"
            for rank in range(1, 5 if stem in EXTRA else 4):
                level = {(2, 1): "Impératif", (3, 1): "Avancé"}.get((objective, rank), "Standard")
                number = f"{stem}-{rank:02}"
                found.append([
                    CHAPTERS[chapter - 1], f"Objectif {stem} : un thème inventé", number,
                    f"Un critère inventé pour l'essai, {number}.", level,
                    f"Un premier élément de {number}", "Patient traceur", "Tout l'établissement",
                ])  # fmt: skip
                found.append([None] * 5 + [f"Un second élément de {number}", "Observation", None])
    return found


def a_workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in [TITLES, *rows()]:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the instrument of the workbook, and a campaign of twelve tracers on it."""
    folder = tmp_path_factory.mktemp("certification")
    read = read_referential(a_workbook(folder / "r.xlsx"), "certification")
    assert read["warnings"] == ()
    path = write_instrument(read, folder)
    codes = load_instrument(path).codes
    answers = [
        {"Traceur": f"T{rank}", "Service": "Chirurgie"}
        | {code: int((i * i + rank * (i % 4 + 1)) % 5 > 1) for i, code in enumerate(codes)}
        for rank in range(TRACERS)
    ]
    answers[0] |= {"C1.1.01": 8, "C1.1.02": 9}
    pd.DataFrame(answers).to_csv(folder / "traceurs.csv", sep=";", index=False)
    (folder / "campagne.yml").write_text(
        "id: certif\ntitle: Traceurs\nperiod: mars 2026\nresponses: traceurs.csv\n"
        "instrument: questionnaires/referentiel_certification/instrument.yml\n"
        "columns: {service: Service, subject: Traceur}\nservices: [Chirurgie]\n"
        "coding: {reversed: as_worded}\nreference: none\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def instrument(loaded: Path) -> Instrument:
    return load_instrument(
        loaded / "questionnaires" / "referentiel_certification" / "instrument.yml"
    )


def plain(text: object) -> str:
    return str(text).replace("\u202f", " ").replace("\xa0", " ").replace("\u2019", "'")


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main([*arguments])
    return int(left.value.code or 0)


def test_the_workbook_becomes_a_grid_of_tracers(instrument: Instrument) -> None:
    assert instrument.subject == "record"
    assert len(instrument.dimensions) == 12
    assert {one.rule for one in instrument.dimensions} == {"conformity"}
    assert [one.official for one in instrument.dimensions][:5] == [
        "objectif 1.1", "objectif 1.2", "objectif 1.3", "objectif 1.4", "objectif 2.1",
    ]  # fmt: skip
    assert len(instrument.items) == 40
    assert [one.official for one in instrument.items if one.critical] == [
        "1.2.01", "2.2.01", "3.2.01",
    ]  # fmt: skip
    first = instrument.items[0]
    assert first.elements == ("Un premier élément de 1.1-01", "Un second élément de 1.1-01")
    assert first.method == "Patient traceur ; Observation"
    assert "Tout l'établissement" in str(first.na_when)
    assert [one.code for one in instrument.scale_of(first).answers] == [0, 1, 8, 9]


def test_its_author_is_named(instrument: Instrument) -> None:
    assert "Haute Autorité de santé (HAS)" in instrument.source
    assert "auteur est la Haute Autorité de santé (HAS)" in " ".join(instrument.licence.split())


def test_it_prints_with_its_criteria_objectives_and_chapters(loaded: Path) -> None:
    assert check_path(loaded / "campagne.yml").accepted
    out = loaded / "rapports"
    assert run("report", str(loaded / "campagne.yml"), "--out", str(out)) == 0
    pages = [page.read_text("utf-8") for page in sorted((out / "services").glob("*.html"))]
    assert len(pages) == 1
    page = plain(pages[0])
    assert all(plain(chapter) in page for chapter in CHAPTERS)
    assert "Critères critiques" in page
    assert "ni une visite ni une décision de certification" in page
    assert "Haute Autorité de santé" in page


def test_a_chapter_is_the_mean_of_its_criteria(loaded: Path, instrument: Instrument) -> None:
    """Counted again from the file: yes ÷ (yes + no) of each criterion, then their mean."""
    given = pd.read_csv(loaded / "traceurs.csv", sep=";")
    parts = {one.id: one.part for one in instrument.dimensions}
    shares: dict[Any, list[float]] = {}
    for item in instrument.items:
        judged = given[item.code][given[item.code].isin([0, 1])]
        shares.setdefault(parts[item.dimension], []).append(100 * judged.mean())
    table = chapter_table(open_report(str(loaded / "campagne.yml")).scores)
    told = {row[0]: plain(row[1]) for row in table.rows}
    assert len({*told.values()}) == 3  # three chapters, three results
    assert told == {part: f"{int(fmean(found) + 0.5)} %" for part, found in shares.items()}
    assert [row[2] for row in table.rows] == ["13 sur 13", "13 sur 13", "14 sur 14"]


def test_a_level_of_certification_asks_for_its_option(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="--certification"):
        read_referential(a_workbook(tmp_path / "r.xlsx"))


def test_the_command_says_which_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = a_workbook(tmp_path / "r.xlsx")
    assert run("referential", str(path), "--certification", "--out", str(tmp_path)) == 0
    assert "40 items" in plain(capsys.readouterr().out)
    assert run("referential", str(path), "--out", str(tmp_path / "b")) == 1
