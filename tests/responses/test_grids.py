"""A grid, one line per item, says the same as rows; what it cannot say is refused with a cure."""

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from qgdr_eval.french import quote, typography
from qgdr_eval.instruments import Instrument, load_instrument, shipped_instruments
from qgdr_eval.problems import Refused
from qgdr_eval.responses import Answers, Campaign, read_answers
from qgdr_eval.responses.codes import MISSING, code_cells
from qgdr_eval.responses.columns import SUBJECTS, locate_columns
from qgdr_eval.responses.grids import notes_of, write_grid
from qgdr_eval.responses.places import place_rows
from qgdr_eval.tables.file import TableFile
from qgdr_eval.tables.read import Grid, read_table
from tests.thorough import examples

CODES = ["A1", "A2", "B1", "B2"]
CELLS = ["", "Non", "Oui", "Sans objet", "Non renseigné", "0", "1", "8", "9"]
NORTH = {"facility": "Nord", "service": "Bloc"}


def an_instrument(**changes: Any) -> Instrument:
    """Two dimensions of two criteria; A1 is critical and admits no « Sans objet »."""
    return Instrument.model_validate(
        {
            "id": "audit",
            "version": "1.0.0",
            "title": "Audit d'essai",
            "source": "Écrit pour les tests",
            "licence": "Celle du projet",
            "subject": "record",
            "scales": {
                "conforme": {
                    "label": "Conforme ?",
                    "options": [
                        {"code": 0, "label": "Non", "pole": "negative"},
                        {"code": 1, "label": "Oui", "pole": "positive"},
                    ],
                    "not_applicable": [{"code": 8, "label": "Sans objet"}],
                    "dont_know": [{"code": 9, "label": "Non renseigné"}],
                }
            },
            "dimensions": [
                {"id": "accueil", "label": "Accueil", "definition": "D", "rule": "conformity"}
                | {"part": "Partie une"},
                {"id": "bilan", "label": "Bilan", "definition": "D", "rule": "conformity"},
            ],
            "items": [
                {"code": "A1", "text": "L'identité est vérifiée.", "dimension": "accueil"}
                | {"scale": "conforme", "critical": True, "forbidden": [8]},
                {"code": "A2", "text": "= signe en tête", "dimension": "accueil"}
                | {"scale": "conforme"},
                {"code": "B1", "text": "Le bilan est daté.", "dimension": "bilan"}
                | {"scale": "conforme"},
                {"code": "B2", "text": "Le bilan est signé.", "dimension": "bilan"}
                | {"scale": "conforme"},
            ],
            **changes,
        }
    )


def a_campaign(file: str, layout: str = "grid", **changes: Any) -> Campaign:
    return Campaign.model_validate(
        {
            "id": "essai",
            "title": "Essai",
            "period": "octobre 2026",
            "instrument": "audit",
            "responses": {"file": file, "layout": layout},
            "columns": {"service": "Service", "facility": "Établissement", "subject": "Dossier"},
            "coding": {"reversed": "as_worded"},
            **changes,
        }
    )


def lines_of(page: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.row for cell in page["A"] if cell.value}


