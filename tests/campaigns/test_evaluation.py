"""A row of the open data of HAS on ESSMS evaluations, read as the round before."""

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from qgdr_eval.campaigns.sources import campaign_sources
from qgdr_eval.checking.check import check_path
from qgdr_eval.instruments import load_instrument
from qgdr_eval.problems import Refused
from qgdr_eval.reporting.position import sections as position
from qgdr_eval.reporting.report import open_report
from qgdr_eval.responses.evaluation import cut_evaluation, read_evaluation

OLD = {
    "finess_geo": "010000001", "raison_sociale": "Foyer des Tilleuls",
    "eval_date_cloture_tech": datetime.datetime(2023, 3, 2), "cotation_chapitre_1": 2,
    "cotation_thematique_1.1": 2, "cotation_objectif_1.1": 2, "cotation_objectif_2.2": 2,
    "cotation_critere_imperatif_2.2.1": 2, "cotation_critere_imperatif_3.6.2": 2,
    "3.6.2_nc": False, "nb_ci": 18, "nb_ci_sup_3_5": 0, "indice_qualite": "D", "nb_ci_atteints": 0,
}  # fmt: skip
NEW = OLD | {
    "eval_date_cloture_tech": datetime.datetime(2025, 1, 17), "cotation_chapitre_1": 3.03,
    "cotation_thematique_1.1": 3.25, "cotation_objectif_1.1": 3.4, "cotation_objectif_2.2": None,
    "cotation_critere_imperatif_2.2.1": 3.5, "cotation_critere_imperatif_3.6.2": None,
    "3.6.2_nc": True, "nb_ci": 17, "nb_ci_sup_3_5": 1, "indice_qualite": "C", "nb_ci_atteints": 0,
}  # fmt: skip
OTHER = NEW | {"finess_geo": "750000009"}


def plain(text: object) -> str:
    return str(text).replace("\u202f", " ").replace("\xa0", " ").replace("\u2019", "'")


def opened(folder: Path, kind: str) -> Path:
    """The national file, in one of the formats it is published in."""
    rows = [OTHER, NEW, OLD]
    path = folder / f"open_data_par_essms.{kind}"
    if kind == "csv":
        lines = [[*OLD], *([_written(value) for value in row.values()] for row in rows)]
        path.write_text("\n".join(",".join(line) for line in lines), encoding="utf-8")
        return path
    book = openpyxl.Workbook()
    book.active.append(["Lisez-moi"])
    page = book.create_sheet("Données")
    for row in [[*OLD], *([*row.values()] for row in rows)]:
        page.append(row)
    book.save(path)
    return path


def _written(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_latest_evaluation_of_a_structure_is_cut_out(kind: str, tmp_path: Path) -> None:
    out = tmp_path / "evaluation.csv"
    assert cut_evaluation(opened(tmp_path, kind), "10000001", out) == ["02/03/2023"]
    found = read_evaluation(out)
    assert (found.structure, found.day) == ("Foyer des Tilleuls", "17/01/2025")
    assert found.ratings == {
        "chapitre 1": 3.03,
        "thématique 1.1": 3.25,
        "objectif 1.1": 3.4,
        "critère 2.2.1": 3.5,  # 3.6.2 is NC, objective 2.2 has no rating
    }
    assert found.counts == {"impératifs évalués": 17, "impératifs atteints": 0}
    assert "indice" not in out.read_text("utf-8-sig")  # no letter is carried over


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("absent.csv", None, "fichier introuvable"),
        ("notes.txt", b"x", "une seule colonne"),
        ("autre.csv", b"finess;nom\n1;2\n", "colonnes absentes"),
        ("autre.xlsx", b"x", "abîmé ou incomplet"),
        ("o.csv", b"finess_geo,cotation_objectif_1.1\n010000002,3\n", "aucune évaluation"),
    ],
)
def test_another_file_is_refused(
    name: str, content: bytes | None, told: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused) as refused:
        cut_evaluation(tmp_path / name, "010000001", tmp_path / "e.csv")
    assert told in plain(refused.value)
    assert not (tmp_path / "e.csv").exists()


def test_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "e.csv"
    out.write_text("à moi")
    with pytest.raises(Refused, match="existe déjà"):
        cut_evaluation(opened(tmp_path, "csv"), "010000001", out)
    assert out.read_text() == "à moi"
    cut_evaluation(opened(tmp_path, "csv"), "010000001", out, replace=True)
    assert read_evaluation(out).day == "17/01/2025"


HEAD = "finess;structure;date;niveau;numéro;cotation\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("finess;cotation\n1;2\n", "colonnes absentes"),
        (HEAD, "aucune ligne"),
        (HEAD + "1;F;;objectif;1.1;5\n", "« 5 » n'est pas une cotation de 1 à 4"),
        (HEAD + "1;F;;objectif;1.1;3\n2;G;;objectif;1.2;3\n", "2 structures"),
        (HEAD + "1;F;;thème;1.1;3\n", "niveau « thème » inconnu"),
    ],
)
def test_a_spoilt_evaluation_is_refused(content: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text(content, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_evaluation(tmp_path / "e.csv")
    assert told in plain(refused.value)


def a_campaign(folder: Path, instrument: str, **answers: int) -> Path:
    """A group on a grid, 4 everywhere but where told, after the evaluation."""
    asked = load_instrument(instrument)
    given = {"Service": "Foyer"} | dict.fromkeys(
        asked.codes, 1 if instrument == "referent_qualite" else 4
    )
    given |= answers
    lines = [";".join(map(str, line)) for line in zip(*given.items(), strict=True)]
    (folder / "reponses.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    cut_evaluation(opened(folder, "csv"), "010000001", folder / "evaluation.csv", replace=True)
    campaign = {
        "id": "essai", "title": "Essai", "period": "mars 2026", "instrument": instrument,
        "responses": "reponses.csv", "columns": {"service": "Service"}, "reference": "none",
        "coding": {"reversed": "as_worded"}, "services": ["Foyer"], "evaluation": "evaluation.csv",
    }  # fmt: skip
    (folder / "campagne.yml").write_text(yaml.safe_dump(campaign), encoding="utf-8")
    return folder / "campagne.yml"


def test_it_stands_as_the_round_before(tmp_path: Path) -> None:
    path = a_campaign(tmp_path, "essms_preparatoire", P01=3, P02=2, I01=4, I08=8)
    assert check_path(path).accepted
    page = plain(position.since(open_report(str(path))).html)
    told = "(chapitre 1 : 3,03 ; 0 impératif atteint sur 17)"
    assert f"évaluation de la HAS close le 17/01/2025 {told}" in page
    assert "cotée par un organisme tiers" in page
    # theme 1.1: (3 + 2) ÷ 2 = 2,50 now, 3,25 then; 2.2.1: 4 now, 3,50 then; 3.6.2 then and now NC
    assert "3,25 sur 4" in page
    assert "2,50 sur 4" in page
    assert "critère officiel 2.2.1" in page
    assert "3,50" in page
    assert "3.6.2" not in page


def test_it_is_one_of_the_files_of_the_campaign(tmp_path: Path) -> None:
    path = a_campaign(tmp_path, "essms_preparatoire")
    assert campaign_sources(path)["evaluation"] == tmp_path / "evaluation.csv"
    (tmp_path / "evaluation.csv").unlink()
    assert not check_path(path).accepted


def test_a_questionnaire_without_official_marks_is_told(tmp_path: Path) -> None:
    verdict = check_path(a_campaign(tmp_path, "referent_qualite"))
    assert "rien de ce questionnaire n'est coté" in plain(verdict)
