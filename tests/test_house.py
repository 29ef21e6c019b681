"""Where things stand: who may read what is invented, what a page's folder holds."""

import ast
import re
from pathlib import Path

import pytest

from qgdr_eval.shipped import PACKAGE

ENTRANCES = {
    "campaigns/results.py",
    "region/demo.py",
    "reporting/action_plan/report.py",
    "reporting/dashboard/report.py",
    "reporting/position/sections.py",
    "reporting/synthesis/report.py",
    "starting.py",
    "workshop/widget.py",
}
PAGES = sorted(path.parent for path in (PACKAGE / "reporting").glob("*/sections.py"))


def imported(path: Path) -> set[str]:
    """The modules a file imports, anywhere in it."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}


def test_what_is_invented_is_read_by_its_entrances_only():
    inside = PACKAGE / "fictitious"
    readers = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if inside not in path.parents
        and any(name.startswith("qgdr_eval.fictitious") for name in imported(path))
    }
    assert readers == ENTRANCES


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_asks_for_the_templates_of_its_folder_or_of_those_all_pages_share(page):
    asked = {
        node.args[0].value
        for path in page.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "render"
        and isinstance(node.args[0], ast.Constant)
    }
    own = {f"{page.name}/{path.name.removesuffix('.html.j2')}" for path in page.glob("*.j2")}
    shared = {one for one in asked if one.startswith("page/")}
    assert asked - shared == own


def test_few_values_have_a_type_that_says_nothing():
    lines = [line for path in PACKAGE.rglob("*.py") for line in path.read_text("utf-8").split("\n")]
    said_nothing = sum(bool(re.search(r"\bAny\b", line)) for line in lines)
    functions = sum(bool(re.match(r"\s*(async )?def ", line)) for line in lines)
    assert 100 * said_nothing / functions < 8


WHOLE = {"ServiceReport", "ServiceResults", "CampaignReport"}
"""What a page is made of, all at once."""


def whole_reports(path: Path) -> int:
    """How many functions of a file take a whole report, by the annotation of a parameter."""
    functions = [
        node for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]  # fmt: skip
    return sum(any(map(_is_whole, ast.walk(one.args))) for one in functions)


def _is_whole(node: ast.AST) -> bool:
    """Whether a node of an annotation names a whole report, as a name or in a string."""
    text = node.id if isinstance(node, ast.Name) else getattr(node, "value", None)
    return isinstance(text, str) and bool(WHOLE & set(re.findall(r"\w+", text)))


def test_functions_that_take_a_whole_report_do_not_become_more():
    """Fewer is better: under a hundred. What a function needs is a part of it."""
    found = sum(map(whole_reports, (PACKAGE / "reporting").rglob("*.py")))
    assert found < 100