def fill(path: Path, columns: list[dict[str, Any]]) -> None:
    """Type answers into a written grid, from its first column of answers."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    lines = lines_of(page)
    for rank, column in enumerate(columns, start=3):
        for name, text in column.items():
            page.cell(lines[name], rank).value = None if text == "" else text
    book.save(path)


def filled(folder: Path, columns: list[dict[str, Any]], **changes: Any) -> Answers:
    """Write a grid, fill it with columns by their names on the sheet, read it back."""
    write_grid(an_instrument(), folder / "grille.xlsx", len(columns), replace=True)
    fill(folder / "grille.xlsx", columns)
    return read_answers(a_campaign("grille.xlsx", **changes), an_instrument(), folder)


def a_column(subject: str = "D1", **answers: str) -> dict[str, Any]:
    every = dict.fromkeys(CODES, "Oui") | answers
    return {"Établissement": "Nord", "Service": "Bloc", "Dossier": subject, **every}


def as_csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def csv_answers(folder: Path, rows: list[list[str]], **changes: Any) -> Answers:
    (folder / "grille.csv").write_bytes(as_csv(rows))
    return read_answers(a_campaign("grille.csv", **changes), an_instrument(), folder)


def told(refused: pytest.ExceptionInfo[Refused]) -> str:
    return str(refused.value).replace("\u202f", " ").replace("\u00a0", " ")


PLAIN = [
    ["Établissement", "", "Nord", "Nord"],
    ["Service", "", "Bloc", "Bloc"],
    ["Dossier", "", "D1", "D2"],
    ["Code", "Critère", "", ""],
    ["A1", "texte", "Oui", "1"],
    ["A2", "texte", "Oui", "1"],
    ["B1", "texte", "Oui", "1"],
    ["B2", "texte", "Oui", "0"],
]


def with_line(*cells: str, at: int = len(PLAIN)) -> list[list[str]]:
    return [*PLAIN[:at], [*cells, *[""] * (4 - len(cells))], *PLAIN[at:]]


def replaced(line: int, *cells: str) -> list[list[str]]:
    return [*PLAIN[: line - 1], list(cells), *PLAIN[line:]]


admissible = st.sampled_from([cell for cell in CELLS if cell not in ("8", "Sans objet")])
records = st.lists(
    st.tuples(
        st.sampled_from(["Nord", "Sud"]),
        st.sampled_from(["Bloc", "Pédiatrie", "=Bloc", "-2"]),
        st.tuples(admissible, *[st.sampled_from(CELLS)] * 3).filter(any),
    ),
    min_size=1,
    max_size=8,
).map(
    lambda rows: [
        {"Établissement": facility, "Service": service, "Dossier": f"D{i}"}
        | dict(zip(CODES, answers, strict=True))
        for i, (facility, service, answers) in enumerate(rows)
    ]
)


@settings(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(columns=records)
def test_a_grid_says_what_rows_say(columns: list[dict[str, str]], tmp_path: Path) -> None:
    pd.DataFrame(columns).to_csv(tmp_path / "lignes.csv", sep=";", index=False)
    rows = read_answers(a_campaign("lignes.csv", "rows"), an_instrument(), tmp_path)
    prefilled = [{name: one[name] for name in list(one)[:3]} for one in columns]
    write_grid(an_instrument(), tmp_path / "grille.xlsx", prefilled, replace=True)
    fill(tmp_path / "grille.xlsx", [{code: one[code] for code in CODES} for one in columns])
    grid = read_answers(a_campaign("grille.xlsx"), an_instrument(), tmp_path)
    pd.testing.assert_frame_equal(grid.responses, rows.responses)
    assert grid.digest == rows.digest
    page = openpyxl.load_workbook(tmp_path / "grille.xlsx").worksheets[0]
    lines = [[str(cell.value or "") for cell in row] for row in page.iter_rows()]
    assert csv_answers(tmp_path, lines).digest == rows.digest
    set_aside = [answers.exclusions.drop(columns=["row", "at"]) for answers in (grid, rows)]
    pd.testing.assert_frame_equal(*set_aside)


def test_what_is_known_of_each_column_is_written_above_it(tmp_path: Path) -> None:
    known = [{**NORTH, "subject": "D1", "Auditeur": "1"}, {**NORTH, "subject": "=2+2"}]
    write_grid(an_instrument(), tmp_path / "g.xlsx", known)
    page = openpyxl.load_workbook(tmp_path / "g.xlsx").worksheets[0]
    lines = lines_of(page)
    assert [page.cell(lines["Service"], i).value for i in (3, 4)] == ["Bloc", "Bloc"]
    assert [page.cell(lines["Dossier"], i).value for i in (3, 4)] == ["D1", "=2+2"]
    assert [page.cell(lines["Auditeur"], i).value for i in (3, 4)] == ["1", None]
    assert list(lines)[-6:] == ["Accueil", "A1", "A2", "Bilan", "B1", "B2"]


def test_texts_stay_texts(tmp_path: Path) -> None:
    signs = ["=1+1", "+1", "-1", "@A1", "＝1+1", "＠A1", "#N/A"]
    write_grid(an_instrument(), tmp_path / "g.xlsx", [{"subject": sign} for sign in signs])
    page = openpyxl.load_workbook(tmp_path / "g.xlsx").worksheets[0]
    cells = [page.cell(lines_of(page)["Dossier"], i) for i in range(3, 10)]
    assert [cell.value for cell in cells] == signs
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix for cell in cells] == [True] * 6 + [False]
    assert page.cell(lines_of(page)["A2"], 2).data_type == "s"


def admitted(path: Path) -> dict[str, list[str]]:
    """The answers each line's drop-down offers."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    offered = {}
    for drop in page.data_validations.dataValidation:
        sheet, _, where = drop.formula1.rpartition("!")
        labels = [row[0].value for row in book[sheet.strip("'")][where.replace("$", "")]]
        for cells in drop.sqref.ranges:
            offered |= {page.cell(row, 1).value: labels for row in range(*_rows(cells))}
    return offered


