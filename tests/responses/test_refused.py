"""The museum of broken files: each is refused with the exact text of its ``expected.txt``."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from qgdr_eval.problems import Refused
from qgdr_eval.responses import load_campaign, read_answers
from qgdr_eval.responses.roster import read_roster
from qgdr_eval.tables.file import TableFile
from qgdr_eval.tables.read import read_table
from tests.reading import plain
from tests.responses.campaigns import MUSEUM, a_table, as_csv, as_xlsx, small_instrument

ROW = "1 Nord Bloc IDE 4 5 2 4 4 2"
FAILURES = sorted(folder.name for folder in MUSEUM.iterdir() if folder.is_dir())


def read(folder: Path) -> None:
    own = folder / "campagne.yml"
    campaign = load_campaign(own if own.exists() else MUSEUM / "campagne.yml")
    read_answers(campaign, small_instrument(), folder)


@pytest.mark.parametrize("failure", FAILURES)
def test_a_broken_file_is_refused_with_its_message(failure: str) -> None:
    folder = MUSEUM / failure
    with pytest.raises(Refused) as refused:
        read(folder)
    expected = (folder / "expected.txt").read_text(encoding="utf-8")
    assert f"{refused.value}\n" == expected


def _locked() -> bytes:
    return b"\xd0\xcf\x11\xe0" + bytes(512) + "EncryptedPackage".encode("utf-16-le")


def _zipped(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, "<x/>")
    return stream.getvalue()


def _damaged() -> bytes:
    """A workbook whose sheet is no longer XML."""
    source, stream = zipfile.ZipFile(io.BytesIO(as_xlsx(a_table(ROW)))), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in source.namelist():
            content = source.read(name)
            archive.writestr(name, content[:200] if "sheet1" in name else content)
    return stream.getvalue()


def _with_formula() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(a_table(ROW))))
    book.active["F2"] = "=2+2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _without_rows() -> bytes:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


SAVE_AS = "ouvrez-le dans un tableur et enregistrez-le au format « Classeur Excel (.xlsx) » ou CSV"
AGAIN = "téléchargez ou exportez-le de nouveau"
BINARIES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "ancien.xls": (
        lambda: b"\xd0\xcf\x11\xe0" + bytes(600),
        "c'est un ancien classeur Excel (.xls)",
        SAVE_AS,
    ),
    "secret.xlsx": (
        _locked,
        "le classeur est protégé par un mot de passe",
        "enregistrez-en une copie sans mot de passe (Fichier, Informations, Protéger)",
    ),
    "coupe.xlsx": (
        lambda: as_xlsx(a_table(ROW))[:2000],
        "le classeur Excel est abîmé ou incomplet",
        AGAIN,
    ),
    "troue.xlsx": (_damaged, "le classeur Excel est abîmé ou incomplet", AGAIN),
    "renomme.xlsx": (
        lambda: b"Id;Service;E1\n1;Bloc;4\n",
        "le classeur Excel est abîmé ou incomplet",
        AGAIN,
    ),
    "libre.ods": (lambda: _zipped("content.xml"), "c'est un classeur LibreOffice (.ods)", SAVE_AS),
    "binaire.xlsb": (
        lambda: _zipped("xl/workbook.bin"),
        "c'est un classeur Excel binaire (.xlsb)",
        SAVE_AS,
    ),
    "envoi.zip": (
        lambda: _zipped("reponses.csv"),
        "c'est une archive, pas un tableau",
        "décompressez-la et indiquez le tableau",
    ),
    "vieux.xml": (
        lambda: b'<?xml version="1.0"?><Workbook/>',
        "c'est un classeur XML de 2003",
        SAVE_AS,
    ),
    "rapport.csv": (
        lambda: b"%PDF-1.7\n%\xe2\xe3",
        "le fichier n'est pas un tableau de texte",
        "indiquez le fichier CSV ou XLSX des réponses",
    ),
    "page.xls": (
        "\ufeff<HTML><table>".encode,
        "c'est une page HTML enregistrée sous un nom de tableau",
        SAVE_AS,
    ),
    "formule.xlsx": (
        _with_formula,
        "1 formule sans résultat enregistré : F2",
        "ouvrez le classeur dans un tableur, enregistrez-le, ou collez les valeurs seules",
    ),
    "vide.xlsx": (_without_rows, "la feuille est vide", "indiquez la bonne feuille avec « sheet »"),
    "indice.csv": (
        lambda: b"sep=;\n",
        "la ligne des noms de colonnes est vide",
        "supprimez les lignes vides en tête du fichier",
    ),
}


def said(refused: Refused) -> tuple[str, str]:
    [problem] = refused.problems
    texts = problem.what, problem.cure
    return tuple(text.replace("\u202f", " ").replace("\xa0", " ") for text in texts)


@pytest.mark.parametrize("file", BINARIES)
def test_a_file_that_is_no_table_says_what_it_is(file: str, tmp_path: Path) -> None:
    content, what, cure = BINARIES[file]
    (tmp_path / file).write_bytes(content())
    with pytest.raises(Refused) as refused:
        read_table(TableFile(file=file), tmp_path)
    assert said(refused.value) == (what, cure)
    assert refused.value.problems[0].file == file


def test_an_unknown_sheet_is_refused_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "r.xlsx").write_bytes(as_xlsx(a_table(ROW)))
    with pytest.raises(Refused) as refused:
        read_table(TableFile(file="r.xlsx", sheet="Reponses"), tmp_path)
    assert said(refused.value) == (
        "aucune feuille ne s'appelle « Reponses »",
        "vouliez-vous dire « Réponses » ?",
    )


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_table(TableFile(file="."), tmp_path)
    assert said(refused.value)[0] == "c'est un dossier"


def test_the_museum_is_large_enough() -> None:
    assert len(FAILURES) >= 25


def test_a_declared_encoding_the_file_does_not_have(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_bytes("Service;E1\nBloc opératoire;4\n".encode("cp1252"))
    with pytest.raises(Refused, match=r"n'est pas de l'encodage «.utf-16.»"):
        read_table(TableFile(file="r.csv", encoding="utf-16"), tmp_path)


def test_a_workbook_is_read_whatever_its_name(tmp_path: Path) -> None:
    table = a_table("1 Nord Bloc IDE 4 5 2 4 4 2")
    (tmp_path / "reponses.csv").write_bytes(as_xlsx(table))
    read = read_table(TableFile(file="reponses.csv"), tmp_path)
    assert read.texts("Service") == ["Bloc"]


def test_many_items_under_other_names_are_told_together(tmp_path: Path) -> None:
    table = a_table(ROW).rename(columns={f"{c}{i}": f"Q{c}{i}" for c in "EP" for i in (1, 2)})
    (tmp_path / "reponses.csv").write_bytes(as_csv(table))
    with pytest.raises(Refused) as refused:
        read_answers(load_campaign(MUSEUM / "campagne.yml"), small_instrument(), tmp_path)
    told = refused.value.problems[0]
    assert told.what.replace("\u00a0", " ").replace("\u202f", " ") == (
        "4 items sans colonne : E1, E2, P1, P2"
    )
    assert "E1: nom de sa colonne" in told.cure
    assert "QE1, QE2, QP1, QP2" in told.cure


def test_a_misspelt_column_of_the_roster_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("Service;Efectif\nBloc;12\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_roster(TableFile(file="s.csv"), tmp_path)
    assert said(refused.value) == ("nom de colonne inconnu", "vouliez-vous dire « effectif » ?")


def test_a_kind_is_a_word_or_two(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(f"Service;Type\nBloc;{'x' * 81}\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_roster(TableFile(file="s.csv"), tmp_path)
    what, cure = said(refused.value)
    assert what == "la colonne « type » contient un texte trop long"
    assert cure.startswith("écrivez un type de service")


def test_a_row_wider_than_a_workbook_is_refused_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(f"a;b\n1;2\n{';' * 20_000}\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_table(TableFile(file="r.csv"), tmp_path)
    (problem,) = refused.value.problems
    assert plain(problem.what) == "20 001 colonnes, 16 384 au plus"
    assert problem.line == 3
