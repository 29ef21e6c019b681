"""What an audit refuses, and what it does not suspect: answers forbidden, records all alike."""

from pathlib import Path

import pytest

from qgdr_eval.instruments import Instrument, Item, load_instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses import Answers, read_answers
from tests.responses.campaigns import a_campaign, a_table, as_csv, as_xlsx, small_instrument

NOT_APPLICABLE, DONT_KNOW = 8, 9
ADMITTED = (
    "laissez la cellule vide, ou donnez une réponse admise : 1 (Pas du tout d'accord), "
    "2 (Plutôt pas d'accord), 3 (Sans avis), 4 (Plutôt d'accord), 5 (Tout à fait d'accord)"
)


def strict(**forbidden: list[int]) -> Instrument:
    """The small instrument with answers forbidden item by item."""
    asked = small_instrument()
    items = tuple(
        Item(**item.model_dump() | {"forbidden": forbidden.get(item.code, [])})
        for item in asked.items
    )
    return asked.model_copy(update={"items": items})


def read(folder: Path, instrument: Instrument, *rows: str, book: bool = False) -> Answers:
    file = "reponses.xlsx" if book else "reponses.csv"
    (folder / file).write_bytes(as_xlsx(a_table(*rows)) if book else as_csv(a_table(*rows)))
    return read_answers(a_campaign(responses=file), instrument, folder)


def refused(folder: Path, instrument: Instrument, *rows: str, **how: bool) -> tuple[Problem, ...]:
    with pytest.raises(Refused) as raised:
        read(folder, instrument, *rows, **how)
    return raised.value.problems


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize("book", [False, True])
def test_it_says_the_row_the_column_and_the_cure(tmp_path: Path, book: bool) -> None:
    rows = ("1 Nord Bloc IDE 4 5 2 4 4 2", "2 Nord Bloc IDE 4 8 2 4 8 2")
    (problem,) = refused(tmp_path, strict(E2=[NOT_APPLICABLE]), *rows, book=book)
    assert (problem.file, problem.line) == (f"reponses.{'xlsx' if book else 'csv'}", 3)
    assert plain(problem.place) == "colonne « E2 »"
    assert plain(problem.what) == "ce critère n'admet pas la réponse « Sans objet »"
    assert plain(problem.cure) == ADMITTED
    assert problem.severity == "error"


def test_the_label_is_refused_like_the_code(tmp_path: Path) -> None:
    table = a_table("1 Nord Bloc IDE 4 5 2 4 4 2")
    table.loc[0, "P1"] = "sans objet"
    (tmp_path / "reponses.csv").write_bytes(as_csv(table))
    with pytest.raises(Refused, match="colonne «\u202fP1\u202f»"):
        read_answers(a_campaign(), strict(P1=[NOT_APPLICABLE]), tmp_path)


def test_every_row_is_named_in_one_problem(tmp_path: Path) -> None:
    rows = ("1 Nord Bloc IDE 8 5 2 4 4 2", "2 Nord Bloc IDE 4 5 2 4 4 2")
    last = "3 Sud Bloc IDE 8 4 1 4 5 1"
    (problem,) = refused(tmp_path, strict(E1=[NOT_APPLICABLE]), *rows, last)
    assert problem.line == 2
    assert plain(problem.what).endswith("« Sans objet » (lignes 2 et 4)")


def test_all_problems_come_together(tmp_path: Path) -> None:
    rows = ("1 Nord Bloc IDE 8 9 2 4 4 2", "2 Nord Bloc IDE 9 8 2 8 4 9")
    problems = refused(
        tmp_path, strict(E1=[NOT_APPLICABLE, DONT_KNOW], E2=[DONT_KNOW], P3=[DONT_KNOW]), *rows
    )
    assert [(one.line, plain(one.place), plain(one.what).split("« ")[1]) for one in problems] == [
        (2, "colonne « E1 »", "Sans objet »"),
        (3, "colonne « E1 »", "Ne sait pas »"),
        (2, "colonne « E2 »", "Ne sait pas »"),
        (3, "colonne « P3 »", "Ne sait pas »"),
    ]


def test_what_is_not_forbidden_is_read(tmp_path: Path) -> None:
    """The other special answer of the item, the same answer elsewhere, an empty cell."""
    rows = ("1 Nord Bloc IDE 9 8 2 4 4 2", "2 Nord Bloc IDE . 8 2 4 8 2")
    responses = read(tmp_path, strict(E1=[NOT_APPLICABLE]), *rows).responses
    assert responses["E1"].isna().tolist() == [False, True]
    assert responses["E1"][0] == DONT_KNOW
    assert responses["E2"].tolist() == [NOT_APPLICABLE, NOT_APPLICABLE]


def test_the_preparatory_grid_says_what_each_special_answer_calls_for() -> None:
    """NC is to be justified everywhere, rare on the imperatives but 3.6.2; RI is of chapter 1."""
    asked = load_instrument("essms_preparatoire")
    parts = list(dict.fromkeys(dimension.part for dimension in asked.dimensions))
    for item in asked.items:
        first = asked.dimension(item.dimension).part == parts[0]
        assert item.forbidden == (() if first else (DONT_KNOW,)), item.code
        rare = item.critical and item.official != "3.6.2"
        assert item.unusual == ((NOT_APPLICABLE,) if rare else ()), item.code
        assert item.justify == (() if rare else (NOT_APPLICABLE,)), item.code
    assert len({item.official for item in asked.items if item.critical}) == 18


@pytest.mark.parametrize(
    ("subject", "flags"),
    [
        ("respondent", [(2, "same_answer"), (3, "same_answer"), (5, "identical_row")]),
        ("record", []),
        ("group", []),
        ("person", []),
    ],
)
def test_only_people_are_suspected_of_answering_alike(
    tmp_path: Path, subject: str, flags: list[tuple[int, str]]
) -> None:
    """Two records may well meet every criterion, or the same ones."""
    asked = small_instrument().model_copy(update={"subject": subject})
    rows = [". Nord Bloc IDE 5 5 5 5 5 5"] * 2 + [". Nord Bloc IDE 5 4 1 5 4 2"] * 2
    log = read(tmp_path, asked, *rows).exclusions
    assert list(log[["row", "reason"]].itertuples(index=False, name=None)) == flags