def _rows(cells: Any) -> tuple[int, int]:
    return cells.min_row, cells.max_row + 1


@pytest.mark.parametrize("line", [1, 2])
def test_a_place_left_blank_repeats_the_one_on_its_left(line: int, tmp_path: Path) -> None:
    name, _, place, _ = PLAIN[line - 1]
    merged = csv_answers(tmp_path, replaced(line, name, "", place, ""))
    assert merged.digest == csv_answers(tmp_path, PLAIN).digest


def of_the_kit(file: str) -> Campaign:
    """A campaign that says neither its columns nor its coding."""
    said = a_campaign(file).model_dump(exclude={"columns", "coding"}, exclude_unset=True)
    return Campaign.model_validate(said)


def test_a_grid_of_the_kit_says_its_columns_itself(tmp_path: Path) -> None:
    expected = csv_answers(tmp_path, PLAIN)
    read = read_answers(of_the_kit("grille.csv"), an_instrument(), tmp_path)
    assert read.digest == expected.digest
    assert read.responses["subject"].tolist() == ["D1", "D2"]


def test_lines_on_which_nothing_is_written_say_nothing(tmp_path: Path) -> None:
    empty = [["Établissement", "", "", ""], PLAIN[1], ["Dossier", "", "", ""], *PLAIN[3:]]
    (tmp_path / "grille.csv").write_bytes(as_csv(empty))
    read = read_answers(of_the_kit("grille.csv"), an_instrument(), tmp_path)
    assert read.roster["facility"].tolist() == ["Essai"]
    assert read.responses["subject"].tolist() == ["", ""]


def test_a_cell_that_cannot_be_read_is_found_by_its_column(tmp_path: Path) -> None:
    wide = [[*row, *row[2:] * 3] for row in PLAIN]  # seldom enough to be a slip
    wide[2] = ["Dossier", "", *(f"D{i}" for i in range(8))]
    wide[6][5] = "Ouii"
    read = csv_answers(tmp_path, wide)
    assert read.exclusions["at"].tolist() == ["F"]
    (warned,) = read.warnings
    assert "« Ouii » (items B1 ; colonne F)" in typography(str(warned)).replace(
        "\u00a0", " "
    ).replace("\u202f", " ")


@pytest.mark.parametrize(
    ("written", "code"),
    [("NA", 8), ("n/a", 8), ("SO", 8), ("Sans objet", 8), ("NR", 9), ("oui", 1), ("0", 0)],
)
def test_an_audit_grid_reads_the_usual_abbreviations(
    written: str, code: int, tmp_path: Path
) -> None:
    audit = load_instrument("epp_contention")
    first = next(item.code for item in audit.items if not item.forbidden)
    write_grid(audit, tmp_path / "grille.xlsx", [NORTH])
    every = dict.fromkeys(audit.codes, "Oui") | {first: written}
    fill(tmp_path / "grille.xlsx", [every])
    read = read_answers(of_the_kit("grille.xlsx"), audit, tmp_path)
    assert read.warnings == ()
    assert read.responses[first].tolist() == [code]


