"""The campaign file: the shapes its keys may take."""

from pathlib import Path

import pytest

from qgdr_eval.problems import Refused
from qgdr_eval.responses import load_campaign
from tests.responses.campaigns import a_campaign

BASE = """\
id: essai
title: "Essai"
period: "octobre 2026"
instrument: questionnaire.yml
columns: {service: Service}
coding: {reversed: as_worded}
"""


def loaded(folder: Path, text: str):
    (folder / "campagne.yml").write_text(BASE + text, encoding="utf-8")
    return load_campaign(folder / "campagne.yml")


def test_a_file_is_a_name_or_a_mapping(tmp_path: Path) -> None:
    bare = loaded(tmp_path, "responses: r.csv\nservices: s.xlsx\n")
    assert (bare.responses.file, bare.services.file) == ("r.csv", "s.xlsx")
    full = loaded(
        tmp_path,
        'responses: {file: r.csv, encoding: Windows-1252, separator: "\\t"}\n'
        "services: {file: s.xlsx, sheet: Liste}\n",
    )
    assert (full.responses.encoding, full.responses.separator) == ("cp1252", "tab")
    assert full.services.sheet == "Liste"


def test_services_may_be_listed_in_the_campaign(tmp_path: Path) -> None:
    campaign = loaded(
        tmp_path,
        "responses: r.csv\nservices:\n"
        "  - {facility: Nord, service: Bloc, head_count: 12}\n"
        "  - {facility: Sud, service: Bloc}\n",
    )
    assert [one.head_count for one in campaign.services] == [12, None]


def test_the_floor_of_disclosure_cannot_be_lowered() -> None:
    assert a_campaign().disclosure.minimum == 10
    with pytest.raises(ValueError, match="greater than or equal to 5"):
        a_campaign(disclosure={"minimum": 4})


@pytest.mark.parametrize("services", ["12", "[]", "[[Bloc]]", "{}", "{file: [a]}"])
def test_one_wrong_shape_is_one_problem(services: str, tmp_path: Path) -> None:
    text = f"responses: r.csv\nservices: {services}\n"
    if services == "12":  # any text is a file name
        assert loaded(tmp_path, text).services.file == "12"
        return
    with pytest.raises(Refused) as refused:
        loaded(tmp_path, text)
    assert [problem.line for problem in refused.value.problems] == [8]


def test_a_campaign_cannot_change_after_loading() -> None:
    with pytest.raises(ValueError, match="frozen"):
        a_campaign().title = "Autre"


def test_a_service_may_be_its_name_alone(tmp_path: Path) -> None:
    campaign = loaded(
        tmp_path, "responses: r.csv\nservices: [Équipe mobile, {service: Bloc, head_count: 9}]\n"
    )
    assert [(one.service, one.head_count) for one in campaign.services] == [
        ("Équipe mobile", None),
        ("Bloc", 9),
    ]
    with pytest.raises(Refused, match="déjà à la ligne"):
        loaded(tmp_path, "responses: r.csv\nservices: [Bloc, Accueil, {service: BLOC}, bloc]\n")


@pytest.mark.parametrize(
    "line", ["", "columns: {facility: Site}\n", "services: [A, B]\n", "columns: {}\n"]
)
def test_a_campaign_without_its_column_is_told_what_one_service_writes(
    line: str, tmp_path: Path
) -> None:
    begun = BASE.replace("columns: {service: Service}\n", "responses: r.csv\n")
    (tmp_path / "campagne.yml").write_text(begun + line, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_campaign(tmp_path / "campagne.yml")
    [problem] = refused.value.problems
    cure = problem.cure.replace("\u202f", " ")
    assert "« columns: {service: nom de sa colonne} »" in cure
    assert "« services: [{service: son nom, head_count: effectif}] »" in cure
