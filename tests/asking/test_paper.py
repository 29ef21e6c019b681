"""Sheets of paper typed in the notebook: their card is struck first, and each is counted once."""

import pandas as pd
import pytest

from qgdr_eval.asking.asked.inquiry import store_path
from qgdr_eval.asking.opening.gather import gather
from qgdr_eval.asking.opening.sources import every_source, refuse_sheets_begun
from qgdr_eval.asking.receiving.store import open_store
from qgdr_eval.asking.widget.cell import open_entry, reply_to
from qgdr_eval.problems import Refused
from tests.asking.campaigns import CROWD, ready


@pytest.fixture
def made(tmp_path):
    return ready(tmp_path)


def enter(desk, code):
    return reply_to(desk, {"id": "1", "do": "enter", "code": code})


def say(desk, do, visit, answers=None, **more):
    return reply_to(desk, {"do": do, "visit": visit, "answers": answers or {}, **more})


def typed(desk, code, answers):
    """A sheet from its card to its seal."""
    visit = enter(desk, code)["visit"]
    for item, given in answers.items():
        assert say(desk, "keep", visit, {item: given})["done"]
    return say(desk, "send", visit, answers)


def sheet_of(made, rank):
    items = made.asked.instrument.codes
    return {item: str(1 + (at + rank) % 4) for at, item in enumerate(items) if (at + rank) % 5}


def opened(made):
    """What was answered, once others came in such a number that it may be opened."""
    made.crowd()
    with every_source(made.path) as sources:
        done = gather(made.path, made.pair, sources)
    rows = pd.read_csv(made.path.parent / "reponses.csv", sep=";", dtype=str).fillna("")
    told = rows[list(made.asked.instrument.codes)].to_dict("records")
    return [row for row in told if any(row.values())], done


def test_what_was_on_paper_is_what_is_opened_with_what_came_otherwise(made):
    codes, items = made.codes["Médecine"], made.asked.instrument.codes
    given = [sheet_of(made, rank) for rank in range(6)]
    paper = open_entry(made.path, paper=1)
    for rank in range(3):
        assert typed(paper, codes[rank], given[rank])["told"] == "Feuille scellée."
    turns = open_entry(made.path)
    visit = enter(turns, codes[3])["visit"]
    assert say(turns, "send", visit, given[3])["done"]
    for rank in (4, 5):
        answers = {item: int(code) for item, code in given[rank].items()}
        made.send(codes[rank].replace(" ", ""), answers, str(rank))
    rows, _ = opened(made)
    expected = [{item: one.get(item, "") for item in items} for one in given]
    assert sorted(map(str, rows)) == sorted(map(str, expected))


def test_a_card_is_struck_before_anything_is_typed_and_counts_once_wherever_it_was_used(made):
    one, two, three, *_ = made.codes["Médecine"]
    paper, turns = open_entry(made.path, paper=1), open_entry(made.path)
    assert enter(paper, one)["done"]
    assert "Cette carte a déjà servi" in enter(turns, one)["why"]
    say(turns, "send", enter(turns, two)["visit"], {"CE01": "1"})
    assert "Mettez sa feuille de côté" in enter(paper, two)["why"]
    made.send(three.replace(" ", ""), {"CE01": 2}, "3")  # dropped, then handed in on paper as well
    assert typed(paper, three, {"CE01": "2"})["done"]
    rows, done = opened(made)
    assert (sorted(row["CE01"] for row in rows), done.twice) == (["1", "2"], 1)


def test_a_draft_begun_elsewhere_is_not_mixed_with_the_sheet(made):
    code, *_ = made.codes["Médecine"]
    turns = open_entry(made.path)
    say(turns, "keep", enter(turns, code)["visit"], {"CE01": "1", "CE02": "1"})
    assert typed(open_entry(made.path, paper=1), code, {"CE01": "4"})["done"]
    rows, _ = opened(made)
    assert [(row["CE01"], row["CE02"]) for row in rows] == [("4", "")]


def test_a_sheet_is_resumed_corrected_and_sealed_once(made):
    code, *_ = made.codes["Médecine"]
    first = open_entry(made.path, paper=1)
    visit = enter(first, code)["visit"]
    say(first, "keep", visit, {"CE01": "1", "CE02": "2"})
    say(first, "keep", visit, {"CE01": "4", "CE02": ""})
    again = open_entry(made.path, paper=1)  # the kernel died
    assert "Une feuille" not in reply_to(again, {"do": "show"})["waiting"]
    assert "1 feuille commencée" in reply_to(again, {"do": "show"})["waiting"].replace("\xa0", " ")
    begun = enter(again, code)
    assert begun["form"].count(" checked") == 1
    assert say(again, "send", begun["visit"], {"CE01": "4"})["told"] == "Feuille scellée."
    assert "une seule fois" in say(again, "send", begun["visit"], {"CE01": "1"})["told"]
    assert not say(again, "keep", begun["visit"], {"CE01": "1"})["done"]
    assert "a déjà servi" in enter(again, code)["why"]
    assert reply_to(again, {"do": "show"})["waiting"] == ""
    rows, _ = opened(made)
    assert [(row["CE01"], row["CE02"]) for row in rows] == [("4", "")]