def test_each_line_offers_the_answers_it_admits(tmp_path: Path) -> None:
    write_grid(an_instrument(), tmp_path / "g.xlsx", 3)
    every = ["Non", "Oui", "Sans objet", "Non renseigné"]
    assert admitted(tmp_path / "g.xlsx") == {
        "A1": ["Non", "Oui", "Non renseigné"],
        "A2": every,
        "B1": every,
        "B2": every,
    }


def test_a_critical_criterion_says_so_in_words(tmp_path: Path) -> None:
    write_grid(an_instrument(), tmp_path / "g.xlsx", 1)
    page = openpyxl.load_workbook(tmp_path / "g.xlsx").worksheets[0]
    texts = {page.cell(row, 1).value: page.cell(row, 2).value for row in range(1, page.max_row + 1)}
    assert texts["A1"].replace("\u202f", " ").splitlines() == [
        "L'identité est vérifiée.",
        "Critère critique, ou impératif.",
        "« Sans objet » n'est pas admis.",
    ]
    assert texts["A2"] == "= signe en tête"


@pytest.mark.parametrize(("columns", "pages"), [(1, 1), (10, 1), (11, 2), (35, 4)])
def test_a_grid_can_be_printed_and_scrolled(columns: int, pages: int, tmp_path: Path) -> None:
    write_grid(an_instrument(), tmp_path / "g.xlsx", columns)
    page = openpyxl.load_workbook(tmp_path / "g.xlsx").worksheets[0]
    titles = lines_of(page)["Code"]
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (pages, 0)
    assert page.print_title_rows == f"$3:${titles}"
    assert page.print_title_cols == "$A:$B"
    assert page.freeze_panes == f"C{titles + 1}"
    assert page.cell(titles + 3, 3).alignment.wrap_text
    legend = page["A2"].value.replace("\u202f", " ")
    assert legend == "Conforme ? Non (0) · Oui (1) · Sans objet (8) · Non renseigné (9)"


def test_parts_and_dimensions_head_their_items(tmp_path: Path) -> None:
    write_grid(an_instrument(), tmp_path / "g.xlsx", 1)
    page = openpyxl.load_workbook(tmp_path / "g.xlsx").worksheets[0]
    names = [cell.value for cell in page["A"][6:]]
    assert names == ["Partie une", "Accueil", "A1", "A2", "Bilan", "B1", "B2"]


@pytest.mark.parametrize("subject", ["record", "respondent"])
def test_records_and_respondents_have_no_notes(subject: str, tmp_path: Path) -> None:
    write_grid(an_instrument(subject=subject), tmp_path / "g.xlsx", 1)
    page = openpyxl.load_workbook(tmp_path / "g.xlsx").worksheets[0]
    assert not [name for name in lines_of(page) if name.startswith("notes:")]


GROUPS = {"columns": {"service": "Service", "facility": "Établissement"}}


def notes_read(folder: Path, notes: list[dict[str, str]]) -> pd.DataFrame:
    """Notes of groups, read as `read_answers` reads answers."""
    instrument = an_instrument(subject="group")
    write_grid(instrument, folder / "g.xlsx", [NORTH, {**NORTH, "service": "Urgences"}])
    fill(folder / "g.xlsx", [dict.fromkeys(CODES, "Oui") | note for note in notes])
    campaign = a_campaign("g.xlsx", **GROUPS)
    assert read_answers(campaign, instrument, folder).warnings == ()
    table = read_table(campaign.responses, folder)
    layout, _ = locate_columns(table, campaign, instrument)
    codes, _ = code_cells(table, layout, instrument, campaign.coding)
    answered = (codes.values != MISSING).any(axis=1)
    places, _ = place_rows(table, layout, None, "Essai", answered)
    return notes_of(table, instrument, places)


