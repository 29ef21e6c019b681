"""Notebooks stay thin: parameters, calls and prose."""

import ast

import nbformat
import pytest

from qgdr_eval.shipped import shipped

NOTEBOOKS = sorted(shipped("notebooks").glob("*.ipynb"))
WORK = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.While,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.If,
    ast.Try,
    ast.With,
)
PARAMETERS = {
    "20_service.ipynb": ["campaign", "facility", "service", "report_date"],
    "40_comparaison.ipynb": ["campaign", "report_date"],
}


def read(path):
    return nbformat.read(path, as_version=4)


def code_of(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def tags_of(cell):
    return cell.metadata.get("tags", [])


def test_there_are_three():
    assert [path.name[:2] for path in NOTEBOOKS] == ["00", "20", "40"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_valid_and_carries_no_result(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    assert all(not cell.outputs and cell.execution_count is None for cell in code_of(path))
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_cell_calls_and_does_not_work(path):
    for cell in code_of(path):
        assert len(cell.source.splitlines()) <= 5
        assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, WORK)]


@pytest.mark.parametrize(("name", "expected"), PARAMETERS.items())
def test_parameters_are_plain_texts_in_one_tagged_cell(name, expected):
    cells = [cell for cell in code_of(shipped("notebooks") / name) if "parameters" in tags_of(cell)]
    (cell,) = cells
    assigned = [node for node in ast.parse(cell.source).body if isinstance(node, ast.Assign)]
    assert [node.targets[0].id for node in assigned] == expected
    assert all(isinstance(node.value.value, str) for node in assigned)


@pytest.mark.parametrize("name", PARAMETERS)
def test_instructions_are_told_apart_from_the_page(name):
    cells = read(shipped("notebooks") / name).cells
    assert all("consigne" in tags_of(cell) for cell in cells if cell.cell_type == "markdown")
    for tag in ("masthead", "provenance"):
        assert sum(tag in tags_of(cell) for cell in cells) == 1
