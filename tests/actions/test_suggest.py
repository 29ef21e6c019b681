"""An action is proposed once, half written, and leaves its decisions to the team."""

import dataclasses

import pytest

from qgdr_eval.actions import check_actions, make_actions, suggest_actions
from qgdr_eval.actions.model import ACTION_COLUMNS
from qgdr_eval.comparison import read_dimensions
from qgdr_eval.comparison.findings import find
from qgdr_eval.wording.findings import say_findings
from tests.actions.results import FACILITY, everything, instrument, published

LOW = everything(0, 28, 12)  # 30 % favourable, whole interval under 50, nobody against


def found(results):
    said = say_findings(find(results, read_dimensions(results)), results)
    return said[said["service"] != ""].reset_index(drop=True)


@pytest.fixture
def findings():
    return found(published({"Médecine interne": LOW, "Urgences": everything(10, 20, 10)}))


def test_a_proposal_is_half_written(findings):
    first = suggest_actions(findings).loc[0]
    assert first["id"] == "CULTURE-MEDECINE-INTERNE-01"
    assert first[["facility", "service", "dimension", "campaign"]].tolist() == [
        FACILITY, "Médecine interne", "d", "c2026"]  # fmt: skip
    assert first["finding"] == findings.loc[0, "text"]
    assert "Dimension d" in first["objective"]
    assert "– Agir sur d\n– Recommencer" in first["action"]
    assert "Dimension d" in first["indicator"]
    assert first["target"] == findings.loc[0, "target"]
    assert first[["state", "progress"]].tolist() == ["à faire", "0"]


def test_what_is_the_team_s_to_decide_is_left_empty(findings):
    proposed = suggest_actions(findings)
    decided = ["pilot", "contributors", "start", "due", "evaluated_on", "result", "parent"]
    assert (proposed[decided] == "").all(axis=None)
    assert list(proposed) == list(ACTION_COLUMNS)
    assert {problem.severity for problem in check_actions(proposed)} == {"warning"}


def test_proposing_twice_adds_nothing(findings):
    plan = suggest_actions(findings)
    assert len(plan) == 4
    assert suggest_actions(findings, plan).empty


def test_ids_do_not_depend_on_what_the_plan_already_holds(findings):
    plan = make_actions([{"id": "CULTURE-URGENCES-01", "state": "à faire"}])
    ids = suggest_actions(findings, plan)["id"]
    assert ids.is_unique
    assert "CULTURE-URGENCES-01" not in ids.tolist()
    assert ids[:2].tolist() == ["CULTURE-MEDECINE-INTERNE-01", "CULTURE-MEDECINE-INTERNE-02"]


@pytest.mark.parametrize(
    ("changes", "proposed"),
    [
        ({}, 1),
        ({"state": "abandonné"}, 1),
        ({"campaign": "c2025", "state": "en cours"}, 1),  # still open: it answers
        ({"campaign": "c2025", "state": "évalué"}, 2),  # done, and the finding is back
        ({"service": "Urgences"}, 2),
        ({"item": "d1"}, 2),
    ],
)
def test_an_action_of_the_plan_answers_a_finding(changes, proposed):
    held = {"id": "P1", "facility": FACILITY, "service": "S", "dimension": "d",
            "campaign": "c2026", "state": "à faire", **changes}  # fmt: skip
    findings = found(published({"S": LOW}))
    assert len(suggest_actions(findings, make_actions([held]))) == proposed


def test_a_service_takes_the_pole_it_has_in_the_plan(findings):
    plan = make_actions([{"id": "P1", "facility": FACILITY, "service": "Urgences",
                          "pole": "Pôle Urgences", "state": "réalisé"}])  # fmt: skip
    poles = suggest_actions(findings, plan).groupby("service")["pole"].first()
    assert poles.to_dict() == {"Médecine interne": "", "Urgences": "Pôle Urgences"}


def test_a_few_are_proposed_the_most_pressing_first():
    findings = found(published({"S": everything(0, 60, 40, e1=(69, 0, 31), e2=(69, 0, 31))}))
    assert suggest_actions(findings, most=1)["dimension"].tolist() == ["e"]
    assert suggest_actions(findings, most=9)["dimension"].tolist() == ["e", "d"]


def test_what_comes_next_is_proposed_once_the_first_are_answered():
    findings = found(published({"S": everything(0, 60, 40, e1=(69, 0, 31), e2=(69, 0, 31))}))
    plan = suggest_actions(findings, most=1)
    assert suggest_actions(findings, plan, most=1)["dimension"].tolist() == ["d"]


def test_split_answers_are_a_subject_where_nothing_else_is():
    answers = everything(0, 40, 60, d1=(31, 9, 60), d2=(45, 5, 50))
    (proposed,) = suggest_actions(found(published({"S": answers}))).itertuples()
    assert (proposed.item, proposed.priority) == ("d2", "moyenne")  # the most divided


def test_every_imperative_criterion_is_proposed_however_many():
    asked = instrument("conformity", "record", critical=("d1", "d2", "e1", "e2"))
    proposed = suggest_actions(found(published({"S": everything(4, 0, 36)}, asked)), most=1)
    assert proposed["item"].tolist() == ["d1", "d2", "e1", "e2"]
    assert set(proposed["origin"]) == {"EPP"}
    assert set(proposed["priority"]) == {"haute"}


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("culture_ehpad", "culture"),
        ("leadership_securite", "leadership"),
        ("shortell_service", "Shortell"),
        ("experience_usagers", "usagers"),
        ("management_securite", "autoévaluation"),
        ("analyse_evenement", "événement indésirable"),
    ],
)
def test_the_origin_is_read_in_the_name_of_the_instrument(name, origin):
    findings = found(published({"S": LOW}, instrument(name=name)))
    assert set(suggest_actions(findings)["origin"]) == {origin}


def test_no_finding_gives_no_action():
    high = published({"S": everything(0, 20, 80)})
    assert suggest_actions(found(high)).empty
    assert suggest_actions(found(dataclasses.replace(high, scores=high.scores[:0]))).empty
