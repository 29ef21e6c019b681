"""A finding has one decision: the page of a service and its plan name the same things."""

import re

import pytest

from qgdr_eval.actions import make_actions, suggest_actions
from qgdr_eval.campaigns.programme import load_programme
from qgdr_eval.campaigns.results import store_campaign
from qgdr_eval.disclosure import list_services, open_card
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.fictitious import write_demo_programme
from qgdr_eval.reporting import position, team
from qgdr_eval.reporting.position.points import to_do_first
from qgdr_eval.reporting.position.report import position_of
from qgdr_eval.reporting.report import open_report
from qgdr_eval.wording.findings import say_findings
from tests.reading import text_of

NOT_YET = ("perhaps_low", "undecided")  # to be confirmed: talked about, nobody acts on it
GOOD = ("Points forts établis", "Points d'appui", "Zone", "À aller voir")


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Every service of the demonstration's campaigns; a person alone has no plan."""
    folder = tmp_path_factory.mktemp("programme")
    write_demo_programme(folder)
    found = []
    for name in load_programme(folder / "programme.yml").campaigns:
        path = folder / f"{name.replace('/', '-')}.sqlite"
        store_campaign(str(folder / name), path)
        if open_card(path).subject != "person":
            found += [open_report(str(path), *place) for place in list_services(path)]
    return [report for report in found if not report.hidden]


def proposed(report):
    """The findings a plan proposes to act on, one at a time until nothing is left."""
    said, plan = say_findings(report.findings, report.published), make_actions([])
    while len(more := suggest_actions(said, plan, most=1)):
        plan = make_actions([*plan.to_dict("records"), *more.to_dict("records")])
    answered = set(zip(plan["dimension"], plan["item"], strict=True))
    return [row for row in rows_of(said) if (row.dimension, row.item) in answered]


def named(html):
    """What the first page names, but what is good: the text of each thing."""
    return [
        text_of(thing)
        for group in str(html).split('<div class="group">')[1:]
        if not text_of(group).startswith(GOOD)
        for thing in re.findall(r'<p class="figures">(.*?)(?:<p class="talk">|</li>)', group, re.S)
    ]


def test_the_page_of_a_team_names_what_its_plan_proposes_and_nothing_else_to_act_on(reports):
    shown = [report for report in reports if not report.instrument.declared]
    assert len(shown) > 20
    for report in shown:
        things, plan = named(team.next_steps(report)), proposed(report)
        told = [row for row in plan if row.rank <= 3]
        for row in told:
            assert any(text_of(row.label) in thing for thing in things)
        later = [row for row in rows_of(report.findings) if row.kind in NOT_YET]
        known = [text_of(row.label) for row in told]
        known += [text_of(report.instrument.dimension(row.dimension).label) for row in later]
        assert all(any(label in thing for label in known) for thing in things)
        assert {row.part for row in plan if row.rank > 3} <= {"first", "priority"}  # it counts them


def test_a_position_names_what_its_plan_proposes(reports):
    shown = [report for report in reports if report.instrument.declared]
    assert shown
    for report in shown:
        plan = proposed(report)
        labels = [text_of(row.label) for row in plan]
        things = named(position.message(report))
        assert bool(things) == bool(labels)
        assert all(any(label in thing for label in labels) for thing in things[:3])
        assert {row.dimension for row in plan} <= {
            point.dimension for point in to_do_first(position_of(report))
        }
