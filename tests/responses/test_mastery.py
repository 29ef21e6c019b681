"""A risk map that counts control from 1, the best, to 5 is never read upside down in silence."""

import pandas as pd
import pytest

from qgdr_eval.checking.check import check_path
from qgdr_eval.instruments import load_instrument
from qgdr_eval.problems import Refused
from qgdr_eval.responses import load_campaign
from qgdr_eval.responses.answers import read_answers

MAP = load_instrument("compte_qualite")
RANKS = {"gravity": 4, "likelihood": 3, "control": 2}
CODED = "coding: {answers: codes, reversed: as_worded%s}\n"


def loaded(folder, coding, cells=str):
    row = {"Service": "Nord"} | {item.code: cells(RANKS[item.role]) for item in MAP.items}
    pd.DataFrame([row]).to_csv(folder / "reponses.csv", sep=";", index=False)
    path = folder / "campagne.yml"
    path.write_text(
        "id: carte\ntitle: Carte\nperiod: mars 2026\ninstrument: compte_qualite\n"
        f"responses: reponses.csv\ncolumns: {{service: Service}}\n{coding}reference: none\n",
        encoding="utf-8",
    )
    return path


def controls(path):
    answers = read_answers(load_campaign(path), MAP, path.parent)
    return {int(answers.responses[i.code].iloc[0]) for i in MAP.items if i.role == "control"}


def asked(path):
    return [one for one in check_path(path).problems if one.place == "coding.control"]


def test_a_loaded_map_that_does_not_say_is_asked(tmp_path):
    path = loaded(tmp_path, CODED % "")
    (problem,) = asked(path)
    assert problem.severity == "warning"
    assert all(way in problem.cure for way in ("five_is_best", "one_is_best"))
    assert controls(path) == {2}


@pytest.mark.parametrize(("said", "read"), [("five_is_best", 2), ("one_is_best", 4)])
def test_what_is_said_is_read_and_asked_no_more(tmp_path, said, read):
    path = loaded(tmp_path, CODED % f", control: {said}")
    assert asked(path) == []
    assert controls(path) == {read}


def test_only_control_is_turned(tmp_path):
    path = loaded(tmp_path, CODED % ", control: one_is_best")
    answers = read_answers(load_campaign(path), MAP, tmp_path).responses
    others = [item.code for item in MAP.items if item.role != "control"]
    assert set(answers[others].iloc[0]) == {4, 3}


def test_words_say_their_direction_by_themselves(tmp_path):
    labels = "coding: {answers: labels, reversed: as_worded, control: one_is_best}\n"
    with pytest.raises(Refused) as refused:
        controls(loaded(tmp_path, labels))
    refusals = [one for one in refused.value.problems if one.severity == "error"]
    assert [one.place for one in refusals] == ["coding.control"]


def test_no_other_questionnaire_has_a_control(tmp_path):
    path = loaded(tmp_path, CODED % ", control: five_is_best")
    text = path.read_text("utf-8").replace("compte_qualite", "politique_qgdr")
    path.write_text(text, encoding="utf-8")
    policy = load_instrument("politique_qgdr")
    row = {"Service": "Nord"} | dict.fromkeys(policy.codes, "3")
    pd.DataFrame([row]).to_csv(tmp_path / "reponses.csv", sep=";", index=False)
    with pytest.raises(Refused) as refused:
        read_answers(load_campaign(path), policy, tmp_path)
    assert [one.place for one in refused.value.problems] == ["coding.control"]
