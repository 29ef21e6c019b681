"""The command line: French help and mistakes, exit codes, a start that loads nothing heavy."""

import csv
import os
import re
import subprocess
import sys

import openpyxl
import pytest

from qgdr_eval import cli
from qgdr_eval.checking.check import check_path
from qgdr_eval.instruments import load_instrument
from tests.press.programmes import write_small_programme
from tests.rounds import PEOPLE

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
        (["report", "c.yml", "--out", "d", "--jobs", "-1"],
         "Valeur refusée pour « --jobs » ; attendu : 0…61"),
        (["report", "c.yml", "--out", "d", "--date", "31/03/2026"],
         "Valeur refusée pour « --date » ; attendu : AAAA-MM-JJ"),
        (["report", "c.yml", "--out", "d", "--date", "2026-02-30"],
         "Valeur refusée pour « --date » : cette date n'existe pas"),
        (["check"], "Il manque « CHEMIN… »"),
        (["grid"], "Il manque « QUESTIONNAIRE »"),
        (["grid", "epp_textures", "--out", "g.xlsx", "--columns", "501"],
         "Valeur refusée pour « --columns » ; attendu : 1…500"),
        (["referential", "r.xlsx"], "Il manque « --out »"),
        (["retract", "c.yml"], "Il manque « --reason »"),
    ],
)  # fmt: skip
def test_mistakes_are_told_in_french_with_exit_code_2(capsys, arguments, expected):
    code, out, err = run(capsys, *arguments)
    command = "qgdr" if arguments == ["chek"] else f"qgdr {arguments[0]}"
    assert (code, out, err) == (2, "", f"{expected}\nAide : {command} --help\n")


@pytest.mark.parametrize(
    "command",
    [
        "",
        *"check diff score report retract explain verify exclusions grid form referential new demo"
        " init".split(),
    ],
)
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
    assert "ce chemin n'existe pas, ou passe par un fichier" in err.replace("’", "'")


def test_demo_then_check_then_score(capsys, tmp_path):
    assert run(capsys, "demo", tmp_path)[0] == 0
    code, out, _ = run(capsys, "check", tmp_path)
    assert code == 0
    assert "accepté" in out
    assert "questionnaire sans réponse (écarté) : 4, lignes" in out
    assert run(capsys, "score", tmp_path / "campagne.yml", "--out", tmp_path / "scores.csv")[0] == 0
    with (tmp_path / "scores.csv").open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    shown = {row["Service"] for row in rows if row["État"] == "publié"} - {"Tous les services"}
    assert len(shown) == 17
    assert run(capsys, "score", tmp_path / "campagne.yml", "--out", tmp_path / "s.xlsx")[0] == 0
    sheet = openpyxl.load_workbook(tmp_path / "s.xlsx", read_only=True).active
    assert sheet.max_row == len(rows) + 1
    code, _, err = run(capsys, "score", tmp_path / "campagne.yml", "--out", tmp_path / "s.ods")
    assert (code, "format de tableau inconnu" in err) == (1, True)


def test_a_score_is_explained_and_a_wrong_name_is_told(capsys, tmp_path):
    run(capsys, "demo", tmp_path)
    asked = ["explain", tmp_path / "campagne.yml", "--service"]
    code, out, err = run(
        capsys, *asked, "Soins de suite gériatriques", "--dimension", "liberte_expression"
    )
    assert (code, err) == (0, "")
    place = "Soins de suite gériatriques, Centre de rééducation fictif des Hautes-Brumes\n"
    assert out.startswith("Brouillon, à ne pas diffuser")
    assert out.partition("\n")[2].startswith(place)
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


def test_demo_twice_is_not_refused(capsys, tmp_path):
    code, first, _ = run(capsys, "demo", tmp_path)
    assert code == 0
    assert str(tmp_path / "programme.yml") in first
    *_, read_me, then = first.splitlines()
    assert read_me == f"À lire d'abord : {tmp_path / 'LISEZMOI.txt'}"
    assert then.startswith(f"Puis : qgdr report {tmp_path / 'campagne.yml'} --out ")
    assert run(capsys, "demo", tmp_path) == (0, first, "")


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


