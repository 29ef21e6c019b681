"""A report opens what it is asked for, or says what there is."""

import pytest

from qgdr_eval.campaigns.results import write_results
from qgdr_eval.disclosure.rounds import Rounds
from qgdr_eval.problems import Refused
from qgdr_eval.reporting import open_campaign, open_report
from tests.reporting.fictitious import FACILITY, make_published


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    path = tmp_path_factory.mktemp("published") / "resultats.sqlite"
    write_results(Rounds(make_published()), path)
    return str(path)


@pytest.mark.parametrize(
    ("facility", "service", "opened"),
    [
        ("", "", "Médecine polyvalente"),
        (FACILITY, "", "Médecine polyvalente"),
        ("", "Urgences", "Urgences"),
        (FACILITY, "EHPAD Les Glycines", "EHPAD Les Glycines"),
    ],
)
def test_an_empty_name_is_the_first_one(results, facility, service, opened):
    report = open_report(results, facility, service)
    assert report.service == opened
    assert set(report.published.participation["service"]) == {opened}
    assert set(report.readings["service"]) == {opened}


def test_a_wrong_name_is_told_with_the_nearest(results):
    with pytest.raises(Refused, match="Urgences"):
        open_report(results, "", "Urgence")
    with pytest.raises(Refused, match="établissement"):
        open_report(results, "Ailleurs", "")


def test_a_campaign_opens_whole(results):
    assert len(open_campaign(results).published.services) == 3
