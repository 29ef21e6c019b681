"""« Non applicable » only where it can be: a grid says when, or refuses it."""

import shutil

import pandas as pd
import pytest

from qgdr_eval.checking.check import check_path
from qgdr_eval.french import quote
from qgdr_eval.instruments import find_instrument, load_instrument, shipped_instruments

GRIDS = [name for name in shipped_instruments() if load_instrument(name).subject == "record"]


@pytest.mark.parametrize("name", GRIDS)
def test_every_criterion_of_a_shipped_grid_says_when_it_does_not_apply_or_always_does(name):
    instrument = load_instrument(name)
    for item in instrument.items:
        accepted = {one.code for one in instrument.scale_of(item).not_applicable}
        assert bool(item.na_when) == bool(accepted - set(item.forbidden)), item.code


def test_a_grid_that_does_not_say_is_questioned(tmp_path):
    source = find_instrument("epp_contention")
    shutil.copytree(source.parent, tmp_path / "epp_contention")
    path = tmp_path / "epp_contention" / "instrument.yml"
    text = path.read_text("utf-8").replace(', na_when: "danger immédiat décrit au dossier"', "")
    path.write_text(text, encoding="utf-8")
    verdict = check_path(path)
    assert verdict.accepted
    (problem,) = verdict.problems
    assert problem.what.endswith("EA02 et EA04")
    assert "na_when" in problem.cure


@pytest.fixture
def hands(tmp_path):
    """Four opportunities: gloves, then bare hands, then each with what it excludes."""
    codes = load_instrument("epp_hygiene_mains").codes
    rows = [
        {"GA01": 1, "GA03": 1, "GA04": 1, "GA05": 1},
        {"GA02": 1},
        {"GA02": 1, "GA03": 1, "GA01": 0},
        {"GA02": 0, "GA03": 1},
    ]
    blank = {"Service": "Nord", **dict.fromkeys(codes, 8), "MO01": 1}
    table = pd.DataFrame([{"Dossier": f"D{rank}", **blank, **row} for rank, row in enumerate(rows)])
    table.to_csv(tmp_path / "dossiers.csv", sep=";", index=False)
    (tmp_path / "campagne.yml").write_text(
        "id: essai\ntitle: Essai\nperiod: mars 2026\ninstrument: epp_hygiene_mains\n"
        "responses: dossiers.csv\ncolumns: {service: Service, subject: Dossier}\n"
        "coding: {answers: codes, reversed: as_worded}\nreference: none\n",
        encoding="utf-8",
    )
    return tmp_path / "campagne.yml"


def test_bare_hands_and_gloves_on_one_record_are_told_by_row(hands):
    found = [one for one in check_path(hands).problems if "l'exclut" in one.what.replace("’", "'")]
    assert {(one.line, one.place) for one in found} == {
        (4, f"colonne {quote('GA01')}"),
        (4, f"colonne {quote('GA03')}"),
    }
    assert {one.severity for one in found} == {"warning"}


def test_the_grid_to_fill_says_when_a_criterion_does_not_apply(tmp_path):
    from openpyxl import load_workbook

    from qgdr_eval.responses.grids import write_grid

    write_grid(load_instrument("epp_textures"), tmp_path / "grille.xlsx", 3)
    cells = [str(cell.value) for row in load_workbook(tmp_path / "grille.xlsx").worksheets[0]
             for cell in row]  # fmt: skip
    assert any("aucun médicament par la bouche" in cell for cell in cells)