def test_groups_have_notes(tmp_path: Path) -> None:
    notes = notes_read(
        tmp_path,
        [{"notes:bilan": "À revoir\nen mars", "notes:accueil": "- bien"}, {"notes:bilan": ""}],
    )
    assert notes.values.tolist() == [
        ["Nord", "Bloc", "accueil", "", "- bien"],
        ["Nord", "Bloc", "bilan", "", "À revoir\nen mars"],
    ]
    assert list(notes.columns) == ["facility", "service", "dimension", "item", "text"]


def test_no_note_is_an_empty_frame(tmp_path: Path) -> None:
    assert notes_read(tmp_path, [{}, {}]).empty


@pytest.mark.parametrize("subject", ["record", "respondent"])
def test_notes_of_records_and_respondents_are_refused(subject: str, tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_bytes(as_csv(with_line("notes:bilan", "", "Mme X", "")))
    with pytest.raises(Refused) as refused:
        read_answers(a_campaign("g.csv"), an_instrument(subject=subject), tmp_path)
    assert told(refused) == (
        "g.csv, colonne A, notes:bilan : des notes libres feraient reconnaître des personnes : "
        "ce questionnaire n'en lit pas\n"
        "    → effacez-les ; elles ne servent qu'aux groupes et aux autoévaluations"
    )


def test_notes_in_rows_follow_the_same_rule(tmp_path: Path) -> None:
    text = "Service;A1;A2;B1;B2;Notes : bilan;notes:bilans\nBloc;1;1;1;1;bien;non\n"
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    campaign = a_campaign("r.csv", "rows", columns={"service": "Service"})
    with pytest.raises(Refused, match="des notes libres feraient reconnaître"):
        read_answers(campaign, an_instrument(), tmp_path)
    with pytest.raises(Refused) as refused:
        read_answers(campaign, an_instrument(subject="person"), tmp_path)
    assert told(refused) == (
        "r.csv, ligne 1, colonne « notes:bilans » : notes d'une dimension ou d'un critère "
        "inconnus\n"
        "    → vouliez-vous dire « bilan » ?"
    )


@pytest.mark.parametrize("id", shipped_instruments())
def test_the_grid_of_every_instrument_reads_back(id: str, tmp_path: Path) -> None:
    instrument = load_instrument(id)
    write_grid(
        instrument, tmp_path / "g.xlsx", [NORTH | {"subject": "1"}, NORTH | {"subject": "2"}]
    )
    scales = {item.code: instrument.scale_of(item).options for item in instrument.items}
    worst = {code: typography(options[0].label) for code, options in scales.items()}  # as offered
    fill(tmp_path / "g.xlsx", [worst, {code: options[-1].code for code, options in scales.items()}])
    columns = {"service": "Service", "facility": "Établissement"}
    campaign = a_campaign("g.xlsx", columns=columns | {"subject": SUBJECTS[instrument.subject]})
    answers = read_answers(campaign, instrument, tmp_path)
    assert answers.responses[instrument.codes].values.tolist() == [
        [options[0].code for options in scales.values()],
        [options[-1].code for options in scales.values()],
    ]
    # One answer everywhere contradicts itself where criteria exclude each other.
    excluded = {other for item in instrument.items for other in item.excludes}
    told = " ".join(one.place for one in answers.warnings)
    assert {code for code in instrument.codes if quote(code) in told} == excluded


def test_columns_left_blank_are_not_records(tmp_path: Path) -> None:
    write_grid(an_instrument(), tmp_path / "grille.xlsx", 30)
    fill(tmp_path / "grille.xlsx", [a_column("D1"), {}, a_column("D2"), {}])
    answers = read_answers(a_campaign("grille.xlsx"), an_instrument(), tmp_path)
    assert answers.responses["subject"].tolist() == ["D1", "D2"]
    assert answers.exclusions.empty
    assert answers.warnings == ()


def test_a_record_drawn_but_not_audited_is_counted(tmp_path: Path) -> None:
    known = [{**NORTH, "subject": "D1"}, {**NORTH, "subject": "D2"}]
    write_grid(an_instrument(), tmp_path / "grille.xlsx", known)
    fill(tmp_path / "grille.xlsx", [dict.fromkeys(CODES, "Oui")])
    answers = read_answers(a_campaign("grille.xlsx"), an_instrument(), tmp_path)
    assert len(answers.responses) == 1
    assert answers.exclusions["reason"].tolist() == ["blank"]


def test_a_criterion_nobody_answered_is_missing_everywhere(tmp_path: Path) -> None:
    answers = filled(tmp_path, [a_column(B2=""), a_column("D2", B2="")])
    assert answers.responses["B2"].isna().all()
    assert answers.warnings == ()


@pytest.mark.parametrize(
    "rows",
    [
        with_line("Accueil", at=4),  # a heading, as a merged cell reads
        with_line("Service"),  # a heading of the name of a line
        with_line("", "", "", ""),
        [["Audit de mars", "", "", ""], ["Non (0) · Oui (1)", "", "", ""], *PLAIN],
        [*PLAIN, *[["", "", "", ""]] * 40],
        [[*row, ""] for row in PLAIN],
        replaced(4, "CODE ", "critere", "Réponse", "Réponse"),
        [row[:1] + row[2:] for row in PLAIN],  # no texts
        [[row[0], row[2], row[1], row[3]] for row in PLAIN],  # texts between the answers
        [PLAIN[3], *PLAIN[:3], *PLAIN[4:]],
        PLAIN[:1] + PLAIN[:0:-1],
        with_line("Auditeur", "", "", ""),
        with_line("C99", "un titre", "", ""),
        [*replaced(5, "a1", "texte", "oui", "OUI")],
    ],
)
def test_what_stands_around_the_answers_does_not_matter(
    rows: list[list[str]], tmp_path: Path
) -> None:
    answers = csv_answers(tmp_path, rows)
    assert answers.digest == csv_answers(tmp_path, PLAIN).digest
    assert answers.responses[CODES].values.tolist() == [[1, 1, 1, 1], [1, 1, 1, 0]]
    assert answers.warnings == ()


def test_short_lines_of_a_csv_are_read(tmp_path: Path) -> None:
    text = "Code;Critère;R;R\nService;;Bloc;Bloc\nTitre\nA1;;1;1\nA2;;1\nB1;;0;1\nB2;;0;1\n"
    (tmp_path / "g.csv").write_text(text, encoding="utf-8")
    campaign = a_campaign("g.csv", columns={"service": "Service"})
    responses = read_answers(campaign, an_instrument(), tmp_path).responses
    assert responses[CODES].fillna(-1).values.tolist() == [[1, 1, 0, 0], [1, -1, 1, 1]]


def test_a_line_nobody_asked_for_is_told(tmp_path: Path) -> None:
    [warning] = csv_answers(tmp_path, with_line("Auditeur", "", "Jour", "Nuit")).warnings
    assert str(warning).replace("\u202f", " ").replace("\u00a0", " ") == (
        "grille.csv, colonne A : à vérifier : 1 ligne ignorée : « Auditeur »\n"
        "    → rien à faire si elle ne porte pas de réponse"
    )


REFUSED = {
    "code_unknown": (
        with_line("B3", "texte", "1", ""),
        "grille.csv, ligne 9, code « B3 » : ce code n'est pas du questionnaire\n"
        "    → valeurs admises : A1, A2, B1, B2",
    ),
    "code_misspelt": (
        replaced(8, "B.2", "texte", "1", "1"),
        "grille.csv, colonne A, ligne « B2 » : ligne absente du tableau (clé « columns.items.B2 »)"
        "\n    → vouliez-vous dire « B.2 » ?\n"
        "grille.csv, colonne A : à vérifier : 1 ligne ignorée : « B.2 »\n"
        "    → rien à faire si elle ne porte pas de réponse",
    ),
    "code_twice": (
        with_line("A1", "texte", "", "0"),
        "grille.csv, ligne 9 : « A1 » est déjà à la ligne 5\n    → gardez une seule de ces lignes",
    ),
    "answers_without_code": (
        [*replaced(8, "", "texte", "1", "1"), ["", "", "", "x"]],
        "grille.csv, ligne 8 : 2 cellules remplies, rien en colonne A\n"
        "    → écrivez en colonne A le code de l'item, ou videz la ligne\n"
        "grille.csv, ligne 9 : 1 cellule remplie, rien en colonne A\n"
        "    → écrivez en colonne A le code de l'item, ou videz la ligne",
    ),
    "service_not_said_from_the_first_column": (
        replaced(2, "Service", "", "", "Bloc"),
        "grille.csv, colonne C, ligne « Service » : le service manque alors qu'il y a des "
        "réponses : colonne C\n    → complétez la ligne, ou retirez ces colonnes",
    ),
    "no_column": (
        [[*row[:2], "", ""] for row in PLAIN],
        "grille.csv : aucune colonne de la grille n'est remplie\n    → remplissez-la d'abord",
    ),
    "special_answer_forbidden": (
        replaced(5, "A1", "texte", "Oui", "Sans objet"),
        "grille.csv, colonne D, ligne « A1 » : ce critère n'admet pas la réponse « Sans objet »\n"
        "    → laissez la cellule vide, ou donnez une réponse admise : 0 (Non), 1 (Oui)",
    ),
    "unreadable_line": (
        replaced(5, "A1", "texte", "Oui", "peut-être"),
        "grille.csv, ligne « A1 » : 50 % des réponses sont illisibles, par exemple « peut-être »\n"
        "    → vérifiez la ligne, ou donnez le code de chaque réponse sous « coding », clé "
        "« labels » ; attendu : 0 (Non), 1 (Oui)",
    ),
    "no_titles": (
        PLAIN[:3] + PLAIN[4:],
        "grille.csv : ce n'est pas une grille : aucune cellule de la colonne A n'est « Code »\n"
        "    → repartez d'une grille vierge ; si le fichier a une ligne par réponse, retirez "
        "« layout: grid »",
    ),
    "rows": (
        [["Service", *CODES], ["Bloc", "1", "1", "1", "1"]],
        "grille.csv : ce n'est pas une grille : aucune cellule de la colonne A n'est « Code »\n"
        "    → repartez d'une grille vierge ; si le fichier a une ligne par réponse, retirez "
        "« layout: grid »",
    ),
    "rows_whose_identifier_is_a_code": (
        [["Code", "Établissement", "Service", *CODES], ["D1", "N", "Bloc", "1", "1", "1", "1"]],
        "grille.csv : une ligne par réponse, une colonne par item\n    → retirez « layout: grid »",
    ),
}


@pytest.mark.parametrize("failure", REFUSED)
def test_a_broken_grid_is_refused(failure: str, tmp_path: Path) -> None:
    rows, expected = REFUSED[failure]
    with pytest.raises(Refused) as refused:
        csv_answers(tmp_path, rows)
    assert expected in told(refused)
    if not failure.startswith("rows_"):  # lines missing too are told beside
        assert told(refused) == expected


AS_ROWS = {
    "written_by_the_kit": (
        PLAIN,
        "grille.csv, ligne 4 : c'est une grille : un item par ligne, une réponse par colonne\n"
        "    → dites-le dans la campagne : « responses: {file: grille.csv, layout: grid} »",
    ),
    "home_made": (
        [["Service", "Bloc", "Urgences"], *[[code, "1", "0"] for code in CODES]],
        "grille.csv : une ligne par item, une colonne par réponse : c'est une grille\n"
        "    → écrivez « Code » en tête de la colonne A et « Critère » au-dessus des textes, "
        "puis ajoutez « layout: grid » sous « responses »",
    ),
}


@pytest.mark.parametrize("failure", AS_ROWS)
def test_a_grid_given_for_rows_is_recognised(failure: str, tmp_path: Path) -> None:
    rows, expected = AS_ROWS[failure]
    (tmp_path / "grille.csv").write_bytes(as_csv(rows))
    with pytest.raises(Refused) as refused:
        read_answers(a_campaign("grille.csv", "rows"), an_instrument(), tmp_path)
    assert expected in told(refused)


def test_a_written_grid_given_for_rows_is_recognised(tmp_path: Path) -> None:
    write_grid(an_instrument(), tmp_path / "g.xlsx", 2)
    with pytest.raises(Refused, match="c'est une grille"):
        read_table(TableFile(file="g.xlsx"), tmp_path)


def test_a_formula_never_calculated_is_refused_as_in_any_workbook(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        filled(tmp_path, [a_column(B2="=1")])
    assert told(refused).startswith("grille.xlsx : 1 formule sans résultat enregistré : C13\n")


def test_numbers_typed_are_codes(tmp_path: Path) -> None:
    column = a_column() | {"A1": 0, "A2": 1.0, "B1": "8", "B2": "non  RENSEIGNE"}
    assert filled(tmp_path, [column]).responses[CODES].values.tolist() == [[0, 1, 8, 9]]


@pytest.mark.parametrize(
    ("said", "turned"),
    [
        ("colonne absente du tableau", "ligne absente du tableau"),
        ("3 colonnes ignorées : « ligne 2 »", "3 lignes ignorées : « ligne 2 »"),
        ("lignes 2, 3 et 4", "colonnes C, F et AB"),
        ("ligne 3", "colonne F"),
        ("ligne 1", "colonne A"),
        ("lignes 2, 3… (12 lignes en tout)", "colonnes C, F… (12 colonnes en tout)"),
        (
            "complétez la colonne, ou retirez ces lignes",
            "complétez la ligne, ou retirez ces colonnes",
        ),
        ("sous « columns », clé « items »", "sous « columns », clé « items »"),
    ],
)
def test_messages_about_a_grid_name_what_is_on_the_sheet(said: str, turned: str) -> None:
    assert Grid(("C", "F", "AB"), {}, ()).turned(said) == turned


UNWRITTEN: list[tuple[str, Any, str]] = [
    (
        "g.csv",
        1,
        "g.csv : une grille est un classeur Excel\n    → terminez le nom par « .xlsx »",
    ),
    ("g.xlsx", 0, "g.xlsx : 0 colonnes de réponses\n    → demandez-en de 1 à 500"),
    ("g.xlsx", [], "g.xlsx : 0 colonnes de réponses\n    → demandez-en de 1 à 500"),
    ("g.xlsx", 10**9, "g.xlsx : 501 colonnes de réponses\n    → demandez-en de 1 à 500"),
    (
        "g.xlsx",
        [{"A1": "x"}],
        "g.xlsx : « A1 » est aussi le code d'un item\n    → donnez un autre nom",
    ),
]


@pytest.mark.parametrize(("file", "columns", "expected"), UNWRITTEN)
def test_a_grid_that_cannot_be_written_is_refused(
    file: str, columns: Any, expected: str, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as refused:
        write_grid(an_instrument(), tmp_path / file, columns)
    assert told(refused) == expected
    assert list(tmp_path.iterdir()) == []


def test_a_grid_already_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "g.xlsx").write_bytes(b"remplie")
    with pytest.raises(Refused) as refused:
        write_grid(an_instrument(), tmp_path / "g.xlsx", 1)
    assert told(refused) == (
        "g.xlsx : ce fichier existe déjà, peut-être rempli\n"
        "    → choisissez un autre nom, ou supprimez-le vous-même"
    )
    assert (tmp_path / "g.xlsx").read_bytes() == b"remplie"
