"""Faults of a ``region.yml``, each with what its author reads."""

from pathlib import Path

import pytest

from qgdr_eval.problems import Refused
from qgdr_eval.region import load_region

KEY = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"
VALID = f"""\
id: essai
title: Région d'essai
period: année 2026
instrument: culture_securite
versions: [1.0.0]
since: 2026-01-01
until: 2026-12-31
coding: as_worded
kinds: [Urgences]
minimum: 10
keys:
  - key: {KEY}
    facilities: [CH A, CH B]
opts_out:
  - {{facility: CH A, of: [position], dimensions: [perception_globale]}}
"""
FAULTS = [  # what is written instead, the line that is told, what is said of it
    ("id: essai", "id: Essai", 1, "n'a pas la forme attendue"),
    ("period: année 2026\n", "", None, "clé obligatoire absente"),
    ("versions: [1.0.0]", "versions: []", 5, "liste trop courte"),
    ("since: 2026-01-01", "since: 1er janvier", 6, "n'est pas un jour"),
    ("until: 2026-12-31", "until: 2025-12-31", 7, "la fin vient avant le début"),
    ("coding: as_worded", "coding: inconnu", 8, "non admise"),
    ("minimum: 10", "minimum: 3", 10, "trop petit"),
    ("minimum: 10", "couleur: bleu", 10, "clé inconnue"),
    (KEY, "RWQf6LRCGA9i53", 12, "n'est pas une clé publique"),
    ("[CH A, CH B]", "[]", 13, "liste trop courte"),
    ("[CH A, CH B]", "[CH A, CH A]", 13, "est déjà à la ligne 13"),
    ("facility: CH A", "facility: CH Z", 15, "n'est l'établissement d'aucune clé"),
    ("of: [position]", "of: [rang]", 15, "non admise"),
]


def written(folder: Path, text: str) -> Path:
    path = folder / "region.yml"
    path.write_text(text, encoding="utf-8")
    return path


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def test_the_valid_file_is_valid(tmp_path: Path) -> None:
    region = load_region(written(tmp_path, VALID)).region
    assert region.facilities == ("CH A", "CH B")
    assert region.is_out("CH A", "position", "perception_globale")
    assert not region.is_out("CH A", "position", "liberte_expression")
    assert not region.is_out("CH B", "position", "perception_globale")


@pytest.mark.parametrize(("before", "after", "line", "said"), FAULTS, ids=lambda one: str(one)[:20])
def test_a_fault_is_told_at_its_line_with_a_cure(
    before: str, after: str, line: int | None, said: str, tmp_path: Path
) -> None:
    assert before in VALID
    with pytest.raises(Refused) as refused:
        load_region(written(tmp_path, VALID.replace(before, after)))
    problem = refused.value.problems[0]
    assert said in plain(problem.what)
    assert problem.line == line or line is None
    assert problem.cure


def test_faults_are_told_all_together(tmp_path: Path) -> None:
    text = VALID.replace("minimum: 10", "minimum: 3").replace("of: [position]", "of: [rang]")
    with pytest.raises(Refused) as refused:
        load_region(written(tmp_path, text))
    assert [problem.line for problem in refused.value.problems] == [10, 15]
