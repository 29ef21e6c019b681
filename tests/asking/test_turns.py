"""A service that passes one computer round: each answers in turn, sealed as on a server."""

import sqlite3
from contextlib import closing

import pandas as pd
import pytest

from qgdr_eval.asking.asked.inquiry import store_path
from qgdr_eval.asking.opening.gather import gather
from qgdr_eval.asking.opening.sources import every_source
from qgdr_eval.asking.receiving.store import open_store
from qgdr_eval.asking.widget.cell import open_entry, reply_to
from qgdr_eval.problems import Refused
from qgdr_eval.responses.asked import UNSAID
from tests.asking.campaigns import ready

ITEMS = [f"CE{n:02d}" for n in range(1, 33)]
STRATUM = {
    "columns": "columns:\n  facility: Établissement\n  service: Service\n"
    "  strata: {profession: Profession}\n",
    "more": "  classes: [Infirmiers, Autres]\n",
}


@pytest.fixture
def made(tmp_path):
    return ready(tmp_path)


def enter(turns, code):
    return reply_to(turns, {"id": "1", "do": "enter", "code": code})


def say(turns, do, visit, answers=None):
    return reply_to(turns, {"id": "2", "do": do, "visit": visit, "answers": answers or {}})


def answered(turns, code, answers):
    """Somebody's whole turn."""
    visit = enter(turns, code)["visit"]
    for item, given in answers.items():
        assert say(turns, "keep", visit, {item: given})["done"]
    return say(turns, "send", visit, answers)


def opened(made):
    """What was answered, once others came in such a number that it may be opened."""
    made.crowd()
    with every_source(made.path) as sources:
        gather(made.path, made.pair, sources)
    rows = pd.read_csv(made.path.parent / "reponses.csv", sep=";", dtype=str).fillna("")
    return rows[(rows[list(made.asked.instrument.codes)] != "").any(axis=1)]


def test_what_each_answered_in_turn_is_what_is_opened(made):
    turns, given = open_entry(made.path), []
    for rank in range(6):
        service = ("Médecine", "Urgences")[rank % 2]
        answers = {item: str(1 + (at + rank) % 4) for at, item in enumerate(ITEMS[:8])}
        reply = answered(turns, made.codes[service][rank], answers)
        assert (reply["done"], reply["told"]) == (True, "")
        given.append({"Service": service, **dict.fromkeys(ITEMS, ""), **answers})
    rows = opened(made)[["Service", *made.asked.instrument.codes]].to_dict("records")
    codes = ["Service", *made.asked.instrument.codes]
    expected = [{code: one.get(code, "") for code in codes} for one in given]
    assert sorted(map(str, rows)) == sorted(map(str, expected))


def test_a_form_is_blank_until_a_code_is_given_and_the_code_resumes_a_draft(made):
    turns, (mine, other, *_) = open_entry(made.path), made.codes["Médecine"]
    visit = enter(turns, mine)["visit"]
    say(turns, "keep", visit, {"CE01": "4"})
    shown = reply_to(turns, {"id": "3", "do": "show"})
    assert "fieldset" not in str(shown)
    assert " checked" not in enter(turns, other)["form"]
    assert not say(turns, "keep", visit, {"CE02": "1"})["done"]  # the desk is somebody else's
    again = open_entry(made.path)  # the notebook was opened again
    form = enter(again, mine.lower())["form"]
    assert form.count(" checked") == 1


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("2345", "n'est pas complet, ou une lettre est fausse"),
        ("2345 ACDE WXYC", "n'est celui d'aucune carte de cette enquête"),
        ("", "n'est pas complet, ou une lettre est fausse"),
    ],
)
def test_a_code_that_admits_nobody_is_refused_in_words(made, code, told):
    reply = enter(open_entry(made.path), code)
    assert (reply["done"], told in reply["why"].replace("’", "'")) == (False, True)


def test_a_card_answers_once_even_when_the_acknowledgement_was_lost(made):
    turns, (code, *_) = open_entry(made.path), made.codes["Médecine"]
    visit = enter(turns, code)["visit"]
    assert say(turns, "send", visit, {"CE01": "4"})["told"] == ""
    assert "comptée une seule fois" in say(turns, "send", visit, {"CE01": "1"})["told"]
    assert "Cette carte a déjà servi" in enter(turns, code)["why"]
    assert not say(turns, "keep", visit, {"CE01": "1"})["done"]
    assert opened(made)["CE01"].tolist() == ["4"]


