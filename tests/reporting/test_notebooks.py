"""Notebooks stay thin: parameters, calls and prose."""

import ast
import datetime
import importlib

import nbformat
import papermill
import pytest

from qgdr_eval.press.pages import COMPARISON_NOTEBOOK, SERVICE_NOTEBOOKS
from qgdr_eval.press.plan import SET_BY_THE_PRESS
from qgdr_eval.reporting.given import unknown_names
from qgdr_eval.reporting.page.fragment import day_in_full
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
OF_A_SERVICE = ["campaign", "facility", "service", "report_date"]
TOUR = "00_prise_en_main.ipynb"  # a first walk through the kit: no page comes of it
ENTRY = "05_saisie.ipynb"  # answers are entered there: no page either
OF_ENTRY = ["campaign", "records", "sample", "seed", "reader", "paper"]
PARAMETERS = {
    "10_autoevaluation.ipynb": OF_A_SERVICE,
    "15_atelier.ipynb": OF_A_SERVICE,
    "20_service.ipynb": OF_A_SERVICE,
    "21_service_facile.ipynb": OF_A_SERVICE,
    "25_soi_et_equipe.ipynb": ["own", "team", "facility", "service", "report_date"],
    "30_audit_epp.ipynb": [*OF_A_SERVICE, "target", "records", "sample", "seed", "grid"],
    "35_tableau_de_bord.ipynb": ["indicators", "facility", "pole", "national", "report_date"],
    "40_comparaison.ipynb": ["campaign", "report_date"],
    "41_etablissement.ipynb": ["campaign", "facility", "report_date"],
    "42_type_de_service.ipynb": ["campaign", "kind", "report_date"],
    "45_region.ipynb": ["source", "report_date"],
    "46_etablissement_region.ipynb": ["source", "facility", "report_date"],
    "50_plan_actions.ipynb": ["plan", "facility", "pole", "service", "campaign", "earlier",
                              "report_date", "save"],
    "60_synthese.ipynb": ["programme", "facility", "results", "report_date"],
}  # fmt: skip
WRITES = {"30_audit_epp.ipynb": "grid", "50_plan_actions.ipynb": "save"}
LINES = 5  # at most in a cell, but for the list of parameters


def read(path):
    return nbformat.read(path, as_version=4)


