"""A plan written is read back the same, whatever people typed, and never runs anything."""

import csv
import datetime
import itertools
import re
import zipfile

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from pandas.testing import assert_frame_equal

from qgdr_eval.actions import edit_action, read_plan, write_plan
from qgdr_eval.actions.model import (
    ACTION_COLUMNS,
    DATES,
    HEADERS,
    PRIORITIES,
    STATES,
    make_actions,
)
from qgdr_eval.actions.sheet import Note
from qgdr_eval.problems import Refused
from tests.actions.plans import HOSTILE, plan
from tests.reading import plain
from tests.thorough import examples

FREE = [name for name in ACTION_COLUMNS
        if name not in {"id", "parent", "state", "progress", "priority", *DATES}]  # fmt: skip
# Any character but surrogates, which are no text, and NUL, which is refused.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
WORDS = st.one_of(st.sampled_from(HOSTILE), TEXTS)
DAYS = st.dates(datetime.date(1, 1, 1), datetime.date(9999, 12, 31)).map(str) | st.just("")


@st.composite
def plans(draw):
    """Any plan that holds together, with the user's own columns, in any order."""
    n = draw(st.integers(0, 4))
    own = draw(st.lists(st.sampled_from(["Suivi CDU", "=1+1", "n° 7", "🙂", "Axe"]), unique=True))
    columns = draw(st.permutations([*ACTION_COLUMNS, *own]))
    free = {name: draw(st.lists(WORDS, min_size=n, max_size=n)) for name in (*FREE, *own)}
    fixed = {
        "state": st.sampled_from(STATES),
        "priority": st.sampled_from(("", *PRIORITIES)),
        "progress": st.integers(0, 100).map(str) | st.sampled_from(["", "12,5"]),
        "evaluated_on": DAYS,
        "due": DAYS,
    }
    held = {name: draw(st.lists(kind, min_size=n, max_size=n)) for name, kind in fixed.items()}
    ids = draw(st.lists(WORDS.filter(str.strip), min_size=n, max_size=n, unique_by=str.strip))
    rows = [{name: texts[at] for name, texts in (free | held).items()} | {"id": ids[at]}
            for at in range(n)]  # fmt: skip
    for at, row in enumerate(rows):
        row["parent"] = draw(st.sampled_from(["", *ids[:at]]))
    notes = draw(
        st.dictionaries(
            st.tuples(st.sampled_from(ids or [""]), st.sampled_from(columns)),
            st.builds(Note, TEXTS.filter(str.strip), st.sampled_from(["", "Cadre"])),
            max_size=2 if ids else 0,
        )
    )
    return make_actions(rows, columns), notes


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@settings(max_examples=examples(25), deadline=None)
@given(held=plans())
def test_what_is_written_is_read_back(tmp_path_factory, suffix, held):
    actions, notes = held
    path = tmp_path_factory.mktemp("plan") / f"plan{suffix}"
    write_plan(actions, path, notes)
    read = read_plan(path)
    assert_frame_equal(read.actions, actions)
    assert read.notes == notes


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_a_second_round_changes_nothing(tmp_path, suffix):
    actions = plan(*({"comment": text, "target": text} for text in HOSTILE[:16]))
    once, twice = tmp_path / f"un{suffix}", tmp_path / f"deux{suffix}"
    write_plan(actions, once)
    write_plan(read_plan(once).actions, twice)
    assert_frame_equal(read_plan(twice).actions, actions)


SIGNS = tuple("=+-@＝＋－＠")


def test_no_cell_of_the_workbook_is_a_formula(tmp_path):
    path = tmp_path / "plan.xlsx"
    own = {"=1+1": "=2+2"}
    write_plan(plan(*({"comment": text, **own} for text in HOSTILE[:16])), path)
    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist()
                  if name.startswith("xl/worksheets/")]  # fmt: skip
    assert not any(re.search(r"<f[ >/]", sheet) for sheet in sheets)
    page = openpyxl.load_workbook(path).active
    risky = [cell for row in page for cell in row
             if isinstance(cell.value, str) and cell.value[:1] in SIGNS]  # fmt: skip
    assert len(risky) >= 20
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in risky)


def test_no_cell_of_the_table_starts_a_formula(tmp_path):
    path = tmp_path / "plan.csv"
    write_plan(plan(*({"comment": text, "=1+1": "+2"} for text in HOSTILE[:16])), path)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        cells = [cell for row in csv.reader(stream, delimiter=";") for cell in row]
    assert not [cell for cell in cells if re.match(r"\s*[=+\-@＝＋－＠]", cell)]
    assert not [cell for cell in cells if cell[:1] in ("\t", "\r", "\n") and cell]


