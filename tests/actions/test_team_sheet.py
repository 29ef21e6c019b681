"""A plan saved into the workbook its team works in: what is not ours stays as it was."""

import datetime
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from qgdr_eval.actions import Plan, edit_action, make_actions, read_plan, save_plan, write_plan
from qgdr_eval.actions.model import HEADERS
from qgdr_eval.problems import Refused
from tests.actions.plans import plan

CASE = Path(__file__).parents[1] / "cases" / "plan-colonnes-de-l-equipe" / "plan.xlsx"
RED = PatternFill("solid", start_color="FFC00000")
RANK = {name: at for at, name in enumerate(HEADERS, start=1)}
COMMENT = RANK["comment"]


def cells_of(path: Path) -> dict[tuple[str, str], Any]:
    """Every cell of a workbook: what it holds and how it looks."""
    book = openpyxl.load_workbook(path, rich_text=True)
    return {
        (page.title, cell.coordinate): (
            cell.value if not isinstance(cell.value, CellRichText) else repr(cell.value),
            cell.data_type,
            cell.number_format,
            cell.fill.fgColor.rgb,
            cell.font.b,
            cell.alignment.wrap_text,
            cell.quotePrefix,
            cell.comment and (cell.comment.text, cell.comment.author),
        )
        for page in book
        for row in page.iter_rows()
        for cell in row
        if cell.value is not None or cell.has_style
    }


def layout_of(path: Path) -> dict[str, Any]:
    """Everything of the sheets that is no cell."""
    book = openpyxl.load_workbook(path)
    return {
        page.title: (
            {name: (one.width, one.hidden) for name, one in page.column_dimensions.items()},
            {at: (one.height, one.hidden) for at, one in page.row_dimensions.items()},
            sorted((str(one.sqref), one.formula1) for one in page.data_validations.dataValidation),
            [str(one.sqref) for one in page.conditional_formatting],
            page.freeze_panes,
            page.auto_filter.ref,
            {name: one.ref for name, one in page.tables.items()},
            page.sheet_state,
            page.protection.sheet,
        )
        for page in book
    } | {"names": sorted(book.defined_names), "active": book.active.title}


def save(path: Path, id: str, **changes: str) -> Plan:
    read = read_plan(path)
    return save_plan(replace(read, actions=edit_action(read.actions, id, **changes)), path)


def test_the_columns_of_the_team_keep_what_they_are(tmp_path):
    path = tmp_path / "plan.xlsx"
    shutil.copy(CASE, path)
    cells, layout = cells_of(path), layout_of(path)
    save(path, "PAQSS-01", comment="Relu en réunion")
    after = cells_of(path)
    page = openpyxl.load_workbook(path).active
    assert page["Z2"].value == 1500.5
    assert page["AA2"].value == datetime.datetime(2026, 12, 1)
    assert (page["Z3"].value, page["Z3"].data_type) == ("=SUM(Z2:Z2)", "f")
    assert page["A2"].fill.fgColor.rgb == "FFFFC000"
    assert page.column_dimensions["D"].width == 60
    assert ("Z4", '"oui,non"') in layout_of(path)["Plan d'actions"][2]
    assert after["Plan d'actions", "Y2"][0] == "Relu en réunion"
    assert {at for at in cells | after if cells.get(at) != after.get(at)} == {
        ("Plan d'actions", "Y2")
    }
    assert layout_of(path) == layout


def team_book(path: Path, rows: int = 3) -> None:
    """What teams do to a plan once it is theirs."""
    write_plan(plan(*({"comment": f"n° {at}"} for at in range(rows))), path)
    book = openpyxl.load_workbook(path)
    page = book.active
    own = page.max_column + 1
    for at, name in enumerate(("Budget", "Réunion", "Fait ?", "Part"), start=own):
        page.cell(1, at, name).font = Font(bold=True, italic=True)
    page.cell(2, own, 1500.5).number_format = '# ##0.00 "€"'
    page.cell(3, own, f"=SUM({page.cell(2, own).coordinate}:{page.cell(2, own).coordinate})")
    page.cell(2, own + 1, datetime.datetime(2026, 12, 1, 14, 30)).number_format = "dd/mm hh:mm"
    page.cell(2, own + 2, True)
    page.cell(2, own + 3, 0.25).number_format = "0%"
    page.cell(2, RANK["progress"], 0.4).number_format = "0%"
    page.cell(3, RANK["due"]).number_format = "d mmmm yyyy"
    page.cell(3, RANK["action"]).fill = RED
    page.cell(3, RANK["action"]).value = CellRichText(
        "Relire ", TextBlock(InlineFont(b=True), "tout")
    )
    page.cell(2, RANK["state"]).comment = Comment("vu", "Cadre")
    page.cell(2, RANK["pilot"]).hyperlink = "https://exemple.invalid"
    page.row_dimensions[3].hidden, page.row_dimensions[2].height = True, 90
    page.column_dimensions["H"].hidden, page.column_dimensions["J"].width = True, 71
    page.freeze_panes = "D3"
    page.conditional_formatting.add(
        "S2:S9", CellIsRule(operator="equal", formula=['"réalisé"'], fill=RED)
    )
    closed = DataValidation(type="list", formula1='"oui,non"')
    closed.add("AB2")
    page.add_data_validation(closed)
    book.create_sheet("Budget", 0)["B2"] = "='Plan d''actions'!Z2*2"
    book.create_sheet("Cachée").sheet_state = "hidden"
    book.defined_names["total"] = DefinedName("total", attr_text="'Plan d''actions'!$Z$2")
    book.active = 0
    book.save(path)


