"""Late, done, evaluated, incomplete: each state and date says one thing; plans are declined."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgdr_eval.actions import check_actions, count_actions, decline, follow, make_actions, plan_of
from qgdr_eval.actions.follow import FLAGS
from qgdr_eval.actions.model import STATES
from tests.actions.plans import plan

ON = datetime.date(2026, 11, 16)
MEASURED = {"result": "90 %", "evaluated_on": "2026-11-02"}
# (what the action says, flags that are true)
CASES = [
    ({"state": "à faire", "due": "2026-11-15"}, {"open", "late"}),
    ({"state": "en cours", "due": "2026-11-15"}, {"open", "late"}),
    ({"state": "en cours", "due": "2026-11-16"}, {"open"}),
    ({"state": "en cours", "due": "2027-01-01"}, {"open"}),
    ({"state": "en cours", "due": ""}, {"open", "incomplete"}),
    ({"state": "en cours", "pilot": " "}, {"open", "incomplete"}),
    ({"state": "à faire", "indicator": ""}, {"open", "incomplete"}),
    ({"state": "réalisé", "due": "2026-01-01", "start": ""}, {"done", "done_not_evaluated"}),
    ({"state": "réalisé", "pilot": ""}, {"done", "done_not_evaluated"}),
    ({"state": "évalué", **MEASURED, "due": "2020-01-01"}, {"done", "evaluated"}),
    ({"state": "évalué", "result": "90 %"}, {"done", "done_not_evaluated", "incomplete"}),
    ({"state": "évalué"}, {"done", "done_not_evaluated", "incomplete"}),
    ({"state": "abandonné", "due": "2020-01-01", "pilot": ""}, {"abandoned"}),
]


@pytest.mark.parametrize(("said", "true"), CASES)
def test_a_state_and_its_dates_say_one_thing(said, true):
    (row,) = follow(plan(said), ON).to_dict("records")
    assert {flag for flag in FLAGS if row[flag]} == true
    assert (row["days_late"] > 0) == row["late"]
    assert bool(row["missing"]) == row["incomplete"]


@given(st.lists(st.tuples(st.sampled_from(STATES), st.dates(), st.booleans()), max_size=8))
def test_every_action_is_open_done_or_abandoned(rows):
    actions = plan(*({"state": state, "due": str(day), **(MEASURED if full else {})}
                     for state, day, full in rows))  # fmt: skip
    seen = follow(actions, ON)
    assert (seen[["open", "done", "abandoned"]].sum(axis=1) == 1).all()
    assert (seen["done"] == (seen["evaluated"] | seen["done_not_evaluated"])).all()
    assert not (seen["late"] & ~seen["open"]).any()
    assert (count_actions(seen)["actions"].sum() if len(seen) else 0) == len(rows)


def test_counts_keep_the_order_of_the_plan():
    actions = plan({"service": "Z"}, {"service": "A", "due": "2026-01-06"}, {"service": "Z"})
    counts = count_actions(follow(actions, ON))
    assert counts["service"].tolist() == ["Z", "A"]
    assert counts[["actions", "late"]].to_numpy().tolist() == [[2, 0], [1, 1]]
    assert count_actions(follow(actions, ON), ["pole"])["actions"].tolist() == [3]


@pytest.fixture
def policy():
    return plan({"pole": "", "service": "", "objective": "Mieux transmettre", "target": "90 %",
                 "Axe": "2"})  # fmt: skip


def test_a_declined_action_serves_the_same_aim_and_starts_anew(policy):
    declined = decline(policy, "A", [("Médecine", ""), ("Médecine", "Cardiologie")])
    pole, service = declined.loc[1], declined.loc[2]
    assert (pole["id"], pole["parent"], pole["pole"], pole["service"]) == (
        "A.1", "A", "Médecine", "")  # fmt: skip
    assert (service["id"], service["parent"]) == ("A.1.1", "A.1")
    for name in ("facility", "objective", "indicator", "target"):
        assert service[name] == policy.loc[0, name] != ""
    assert service[["state", "progress", "pilot", "start", "due"]].tolist() == [
        "à faire", "0", "", "", ""]  # fmt: skip
    assert declined.loc[[0]].equals(policy)
    assert {problem.severity for problem in check_actions(declined)} == {"warning"}


def test_a_service_without_an_action_of_its_pole_serves_the_facility(policy):
    assert decline(policy, "A", [("Médecine", "Cardiologie")]).loc[1, "parent"] == "A"


def test_declining_twice_adds_nothing(policy):
    to = [("Médecine", ""), ("Médecine", "Cardiologie"), ("Chirurgie", "")]
    once = decline(policy, "A", to)
    assert len(once) == 4
    assert decline(once, "A", to).equals(once)


def test_declining_what_is_not_there_is_refused(policy):
    with pytest.raises(KeyError):
        decline(policy, "Z", [("Médecine", "")])


def test_each_level_sees_its_own_plan_and_what_it_serves(policy):
    actions = decline(policy, "A", [("Médecine", ""), ("Médecine", "Cardiologie"),
                                    ("Chirurgie", ""), ("Chirurgie", "Bloc")])  # fmt: skip
    ids = {name: plan_of(actions, **where)["id"].tolist() for name, where in {
        "all": {},
        "facility": {"facility": "Hôpital fictif"},
        "pole": {"pole": "Médecine"},
        "service": {"pole": "Chirurgie", "service": "Bloc"},
        "nowhere": {"facility": "Ailleurs"},
    }.items()}  # fmt: skip
    assert ids == {
        "all": ["A", "A.1", "A.1.1", "A.2", "A.2.1"],
        "facility": ["A", "A.1", "A.1.1", "A.2", "A.2.1"],
        "pole": ["A", "A.1", "A.1.1"],
        "service": ["A", "A.2", "A.2.1"],
        "nowhere": [],
    }


def test_an_empty_plan_is_followed():
    assert follow(make_actions([]), ON).empty