def test_nothing_is_opened_while_a_sheet_is_half_typed(made):
    """Opening closes the campaign: the sheet could not be finished any more."""
    one, two, *_ = made.codes["Médecine"]
    paper = open_entry(made.path, paper=1)
    typed(paper, one, {"CE01": "4"})
    visit = enter(paper, two)["visit"]
    with every_source(made.path) as sources, pytest.raises(Refused, match=r"pas scellées\s: 1"):
        refuse_sheets_begun(made.path, sources)
    assert say(paper, "send", visit, {"CE01": "4"})["done"]
    with every_source(made.path) as sources:
        refuse_sheets_begun(made.path, sources)


def test_typed_twice_the_differences_are_listed_before_it_is_sealed(made):
    code, other, *_ = made.codes["Médecine"]
    paper = open_entry(made.path, paper=2)
    visit = enter(paper, code)["visit"]
    first = {"CE01": "4", "CE02": "2", "CE03": "1"}
    second = {"CE01": "4", "CE02": "3", "CE04": "1"}
    for _ in range(2):  # its reply lost, it is sent again: still not the second time
        asked = say(paper, "send", visit, first, again=False)
        assert (asked["again"], " checked" in asked["form"]) == (True, False)
    unlike = say(paper, "send", visit, second, again=True)["differences"]
    assert [(one["name"], one["first"], one["second"]) for one in unlike] == [
        ("CE02", "2", "3"), ("CE03", "1", ""), ("CE04", "", "1")]  # fmt: skip
    assert store_of(made)[0] == 0
    right = {"CE01": "4", "CE02": "3", "CE03": "1"}
    assert say(paper, "send", visit, right, again=True, settled=True)["told"] == "Feuille scellée."

    # Left after the first time, the code reopens it for the second, by somebody else or later.
    left = enter(paper, other)["visit"]
    say(paper, "send", left, {"CE01": "1"}, again=False)
    say(paper, "leave", left)
    back = enter(open_entry(made.path, paper=1), other)
    assert (back["again"], " checked" in back["form"]) == (True, False)
    visit = enter(paper, other)["visit"]
    assert say(paper, "send", visit, {"CE01": "1"}, again=True)["told"] == "Feuille scellée."
    rows, _ = opened(made)
    assert sorted(row["CE02"] for row in rows) == ["", "3"]


def test_a_comment_is_typed_once_just_before_it_is_sealed_apart(tmp_path):
    made = ready(tmp_path, more="  comments: true\n")
    paper = open_entry(made.path, paper=2)
    begun = enter(paper, made.codes["Médecine"][0])
    assert "<textarea" not in begun["form"]
    again = say(paper, "send", begun["visit"], {"CE01": "4"}, again=False)
    assert "<textarea" in again["form"]
    answers = {"CE01": "4", "_commentaire": "Merci."}
    assert say(paper, "send", begun["visit"], answers, again=True)["told"] == "Feuille scellée."
    store = open_store(store_path(made.path, "essai"))
    (remark,) = store.remarks().values()
    assert made.pair.open(remark, made.inquiry.remark_seal.use)["text"] == "Merci."
    store.close()


def test_a_sheet_left_blank_is_typed_twice_and_counted(made):
    paper = open_entry(made.path, paper=2)
    visit = enter(paper, made.codes["Médecine"][0])["visit"]
    assert say(paper, "send", visit, again=False)["again"]
    assert say(paper, "send", visit, again=True)["told"] == "Feuille scellée."
    rows, done = opened(made)
    assert (rows, done.total) == ([], 2 * CROWD + 1)


def test_without_cards_a_sheet_that_is_left_was_never_begun(tmp_path):
    made = ready(tmp_path, more="  access: open\n")
    paper = open_entry(made.path, paper=1)
    left = reply_to(paper, {"do": "enter", "place": "0"})["visit"]
    say(paper, "keep", left, {"CE01": "1"})
    assert say(paper, "leave", left)["done"]
    visit = reply_to(paper, {"do": "enter", "place": "1"})["visit"]
    assert say(paper, "send", visit, {"CE01": "4"})["told"] == "Feuille scellée."
    assert store_of(made) == (1, 1)
    rows, _ = opened(made)
    assert [row["CE01"] for row in rows] == ["4"]


def store_of(made):
    """How many boxes and used cards the store holds."""
    store = open_store(store_path(made.path, "essai"))
    counts = len(store.boxes()), len(store.used())
    store.close()
    return counts


@pytest.mark.parametrize("answers", [{"CE01": "77"}, {"_premiere": "1"}, {"inconnu": "1"}])
def test_what_is_no_answer_is_refused(made, answers):
    paper = open_entry(made.path, paper=1)
    visit = enter(paper, made.codes["Médecine"][0])["visit"]
    assert not say(paper, "keep", visit, answers)["done"]
    assert not say(paper, "send", visit, answers)["done"]
    assert store_of(made) == (0, 1)


def test_an_audit_has_no_sheets_of_people(tmp_path):
    campaign = tmp_path / "campagne.yml"
    campaign.write_text(
        "id: a\ntitle: Audit\nperiod: mars 2026\ninstrument: epp_hygiene_mains\n"
        "responses: d.csv\ncolumns: {service: Service, subject: Dossier}\n"
        "coding: {answers: codes, reversed: as_worded}\nservices: [Nuit]\n",
        encoding="utf-8",
    )
    with pytest.raises(Refused, match="questionnaires de personnes"):
        open_entry(campaign, paper=1)
