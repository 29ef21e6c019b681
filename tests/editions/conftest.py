"""Reports of each kind, opened once: what editions are printed of."""

from typing import TYPE_CHECKING

import pytest

from qgdr_eval.editions import Report
from qgdr_eval.reporting import ServiceReport, open_report
from tests.editions.documents import KINDS

if TYPE_CHECKING:
    from tests.opened import Opened


@pytest.fixture(params=[name for name in KINDS if not name.startswith("board")])
def report(request: pytest.FixtureRequest, opened_reports: "Opened") -> Report:
    """A report of each kind of service, or the one that a test names."""
    return opened_reports.named([request.param])[request.param]


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
