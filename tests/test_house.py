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
