"""From a YAML document to a model, or to the list of everything that is wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from pydantic import ValidationError

from qgdr_eval.definitions.model import Strict
from qgdr_eval.definitions.source import Document, Path_, place
from qgdr_eval.definitions.wording import wording
from qgdr_eval.french import did_you_mean
from qgdr_eval.problems import Problem, refuse_errors

Model = TypeVar("Model", bound=Strict)


def validate(
    document: Document,
    model: type[Model],
    check: Callable[[Document], list[Problem]] = lambda document: [],
) -> Model:
    """Build ``model`` from a document, with the cross checks of ``check`` run in any case.

    A place where a cross check has spoken keeps that message only: it says more than the shape.

    >>> from qgdr_eval.definitions import parse_document
    >>> class Room(Strict):
    ...     name: str
    >>> validate(parse_document("name: Bloc", "lieu.yml"), Room).name
    'Bloc'

    Raises:
        Refused: with every problem found, by line: duplicate keys, shape, cross checks.
    """
    problems = list(document.problems) + check(document)
    try:
        valid = model.model_validate(document.values)
    except ValidationError as error:
        spoken = {(problem.line, problem.place) for problem in problems}
        shape = [_problem(cause, document, model) for cause in _causes(error.errors())]
        problems += [problem for problem in shape if (problem.line, problem.place) not in spoken]
    refuse_errors(sorted(problems, key=lambda problem: problem.line or 0))
    return valid


def _causes(errors: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Drop « list too short » when the list is short only because its elements are wrong."""
    paths = [error["loc"] for error in errors]
    return [
        error
        for error in errors
        if error["type"] != "too_short"
        or not any(path[: len(error["loc"])] == error["loc"] != path for path in paths)
    ]


def _problem(error: Mapping[str, Any], document: Document, model: type[Strict]) -> Problem:
    path = tuple(step for step in error["loc"] if step != "[key]")
    kind = error["type"]
    if kind == "missing":
        return absent_key(path, document)
    elif kind == "extra_forbidden":
        cure = did_you_mean(str(path[-1]), _known_keys(model, path))
        what, cure = "clé inconnue", cure.replace("valeurs admises", "clés admises")
    else:
        what, cure = wording(kind, error["input"], error.get("ctx", {}))
    return document.problem(path, place(path), what, cure)


def absent_key(path: Path_, document: Document) -> Problem:
    """The problem of a key that must be there and is not, or has no value.

    >>> absent_key(("id",), Document("essai.yml", values={})).what
    'clé obligatoire absente'
    """
    what, cure = "clé obligatoire absente", f"ajoutez « {path[-1]}: … »"
    if path in document.lines:
        what, cure = "clé obligatoire sans valeur", "écrivez sa valeur après « : »"
    return document.problem(path, place(path), what, cure)


def _known_keys(model: type[Strict], path: Path_) -> list[str]:
    """The keys admitted beside the last step of ``path``, followed through the JSON Schema."""
    schema = _schema(model)
    nodes = _branches(schema, schema)
    for step in path[:-1]:
        nodes = [branch for node in nodes for branch in _branches(_inside(node, step), schema)]
    return [key for node in nodes for key in node.get("properties", {})]


@cache
def _schema(model: type[Strict]) -> object:
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
