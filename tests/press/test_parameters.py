"""Parameters of a notebook: what is declared, what may be given, and every refusal's exact text."""

import json
import keyword
import os
from pathlib import Path
from typing import Any

import nbformat
import papermill.parameterize
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from qgdr_eval.french import typography
from qgdr_eval.press.parameters import (
    Parameter,
    declared_parameters,
    parse_text,
    settle_parameters,
)
from qgdr_eval.problems import Refused
from qgdr_eval.shipped import shipped

CELL = 'campaign = "demo"\nfacility = ""\nservice = ""\nn: int\nratio = 2.5\nall_of_it = True\n'
ONE_LINE = (
    "écrivez une ligne « nom = valeur » par paramètre, les textes entre guillemets et les chemins "
    "avec « / »"
)
AS_IT_IS = (
    "écrivez la valeur telle quelle, sans calcul : un texte entre guillemets, un nombre, True ou "
    "False"
)
REST = "gardez des lignes « nom = valeur » ; mettez le reste dans une cellule suivante"
FOUR = "écrivez str, int, float ou bool"
NOT_PYTHON = "cette ligne n'est pas du Python correct"
NOT_ONE = "cette ligne ne déclare pas un paramètre"
NOT_A_NOTEBOOK = (
    "c.ipynb",
    "ce fichier n'est pas un carnet Jupyter",
    "ouvrez-le dans JupyterLab et enregistrez-le, ou repartez d'un carnet du kit",
)
WITHOUT_EFFECT = (
    "le carnet ne déclare pas ce paramètre : la valeur voulue resterait sans effet, et chaque page "
    "porterait sur celle du carnet, la même pour toutes"
)
NAMES = st.from_regex(r"[a-zé_][a-z0-9_]{0,8}", fullmatch=True).filter(
    lambda name: not keyword.iskeyword(name) and not name.startswith("__")
)
VALUES = (
    st.text() | st.integers() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
)


def tagged(source: str, *tags: str) -> nbformat.NotebookNode:
    return new_code_cell(source, metadata={"tags": list(tags or ["parameters"])})


def written(folder: Path, *cells: Any) -> Path:
    made = new_notebook(cells=list(cells))
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, folder / "c.ipynb")
    return folder / "c.ipynb"


def with_cell(folder: Path, source: str) -> Path:
    return written(folder, new_markdown_cell("# Titre"), tagged(source), new_code_cell("1 + 1"))


def said(*problems: tuple[str, str, str]) -> str:
    """What the reader sees of problems given as where, what and cure, with plain spaces."""
    typeset = [tuple(map(typography, problem)) for problem in problems]
    return "\n".join(f"{where} : {what}\n    → {cure}" for where, what, cure in typeset)


def seen_by_a_run(notebook: Path, values: dict[str, Any]) -> dict[str, Any]:
    """What the cells after the parameters find, once papermill has put the values in."""
    node = nbformat.read(notebook, as_version=4)
    for cell in node.cells:
        cell.metadata.setdefault("tags", [])  # as papermill does when it loads a notebook
    node.metadata["papermill"] = {}
    done = papermill.parameterize.parameterize_notebook(node, values)
    found: dict[str, Any] = {}
    for cell in done.cells:
        if {"parameters", "injected-parameters"} & set(cell.metadata.tags):
            exec(cell.source, {}, found)
    found.pop("__annotations__", None)
    return found


def test_a_cell_is_read_with_its_types_defaults_and_lines(tmp_path: Path) -> None:
    source = (
        "# un commentaire\n"
        'service = "Bloc"\n\n'
        "low = -3; high = +4\n"
        "ratio: float = 1\n"
        "flag: bool = False\n"
        "n: int\n"
        "title: str = None\n"
        'path = "C:\\donnees"\n'
        'text = ("a"\n "b")\n'
    )
    assert list(declared_parameters(with_cell(tmp_path, source)).values()) == [
        Parameter("service", str, "Bloc", 2),
        Parameter("low", int, -3, 4),
        Parameter("high", int, 4, 4),
        Parameter("ratio", float, 1.0, 5),
        Parameter("flag", bool, False, 6),
        Parameter("n", int, None, 7),
        Parameter("title", str, None, 8),
        Parameter("path", str, "C:\\donnees", 9),
        Parameter("text", str, "ab", 10),
    ]