# Grids, forms and referentials


def test_a_form_is_written_once_and_refuses_what_cannot_be_asked(capsys, tmp_path):
    page = tmp_path / "formulaire.html"
    assert run(capsys, "form", "culture_ehpad", "--out", page) == (0, f"{page}\n", "")
    assert page.read_text("utf-8").count("<fieldset") == len(load_instrument("culture_ehpad").items)
    for asked, told in (
        (["culture_ehpad", "--out", page], "existe déjà"),
        (["culture_ehpad", "--out", tmp_path / "f.pdf"], "« .html »"),
        (["sops_hopital_1", "--out", tmp_path / "s.html"], "libellés abrégés"),
        (["culture_epahd", "--out", tmp_path / "e.html"], "culture_ehpad"),
    ):
        code, out, err = run(capsys, "form", *asked)
        assert (code, out) == (1, "")
        assert told in err.replace("\u202f", " ").replace("\u00a0", " ")
    assert run(capsys, "form", "culture_ehpad", "--out", page, "--replace")[0] == 0


def test_a_grid_is_written_once_and_never_over_a_filled_one(capsys, tmp_path):
    grid = tmp_path / "grille.xlsx"
    asked = ["grid", "epp_textures", "--out", grid, "--columns", "3"]
    assert run(capsys, *asked) == (0, f"{grid}\n", "")
    sheet = openpyxl.load_workbook(grid).active
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    codes = load_instrument("epp_textures").codes
    assert [code for code in cells if code in codes] == codes
    before = grid.read_bytes()
    code, out, err = run(capsys, *asked)
    assert (code, out, grid.read_bytes()) == (1, "", before)
    assert grid.name in err
    assert "Traceback" not in err
    assert run(capsys, *asked, "--replace")[0] == 0


@pytest.mark.parametrize(
    ("instrument", "out", "told"),
    [
        ("epp_texture", "g.xlsx", "epp_textures"),
        ("epp_textures", "g.ods", ".xlsx"),
        ("epp_textures", "a.csv/g.xlsx", "ou passe par un fichier"),
    ],
)
def test_a_grid_that_cannot_be_written_is_told(capsys, tmp_path, instrument, out, told):
    (tmp_path / "a.csv").write_text("un fichier, pas un dossier", encoding="utf-8")
    code, shown, err = run(capsys, "grid", instrument, "--out", tmp_path / out)
    assert (code, shown) == (1, "")
    assert told in err
    assert "Erreur imprévue" not in err
    assert [path.name for path in tmp_path.rglob("*")] == ["a.csv"]


REFERENTIAL = [
    ["Chapitre", "Thématique", "Objectif", "N°", "Critère", "Impératif"],
    ["Chapitre 1", "Écoute", "Écouter", "1.1.1", "La personne est écoutée.", "non"],
    ["Chapitre 1", "Écoute", "Écouter", "1.1.2", "La personne est saluée.", "oui"],
]


