"""Nothing is dropped silently: every row is kept or set aside for a reason that can be read."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qgdr_eval.responses.roster import kinds_of, read_roster
from qgdr_eval.tables.file import TableFile
from qgdr_eval.tables.read import read_table
from tests.responses.campaigns import HEADERS, ITEMS, a_table, answers_of, as_csv
from tests.thorough import examples

GOOD = "1 Nord Bloc IDE 4 5 2 4 4 2"
LOGGED = ["row", "reason", "action", "item", "given"]
ROSTER = [
    {"facility": "Nord", "service": "Urgences", "head_count": 30},
    {"facility": "Nord", "service": "Bloc", "head_count": 12},
    {"facility": "Sud", "service": "Bloc"},
]


def logged(answers, **where) -> list[tuple]:
    rows = answers.exclusions
    for column, value in where.items():
        rows = rows[rows[column] == value]
    return [tuple(row) for row in rows[LOGGED].to_numpy().tolist()]


def test_responses_are_wide_and_typed(tmp_path: Path) -> None:
    answers = answers_of(tmp_path, a_table(GOOD, "2 Sud Bloc . 3 . 1 5 9 3"))
    responses = answers.responses
    assert list(responses.columns) == [
        "campaign",
        "facility",
        "service",
        "subject",
        "profession",
        *ITEMS,
    ]
    assert {str(responses[item].dtype) for item in ITEMS} == {"Int16"}
    assert responses["facility"].cat.categories.tolist() == ["Nord", "Sud"]
    assert responses["profession"].isna().tolist() == [False, True]
    assert answers.exclusions.empty
    assert answers.warnings == ()


def test_blank_rows_and_blank_returns_are_told_apart(tmp_path: Path) -> None:
    table = a_table(
        GOOD, ". . . . . . . . . .", "2 Nord Bloc IDE . . . . . .", "3 Sud Bloc AS 4 4 2 4 4 1"
    )
    answers = answers_of(tmp_path, table)
    assert logged(answers) == [
        (3, "empty_row", "excluded", "", ""),
        (4, "blank", "excluded", "", ""),
    ]
    assert answers.exclusions["service"].tolist() == ["", "Bloc"]


def test_a_person_who_only_does_not_know_did_answer(tmp_path: Path) -> None:
    assert len(answers_of(tmp_path, a_table(GOOD, "2 Nord Bloc IDE 9 9 9 9 9 9")).responses) == 2


def test_the_first_of_two_returns_is_kept(tmp_path: Path) -> None:
    table = a_table("1 Nord Bloc IDE . . . . . .", GOOD, "1 Nord Bloc IDE 1 1 5 1 1 4")
    answers = answers_of(tmp_path, table)
    assert logged(answers) == [
        (2, "blank", "excluded", "", ""),
        (4, "duplicate", "excluded", "", "1"),
    ]
    assert answers.responses["E1"].tolist() == [4]


@pytest.mark.parametrize(
    ("returns", "log", "kept"),
    [
        (["4 5 . . . .", "1 1 5 1 1 4"], [(2, "less_complete")], 1),  # begun, then begun again
        (["1 1 5 1 1 4", "4 5 . . . ."], [(3, "less_complete")], 1),
        (["4 . . . . .", "1 1 5 1 1 4", "2 2 . . . .", "3 3 3 3 3 2"],
         [(2, "less_complete"), (4, "less_complete"), (5, "duplicate")], 1),
        (["4 5 . . . .", ". . . . 1 4"], [(3, "duplicate")], 4),  # as complete: the first
        (["4 . . . . .", "1 9 9 9 9 9"], [(2, "less_complete")], 1),  # not to know is to answer
    ],
)  # fmt: skip
def test_the_most_complete_of_two_returns_is_kept(
    tmp_path: Path, returns: list[str], log: list[tuple], kept: int
) -> None:
    table = a_table(*(f"1 Nord Bloc IDE {given}" for given in returns))
    answers = answers_of(tmp_path, table)
    duplicates = answers.exclusions[answers.exclusions["action"] == "excluded"]
    assert duplicates[["row", "reason"]].apply(tuple, axis=1).tolist() == log
    assert set(duplicates["given"]) == {"1"}
    assert answers.responses["E1"].tolist() == [kept]


def test_a_draft_that_names_another_service_gives_way_too(tmp_path: Path) -> None:
    table = a_table("1 Sud Bloc IDE 4 5 . . . .", *(f"{n} Nord Bloc IDE 4 5 2 4 4 2"
                    for n in range(1, 9)))  # fmt: skip
    answers = answers_of(tmp_path, table)
    assert logged(answers) == [(2, "less_complete", "excluded", "", "1")]
    assert set(answers.responses["facility"]) == {"Nord"}


def test_copies_without_identifier_are_flagged(tmp_path: Path) -> None:
    table = a_table(
        *[GOOD.replace("1 Nord", ". Nord")] * 2,
        ". Sud Bloc IDE 4 5 2 4 4 2",
        ". Nord Bloc IDE 4 5 . . . .",
        ". Nord Bloc IDE 4 5 . . . .",
    )
    answers = answers_of(tmp_path, table)
    assert logged(answers, reason="identical_row") == [(3, "identical_row", "flagged", "", "")]
    assert len(answers.responses) == 5


@pytest.mark.parametrize(
    ("sense", "straight", "coherent"),
    [
        ("as_worded", "4 4 4 4 4 4", "4 4 2 4 4 2"),
        ("already_reversed", "4 4 2 4 4 2", "4 4 4 4 4 4"),
    ],
)
def test_the_same_answer_everywhere_is_judged_as_worded(
    sense: str, straight: str, coherent: str, tmp_path: Path
) -> None:
    table = a_table(f"1 Nord Bloc IDE {straight}", f"2 Nord Bloc IDE {coherent}")
    answers = answers_of(tmp_path, table, coding={"reversed": sense})
    assert logged(answers) == [(2, "same_answer", "flagged", "", "")]


def test_a_campaign_sets_flagged_returns_aside(tmp_path: Path) -> None:
    table = a_table(GOOD, "2 Nord Bloc IDE 4 4 . . . .", "3 Nord Bloc IDE 4 4 4 4 4 4")
    coding = {"reversed": "as_worded", "exclude": ["under_half"]}
    answers = answers_of(tmp_path, table, coding=coding)
    assert logged(answers) == [
        (3, "under_half", "excluded", "", ""),
        (4, "same_answer", "flagged", "", ""),
    ]
    assert answers.responses["subject"].tolist() == ["1", "3"]


def test_an_unreadable_answer_is_logged_cell_by_cell(tmp_path: Path) -> None:
    rows = [f"{i} Nord Bloc IDE 4 5 2 4 4 2" for i in range(9)]
    answers = answers_of(tmp_path, a_table(*rows, "9 Nord Bloc IDE 44 5 2 4 4,5 2"))
    assert logged(answers) == [
        (11, "out_of_range", "set_missing", "E1", "44"),
        (11, "out_of_range", "set_missing", "P2", "4,5"),
    ]
    assert answers.responses["E1"].isna().sum() == 1
    unread, ends = answers.warnings
    assert "2\xa0réponses illisibles mises à vide" in unread.what
    assert "aucune des 58\xa0réponses n'est 1" in ends.what


def test_the_roster_rules_order_and_spelling(tmp_path: Path) -> None:
    table = a_table("1 NORD bloc IDE 4 5 2 4 4 2", "2 Sud Bloc AS 4 5 2 4 4 2")
    answers = answers_of(tmp_path, table, services=ROSTER)
    assert answers.roster.astype(object).where(answers.roster.notna(), None).values.tolist() == [
        ["Nord", "Urgences", 30, None],
        ["Nord", "Bloc", 12, None],
        ["Sud", "Bloc", None, None],
    ]
    assert answers.responses["facility"].tolist() == ["Nord", "Sud"]
    assert answers.responses["service"].cat.categories.tolist() == ["Urgences", "Bloc"]


def test_a_roster_file_is_read_whatever_its_headers(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(
        "ETABLISSEMENT;Service;Pôle;effectif\nNord;Bloc;A;12\nSud;Bloc;B;\n", encoding="cp1252"
    )
    answers = answers_of(tmp_path, a_table(GOOD), services="s.csv")
    assert answers.roster["head_count"].astype(object).tolist() == [12, pd.NA]


def test_a_roster_says_the_kind_of_a_service(tmp_path: Path) -> None:
    lines = "service;type;effectif\nSAU Nord;Urgences;12\nSAU Sud;urgences ;\nBloc;;9\n"
    (tmp_path / "s.csv").write_text(lines, encoding="utf-8")
    roster = read_roster(TableFile(file="s.csv"), tmp_path)
    assert kinds_of(roster).values.tolist() == [
        ["", "SAU Nord", "Urgences"],
        ["", "SAU Sud", "Urgences"],
    ]


def test_a_roster_without_kinds_has_no_column_for_them(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("service;type\nBloc;\n", encoding="utf-8")
    roster = read_roster(TableFile(file="s.csv"), tmp_path)
    assert "type" not in roster
    assert kinds_of(roster).empty


def test_without_facilities_the_campaign_names_the_only_one(tmp_path: Path) -> None:
    answers = answers_of(tmp_path, a_table(GOOD), columns={"service": "Service"})
    assert answers.roster["facility"].tolist() == ["Campagne d'essai"]
    assert answers.responses["subject"].tolist() == [""]


def test_the_roster_gives_the_facility_the_file_does_not(tmp_path: Path) -> None:
    answers = answers_of(
        tmp_path, a_table(GOOD), columns={"service": "Service"}, services=ROSTER[:2]
    )
    assert answers.responses["facility"].tolist() == ["Nord"]


def test_spellings_of_a_service_are_one_service_and_it_is_told(tmp_path: Path) -> None:
    answers = answers_of(tmp_path, a_table(GOOD, "2 Nord BLOC AS 4 5 2 4 4 2"))
    assert answers.roster["service"].tolist() == ["Bloc"]
    assert len(answers.warnings) == 1


def test_a_table_of_blank_returns_is_an_empty_campaign(tmp_path: Path) -> None:
    answers = answers_of(tmp_path, a_table("1 Nord Bloc IDE . . . . . ."), services=ROSTER)
    assert answers.responses.empty
    assert len(answers.roster) == 3


def test_what_was_read_cannot_be_replaced(tmp_path: Path) -> None:
    answers = answers_of(tmp_path, a_table(GOOD))
    with pytest.raises(AttributeError):
        answers.responses = answers.responses.head(0)


cells = st.sampled_from(["", "1", "2", "3", "4", "5", "8", "9"])
rows = st.tuples(
    st.sampled_from(["", "", "a", "b", "c"]),
    st.just("Nord"),
    st.just("Bloc"),
    st.just("IDE"),
    *[cells] * 6,
)
empty = st.just(("",) * len(HEADERS))


@settings(
    max_examples=examples(50),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(rows | empty, min_size=1, max_size=20),
    exclude=st.sets(st.sampled_from(["under_half", "same_answer", "identical_row"])),
)
def test_rows_kept_and_rows_set_aside_make_the_table(
    rows: list[tuple[str, ...]], exclude: set[str], tmp_path: Path
) -> None:
    table = pd.DataFrame([GOOD.split(" "), *rows], columns=HEADERS)
    answers = answers_of(
        tmp_path, table, coding={"reversed": "as_worded", "exclude": sorted(exclude)}
    )
    read = read_table(TableFile(file="reponses.csv"), tmp_path).frame
    aside = answers.exclusions[answers.exclusions["action"] == "excluded"]
    assert aside["row"].is_unique
    assert aside["row"].between(2, len(read) + 1).all()
    assert len(answers.responses) + len(aside) == len(read)
    assert (
        not answers.responses.loc[answers.responses["subject"] != "", "subject"].duplicated().any()
    )
    filled = (read[list(ITEMS)] != "").sum(axis=1)
    by_subject = read.assign(filled=filled)[read["Id"] != ""].groupby("Id")
    for subject, most in by_subject["filled"].max().items():
        kept = answers.responses[answers.responses["subject"] == subject]
        assert kept.empty or kept[list(ITEMS)].notna().sum(axis=1).tolist() == [most]
    assert (tmp_path / "reponses.csv").read_bytes() == as_csv(table)