def test_an_empty_cell_declares_nothing(tmp_path: Path) -> None:
    assert declared_parameters(with_cell(tmp_path, "# rien")) == {}


def test_nothing_is_executed(tmp_path: Path) -> None:
    path = with_cell(tmp_path, f"open({str(tmp_path / 'trace')!r}, 'w')\nx = 1")
    with pytest.raises(Refused):
        declared_parameters(path)
    assert os.listdir(tmp_path) == ["c.ipynb"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("20_service.ipynb", ["campaign", "facility", "service", "report_date"]),
        ("40_comparaison.ipynb", ["campaign", "report_date"]),
    ],
)
def test_shipped_notebooks_are_readable(name: str, expected: list[str]) -> None:
    declared = declared_parameters(shipped("notebooks") / name)
    assert list(declared) == expected
    assert {parameter.type for parameter in declared.values()} == {str}


@pytest.mark.parametrize(
    ("source", "where", "what", "cure"),
    [
        ('a = "', "ligne 1, cellule « parameters »", NOT_PYTHON, ONE_LINE),
        ('a = 1\nb = "C:\\users"', "ligne 2, cellule « parameters »", NOT_PYTHON, ONE_LINE),
        ("%matplotlib inline", "ligne 1, cellule « parameters »", NOT_PYTHON, ONE_LINE),
        ("a = 1\x00", "cellule « parameters »", NOT_PYTHON, ONE_LINE),
        ("\nimport os", "ligne 2, cellule « parameters »", NOT_ONE, REST),
        ("a = b = 1", "ligne 1, cellule « parameters »", NOT_ONE, REST),
        ("a, b = 1, 2", "ligne 1, cellule « parameters »", NOT_ONE, REST),
        ("a.b = 1", "ligne 1, cellule « parameters »", NOT_ONE, REST),
        ("a += 1", "ligne 1, cellule « parameters »", NOT_ONE, REST),
        ('"un texte"', "ligne 1, cellule « parameters »", NOT_ONE, REST),
        ("a: list = [1]", "ligne 1, paramètre « a »", "type « list » non admis", FOUR),
        ("a: str | None = None", "ligne 1, paramètre « a »", "type « str | None » non admis", FOUR),
        ("a: dt.date", "ligne 1, paramètre « a »", "type « dt.date » non admis", FOUR),
        ("a: 'str'", "ligne 1, paramètre « a »", "type « 'str' » non admis", FOUR),
        (
            "a = None",
            "ligne 1, paramètre « a »",
            "« None » ne dit pas quel type de valeur donner",
            "annoncez-le, par exemple « a: str = None »",
        ),
        (
            "a = 1\na = 2",
            "ligne 2, paramètre « a »",
            "ce paramètre est déjà déclaré à la ligne 1",
            "gardez une seule des deux déclarations",
        ),
        (
            "a = 1; a = 1",
            "ligne 1, paramètre « a »",
            "ce paramètre est déjà déclaré à la ligne 1",
            "gardez une seule des deux déclarations",
        ),
    ],
)
def test_a_cell_that_is_refused(
    tmp_path: Path, source: str, where: str, what: str, cure: str
) -> None:
    with pytest.raises(Refused) as refused:
        declared_parameters(with_cell(tmp_path, source))
    assert str(refused.value) == said((f"c.ipynb, {where}", what, cure))