def test_a_formula_somebody_typed_is_read_as_its_text_and_left_as_it_is(tmp_path):
    path = tmp_path / "plan.xlsx"
    write_plan(plan({}), path)
    book = openpyxl.load_workbook(path)
    cells = dict(zip(HEADERS, book.active[2], strict=True))
    cells["target"].value = "=10*8"
    cells["comment"].value = '=HYPERLINK("http://exemple.invalid")'
    assert cells["target"].data_type == "f"
    book.save(path)
    read = read_plan(path).actions.loc[0]
    assert (read["target"], read["comment"]) == ("=10*8", '=HYPERLINK("http://exemple.invalid")')
    write_plan(edit_action(read_plan(path).actions, "A", objective="Autre"), path)
    cells = dict(zip(HEADERS, openpyxl.load_workbook(path).active[2], strict=True))
    assert (cells["target"].data_type, cells["target"].value) == ("f", "=10*8")
    assert cells["objective"].value == "Autre"


def test_dates_are_dates_for_the_spreadsheet(tmp_path):
    path = tmp_path / "plan.xlsx"
    write_plan(plan({"due": "2026-12-31"}), path)
    cell = openpyxl.load_workbook(path).active.cell(2, list(HEADERS).index("due") + 1)
    assert cell.value == datetime.datetime(2026, 12, 31)
    assert cell.number_format == "DD/MM/YYYY"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("31/12/2026", "2026-12-31"),
        ("1/3/26", "2026-03-01"),
        (datetime.datetime(2026, 12, 31), "2026-12-31"),
        (datetime.date(2026, 12, 31), "2026-12-31"),
        (46387, "2026-12-31"),
        ("2026-12-31", "2026-12-31"),
        (None, ""),
    ],
)
def test_dates_are_read_as_people_type_them(tmp_path, typed, read):
    path = tmp_path / "plan.xlsx"
    write_plan(plan({}), path)
    book = openpyxl.load_workbook(path)
    cell = book.active.cell(2, list(HEADERS).index("evaluated_on") + 1)
    cell.value = typed
    book.save(path)
    assert read_plan(path).actions.loc[0, "evaluated_on"] == read


def test_numbers_read_as_a_spreadsheet_shows_them(tmp_path):
    path = tmp_path / "plan.xlsx"
    write_plan(plan({}), path)
    book = openpyxl.load_workbook(path)
    cells = dict(zip(HEADERS, book.active[2], strict=True))
    cells["target"].value, cells["target"].number_format = 0.75, "0%"
    cells["result"].value = 0.5
    cells["progress"].value, cells["progress"].number_format = 0.5, "0%"
    cells["comment"].value = True
    book.save(path)
    read = read_plan(path).actions.loc[0]
    assert [read[name] for name in ("target", "result", "progress", "comment")] == [
        "75 %",
        "0,5",
        "50",
        "VRAI",
    ]


def test_the_sheet_offers_lists_and_stays_readable(tmp_path):
    path = tmp_path / "plan.xlsx"
    write_plan(plan({}, {}), path)
    page = openpyxl.load_workbook(path).active
    offered = {str(check.sqref): check.formula1 for check in page.data_validations.dataValidation}
    assert '"à faire,en cours,réalisé,évalué,abandonné"' in offered.values()
    assert len(offered) == 3
    assert all(len(list_) <= 255 for list_ in offered.values())  # a spreadsheet takes no more
    assert page.freeze_panes == "B2"
    assert all(cell.alignment.wrap_text for cell in page[2])
    assert [cell.value for cell in page[1]] == list(HEADERS.values())


def test_columns_in_any_order_and_capitals_are_known(tmp_path):
    path = tmp_path / "plan.csv"
    path.write_text("ETAT;Pilote;identifiant;ACTION;Axe\nA faire;Cadre;A;Relire;1\n", "utf-8")
    read = read_plan(path).actions
    assert list(read)[:5] == ["state", "pilot", "id", "action", "Axe"]
    assert read.loc[0, ["state", "pilot", "id", "Axe"]].tolist() == ["à faire", "Cadre", "A", "1"]
    assert set(ACTION_COLUMNS) < set(read)


def test_a_name_nearly_known_is_said_and_kept(tmp_path):
    path = tmp_path / "plan.csv"
    path.write_text("Identifiant;Action;État;Echeances\nA;Relire;à faire;demain\n", "utf-8")
    plan_read = read_plan(path)
    assert "écrivez «\u202fÉchéance\u202f»" in str(plan_read.warnings[0])
    assert plan_read.actions.loc[0, "Echeances"] == "demain"


@pytest.mark.parametrize(
    "header", ["Réponse;Service", "Identifiant;Action", "Identifiant;Action;État;État"]
)
def test_a_file_that_is_no_plan_is_refused(tmp_path, header):
    path = tmp_path / "reponses.csv"
    path.write_text(
        f"{header}\n1;2;à faire;3\n"[: None if "État" in header else -14] + "\n", "utf-8"
    )
    with pytest.raises(Refused, match=r"plan d'actions|portent ce nom"):
        read_plan(path)


