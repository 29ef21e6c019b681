"""The demonstration plan shows every state, and holds together as a file does."""

import datetime

import pytest

from qgdr_eval.actions import check_actions, follow, read_plan
from qgdr_eval.actions.model import STATES
from qgdr_eval.fictitious import demo_plan, write_demo_plan
from qgdr_eval.fictitious.culture import HOSPITAL, SERVICES
from qgdr_eval.instruments import load_instrument


def test_it_shows_every_state_two_late_and_one_to_check():
    plan = demo_plan()
    seen = follow(plan, datetime.date(2026, 11, 16))
    assert len(plan) == 14
    assert set(plan["state"]) == set(STATES)
    assert seen[["late", "done_not_evaluated", "abandoned"]].sum().tolist() == [2, 2, 1]
    assert (plan["parent"] != "").sum() == 4
    assert plan["comment"].str.startswith("=").sum() == 1


def test_it_has_no_error_and_names_nobody():
    problems = check_actions(demo_plan())
    assert [(problem.severity, problem.line) for problem in problems] == [("warning", 13)]


def test_its_places_and_dimensions_are_those_of_the_demonstration_campaign():
    plan = demo_plan()
    services = {service for facility, service, *_ in SERVICES if facility == HOSPITAL}
    assert set(plan["service"]) - {""} <= services
    culture = plan[plan["campaign"] == "culture_2025"]
    known = {dimension.id for dimension in load_instrument("culture_securite").dimensions}
    assert set(culture["dimension"]) <= known


@pytest.mark.parametrize("name", ["plan.xlsx", "plan.csv"])
def test_written_it_reads_back_the_same(tmp_path, name):
    write_demo_plan(tmp_path / name)
    read = read_plan(tmp_path / name)
    assert read.actions.equals(demo_plan())
    assert len(read.warnings) == 1
