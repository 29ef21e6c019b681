"""The command line: French help and mistakes, exit codes, a start that loads nothing heavy."""

import csv
import os
import subprocess
import sys

import openpyxl
import pytest

from qgdr_eval import cli

NARROW = "\u202f"


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as left:
        cli.main([str(argument) for argument in arguments])
    shown = capsys.readouterr()
    return int(left.value.code or 0), shown.out.replace(NARROW, " "), shown.err.replace(NARROW, " ")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["chek"], "Commande « chek » inconnue : vouliez-vous dire « check » ?"),
        (["report"], "Il manque « FICHIER.yml »"),
        (["report", "c.yml"], "Il manque « --out »"),
        (["report", "c.yml", "--ot", "d"],
         "Option « --ot » inconnue : vouliez-vous dire « --out » ?"),
        (["report", "c.yml", "--out", "d", "--jobs", "0"],
         "Valeur refusée pour « --jobs » ; attendu : 1…61"),
        (["report", "c.yml", "--out", "d", "--date", "31/03/2026"],
         "Valeur refusée pour « --date » ; attendu : AAAA-MM-JJ"),
        (["check"], "Il manque « CHEMIN… »"),
    ],
)  # fmt: skip
def test_mistakes_are_told_in_french_with_exit_code_2(capsys, arguments, expected):
    code, out, err = run(capsys, *arguments)
    assert (code, out, err) == (2, "", f"{expected}\nAide : qgdr --help\n")


@pytest.mark.parametrize("command", ["", "check", "score", "report", "explain", "demo", "init"])
def test_help_is_french(capsys, command):
    code, out, _ = run(capsys, *([command] if command else []), "--help")
    assert code == 0
    assert out.startswith("Usage : qgdr")
    assert "Affiche cette aide." in out
    for english in ("Show this", "Commands:", "Usage:", "[OPTIONS] COMMAND [ARGS]", "default"):
        assert english not in out