@pytest.mark.parametrize(
    ("source", "shown", "expected"),
    [
        ("a = [1, 2]", "[1, 2]", "un texte, un nombre, True ou False"),
        ("a = {}", "{}", "un texte, un nombre, True ou False"),
        ("a = {[]}", "{[]}", "un texte, un nombre, True ou False"),
        ("a = 2j", "2j", "un texte, un nombre, True ou False"),
        ("a = ...", "...", "un texte, un nombre, True ou False"),
        ("a = 1 + 1", "1 + 1", "un texte, un nombre, True ou False"),
        ("a = date.today()", "date.today()", "un texte, un nombre, True ou False"),
        ("a = 1e999", "1e309", "un nombre"),
        ("a: str = b", "b", "un texte"),
        ("a: str = 2026", "2026", "un texte"),
        ("a: int = True", "True", "un nombre entier"),
        ("a: int = 2.0", "2.0", "un nombre entier"),
        ("a: int = '2'", "'2'", "un nombre entier"),
        ("a: float = True", "True", "un nombre"),
        ("a: float = " + "9" * 400, "9" * 60 + "…", "un nombre"),
        ("a: bool = 1", "1", "oui ou non"),
    ],
)
def test_a_default_that_is_refused(tmp_path: Path, source: str, shown: str, expected: str) -> None:
    with pytest.raises(Refused) as refused:
        declared_parameters(with_cell(tmp_path, source))
    what = f"valeur par défaut « {shown} » refusée ; attendu : {expected}"
    assert str(refused.value) == said(("c.ipynb, ligne 1, paramètre « a »", what, AS_IT_IS))


