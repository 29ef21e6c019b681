"""Commands quoted anywhere: what a reader copies is understood by the command line itself."""

import ast
import re
import shlex
from contextlib import suppress
from pathlib import Path

import click
import pytest

from qgdr_eval.cli import cli

ROOT = Path(__file__).parents[1]
GIVEN = "a=1"  # what stands for a value: a name, a path, or a pair
QUOTED = re.compile(r"(?<![\"\w-])(?:a=1)?qgdr ([a-z]+)([^»`\n]*)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+\b")


def texts_of_code(path):
    """The texts of a module, whatever is computed in them replaced; its docstrings left out."""
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    inside = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in node.values}
            yield "".join(
                part.value if isinstance(part, ast.Constant) else GIVEN for part in node.values
            )
        elif isinstance(node, ast.Constant) and id(node) not in docstrings | inside:
            yield str(node.value)


def everything_said():
    """(where, text) of all that the kit and its guides say."""
    for path in sorted((ROOT / "qgdr_eval").rglob("*.py")):
        yield from ((path, text) for text in texts_of_code(path))
    for path in sorted((ROOT / "qgdr_eval").rglob("*.j2")):
        text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", GIVEN, path.read_text("utf-8"))
        yield path, re.sub(r"<[^>]*>", " ", text)
    for path in sorted((ROOT / "docs").rglob("*.md")):
        yield path, path.read_text("utf-8").replace("\\\n", " ")
    for path in sorted((ROOT / "tests" / "definitions").rglob("expected*.txt")):
        yield path, path.read_text("utf-8")


def commands():
    """(where, name, arguments) of each command that is quoted with what it is given."""
    for path, text in everything_said():
        for name, rest in QUOTED.findall(text.replace("\u202f", " ")):
            arguments = re.split(r" ; |, | \| |\s+#|[:)]$", rest)[0].strip()
            if arguments and not arguments.startswith(("'", ",", ".", ")", "(")):
                yield path.relative_to(ROOT).as_posix(), name, arguments


COMMANDS = sorted(set(commands()))


@pytest.mark.parametrize(("where", "name", "arguments"), COMMANDS)
def test_a_command_that_is_quoted_is_one_that_can_be_pasted(where, name, arguments):
    assert name in cli.commands, f"{where}: qgdr {name}"
    with suppress(click.exceptions.Exit):  # of « --help »
        cli.commands[name].make_context(name, shlex.split(arguments))


def test_every_option_that_is_named_exists():
    known = {option for one in cli.commands.values() for part in one.params for option in part.opts}
    named = {
        (path.name, option)
        for path, text in everything_said()
        if path.suffix == ".py" and "asking" in path.parts
        for option in OPTION.findall(text)
    }
    assert len(named) > 20
    assert {one for one in named if one[1] not in known} == set()
