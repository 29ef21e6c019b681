"""The same answers whatever the file: encodings, separators, spreadsheets, spellings."""

import datetime
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qgdr_eval.tables.file import TableFile
from qgdr_eval.tables.read import read_table
from tests.responses.campaigns import ITEMS, a_table, answers_of, as_csv, as_xlsx
from tests.thorough import examples

ROWS = (
    "1 Nord Bloc IDE 4 5 2 4 4 2",
    "2 Sud Pédiatrie . 3 . 1 5 9 3",
    "3 Nord Urgences AS 8 4 5 . 1 2",
)
WRITERS = {
    "utf8.csv": lambda table: as_csv(table),
    "marque.csv": lambda table: as_csv(table, ",", "utf-8-sig"),
    "utf16.csv": lambda table: as_csv(table, "\t", "utf-16"),
    "utf16_sans_marque.csv": lambda table: as_csv(table, ";", "utf-16-le"),
    "cp1252.csv": lambda table: as_csv(table, "|", "cp1252"),
    "indice.csv": lambda table: b"sep=;\r\n" + as_csv(table),
    "classeur.xlsx": as_xlsx,
    "ancien_nom.xls": lambda table: as_csv(table, "\t"),
}
words = st.text("abcéèçàôœ'-;,|\" ", max_size=12)
cells = st.sampled_from(["", "1", "2", "3", "4", "5", "8", "9"])
tables = st.lists(
    st.tuples(
        st.sampled_from(["Nord", "Sud"]),
        st.sampled_from(["Bloc", "Pédiatrie", "Accueil"]),
        words,
        *[cells] * 6,
    ),
    min_size=1,
    max_size=8,
).map(
    lambda rows: pd.DataFrame(
        [(str(i), *row) for i, row in enumerate(rows)],
        columns=["Id", "Site", "Service", "Métier", *ITEMS],
    )
)
relaxed = settings(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("file", WRITERS)
def test_every_format_gives_the_same_responses(file: str, tmp_path: Path) -> None:
    table = a_table(*ROWS)
    plain = answers_of(tmp_path, as_csv(table))
    other = answers_of(tmp_path, WRITERS[file](table), file)
    pd.testing.assert_frame_equal(other.responses, plain.responses)
    assert other.digest == plain.digest


@relaxed
@given(table=tables)
def test_formats_agree_on_any_table(table: pd.DataFrame, tmp_path: Path) -> None:
    table.loc[0, ITEMS] = "4"  # an empty campaign is another matter
    digests = {answers_of(tmp_path, write(table), file).digest for file, write in WRITERS.items()}
    assert len(digests) == 1


@relaxed
@given(table=tables, data=st.data())
def test_the_order_of_columns_does_not_matter(
    table: pd.DataFrame, data: st.DataObject, tmp_path: Path
) -> None:
    table.loc[0, ITEMS] = "4"
    shuffled = table[data.draw(st.permutations(list(table.columns)))]
    assert answers_of(tmp_path, shuffled).digest == answers_of(tmp_path, table).digest


def test_the_order_of_rows_does(tmp_path: Path) -> None:
    table = a_table(*ROWS)
    assert answers_of(tmp_path, table[::-1]).digest != answers_of(tmp_path, table).digest


@pytest.mark.parametrize(
    "given",
    [
        "4",
        "4.0",
        "4,0",
        " 4 ",
        "04",
        "+4",
        "4\u00a0",
        "Plutôt d'accord",
        "PLUTOT D’ACCORD",
        "plutôt  d'accord\u202f",
    ],
)
def test_an_answer_is_read_whatever_its_spelling(given: str, tmp_path: Path) -> None:
    table = a_table(*ROWS)
    table.loc[0, "E1"] = given
    assert answers_of(tmp_path, table).responses["E1"].tolist()[0] == 4


def test_missing_dont_know_and_not_applicable_stay_apart(tmp_path: Path) -> None:
    table = a_table(
        "1 Nord Bloc IDE 4 . 2 4 4 2", "2 Nord Bloc IDE 4 8 2 4 4 2", "3 Nord Bloc IDE 4 9 2 4 4 2"
    )
    table.loc[1, "E3"], table.loc[2, "E3"] = "Sans objet", "ne sait pas"
    responses = answers_of(tmp_path, table).responses
    assert responses["E2"].astype(object).tolist() == [pd.NA, 8, 9]
    assert responses["E3"].tolist() == [2, 8, 9]


def test_declared_spellings_win(tmp_path: Path) -> None:
    table = a_table("1 Nord Bloc IDE Oui N/A A2 4 - 2")
    coding = {
        "reversed": "as_worded",
        "labels": {"oui": 5, "A2": 2, "4": 1},
        "missing": ["-", "n/a"],
    }
    responses = answers_of(tmp_path, table, coding=coding).responses
    assert responses[ITEMS].astype(object).values.tolist() == [[5, pd.NA, 2, 1, pd.NA, 2]]


def test_words_pandas_takes_for_missing_are_answers_to_read(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Service;Code\nNA;007\nnull;1e3\nTrue;\n", encoding="utf-8")
    frame = read_table(TableFile(file="t.csv"), tmp_path).frame
    assert frame.astype(object).values.tolist() == [["NA", "007"], ["null", "1e3"], ["True", ""]]


def test_quoted_cells_hold_separators_and_lines(tmp_path: Path) -> None:
    table = a_table(*ROWS)
    table["Remarque"] = ['a;b\r\n"c"', "", "d,e"]
    (tmp_path / "t.csv").write_bytes(as_csv(table))
    read = read_table(TableFile(file="t.csv"), tmp_path)
    assert read.texts("Remarque") == ['a;b\r\n"c"', "", "d,e"]


def test_a_workbook_cell_reads_as_a_french_export_would_write_it(tmp_path: Path) -> None:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    values = [
        4.0,
        0.25,
        True,
        datetime.date(2026, 10, 5),
        datetime.datetime(2026, 10, 5, 8, 30),
        None,
        " x\u00a0",
    ]
    book.active.append(list("abcdefg"))
    book.active.append(values)
    book.save(stream)
    (tmp_path / "t.xlsx").write_bytes(stream.getvalue())
    frame = read_table(TableFile(file="t.xlsx"), tmp_path).frame
    assert frame.astype(object).values.tolist() == [
        ["4", "0,25", "VRAI", "2026-10-05", "2026-10-05T08:30:00", "", "x"]
    ]


def test_headers_may_differ_by_capitals_and_accents(tmp_path: Path) -> None:
    table = a_table(*ROWS).rename(columns={"Service": "SERVICE ", "Métier": "metier", "E1": "e1"})
    assert len(answers_of(tmp_path, table).responses) == 3


def test_an_unused_column_is_told(tmp_path: Path) -> None:
    table = a_table(*ROWS).assign(Remarque="bien")
    [warning] = answers_of(tmp_path, table).warnings
    assert warning.severity == "warning"
    assert "Remarque" in warning.what