@pytest.mark.parametrize(
    ("cells", "where", "what", "cure"),
    [
        (
            [new_code_cell("a = 1")],
            "c.ipynb",
            "aucune cellule ne porte l'étiquette « parameters »",
            "donnez cette étiquette (tag) à la cellule qui fixe les paramètres",
        ),
        (
            [tagged("a = 1"), new_markdown_cell("suite"), tagged("b = 1")],
            "c.ipynb",
            "les cellules 1 et 3 portent toutes l'étiquette « parameters » : la dernière "
            "effacerait les valeurs données",
            "réunissez les paramètres dans une seule cellule",
        ),
        (
            [new_markdown_cell("a = 1", metadata={"tags": ["parameters"]})],
            "c.ipynb, cellule « parameters »",
            "cette cellule n'est pas une cellule de code",
            "changez-la en cellule de code, ou mettez l'étiquette sur la bonne cellule",
        ),
        (
            [tagged("a = 2", "injected-parameters"), tagged("a = 1")],
            "c.ipynb",
            "ce carnet garde la cellule « injected-parameters » d'une exécution précédente",
            "supprimez cette cellule",
        ),
    ],
)
def test_a_notebook_without_its_one_cell(
    tmp_path: Path, cells: list[Any], where: str, what: str, cure: str
) -> None:
    with pytest.raises(Refused) as refused:
        declared_parameters(written(tmp_path, *cells))
    assert str(refused.value) == said((where, what, cure))


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"worksheets": []}', b'{"cells": {}}', b"\xff\xfe", b"\xef\xbb\xbf{}"],
)
def test_a_file_that_is_no_notebook(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c.ipynb").write_bytes(content)
    with pytest.raises(Refused) as refused:
        declared_parameters(tmp_path / "c.ipynb")
    assert str(refused.value) == said(NOT_A_NOTEBOOK)


def test_a_missing_file_is_named_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        declared_parameters(tmp_path / "c.ipynb")
    assert str(refused.value) == said(
        ("c.ipynb", "carnet introuvable ou illisible", "vérifiez son nom et son dossier")
    )


def test_odd_cells_are_passed_over(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": "a = 1"}
    odd = [None, {}, {"metadata": []}, {"metadata": {"tags": None}}, cell]
    (tmp_path / "c.ipynb").write_text(json.dumps({"cells": odd}), encoding="utf-8")
    assert list(declared_parameters(tmp_path / "c.ipynb")) == ["a"]


@pytest.mark.parametrize(
    ("given_values", "expected"),
    [
        ({"n": 3}, {"n": 3}),
        ({"n": "3"}, {"n": 3}),
        ({"n": " -3 "}, {"n": -3}),
        ({"n": 3, "ratio": 2}, {"n": 3, "ratio": 2.0}),
        ({"n": 3, "ratio": "2,5e1"}, {"n": 3, "ratio": 25.0}),
        ({"n": 3, "all_of_it": "Non"}, {"n": 3, "all_of_it": False}),
        ({"n": 3, "all_of_it": False}, {"n": 3, "all_of_it": False}),
        ({"n": 3, "service": "2026"}, {"n": 3, "service": "2026"}),
        ({"n": 3, "service": ""}, {"n": 3, "service": ""}),
    ],
)
def test_given_values_are_completed_by_the_defaults(
    tmp_path: Path, given_values: dict[str, Any], expected: dict[str, Any]
) -> None:
    defaults = {"campaign": "demo", "facility": "", "service": "", "ratio": 2.5, "all_of_it": True}
    settled = settle_parameters(with_cell(tmp_path, CELL), given_values, ["facility", "service"])
    assert settled == defaults | expected
    assert {type(settled["ratio"]), type(settled["n"])} == {float, int}


@pytest.mark.parametrize(
    ("given_values", "required", "where", "what", "cure"),
    [
        (
            {"servce": "Bloc"},
            [],
            "paramètre « servce »",
            "paramètre inconnu de ce carnet",
            "vouliez-vous dire « service » ?",
        ),
        (
            {"zzz": 1},
            [],
            "paramètre « zzz »",
            "paramètre inconnu de ce carnet",
            "valeurs admises : campaign, facility, service, n, ratio, all_of_it",
        ),
        (
            {"report_date": "2026-11-16"},
            ["service", "report_date"],
            "paramètre « report_date »",
            WITHOUT_EFFECT,
            'ajoutez « report_date = "" » à la cellule « parameters », et servez-vous de ce nom '
            "dans les suivantes",
        ),
        (
            {},
            ["services", "facility"],
            "ligne 3, paramètre « services »",
            WITHOUT_EFFECT,
            "renommez « service » en « services » dans cette cellule et les suivantes",
        ),
        (
            {},
            ["services", "service"],
            "paramètre « services »",
            WITHOUT_EFFECT,
            'ajoutez « services = "" » à la cellule « parameters », et servez-vous de ce nom dans '
            "les suivantes",
        ),
    ],
)
def test_names_the_notebook_does_not_know(
    tmp_path: Path,
    given_values: dict[str, Any],
    required: list[str],
    where: str,
    what: str,
    cure: str,
) -> None:
    with pytest.raises(Refused) as refused:
        settle_parameters(with_cell(tmp_path, CELL), {"n": 1} | given_values, required)
    assert str(refused.value) == said((f"c.ipynb, {where}", what, cure))


@pytest.mark.parametrize(
    ("name", "value", "what", "cure"),
    [
        *(
            (
                "service",
                value,
                f"valeur {shown} refusée ; attendu : un texte",
                "donnez un texte, entre guillemets s'il ressemble à un nombre ou à une date",
            )
            for value, shown in [
                (2026, "« 2026 »"),
                (True, "« True »"),
                (None, "vide"),
                (Path("a"), "« a »"),
            ]
        ),
        *(
            (
                "n",
                value,
                f"valeur {shown} refusée ; attendu : un nombre entier",
                "donnez un nombre sans virgule, par exemple 3",
            )
            for value, shown in [
                (True, "« True »"),
                (2.0, "« 2.0 »"),
                ("2,5", "« 2,5 »"),
                ("trois", "« trois »"),
                (" ", "vide"),
                ([1], "« [1] »"),
            ]
        ),
        *(
            (
                "ratio",
                value,
                f"valeur {shown} refusée ; attendu : un nombre",
                "donnez un nombre, par exemple 2,5",
            )
            for value, shown in [
                (False, "« False »"),
                (float("nan"), "« nan »"),
                (float("inf"), "« inf »"),
                ("nan", "« nan »"),
                ("-inf", "« -inf »"),
                ("1e400", "« 1e400 »"),
                ("1,234.5", "« 1,234.5 »"),
                (10**400, f"« 1{'0' * 59}… »"),
            ]
        ),
        *(
            (
                "all_of_it",
                value,
                f"valeur {shown} refusée ; attendu : oui ou non",
                "donnez oui ou non",
            )
            for value, shown in [("peut-être", "« peut-être »"), (1, "« 1 »"), ("1", "« 1 »")]
        ),
    ],
    ids=lambda part: str(part)[:40],
)
def test_a_value_of_the_wrong_type(
    tmp_path: Path, name: str, value: Any, what: str, cure: str
) -> None:
    lines = {"service": 3, "n": 4, "ratio": 5, "all_of_it": 6}
    with pytest.raises(Refused) as refused:
        settle_parameters(with_cell(tmp_path, CELL), {"n": 1, name: value})
    where = f"c.ipynb, ligne {lines[name]}, paramètre « {name} »"
    assert str(refused.value) == said((where, what, cure))


def test_a_parameter_given_to_a_notebook_that_has_none(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        settle_parameters(with_cell(tmp_path, ""), {"service": "Bloc"})
    where = "c.ipynb, paramètre « service »"
    assert str(refused.value) == said(
        (where, "paramètre inconnu de ce carnet", "retirez-le : il n'en a aucun")
    )


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    path = with_cell(tmp_path, 'servce = ""\nn: int\nratio = 1.5\n')
    with pytest.raises(Refused) as refused:
        settle_parameters(path, {"service": "Bloc", "ratoi": 2, "ratio": "x"}, ["service"])
    assert str(refused.value) == said(
        (
            "c.ipynb, ligne 1, paramètre « service »",
            WITHOUT_EFFECT,
            "renommez « servce » en « service » dans cette cellule et les suivantes",
        ),
        (
            "c.ipynb, paramètre « ratoi »",
            "paramètre inconnu de ce carnet",
            "vouliez-vous dire « ratio » ?",
        ),
        (
            "c.ipynb, ligne 2, paramètre « n »",
            "valeur manquante : le carnet n'en propose pas",
            "donnez-la (un nombre entier), ou écrivez-en une dans le carnet",
        ),
        (
            "c.ipynb, ligne 3, paramètre « ratio »",
            "valeur « x » refusée ; attendu : un nombre",
            "donnez un nombre, par exemple 2,5",
        ),
    )


def test_every_wrong_line_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        declared_parameters(with_cell(tmp_path, "import os\na = []\nb: set = 1\nc = 1\nc = 2"))
    assert [problem.line for problem in refused.value.problems] == [1, 2, 3, 5]


@pytest.mark.parametrize("word", ["oui", "vrai", "true", "OUI", " Vrai "])
def test_words_for_true(word: str) -> None:
    assert parse_text(word, bool) is True


@pytest.mark.parametrize("word", ["non", "faux", "false", "Non", "FALSE"])
def test_words_for_false(word: str) -> None:
    assert parse_text(word, bool) is False


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(defaults=st.dictionaries(NAMES, VALUES))
def test_any_defaults_read_back_the_same(tmp_path: Path, defaults: dict[str, Any]) -> None:
    source = "\n".join(f"{name} = {value!r}" for name, value in defaults.items())
    declared = declared_parameters(with_cell(tmp_path, source))
    read = [(one.name, one.type, repr(one.default), one.line) for one in declared.values()]
    assert read == [
        (name, type(value), repr(value), line)
        for line, (name, value) in enumerate(defaults.items(), start=1)
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(values=st.dictionaries(NAMES, VALUES, min_size=1))
def test_a_run_sees_what_was_settled(tmp_path: Path, values: dict[str, Any]) -> None:
    source = "\n".join(f"{name}: {type(value).__name__}" for name, value in values.items())
    path = with_cell(tmp_path, source)
    settled = settle_parameters(path, values, list(values))
    # As texts: 1, 1.0 and True are equal, but are not the same value to a notebook.
    assert repr(seen_by_a_run(path, settled)) == repr(settled) == repr(values)


def test_a_run_sees_texts_of_a_command_line_with_their_types(tmp_path: Path) -> None:
    path = with_cell(tmp_path, CELL)
    texts = {"service": '« L\'"équipe" »\\n', "n": "3", "ratio": "2,25", "all_of_it": "non"}
    assert seen_by_a_run(path, settle_parameters(path, texts)) == {
        "campaign": "demo",
        "facility": "",
        "service": '« L\'"équipe" »\\n',
        "n": 3,
        "ratio": 2.25,
        "all_of_it": False,
    }