def test_help_imports_nothing_heavy():
    heavy = {"pandas", "numpy", "scipy", "matplotlib", "nbconvert", "papermill", "pydantic", "yaml"}
    code = (
        "import sys\nfrom qgdr_eval import cli\n"
        "try: cli.main(['--help'])\nexcept SystemExit: pass\n"
        f"print('LOADED', *sorted({heavy!r} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1].strip() == "LOADED"


def test_a_refused_file_gives_its_problems_and_exit_code_1(capsys, tmp_path):
    (tmp_path / "campagne.yml").write_text("id: Essai\nperiode: mars\n", encoding="utf-8")
    code, out, err = run(capsys, "report", tmp_path / "campagne.yml", "--out", tmp_path / "out")
    assert (code, out) == (1, "")
    assert "clé « periode »" in err or "periode" in err
    assert "vouliez-vous dire « period » ?" in err
    assert "Traceback" not in err
    assert not (tmp_path / "out").exists()


def test_an_unforeseen_error_shows_no_traceback(capsys, monkeypatch, tmp_path):
    def fail(folder, replace):
        raise RuntimeError("details")

    monkeypatch.setattr("qgdr_eval.starting.start_demo", fail)
    code, _, err = run(capsys, "demo", tmp_path)
    assert code == 1
    assert "Erreur imprévue (RuntimeError)" in err
    assert "Traceback" not in err


def test_a_folder_that_cannot_be_written_is_told(capsys, tmp_path):
    (tmp_path / "file").write_text("")
    code, _, err = run(capsys, "demo", tmp_path / "file" / "below")
    assert code == 1
    assert "lecture ou écriture impossible" in err


def test_demo_then_check_then_score(capsys, tmp_path):
    assert run(capsys, "demo", tmp_path)[0] == 0
    code, out, _ = run(capsys, "check", tmp_path)
    assert code == 0
    assert "accepté" in out
    assert "questionnaire sans réponse (écarté) : 4, lignes" in out
    assert run(capsys, "score", tmp_path / "campagne.yml", "--out", tmp_path / "scores.csv")[0] == 0
    with (tmp_path / "scores.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    shown = {row["service"] for row in rows if row["status"] == "published" and row["service"]}
    assert len(shown) == 17
    assert run(capsys, "score", tmp_path / "campagne.yml", "--out", tmp_path / "s.xlsx")[0] == 0
    sheet = openpyxl.load_workbook(tmp_path / "s.xlsx", read_only=True).active
    assert sheet.max_row == len(rows) + 1
    code, _, err = run(capsys, "score", tmp_path / "campagne.yml", "--out", tmp_path / "s.ods")
    assert (code, "format de tableau inconnu" in err) == (1, True)


def test_a_score_is_explained_and_a_wrong_name_is_told(capsys, tmp_path):
    run(capsys, "demo", tmp_path)
    asked = ["explain", tmp_path / "campagne.yml", "--service"]
    code, out, err = run(capsys, *asked, "Plateau technique", "--dimension", "liberte_expression")
    assert (code, err) == (0, "")
    assert out.startswith("Plateau technique, Centre de rééducation fictif des Hautes-Brumes\n")
    assert "\nLiberté d'expression : " in out
    assert "Soutien du management" not in out
    code, out, _ = run(capsys, *asked, "Équipe mobile")
    assert (code, out) == (
        0,
        "Équipe mobile : effectif insuffisant. Rien n'est affiché, donc rien à expliquer.\n",
    )
    code, out, err = run(capsys, *asked, "Pharmacie", "--dimension", "liberte_expresion")
    assert (code, out) == (1, "")
    assert "dimension « liberte_expresion » absente du questionnaire" in err
    assert "vouliez-vous dire « liberte_expression » ?" in err
    assert run(capsys, *asked, "Pharmacies")[0] == 1


@pytest.mark.parametrize("name", ["reponses.csv", "services.csv", "campagne.yml"])
def test_scores_never_replace_what_they_are_read_from(capsys, tmp_path, name):
    run(capsys, "demo", tmp_path)
    before = (tmp_path / name).read_bytes()
    code, _, err = run(capsys, "score", tmp_path / "campagne.yml", "--out", tmp_path / name)
    assert (code, "ce fichier sert à la campagne" in err) == (1, True)
    assert (tmp_path / name).read_bytes() == before


def test_demo_never_loses_what_somebody_wrote(capsys, tmp_path):
    run(capsys, "demo", tmp_path)
    (tmp_path / "campagne.yml").write_text("id: la_mienne\n", encoding="utf-8")
    code, _, err = run(capsys, "demo", tmp_path)
    assert (code, "existe déjà" in err) == (1, True)
    assert (tmp_path / "campagne.yml").read_text("utf-8") == "id: la_mienne\n"
    assert run(capsys, "demo", tmp_path, "--replace")[0] == 0
    assert "demonstration" in (tmp_path / "campagne.yml").read_text("utf-8")


def test_init_copies_questionnaires_and_notebooks(capsys, tmp_path):
    assert run(capsys, "init", tmp_path)[0] == 0
    assert (tmp_path / "questionnaires" / "culture_securite" / "instrument.yml").is_file()
    assert (tmp_path / "notebooks" / "20_service.ipynb").is_file()
    code, out, _ = run(capsys, "check", tmp_path / "questionnaires")
    assert code == 0
    shipped = list((tmp_path / "questionnaires").glob("*/instrument.yml"))
    assert out.count("accepté") == len(shipped) > 1


def test_a_formula_in_a_name_stays_text(tmp_path):
    from qgdr_eval.reporting.scores_file import _as_text

    assert _as_text("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert _as_text("Médecine") == "Médecine"


def test_the_module_runs_as_a_program():
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    shown = subprocess.run(
        [sys.executable, "-m", "qgdr_eval.cli", "--version"],
        capture_output=True, text=True, env=environment, check=True,
    )  # fmt: skip
    assert shown.stdout.startswith("qgdr 0.")