def test_another_campaign_s_card_and_too_many_wrong_codes_are_refused(made, tmp_path):
    turns = open_entry(made.path)
    (foreign, *_) = ready(tmp_path / "autre").codes["Médecine"]
    whys = [enter(turns, foreign)["why"] for _ in range(31)]
    assert "aucune carte de cette enquête" in whys[0]
    assert "attendez une minute" in whys[-1]
    assert enter(turns, made.codes["Médecine"][0])["done"]  # a right code is never held back


def test_a_stratum_is_asked_last_and_may_be_left_unsaid(tmp_path):
    made = ready(tmp_path, **STRATUM)
    turns, codes = open_entry(made.path), made.codes["Médecine"]
    form = enter(turns, codes[0])["form"]
    assert form.index("Profession") > form.index('name="CE01"')
    assert UNSAID in form
    for code, said in zip(codes, ["Infirmiers", UNSAID, ""], strict=False):
        assert answered(turns, code, {"CE01": "4", "_classe": said})["done"]
    other = enter(turns, codes[3])["visit"]
    assert not say(turns, "send", other, {"_classe": "Directeur"})["done"]
    assert sorted(opened(made)["Profession"]) == ["Infirmiers", UNSAID, UNSAID]


def test_without_cards_a_service_is_chosen_and_what_is_left_is_erased(tmp_path):
    made = ready(tmp_path, more="  access: open\n")
    turns = open_entry(made.path)
    assert not reply_to(turns, {"do": "enter", "place": ""})["done"]
    left = reply_to(turns, {"do": "enter", "place": "1"})["visit"]
    say(turns, "keep", left, {"CE01": "1"})
    assert say(turns, "leave", left)["done"]
    visit = reply_to(turns, {"do": "enter", "place": "1"})["visit"]
    assert say(turns, "send", visit, {"CE01": "4"})["done"]
    with closing(sqlite3.connect(store_path(made.path, "essai"))) as store:
        assert store.execute("select count(*) from drafts").fetchone() == (0,)
    rows = opened(made)
    assert rows[["Service", "CE01"]].values.tolist() == [["Urgences", "4"]]


def test_nothing_that_is_no_answer_is_kept(made):
    turns = open_entry(made.path)
    visit = enter(turns, made.codes["Médecine"][0])["visit"]
    for answers in ({"CE01": "77"}, {"inconnu": "1"}, {"CE01": "<script>"}, ["CE01"]):
        assert not say(turns, "keep", visit, answers)["done"]
        assert not say(turns, "send", visit, answers)["done"]
    assert not say(turns, "send", "autre", {"CE01": "1"})["done"]
    assert not reply_to(turns, {"do": "?"})["done"]
    store = open_store(store_path(made.path, "essai"))
    assert (store.boxes(), store.used()) == ({}, set())
    store.close()


def test_a_store_held_by_another_program_is_told_and_nothing_is_said_kept(made):
    turns = open_entry(made.path)
    visit = enter(turns, made.codes["Médecine"][0])["visit"]
    with closing(sqlite3.connect(store_path(made.path, "essai"))) as holder:
        holder.execute("begin immediate")
        reply = say(turns, "send", visit, {"CE01": "4"})
        assert (reply["done"], "tient ce recueil" in reply["why"]) == (False, True)
    assert say(turns, "send", visit, {"CE01": "4"})["told"] == ""


def test_a_campaign_that_was_opened_takes_nobody_s_turn(made):
    turns = open_entry(made.path)
    visit = enter(turns, made.codes["Médecine"][0])["visit"]
    say(turns, "send", visit, {"CE01": "4"})
    opened(made)
    assert "close" in enter(turns, made.codes["Médecine"][1])["why"]
    with pytest.raises(Refused, match="elle est close"):
        open_entry(made.path)


def test_a_key_beside_the_answers_is_refused(made):
    key = made.path.parent / "cle.txt"
    key.write_bytes((made.path.parents[1] / "cle.txt").read_bytes())
    with pytest.raises(Refused, match="à côté des réponses"):
        open_entry(made.path)


def test_neither_code_nor_answers_nor_time_stand_in_any_file(made):
    turns = open_entry(made.path)
    codes = made.codes["Médecine"]
    answered(turns, codes[0], {"CE01": "4"})
    say(turns, "keep", enter(turns, codes[1])["visit"], {"CE01": "1"})
    held = {path: path.read_bytes() for path in made.path.parent.rglob("*") if path.is_file()}
    for code in codes[:2]:
        for text in (code, code.replace(" ", "")):
            assert not [path for path, content in held.items() if text.encode() in content]
    recueil = made.path.parent / "recueil"
    assert sorted(path.name for path in recueil.iterdir()) == [
        "depot",
        "essai.json",
        "essai.sqlite",
    ]
