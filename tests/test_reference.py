"""The reference is made of docstrings: every public name says what it is, and shows it."""

import ast
import importlib
import inspect
import pkgutil
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import qgdr_eval

ROWS = "qgdr_eval.frames"  # its names are columns and words: docs/frames.md shows them
FACES = [
    one.name
    for one in pkgutil.walk_packages(qgdr_eval.__path__, "qgdr_eval.")
    if one.ispkg and one.name != ROWS
]


def body(module: ModuleType) -> list[ast.stmt]:
    return ast.parse(Path(str(module.__file__)).read_text("utf-8")).body


def shown(value: Any) -> bool:
    """Whether its own docstring has an example, where doctests look for it: under its ``def``."""
    text = vars(value).get("__doc__") if inspect.isclass(value) else inspect.getdoc(value)
    written = body(importlib.import_module(value.__module__))
    defined = [one.name for one in written if isinstance(one, ast.FunctionDef | ast.ClassDef)]
    return ">>> " in (text or "") and value.__name__ in defined


def home_of(constant: str, face: ModuleType) -> ModuleType:
    """The module that a face takes a constant from, itself when it makes it."""
    sources = [
        importlib.import_module(str(node.module))
        for node in body(face)
        if isinstance(node, ast.ImportFrom) and constant in {one.name for one in node.names}
    ]
    return sources[0] if sources else face


def described(module: ModuleType) -> set[str]:
    """The constants of a module that have a text under their assignment."""
    return {
        name.id
        for assigned, text in pairwise(body(module))
        if isinstance(assigned, ast.Assign | ast.AnnAssign)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
        for name in ast.walk(assigned)
        if isinstance(name, ast.Name)
    }


@pytest.mark.parametrize("name", FACES)
def test_every_public_name_says_what_it_is_and_shows_it(name: str) -> None:
    """A function or a class by an example that runs, a constant by a text under it."""
    face = importlib.import_module(name)
    values = {public: getattr(face, public) for public in getattr(face, "__all__", ())}
    unsaid = [
        public
        for public, value in values.items()
        if not (shown(value) if callable(value) else public in described(home_of(public, face)))
    ]
    assert not unsaid


def test_every_row_says_what_has_one_and_every_list_of_words_what_it_is_of() -> None:
    face = importlib.import_module(ROWS)
    values = {public: getattr(face, public) for public in face.__all__}
    rows = {name: value for name, value in values.items() if inspect.isclass(value)}
    assert [name for name, value in rows.items() if not (vars(value).get("__doc__") or "")] == []
    per = [name for name, value in rows.items() if hasattr(value, "_fields")]
    assert [name for name in per if ": one row per " not in rows[name].__doc__] == []
    assert [
        name for name in values.keys() - rows if name not in described(home_of(name, face))
    ] == []
