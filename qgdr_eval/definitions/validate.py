"""From a YAML document to a model, or to the list of everything that is wrong with it."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from pydantic import ValidationError

from qgdr_eval.definitions.model import Strict
from qgdr_eval.definitions.source import Document, Path_, cut, place
from qgdr_eval.french import did_you_mean, listed, quote
from qgdr_eval.problems import Problem, refuse_errors

Model = TypeVar("Model", bound=Strict)
Details = Mapping[str, Any]
Wording = tuple[str, str]  # what, cure

ONE_VALUE = (
    "une seule valeur est attendue ici",
    "écrivez-la sans liste ni clés, entre guillemets si elle contient « [ » ou « { »",
)
KEYS = ("une suite de clés est attendue ici", "écrivez « clé: valeur »")
A_LIST = ("une liste est attendue ici", "mettez chaque élément à la ligne, après « - »")

ONE_VALUE_KINDS = {"literal_error", "int_type", "float_type", "bool_type"}

# One entry per pydantic error type: what the reader sees and how to mend it.
WORDINGS: dict[str, Callable[[Any, Details], Wording]] = {
    "string_type": lambda given, ctx: ONE_VALUE,
    "dict_type": lambda given, ctx: KEYS,
    "model_type": lambda given, ctx: KEYS,
    "tuple_type": lambda given, ctx: A_LIST,
    "int_parsing": lambda given, ctx: _not_a("un nombre entier", given, "écrivez un entier"),
    "int_parsing_size": lambda given, ctx: _not_a("un code", given, "écrivez un petit entier"),
    "float_parsing": lambda given, ctx: _not_a(
        "un nombre", given,
        "écrivez un nombre, avec un point pour les décimales : 0.5"),
    "finite_number": lambda given, ctx: _not_a("un nombre", given, "écrivez un nombre"),
    "bool_parsing": lambda given, ctx: (
        f"{_shown(given)} n'est ni true ni false", "écrivez true ou false"),
    "literal_error": lambda given, ctx: (
        f"valeur {_shown(given)} non admise", f"choisissez parmi : {_choices(ctx['expected'])}"),
    "greater_than_equal": lambda given, ctx: (
        f"{_shown(given)} est trop petit", f"écrivez au moins {ctx['ge']:g}"),
    "less_than_equal": lambda given, ctx: (
        f"{_shown(given)} est trop grand", f"écrivez au plus {ctx['le']:g}"),
    "too_short": lambda given, ctx: (
        "liste trop courte", f"donnez au moins {_elements(ctx['min_length'])}"),
    "too_long": lambda given, ctx: (
        "liste trop longue", f"donnez au plus {_elements(ctx['max_length'])}"),
    "string_too_short": lambda given, ctx: ("texte vide", "écrivez ce texte"),
    "string_too_long": lambda given, ctx: (
        "texte trop long", f"écrivez {ctx['max_length']} caractères au plus"),
    "string_pattern_mismatch": lambda given, ctx: _misshapen(str(given), ctx["pattern"]),
    "value_error": lambda given, ctx: _own_wording(given, str(ctx["error"])),
}
SHAPES = {
    r"^[a-z][a-z0-9_]{0,63}$":
        "écrivez une lettre minuscule, puis minuscules sans accent, chiffres ou « _ » (64 au plus)",
    r"^[A-Za-z][A-Za-z0-9_.\-]{0,31}$":
        "écrivez une lettre, puis lettres sans accent, chiffres, « _ . - » (32 au plus)",
    r"^[0-9]+\.[0-9]+\.[0-9]+$": "écrivez trois nombres séparés par des points, par exemple 1.0.0",
    r"^[a-z]{2}$": "écrivez deux lettres minuscules, par exemple fr",
}
INVISIBLE = {
    "U+0020": "espace", "U+00A0": "espace insécable", "U+202F": "espace fine insécable",
    "U+200B": "espace de largeur nulle", "U+00AD": "trait d'union conditionnel",
    "U+FEFF": "marque d'ordre des octets", "U+0009": "tabulation", "U+000A": "retour à la ligne",
}


def validate(
    document: Document,
    model: type[Model],
    check: Callable[[Document], list[Problem]] = lambda document: [],
) -> Model:
    """Build ``model`` from a document, with the cross checks of ``check`` run in any case.

    A place where a cross check has spoken keeps that message only: it says more than the shape.

    Raises:
        Refused: with every problem found, by line: duplicate keys, shape, cross checks.
    """
    problems = list(document.problems) + check(document)
    try:
        valid = model.model_validate(document.values)
    except ValidationError as error:
        told = {(problem.line, problem.place) for problem in problems}
        shape = [_problem(one, document, model) for one in _causes(error.errors())]
        problems += [problem for problem in shape if (problem.line, problem.place) not in told]
    refuse_errors(sorted(problems, key=lambda problem: problem.line or 0))
    return valid


def _causes(errors: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Drop « list too short » when the list is short only because its elements are wrong."""
    paths = [error["loc"] for error in errors]
    return [
        error for error in errors
        if error["type"] != "too_short"
        or not any(path[: len(error["loc"])] == error["loc"] != path for path in paths)
    ]