def code_of(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def tags_of(cell):
    return cell.metadata.get("tags", [])


def parameters_of(name):
    """What the one cell of parameters assigns, by name."""
    (cell,) = (one for one in code_of(shipped("notebooks") / name) if "parameters" in tags_of(one))
    body = ast.parse(cell.source).body
    assert all(isinstance(node, ast.Assign) for node in body)
    return {node.targets[0].id: ast.literal_eval(node.value) for node in body}


def test_every_notebook_is_checked_here():
    assert {path.name for path in NOTEBOOKS} == {TOUR, ENTRY, *PARAMETERS}
    assert set(FACES) == set(PARAMETERS)


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
        assert len(cell.source.splitlines()) <= LINES or "parameters" in tags_of(cell)
        assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, WORK)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_what_a_cell_calls_is_there(path):
    """Each ``section.call`` of a module imported from the kit, without running anything."""
    trees = [ast.parse(cell.source) for cell in code_of(path)]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    imported = {
        alias.name: importlib.import_module(node.module)
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    modules = {name: getattr(module, name, None) for name, module in imported.items()}
    modules = {
        name: found or importlib.import_module(f"{imported[name].__name__}.{name}")
        for name, found in modules.items()
    }
    called = [
        (node.value.id, node.attr)
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    ]
    absent = [
        call for call in called if call[0] in modules and not hasattr(modules[call[0]], call[1])
    ]
    assert modules
    assert absent == []


FACES = {
    "10_autoevaluation.ipynb": "position",
    "15_atelier.ipynb": "minutes",
    "20_service.ipynb": "team",
    "21_service_facile.ipynb": "plain",
    "25_soi_et_equipe.ipynb": "self_and_team",
    "30_audit_epp.ipynb": "audit",
    "35_tableau_de_bord.ipynb": "dashboard",
    "40_comparaison.ipynb": "side_by_side",
    "41_etablissement.ipynb": "one_facility",
    "42_type_de_service.ipynb": "one_kind",
    "45_region.ipynb": "region",
    "46_etablissement_region.ipynb": "in_region",
    "50_plan_actions.ipynb": "action_plan",
    "60_synthese.ipynb": "synthesis",
}


@pytest.mark.parametrize(("name", "page"), FACES.items())
def test_a_notebook_calls_the_sections_of_its_page_in_their_order(name, page):
    """The face of a page's folder is its table of contents."""
    trees = [ast.parse(cell.source) for cell in code_of(shipped("notebooks") / name)]
    called = [
        node.func.attr
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == page
    ]
    face = importlib.import_module(f"qgdr_eval.reporting.{page}")
    assert list(dict.fromkeys(called)) == face.__all__


@pytest.mark.parametrize(("name", "expected"), [*PARAMETERS.items(), (ENTRY, OF_ENTRY)])
def test_parameters_are_plain_texts_and_numbers_in_one_tagged_cell(name, expected):
    values = parameters_of(name)
    assert list(values) == expected
    assert {type(value) for value in values.values()} <= {str, int, float}


@pytest.mark.parametrize("name", [*dict.fromkeys(SERVICE_NOTEBOOKS.values()), COMPARISON_NOTEBOOK])
def test_what_the_press_sets_is_a_text(name):
    values = parameters_of(name)
    ours = [key for key in SET_BY_THE_PRESS if key in values]
    assert {"campaign", "report_date"} <= set(ours)
    assert all(isinstance(values[key], str) for key in ours)
    assert (set(SET_BY_THE_PRESS) <= set(values)) == (name != COMPARISON_NOTEBOOK)


@pytest.mark.parametrize(("name", "parameter"), WRITES.items())
def test_a_notebook_writes_no_file_unless_it_is_named(name, parameter):
    assert parameters_of(name)[parameter] == ""


@pytest.mark.parametrize("name", [ENTRY, "15_atelier.ipynb"])
def test_what_keeps_answers_as_it_stands_writes_nothing_in_the_folder(name, tmp_path):
    options = {"engine_name": "qgdr", "progress_bar": False, "cwd": tmp_path}
    papermill.execute_notebook(shipped("notebooks") / name, None, **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [one for one in PARAMETERS if one not in ("25_soi_et_equipe.ipynb", COMPARISON_NOTEBOOK)],
)
def test_a_page_says_what_it_cannot_conclude(name):
    sources = [cell.source for cell in code_of(shipped("notebooks") / name)]
    assert sum(".limits(report)" in source for source in sources) == 1


@pytest.mark.parametrize("name", PARAMETERS)
def test_instructions_are_told_apart_from_the_page(name):
    cells = read(shipped("notebooks") / name).cells
    assert all("consigne" in tags_of(cell) for cell in cells if cell.cell_type == "markdown")
    for tag in ("masthead", "provenance"):
        assert sum(tag in tags_of(cell) for cell in cells) == 1


# A notebook run by hand, with papermill


MISNAMED = {"25_soi_et_equipe.ipynb": "ownn", "35_tableau_de_bord.ipynb": "indicateurs",
            "50_plan_actions.ipynb": "plans", "60_synthese.ipynb": "programe"}  # fmt: skip


@pytest.mark.parametrize("name", [ENTRY, *PARAMETERS])
def test_a_value_given_under_an_unknown_name_makes_no_page(name, tmp_path):
    """Not the demonstration in the place of one's own: papermill only warns."""
    given = MISNAMED.get(name, "campagne")
    page = tmp_path / "page.ipynb"
    with pytest.raises(papermill.PapermillExecutionError) as failed:
        papermill.execute_notebook(
            shipped("notebooks") / name, page, {given: "la-mienne.yml"},
            engine_name="qgdr", progress_bar=False, log_output=False,
        )  # fmt: skip
    told = failed.value.evalue.replace("\u202f", " ")
    assert f"papermill, paramètre « {given} » : paramètre inconnu de ce carnet" in told
    shown = [output for cell in read(page).cells for output in cell.get("outputs", [])]
    assert not [output for output in shown if "data" in output and "masthead" in str(output.data)]


def test_a_kernel_is_told_the_same_with_the_nearest_name(tmp_path):
    with pytest.raises(papermill.PapermillExecutionError) as failed:
        papermill.execute_notebook(
            shipped("notebooks") / "40_comparaison.ipynb", tmp_path / "page.ipynb",
            {"campagn": "la-mienne.yml", "report_date": "2026-03-31"}, progress_bar=False,
        )  # fmt: skip
    told = failed.value.evalue.replace("\u202f", " ")
    assert "vouliez-vous dire « campaign » ?" in told
    assert "report_date »" not in told


def test_what_a_person_assigns_while_reading_is_their_own():
    """Cells before the one papermill adds declare; those after it are nobody's parameters."""
    cells = ["", "campaign = 'demo'\nn: int = 3", "%matplotlib inline", "# Parameters\nn = 4\n",
             "mine = 5", "# Parameters\nother = 1"]  # fmt: skip
    assert list(unknown_names(cells)) == []
    assert list(unknown_names(["# un mot\nmine = 1"])) == []


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_page_bears_today_unless_another_day_is_given(name):
    assert parameters_of(name)["report_date"] == ""


def test_a_page_without_a_day_bears_today(monkeypatch):
    class Today(datetime.date):
        @classmethod
        def today(cls):
            return cls(2027, 1, 1)

    monkeypatch.setattr("qgdr_eval.reporting.page.fragment.datetime.date", Today)
    assert day_in_full("") == "1er janvier 2027"
    assert day_in_full("2026-03-31") == "31 mars 2026"
