"""Reports of each kind, opened once: what editions are printed of."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qgdr_eval.reporting import ServiceReport, open_report
from tests.press.campaigns import write_small

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


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a small campaign, whose third service shows nothing."""
    return write_small(tmp_path_factory.mktemp("petite") / "campagne").file


@pytest.fixture(scope="session")
def hidden(small: Path) -> ServiceReport:
    return open_report(str(small), "Hôpital fictif A", "Équipe de nuit")
