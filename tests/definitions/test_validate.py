"""From a document to a model: every problem at once, each at its place, in words."""

from typing import Annotated, Literal

import pytest
from pydantic import Field

from qgdr_eval.definitions import Document, Strict, parse_document, place, validate
from qgdr_eval.problems import Problem, Refused


class Leaf(Strict):
    name: Annotated[str, Field(min_length=1, max_length=5)]
    size: Annotated[int, Field(ge=1, le=9)] = 1
    kind: Literal["a", "b"] = "a"
    open: bool = False
    share: Annotated[float, Field(ge=0, le=1)] = 0.5


class Tree(Strict):
    leaf: Leaf | None = None
    leaves: tuple[Leaf, ...] = ()
    named: dict[str, Leaf] = {}


def told(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(Refused) as refused:
        validate(parse_document(text, "x"), Tree)
    found = [(one.place, one.what, one.cure) for one in refused.value.problems]
    return [
        tuple(word.replace("\u202f", " ").replace("\u00a0", " ") for word in one) for one in found
    ]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ((), ""),
        (("title",), "title"),
        (("items", 0), "items n° 1"),
        (("items", 3, "code"), "items n° 4 › code"),
        (("answers", 1, "lines", 0), "answers n° 2 › lines n° 1"),
        (("labels", "x" * 99), "labels › " + "x" * 60 + "…"),
    ],
)
def test_places_read_from_the_outside_in(path: tuple[str | int, ...], words: str) -> None:
    assert place(path).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("leaf", "what", "cure"),
    [
        ("{name: n, size: 0}", "« 0 » est trop petit", "écrivez au moins 1"),
        ("{name: n, size: 12}", "« 12 » est trop grand", "écrivez au plus 9"),
        ("{name: n, size: 1.5}", "« 1.5 » n'est pas un nombre entier", "écrivez un entier"),
        (
            "{name: n, size: [1]}",
            "une seule valeur est attendue ici",
            "écrivez-la sans liste ni clés, entre guillemets si elle contient « [ » ou « { »",
        ),
        ("{name: n, kind: c}", "valeur « c » non admise", "choisissez parmi : « a » ou « b »"),
        ("{name: n, open: vrai}", "« vrai » n'est ni true ni false", "écrivez true ou false"),
        (
            "{name: n, share: '0,5'}",
            "« 0,5 » n'est pas un nombre",
            "écrivez un nombre, avec un point pour les décimales : 0.5",
        ),
        ("{name: n, share: nan}", "« nan » n'est pas un nombre", "écrivez un nombre"),
        ("{name: abcdef}", "texte trop long", "écrivez 5 caractères au plus"),
        ("{name: ' '}", "texte vide", "écrivez ce texte"),
        (
            "{name: {a: b}}",
            "une seule valeur est attendue ici",
            "écrivez-la sans liste ni clés, entre guillemets si elle contient « [ » ou « { »",
        ),
        ("{size: 1}", "clé obligatoire absente", "ajoutez « name: … »"),
        ("{name: , size: 1}", "clé obligatoire sans valeur", "écrivez sa valeur après « : »"),
        ("{name: n, nmae: m}", "clé inconnue", "vouliez-vous dire « name » ?"),
        ("{name: n, z: m}", "clé inconnue", "clés admises : name, size, kind, open, share"),
        ("grand", "une suite de clés est attendue ici", "écrivez « clé: valeur »"),
    ],
)
@pytest.mark.parametrize("where", ["leaf: {}", "leaves: [{}]", "named: {{x: {}}}"])
def test_wordings_are_the_same_at_every_depth(where: str, leaf: str, what: str, cure: str) -> None:
    assert [problem[1:] for problem in told(where.format(leaf))] == [(what, cure)]


def test_a_long_value_is_cut_in_messages() -> None:
    ((_, what, _),) = told(f"leaf: {{name: n, size: {'9' * 5000}}}")
    assert len(what) < 120


def test_numbers_and_booleans_are_read_from_text() -> None:
    document = parse_document("leaf: {name: n, size: '3', open: yes, share: 1}", "x")
    assert validate(document, Tree).leaf == Leaf(name="n", size=3, open=True, share=1.0)


def test_a_cross_check_speaks_in_place_of_the_shape_and_with_the_others() -> None:
    def check(document: Document) -> list[Problem]:
        path = ("leaf", "size")
        return [document.problem(path, place(path), "dit mieux", "faites ainsi")]

    text = "leaf:\n  size: x\n  name: n\n  open: z\nleaf: {}\n"
    with pytest.raises(Refused) as refused:
        validate(parse_document(text, "x"), Tree, check)
    found = [(one.line, one.place, one.what) for one in refused.value.problems]
    assert found == [
        (2, "leaf › size", "dit mieux"),
        (4, "leaf › open", "«\u202fz\u202f» n'est ni true ni false"),
        (5, "leaf", "clé déjà donnée à la ligne 1"),
    ]


def test_warnings_alone_do_not_refuse() -> None:
    warning = Problem("x", 1, "", "à revoir", "revoyez", "warning")
    assert validate(parse_document("leaves: []", "x"), Tree, lambda document: [warning]) == Tree()
