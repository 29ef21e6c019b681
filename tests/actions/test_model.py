"""The frame of the plan: dates, progress, spellings, one action changed."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgdr_eval.actions.model import (
    ACTION_COLUMNS,
    HEADERS,
    ORIGINS,
    edit_action,
    make_actions,
    read_date,
    read_progress,
    tidy_actions,
)
from tests.actions.plans import plan


@given(st.dates(datetime.date(1954, 10, 4), datetime.date(2118, 12, 31)))
def test_a_date_is_read_in_every_spelling(day):
    spellings = [f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}", day.isoformat(),
                 f"{day.isoformat()} 00:00:00", f"{day:%d.%m.%Y}",
                 str((day - datetime.date(1899, 12, 30)).days)]  # fmt: skip
    assert {read_date(text) for text in spellings} == {day.isoformat()}


@pytest.mark.parametrize(
    "text",
    ["", "fin 2026", "31/02/2026", "2026-13-01", "12/2026", "1e5", "20261231", "0", "٣/٣/٢٠٢٦"],
)
def test_anything_else_is_no_date(text):
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("40", 40), ("40 %", 40), ("12,5", 12.5), ("-3", -3), ("presque", None), ("", None)],
)
def test_progress_is_read_as_people_write_it(text, value):
    assert read_progress(text) == value


def test_words_take_their_one_spelling_and_free_texts_are_left_alone():
    typed = {"state": " EN COURS", "priority": "Haute", "origin": "Evenement indesirable",
             "due": "31/12/2026", "progress": "40 %", "action": " EN COURS "}  # fmt: skip
    row = tidy_actions(plan(typed)).loc[0]
    assert row[["state", "priority", "origin", "due", "progress"]].tolist() == [
        "en cours", "haute", "événement indésirable", "2026-12-31", "40"]  # fmt: skip
    assert row["action"] == " EN COURS "


def test_what_cannot_be_read_stays():
    row = tidy_actions(plan({"state": "fini", "due": "demain", "progress": "presque"})).loc[0]
    assert row[["state", "due", "progress"]].tolist() == ["fini", "demain", "presque"]


def test_editing_changes_one_action_and_leaves_the_plan_given_alone():
    before = plan({}, {})
    after = edit_action(before, "B", state="réalisé", pilot="Pharmacien")
    assert after.loc[1, ["state", "pilot"]].tolist() == ["réalisé", "Pharmacien"]
    assert after.drop(1).equals(before.drop(1))
    assert before.loc[1, "state"] == "en cours"


@pytest.mark.parametrize(("id", "changes"), [("Z", {"state": "réalisé"}), ("A", {"etat": "x"})])
def test_editing_refuses_what_is_not_there(id, changes):
    with pytest.raises(KeyError):
        edit_action(plan({}), id, **changes)


def test_every_column_has_its_own_french_name():
    assert len(set(HEADERS.values())) == len(ACTION_COLUMNS) == 26
    assert all("," not in origin for origin in ORIGINS)  # a list of a spreadsheet cuts on commas
    assert make_actions([]).shape == (0, 26)
