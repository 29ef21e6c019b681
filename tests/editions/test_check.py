"""`qgdr check` of an edition somebody writes: all of its problems at once, in French."""

import shutil
from pathlib import Path

import pytest

from qgdr_eval.checking.check import check_path, find_definitions
from qgdr_eval.editions import open_edition, shipped_editions
from tests.reading import plain


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the edition for boards, to be changed at will."""
    return Path(shutil.copytree(open_edition("direction").folder, tmp_path / "la_notre"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def told(folder: Path) -> str:
    (definition,) = find_definitions(folder)
    return plain(check_path(definition))


@pytest.mark.parametrize("name", shipped_editions())
def test_ours_are_accepted(name):
    verdict = check_path(open_edition(name).folder / "edition.yml")
    assert (verdict.accepted, verdict.problems) == (True, ())


def test_its_folder_is_enough(own):
    said = told(own)
    assert ": accepté" in said
    assert "essayée sur des données fictives : les réponses d'une équipe et des dossiers" in said


def test_every_problem_of_the_definition_and_of_the_calls_is_told(own):
    edit(own / "edition.yml", "sheets: 2", "sheets: deux\ncouleur: bleu")
    edit(own / "edition.yml", "parts: [profile,", "parts: [questions, profile,")
    edit(own / "edition.yml", "[respondent, record]", "[respondent, record, group]")
    edit(own / "edition.typ", "#masthead()", '#masthead()\n#include "autre.typ"')
    said = told(own)
    for part in (
        ": refusé", "sheets", "couleur", "il n'y a pas de « questions » ici",
        "ne se réunissent pas par établissement", "edition.typ, ligne 5", "retirez « include »",
    ):  # fmt: skip
        assert part in said, part
    assert "Traceback" not in said


def test_what_the_template_gets_wrong_is_told_at_its_line(own):
    edit(own / "edition.typ", "#masthead()", "#masthead()\n#words.absent")
    said = told(own)
    assert ": refusé" in said
    assert "edition.typ, ligne 5" in said
    assert said.count("ne se compile pas") == 1