def test_nothing_but_the_changed_cells_changes(tmp_path):
    path = tmp_path / "plan.xlsx"
    team_book(path)
    cells, layout = cells_of(path), layout_of(path)
    save(path, "A", progress="60", due="2027-01-31", comment="=1+1", result="")
    after = cells_of(path)
    changed = {at[1] for at in cells | after if cells.get(at) != after.get(at)}
    names = {openpyxl.utils.get_column_letter(RANK[one]) for one in ("progress", "due", "comment")}
    assert changed == {f"{name}2" for name in names}
    assert layout_of(path) == layout
    page = openpyxl.load_workbook(path)["Plan d'actions"]
    assert page.cell(2, RANK["progress"]).value == 0.6  # in the format its cell had
    assert page.cell(2, RANK["due"]).value == datetime.datetime(2027, 1, 31)
    assert (page.cell(2, COMMENT).data_type, page.cell(2, COMMENT).quotePrefix) == ("s", True)
    assert page.cell(2, RANK["pilot"]).hyperlink.target == "https://exemple.invalid"
    read = read_plan(path).actions.iloc[0]
    assert (read["progress"], read["due"], read["comment"]) == ("60", "2027-01-31", "=1+1")


def test_a_date_is_shown_as_the_team_shows_dates(tmp_path):
    path = tmp_path / "plan.xlsx"
    team_book(path)
    save(path, "B", due="2027-02-01")
    cell = openpyxl.load_workbook(path)["Plan d'actions"].cell(3, RANK["due"])
    assert (cell.value, cell.number_format) == (datetime.datetime(2027, 2, 1), "d mmmm yyyy")


def test_new_actions_come_last_in_the_look_of_the_others(tmp_path):
    path = tmp_path / "plan.xlsx"
    team_book(path)
    before, layout = cells_of(path), layout_of(path)
    read = read_plan(path)
    rows = [*read.actions.to_dict("records"), {"id": "NEUF", "action": "Agir", "state": "à faire"}]
    save_plan(replace(read, actions=make_actions(rows, list(read.actions))), path)
    after = cells_of(path)
    assert {at: after[at] for at in before} == before
    assert {at[1][-1] for at in after.keys() - before.keys()} == {"5"}
    page = openpyxl.load_workbook(path)["Plan d'actions"]
    assert page.cell(5, 1).alignment.wrap_text
    assert page.auto_filter.ref.endswith("5")
    assert layout["Plan d'actions"][:5] == layout_of(path)["Plan d'actions"][:5]
    assert read_plan(path).actions["id"].tolist() == ["A", "B", "C", "NEUF"]


def test_an_action_that_left_leaves_an_empty_row_and_no_formula_moves(tmp_path):
    path = tmp_path / "plan.xlsx"
    team_book(path)
    read = read_plan(path)
    save_plan(replace(read, actions=read.actions[read.actions["id"] != "B"]), path)
    book = openpyxl.load_workbook(path)
    page = book["Plan d'actions"]
    assert {cell.value for cell in page[3]} == {None}
    assert page.cell(4, 1).value == "C"
    assert book["Budget"]["B2"].value == "='Plan d''actions'!Z2*2"
    assert read_plan(path).actions["id"].tolist() == ["A", "C"]


def test_a_sheet_in_another_order_keeps_it_and_lacks_no_new_column(tmp_path):
    path = tmp_path / "plan.xlsx"
    book = openpyxl.Workbook()
    for row in (["Budget", "État", "Action", "Identifiant"], [12, "à faire", "Relire", "A"],
                [None, None, None, None], [7, "en cours", "Afficher", "B"]):  # fmt: skip
        book.active.append(row)
    book.save(path)
    save(path, "B", pilot="Cadre", comment="vu")
    page = openpyxl.load_workbook(path).active
    assert [cell.value for cell in page[1]] == [
        "Budget", "État", "Action", "Identifiant", "Pilote (fonction)", "Commentaire",
    ]  # fmt: skip
    assert [cell.value for cell in page[4]] == [7, "en cours", "Afficher", "B", "Cadre", "vu"]
    assert [cell.value for cell in page[2]][:4] == [12, "à faire", "Relire", "A"]


