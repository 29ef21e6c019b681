"""Every worked case that comes with an instrument, and what happens to a wrong one."""

from pathlib import Path

import pytest
import yaml

from qgdr_eval.checking.examples import (
    FILE,
    Case,
    Examples,
    _mismatches,
    check_examples,
    score_cases,
)
from qgdr_eval.definitions import read_document, validate
from qgdr_eval.instruments import load_instrument, shipped_instruments
from qgdr_eval.problems import Refused
from qgdr_eval.shipped import shipped


def cases() -> list[object]:
    return [
        pytest.param(name, case, id=f"{name}-{case.id}")
        for name in shipped_instruments()
        for case in validate(
            read_document(shipped("questionnaires") / name / FILE, name), Examples
        ).cases
    ]


@pytest.mark.parametrize(("name", "case"), cases())
def test_worked_case(name: str, case: Case) -> None:
    instrument = load_instrument(name)
    (alone,) = score_cases([case], instrument)
    assert list(_mismatches(case, instrument, alone)) == []


@pytest.mark.parametrize("name", shipped_instruments())
def test_whole_file(name: str) -> None:
    path = shipped("questionnaires") / name / FILE
    assert check_examples(load_instrument(name), path) == []


RIGHT = {
    "id": "essai",
    "title": "Essai",
    "explain": "1 sur 2 = 50 %.",
    "answers": [{"CS01": "4", "CS03": "2"}, {"CS01": "2", "CS03": ""}],
    "expect": {
        "items": {
            "CS01": {"n_valid": "2", "score": "50"},
            "CS03": {"n_valid": "1", "score": "100"},
        },
        "dimensions": {"perception_globale": {"score": "75", "prints": "75"}},
        "item_counts": {"perception_globale": "4"},
    },
}


def told(folder: Path, case: dict[str, object]) -> str:
    folder.joinpath(FILE).write_text(yaml.safe_dump({"cases": [case]}), "utf-8")
    try:
        problems = check_examples(load_instrument("culture_securite"), folder / FILE)
    except Refused as refused:
        return str(refused)
    return "\n".join(map(str, problems))


def test_the_case_used_below_is_right(tmp_path: Path) -> None:
    assert told(tmp_path, RIGHT) == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"expect": {"items": {"CS01": {"score": "75"}}}}, "score attendu 75.0, obtenu 50,0000"),
        ({"expect": {"items": {"CS01": {"n_valid": "3"}}}}, "3 réponses valides attendues, 2"),
        ({"expect": {"items": {"CS01": {"score": "null"}}}}, "score attendu None, obtenu 50"),
        ({"expect": {"items": {"CS99": {"score": "50"}}}}, "CS99"),
        ({"expect": {"dimensions": {"perception_globale": {"prints": "76"}}}}, "imprimer 76"),
        ({"expect": {"item_counts": {"perception_globale": "5"}}}, "5 items attendus, 4 trouvés"),
        ({"answers": [{"ZZ01": "4"}]}, "inconnu du questionnaire"),
        ({"answers": [{"CS01": "7"}]}, "n'est pas dans son échelle"),
        (
            {"answers": [], "counts": {"ZZ01": {"positive": "1", "total": "2"}}},
            "inconnu du questionnaire",
        ),
    ],
    ids=[
        "score",
        "n_valid",
        "no_score",
        "item",
        "prints",
        "item_counts",
        "code",
        "scale",
        "counts",
    ],
)
def test_a_wrong_case_is_caught(tmp_path: Path, change: dict[str, object], said: str) -> None:
    assert said in told(tmp_path, RIGHT | change)
