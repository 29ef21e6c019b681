"""YAML as people type it: texts kept to the letter, lines known, mistakes of form told plainly."""

from pathlib import Path

import pytest
import yaml

from qgdr_eval.definitions import Document, parse_document
from qgdr_eval.definitions.source import DEEPEST
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.shipped import shipped

SEVERAL = "le fichier contient plusieurs documents YAML (« --- » ou « ... »)"

TESTS = Path(__file__).parent.parent
FILES = sorted({*shipped("questionnaires").rglob("*.yml"), *TESTS.rglob("*.yml")})


def refusal(text: str) -> tuple[int | None, str]:
    with pytest.raises(Refused) as refused:
        parse_document(text, "essai.yml")
    (problem,) = refused.value.problems
    return problem.line, problem.what.replace("\u202f", " ")


@pytest.mark.parametrize(
    "scalar",
    [
        "NO",
        "non",
        "yes",
        "on",
        "010",
        "0x1F",
        "12:30",
        "1_000",
        "1e3",
        "2026-03-01",
        "null",
        "~",
        "3.10",
        "true",
        ".inf",
        "=",
        "<<",
    ],
)
def test_a_scalar_keeps_its_text(scalar: str) -> None:
    document = parse_document(f"a: {scalar}\nb: [{scalar}]\n'{scalar}': c\n", "essai.yml")
    assert document.values == {"a": scalar, "b": [scalar], scalar: "c"}


@pytest.mark.parametrize("tagged", ["!!int 010", "!!binary 010", "!!python/name:os.system 010"])
def test_a_tag_changes_nothing(tagged: str) -> None:
    assert parse_document(f"a: {tagged}", "essai.yml").values == {"a": "010"}


def test_a_key_with_nothing_behind_counts_as_not_given() -> None:
    document = parse_document("a:\nb: ''\nc: # plus tard\n", "essai.yml")
    assert document.values == {"b": ""}
    assert document.line_of(("c",)) == 3


def test_lines_are_those_of_keys_and_elements() -> None:
    text = "# tête\na:\n  - b: 1\n    c:\n      d\n  - {b: 2,\n     c: 3}\n"
    document = parse_document(text, "x")
    lines = {path: document.line_of(path) for path in [(), ("a",), ("a", 0, "c"), ("a", 1, "c")]}
    assert lines == {(): 2, ("a",): 2, ("a", 0, "c"): 4, ("a", 1, "c"): 7}
    assert document.line_of(("a", 1, "absent", 4)) == 6


def test_the_first_of_two_equal_keys_is_kept_and_told() -> None:
    document = parse_document("a: 1\nb: {c: 1, 'c ': 2}\na: 2\n", "x")
    assert document.values == {"a": "1", "b": {"c": "1"}}
    assert [(problem.line, problem.place) for problem in document.problems] == [
        (2, "b › c"),
        (3, "a"),
    ]


@pytest.mark.parametrize("escape", [r"\x07", r"\e[31m", r"\ud800", r"\0", r"\x85"])
def test_control_characters_written_as_escapes(escape: str) -> None:
    document = parse_document(f'a: "b{escape}c"', "x")
    assert bool(document.problems) == (escape != r"\x85")
    assert document.values["a"].encode("utf-8")


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: 1\n\tb: 2\n", 2, "une tabulation sert de retrait"),
        ("a: 1\nb: 'x\nc: y\n", 2, "les guillemets ouverts ici ne sont pas refermés"),
        (
            "a: [1, 2\nb: 3\n",
            1,
            "dans ce qui s'ouvre ici par « { » ou « [ », il manque une "
            "virgule, une fermeture ou des guillemets",
        ),
        ("a: 1\nbcd\ne: 2\n", 2, "la ligne n'est ni une clé ni la suite d'un texte"),
        ("a: b: c\n", 1, "un « : » se trouve là où aucune clé n'est attendue"),
        ("a: {b: 1}}\n", 1, "une accolade se ferme sans s'être ouverte"),
        (
            "a:\n   b: 1\n  c: 2\n",
            3,
            "le retrait de la ligne ne correspond à aucun niveau ouvert au-dessus",
        ),
        ("a: 1\n---\nb: 2\n", 2, SEVERAL),
        ("a: 1\n...\nb: 2\n", 3, SEVERAL),
        ("a: 1\nb: \x07\n", 2, "un caractère de contrôle invisible se trouve dans le fichier"),
        ("a: & co\n", 1, "un texte ne peut pas commencer par « & » sans guillemets"),
        ("a: *co\n", 1, "un renvoi YAML (* ou <<) se trouve ici, ou un texte commence par « * »"),
        ("a: !b!c d\n", 1, "la ligne n'est pas du YAML correct"),
        ('a: "\\U00110000"\n', None, "la ligne n'est pas du YAML correct"),
        ("%YAML " + "1" * 5000 + ".1\n---\na: 1\n", None, "la ligne n'est pas du YAML correct"),
        ("- a\n", None, "le fichier doit être une suite de clés"),
        ("''\n", None, "le fichier doit être une suite de clés"),
        ("# rien\n", None, "le fichier est vide"),
        ("---\n...\n", None, "le fichier est vide"),
    ],
)
def test_syntax_is_told_where_it_is_mended(text: str, line: int | None, what: str) -> None:
    assert refusal(text) == (line, what)


def test_the_readers_own_words_are_not_taken_for_the_parsers() -> None:
    assert refusal('a: "expected <block end>" b\n')[1].startswith("un texte se trouve là où")


def test_depth_is_limited_before_it_costs_anything() -> None:
    assert parse_document("a: " + "[" * (DEEPEST - 2) + "]" * (DEEPEST - 2), "x").values
    assert refusal("a: " + "[" * DEEPEST + "]" * DEEPEST) == (1, "trop de niveaux emboîtés")


def read_or_refused(file: Path) -> Document | tuple[Problem, ...]:
    try:
        return parse_document(file.read_bytes().decode("utf-8-sig", "replace"), file.name)
    except Refused as refused:
        return refused.problems


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_with_and_without_libyaml_a_file_reads_alike(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read_or_refused(file)
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    assert read_or_refused(file) == first


def test_a_tabulation_behind_a_value_is_no_indentation() -> None:
    assert parse_document("a: 1\t\nb:\t2\t# fin\n", "x").values == {"a": "1", "b": "2"}
    assert refusal("a:\n\tb: 1\n") == (2, "une tabulation sert de retrait")