def test_a_table_of_the_spreadsheet_grows_with_the_plan(tmp_path):
    path = tmp_path / "plan.xlsx"
    write_plan(plan({}, {}), path)
    book = openpyxl.load_workbook(path)
    book.active.auto_filter.ref = None
    book.active.add_table(Table(displayName="Actions", ref="A1:Y3"))
    book.save(path)
    read = read_plan(path)
    rows = [*read.actions.to_dict("records"), {"id": "N", "action": "Agir", "state": "à faire"}]
    save_plan(replace(read, actions=make_actions(rows, list(read.actions))), path)
    assert openpyxl.load_workbook(path).active.tables["Actions"].ref == "A1:Y4"


def test_nothing_is_written_when_nothing_changed(tmp_path):
    path = tmp_path / "plan.xlsx"
    team_book(path)
    before = path.read_bytes()
    save_plan(read_plan(path), path)
    assert path.read_bytes() == before


def test_what_the_team_changed_meanwhile_is_not_lost(tmp_path):
    path = tmp_path / "plan.xlsx"
    team_book(path)
    opened = read_plan(path)
    book = openpyxl.load_workbook(path)
    book["Plan d'actions"]["Z2"] = 9
    book.save(path)
    there = path.read_bytes()
    changed = replace(opened, actions=edit_action(opened.actions, "A", comment="nous"))
    with pytest.raises(Refused, match="ne dit pas ce qui a été ouvert ici"):
        save_plan(changed, path)
    assert path.read_bytes() == there


def with_chart(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    chart = BarChart()
    chart.add_data(Reference(book.active, min_col=20, min_row=1, max_row=3))
    book.create_sheet("Suivi").add_chart(chart)
    book.save(path)


def with_part(name: str, content: bytes = b"<x/>") -> Any:
    def add(path: Path) -> None:
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(name, content)

    return add


def with_extension(path: Path) -> None:
    """A list taken from another sheet, as Excel writes it."""
    held = zipfile.ZipFile(path)
    parts = {name: held.read(name) for name in held.namelist()}
    held.close()
    name = "xl/worksheets/sheet1.xml"
    end = b'<extLst><ext xmlns:x14="x14" uri="u"><x14:dataValidation type="list"/></ext></extLst>'
    parts[name] = parts[name].replace(b"</worksheet>", end + b"</worksheet>")
    with zipfile.ZipFile(path, "w") as archive:
        for one, content in parts.items():
            archive.writestr(one, content)


@pytest.mark.parametrize(
    ("add", "what"),
    [
        (with_chart, "un graphique, une image ou une forme"),
        (with_part("xl/media/image1.png"), "un graphique, une image ou une forme"),
        (with_part("xl/vbaProject.bin"), "des macros"),
        (with_part("xl/threadedComments/threadedComment1.xml"), "un fil de commentaires"),
        (with_part("xl/slicers/slicer1.xml"), "un segment"),
        (with_extension, "une liste de choix prise dans une autre feuille"),
    ],
)
@pytest.mark.filterwarnings("ignore:Data Validation extension")
def test_a_workbook_that_could_not_be_kept_whole_is_refused(tmp_path, add, what):
    path = tmp_path / "plan.xlsx"
    write_plan(plan({}, {}), path)
    add(path)
    before = path.read_bytes()
    with pytest.raises(Refused) as refused:
        save(path, "A", comment="vu")
    told = str(refused.value).replace("\u202f", " ")
    assert f"ce classeur contient {what}" in told
    assert "sous un autre nom" in told
    assert path.read_bytes() == before
    read = read_plan(path)
    elsewhere = tmp_path / "autre.xlsx"
    save_plan(replace(read, actions=edit_action(read.actions, "A", comment="vu")), elsewhere)
    assert read_plan(elsewhere).actions.loc[0, "comment"] == "vu"


@pytest.mark.parametrize("lock", ["~$plan.xlsx", ".~lock.plan.xlsx#"])
def test_a_workbook_open_in_a_spreadsheet_is_left_alone(tmp_path, lock):
    path = tmp_path / "plan.xlsx"
    write_plan(plan({}), path)
    (tmp_path / lock).write_text("Cadre")
    before = path.read_bytes()
    with pytest.raises(Refused, match="ouvert dans un tableur"):
        save(path, "A", comment="vu")
    assert path.read_bytes() == before


def test_a_merged_cell_is_told(tmp_path):
    path = tmp_path / "plan.xlsx"
    write_plan(plan({}, {}), path)
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("Y2:Z2")
    book.save(path)
    with pytest.raises(Refused, match="la cellule Z2 est fusionnée"):
        save(path, "A", comment="vu")
