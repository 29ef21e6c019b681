"""Reports of each kind, opened once: what editions are printed of."""

from typing import TYPE_CHECKING

import pytest

from qgdr_eval.reporting import ServiceReport, open_report

if TYPE_CHECKING:
    from tests.opened import Opened

NAMES = {
    "respondent": "team_report",
    "record": "audit_report",
    "group": "position_report",
    "risks": "risk_report",
    "means": "shortell_report",
}


@pytest.fixture(params=sorted(NAMES))
def report(request: pytest.FixtureRequest, opened_reports: "Opened") -> ServiceReport:
    """A report of each kind."""
    name = NAMES[request.param]
    return opened_reports.named([name])[name]


@pytest.fixture
def team(opened_reports: "Opened") -> ServiceReport:
    return opened_reports.named(["team_report"])["team_report"]


@pytest.fixture
def hidden(opened_reports: "Opened") -> ServiceReport:
    """A team too small for anything of it to be shown."""
    report = open_report(opened_reports.named(["stored_results"])["stored_results"],
                         service="Équipe mobile")  # fmt: skip
    assert report.hidden
    return report