def _problem(error: Mapping[str, Any], document: Document, model: type[Strict]) -> Problem:
    path = tuple(step for step in error["loc"] if step != "[key]")
    kind, given = error["type"], error["input"]
    if kind == "missing":
        what, cure = _absent(path, document)
    elif kind == "extra_forbidden":
        cure = did_you_mean(str(path[-1]), _known_keys(model, path))
        what, cure = "clé inconnue", cure.replace("valeurs admises", "clés admises")
    elif isinstance(given, list | dict) and kind in ONE_VALUE_KINDS:
        what, cure = ONE_VALUE
    else:
        what, cure = WORDINGS.get(kind, _any_other)(given, error.get("ctx", {}))
    return document.problem(path, place(path), what, cure)


def _absent(path: Path_, document: Document) -> Wording:
    if path in document.lines:
        return "clé obligatoire sans valeur", "écrivez sa valeur après « : »"
    return "clé obligatoire absente", f"ajoutez « {path[-1]}: … »"


def _any_other(given: Any, ctx: Details) -> Wording:
    return "valeur non admise", "comparez avec un exemple fourni"


def _known_keys(model: type[Strict], path: Path_) -> list[str]:
    """The keys admitted beside the last step of ``path``, followed through the JSON Schema."""
    schema = _schema(model)
    nodes = _branches(schema, schema)
    for step in path[:-1]:
        nodes = [branch for node in nodes for branch in _branches(_inside(node, step), schema)]
    return [key for node in nodes for key in node.get("properties", {})]


@cache
def _schema(model: type[Strict]) -> Any:
    return model.model_json_schema()


def _inside(node: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return node.get("items", {})
    if step in node.get("properties", {}):
        return node["properties"][step]
    free = node.get("patternProperties", {"": node.get("additionalProperties")})
    return next(iter(free.values())) or {}


def _branches(node: Any, schema: Any) -> list[Any]:
    """A schema node with its reference followed and its alternatives told apart."""
    if "$ref" in node:
        return _branches(schema["$defs"][node["$ref"].rsplit("/", 1)[-1]], schema)
    if "anyOf" in node:
        return [branch for option in node["anyOf"] for branch in _branches(option, schema)]
    return [node]


def _not_a(kind: str, given: Any, cure: str) -> Wording:
    return f"{_shown(given)} n'est pas {kind}", cure


def _shown(given: Any) -> str:
    return quote(cut(str(given)))


def _choices(expected: str) -> str:
    """Pydantic's « 'a', 'b' or 'c' » as French writes it."""
    return listed((f"« {word} »" for word in re.findall(r"'(.*?)'", expected)), "ou")


def _elements(n: int) -> str:
    return "un élément" if n == 1 else f"{n} éléments"


def _misshapen(given: str, pattern: str) -> Wording:
    """A letter of another alphabet looks right: only its name shows what is wrong."""
    cure = SHAPES.get(pattern, "comparez avec un exemple fourni")
    foreign = next((c for c in given if c.isalnum() and not c.isascii()), None)
    if foreign is None:
        return f"{_shown(given)} n'a pas la forme attendue", cure
    if unicodedata.name(foreign, "").startswith("LATIN"):
        return f"{_shown(given)} contient {quote(foreign)}, une lettre accentuée", cure
    return (f"{_shown(given)} contient {quote(foreign)} (U+{ord(foreign):04X}), d'un autre alphabet",
            f"retapez ce mot au clavier : {cure}")


def _own_wording(given: Any, message: str) -> Wording:
    """Validators of ours raise « what:cure »; what may quote a colon of the file, cure has none."""
    what, _, cure = message.rpartition(":")
    if what == "invisible":
        return _invisible(str(given), cure.split(", "))
    return (what, cure.strip()) if what else (message, "corrigez la valeur")


def _invisible(given: str, points: Sequence[str]) -> Wording:
    named = listed(f"{INVISIBLE.get(point, 'caractère invisible')} ({point})" for point in points)
    if list(points) == ["U+0020"]:
        return f"{_shown(given)} contient une espace", "retirez-la ou mettez « _ » à sa place"
    return (f"{_shown(given)} contient un caractère qui ne se voit pas : {named}",
            "effacez ce code et retapez-le au clavier, sans le copier")