def write_book(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def test_a_referential_becomes_a_questionnaire_that_is_accepted(capsys, tmp_path):
    write_book(tmp_path / "r.xlsx", REFERENTIAL)
    asked = ["referential", tmp_path / "r.xlsx", "--out", tmp_path]
    code, out, _ = run(capsys, *asked)
    (written,) = tmp_path.glob("questionnaires/*/instrument.yml")
    assert code == 0
    assert f"{written} : accepté" in out
    assert [item.critical for item in load_instrument(written).items] == [False, True]
    assert run(capsys, *asked)[0] == 0
    written.write_text(written.read_text("utf-8") + "# à nous\n", encoding="utf-8")
    code, _, err = run(capsys, *asked)
    assert (code, "existe déjà" in err) == (1, True)
    assert written.read_text("utf-8").endswith("# à nous\n")
    assert run(capsys, *asked, "--replace")[0] == 0


def test_a_referential_without_its_columns_is_told(capsys, tmp_path):
    write_book(tmp_path / "r.xlsx", [row[:4] for row in REFERENTIAL])
    code, out, err = run(capsys, "referential", tmp_path / "r.xlsx", "--out", tmp_path)
    assert (code, out) == (1, "")
    assert "colonne « critère » : colonne absente" in err
    assert "colonne « impératif » : colonne absente" in err
    assert not (tmp_path / "questionnaires").exists()


# A programme


@pytest.fixture
def small(tmp_path):
    return write_small_programme(tmp_path / "programme")


def test_a_programme_is_checked_with_all_it_names(capsys, small):
    code, out, _ = run(capsys, "check", small.file)
    assert code == 0
    assert out.replace("\u00a0", " ").splitlines()[:5] == [
        f"{small.file} : accepté",
        "  equipes/campagne.yml : 33 réponses gardées, 3 services",
        "  dossiers/campagne.yml : 15 réponses gardées, 1 service",
        "  indicateurs.csv : 2 valeurs",
        "  plan.csv : 2 actions",
    ]


def test_each_part_of_a_programme_is_told_as_it_is_begun(capsys, small):
    lines = []
    check_path(small.file, lines.append)
    assert lines == [
        "[1/5] equipes/campagne.yml",
        "[2/5] dossiers/campagne.yml",
        "[3/5] indicateurs.csv",
        "[4/5] plan.csv",
        f"[5/5] {small.file.name}",
    ]
    assert not capsys.readouterr().out
    assert "[1/5]" not in run(capsys, "check", small.file)[1]  # nobody watches


def test_all_that_is_wrong_in_a_programme_is_told_each_file_with_its_folder(capsys, small):
    small.survey.edit("reponses.csv", "Identifiant", "Autre chose")
    small.edit("indicateurs.csv", "2026-02", "hier")
    small.edit("plan.csv", "réalisé", "presque")
    code, out, _ = run(capsys, "check", small.file)
    assert code == 1
    assert out.startswith(f"{small.file} : refusé\n")
    told = [re.match(r"\S+, ligne \d", line) for line in out.splitlines()]
    assert [one[0] for one in told if one] == [
        "equipes/reponses.csv, ligne 1",
        "equipes/reponses.csv, ligne 1",
        "plan.csv, ligne 2",  # named by the audit and by the programme, told once
        "plan.csv, ligne 3",
        "indicateurs.csv, ligne 3",
    ]


def test_the_plan_of_a_campaign_is_checked_with_it(capsys, small):
    small.edit("plan.csv", "réalisé", "presque")
    code, out, _ = run(capsys, "check", small.audit.file)
    assert (code, "../plan.csv, ligne 2" in out) == (1, True)


def test_a_programme_is_printed_and_verified_by_the_same_commands(capsys, small):
    small.write(
        "programme.yml",
        "id: essai\ntitle: Essai\nperiod: '2026'\ncampaigns: [dossiers/campagne.yml]\n",
    )
    code, out, err = run(capsys, "report", small.file, "--out", small.out, "--jobs", 1)
    assert (code, err) == (0, "")
    *lines, made, last = out.replace("\u00a0", " ").splitlines()
    assert len(lines) == 3
    assert (made, last) == ("3 pages faites", f"À lire : {small.out / 'index.html'}")
    assert run(capsys, "verify", small.out)[0] == 0
    (small.out / "dossiers" / "comparaison.html").unlink()
    code, _, err = run(capsys, "verify", small.out)
    assert (code, "dossiers/comparaison.html : cette page manque" in err) == (1, True)


def test_a_broken_programme_gives_its_problems_and_writes_nothing(capsys, small):
    small.edit("programme.yml", "title:", "titre:")
    code, out, err = run(capsys, "report", small.file, "--out", small.out)
    assert (code, out) == (1, "")
    assert "vouliez-vous dire « title » ?" in err
    assert not small.out.exists()


def test_a_formula_in_a_name_stays_text(tmp_path):
    from qgdr_eval.reporting.scores_file import _as_text

    assert _as_text("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert _as_text("＝HYPERLINK(1)") == "'＝HYPERLINK(1)"
    assert _as_text(" ＋1") == "' ＋1"
    assert _as_text("Médecine") == "Médecine"


def test_the_module_runs_as_a_program():
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    shown = subprocess.run(
        [sys.executable, "-m", "qgdr_eval.cli", "--version"],
        capture_output=True, text=True, env=environment, check=True,
    )  # fmt: skip
    assert shown.stdout.startswith("qgdr 0.")


@pytest.mark.parametrize(
    "command",
    [
        ["retract", "--reason", "essai"],
        ["score", "--out", "scores.csv"],
        ["explain"],
        ["exclusions", "--out", "journal.csv"],
    ],
    ids=lambda command: command[0],
)
def test_a_programme_given_for_a_campaign_is_told_with_its_campaigns(
    tmp_path, capsys, monkeypatch, command
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "programme.yml").write_text(
        "id: p\ntitle: P\nperiod: 2026\ncampaigns: [campagne.yml, audit/campagne.yml]\n", "utf-8"
    )
    code, out, err = run(capsys, command[0], "programme.yml", *command[1:])
    assert (code, out) == (1, "")
    assert err == (
        "programme.yml : c'est un programme\n"
        "    → donnez une de ses campagnes : campagne.yml, audit/campagne.yml\n"
    )


def test_a_workbook_given_for_a_campaign_is_told(tmp_path, capsys):
    openpyxl.Workbook().save(tmp_path / "plan.xlsx")
    code, _, err = run(capsys, "report", tmp_path / "plan.xlsx", "--out", tmp_path / "out")
    assert code == 1
    assert err.startswith("plan.xlsx : c'est un classeur de tableur\n")
    assert "campagne.yml" in err


def test_a_questionnaire_of_this_folder_is_named_without_a_stray_slash(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vide.yml").touch()
    _, _, err = run(capsys, "grid", "vide.yml", "--out", "grille.xlsx")
    assert err.startswith("vide.yml : le fichier est vide")


def test_no_line_of_the_list_of_commands_is_cut(capsys):
    assert "..." not in run(capsys, "--help")[1]


def write_versions(folder):
    """A questionnaire in two folders, the second with one question reworded and one gone."""
    texts = {"v1": PEOPLE, "v2": PEOPLE.replace("1.0.0", "2.0.0")}
    texts["v2"] = texts["v2"].replace("On demande les avis", "On demande son avis à chacun")
    texts["v3"] = texts["v2"].replace(texts["v2"][texts["v2"].index("  - {code: S2") :], "")
    for name, text in texts.items():
        (folder / name).mkdir()
        (folder / name / "instrument.yml").write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


def test_two_versions_are_set_side_by_side_in_words(capsys, tmp_path):
    first, second, third = write_versions(tmp_path)
    code, out, err = run(capsys, "diff", first, first / "instrument.yml")
    assert (code, err) == (0, "")
    assert out.endswith("Tout se compare d'une version à l'autre.\n")
    code, out, _ = run(capsys, "diff", first, second)
    assert code == 0  # with caution is still compared
    assert "Écoute  avec prudence  1\u00a0question reformulée\n" in out
    assert "avant       On demande les avis\n" in out
    assert "maintenant  On demande son avis à chacun\n" in out
    code, out, _ = run(capsys, "diff", first, third)
    assert code == 1
    assert "Suites  rompue         1\u00a0question retirée\n" in out
    assert "S2  retirée" in out


def test_both_versions_are_told_what_is_wrong_at_once(capsys, tmp_path):
    first, second, _ = write_versions(tmp_path)
    for folder in (first, second):
        path = folder / "instrument.yml"
        path.write_text(path.read_text("utf-8").replace("rule: mean_0_100", "rule: mean"), "utf-8")
    code, out, err = run(capsys, "diff", first, second)
    assert (code, out) == (1, "")
    assert f"{first / 'instrument.yml'}, ligne" in err
    assert f"{second / 'instrument.yml'}, ligne" in err