def test_other_files_are_neither_read_nor_replaced(tmp_path):
    other = tmp_path / "notes.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "Précieux"
    book.save(other)
    before = other.read_bytes()
    with pytest.raises(Refused, match="ce n'est pas un plan"):
        read_plan(other)
    with pytest.raises(Refused, match="choisissez un autre nom"):
        write_plan(plan({}), other)
    assert other.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["notes.xlsx"]


@pytest.mark.parametrize("name", ["plan.xls", "plan", "absent/plan.xlsx"])
def test_a_file_that_cannot_be_written_is_said(tmp_path, name):
    with pytest.raises(Refused):
        write_plan(plan({}), tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["x" * 32_768, "\r" * 5_000, "a\0b"])
def test_a_text_that_would_be_cut_is_refused_and_nothing_written(tmp_path, text):
    path = tmp_path / "plan.xlsx"
    with pytest.raises(Refused, match="colonne «\u202fCommentaire\u202f»"):
        write_plan(plan({"comment": text}), path)
    assert not path.exists()


def test_the_other_sheets_of_a_workbook_are_kept(tmp_path):
    path = tmp_path / "plan.xlsx"
    write_plan(plan({}), path)
    book = openpyxl.load_workbook(path)
    book.create_sheet("Lisez-moi", 0)["A1"] = "À lire avant"
    book.active = 0
    book.save(path)
    write_plan(plan({}, {}), path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Lisez-moi", "Plan d'actions"]
    assert book["Lisez-moi"]["A1"].value == "À lire avant"
    assert len(read_plan(path).actions) == 2


def test_a_note_left_in_the_spreadsheet_stays_on_its_cell(tmp_path):
    path = tmp_path / "plan.xlsx"
    write_plan(plan({}, {}), path)
    book = openpyxl.load_workbook(path)
    for at, column in itertools.product((1, 3), ("due", "action")):
        cell = book.active.cell(at, list(HEADERS).index(column) + 1)
        cell.comment = Comment(f"Vu en réunion\n{at}", "Cadre de santé")
    book.save(path)
    read = read_plan(path)
    assert read.notes["B", "due"] == Note("Vu en réunion\n3", "Cadre de santé")
    assert read.notes["", "action"].text == "Vu en réunion\n1"
    moved = read.actions.iloc[::-1].reset_index(drop=True)
    write_plan(moved, path, read.notes)
    assert read_plan(path).notes == read.notes


def test_problems_name_the_row_and_the_column_of_the_sheet(tmp_path):
    path = tmp_path / "plan.csv"
    lines = ["Identifiant;Action;État;Échéance", "A;Relire;fini;", ";;;", "A;Relire;à faire;demain"]
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(Refused) as refused:
        read_plan(path)
    errors = [one for one in refused.value.problems if one.severity == "error"]
    assert [(one.line, one.place.replace("\u202f", "")) for one in errors] == [
        (2, "colonne «État»"),
        (4, "colonne «Identifiant»"),
        (4, "colonne «Échéance»"),
    ]


def test_an_empty_plan_is_a_plan(tmp_path):
    for name in ("plan.xlsx", "plan.csv"):
        write_plan(make_actions([]), tmp_path / name)
        assert read_plan(tmp_path / name).actions.empty


def test_a_plan_that_lacks_columns_is_completed(tmp_path):
    path = tmp_path / "plan.xlsx"
    write_plan(pd.DataFrame({"id": ["A"], "action": ["b"], "state": ["à faire"]}), path)
    assert read_plan(path).actions.loc[0, "pilot"] == ""


def test_an_empty_cell_is_empty_for_the_spreadsheet(tmp_path):
    path = tmp_path / "plan.xlsx"
    write_plan(plan({"comment": ""}), path)
    with zipfile.ZipFile(path) as archive:
        cells = re.findall(r"<c [^>]*/>", archive.read("xl/worksheets/sheet1.xml").decode())
    assert cells
    assert not [cell for cell in cells if "inlineStr" in cell]  # a text that holds no text


def test_a_file_of_many_thousand_rows_is_no_plan(tmp_path):
    rows = "\n".join(["PAQSS-01;à faire"] * 10_001)
    (tmp_path / "plan.csv").write_text(f"Identifiant;État\n{rows}\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_plan(tmp_path / "plan.csv")
    (problem,) = refused.value.problems
    assert plain(problem.what) == "10 001 lignes, 10 000 au plus dans un plan"


def test_a_range_merged_over_forty_thousand_cells_is_refused(tmp_path):
    path = tmp_path / "plan.xlsx"
    write_plan(plan(), path)
    whole = openpyxl.load_workbook(path)
    whole.active.merge_cells("A30:B20029")
    whole.save(path)
    with pytest.raises(Refused) as refused:
        read_plan(path)
    (problem,) = refused.value.problems
    assert "le classeur est trop lourd" in problem.what
