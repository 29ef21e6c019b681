"""The reports that examples of docstrings read, opened from one demonstration programme.

`qgdr demo essai` writes the same programme into a folder `essai`; the docstring of each page's
module says how to open its report from there.
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from filelock import FileLock

from qgdr_eval.campaigns.results import PUBLISH, store_campaign
from qgdr_eval.editions import open_edition, open_for
from qgdr_eval.fictitious import write_demo_programme
from qgdr_eval.reporting import (
    open_campaign,
    open_facility_report,
    open_in_region,
    open_kind_report,
    open_region,
    open_report,
)
from qgdr_eval.reporting.action_plan import open_plan
from qgdr_eval.reporting.dashboard import open_dashboard
from qgdr_eval.reporting.minutes import open_minutes
from qgdr_eval.reporting.self_and_team import open_pair
from qgdr_eval.reporting.synthesis import open_synthesis
from qgdr_eval.responses import load_campaign
from qgdr_eval.workshop import Agreement, Journal, open_debate
from qgdr_eval.workshop.session import Advanced, Decided

DAY = "2026-11-16"
SHORT = ("campagne.yml", "medicament/tour-2/campagne.yml", "politique/campagne.yml")


class Opened:
    """The reports that examples name, each opened once; results are stored as `report` does.

    ``folder``: where the files and the results are kept; several processes may share it.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._lock = FileLock(folder / "verrou")
        self._folder, self._printed = folder / "essai", folder / "programme"
        self._open: dict[str, Callable[[], Any]] = {
            "team_report": lambda: open_report(self._results("campagne.yml")),
            "audit_report": lambda: open_report(self._results("medicament/tour-2/campagne.yml")),
            "shortell_report": lambda: open_report(self._results("shortell/campagne.yml")),
            "pair_report": lambda: open_report(self._results("shortell/binome/campagne.yml")),
            "position_report": lambda: open_report(self._results("politique/campagne.yml")),
            "risk_report": lambda: open_report(self._results("risques/campagne.yml")),
            "campaign_report": lambda: open_campaign(self._results("campagne.yml")),
            "facility_report": lambda: open_facility_report(self._results("campagne.yml")),
            "board_report": lambda: self._board("campagne.yml"),
            "board_audit": lambda: self._board("medicament/tour-2/campagne.yml", "plan.xlsx"),
            "kind_report": lambda: open_kind_report(self._results("campagne.yml")),
            "stored_results": lambda: self._results("campagne.yml"),
            "pair": lambda: open_pair("demo_self", "demo_team"),
            "dashboard_report": lambda: open_dashboard(str(self._essai / "indicateurs.csv")),
            "plan_report": self._plan,
            "synthesis_report": self._synthesis,
            "minutes_report": self._minutes,
            "region_report": lambda: open_region("demo"),
            "in_region_report": lambda: open_in_region("demo"),
        }
        self._held: dict[str, Any] = {}

    def named(self, names: Iterable[str]) -> dict[str, Any]:
        """The reports of these names, by their name; other names are left out."""
        for name in self._open.keys() & set(names) - self._held.keys():
            self._held[name] = self._open[name]()
        return {name: self._held[name] for name in names if name in self._held}

    @cached_property
    def _essai(self) -> Path:
        with self._lock:
            if not (self._folder / "programme.yml").exists():  # written last
                write_demo_programme(self._folder)
        return self._folder

    def _board(self, campaign: str, plan: str = "") -> Any:
        """The first facility of a campaign, for an edition that speaks of one."""
        file = self._essai / plan if plan else None
        return open_for(open_edition("direction"), self._results(campaign), plan=file, day=DAY)

    def _results(self, campaign: str) -> str:
        """Where the results of a campaign are stored, made once."""
        file = self._essai / campaign
        path = self._printed / load_campaign(file).id / "donnees" / "resultats.sqlite"
        with self._lock:
            if not path.exists():
                path.parent.mkdir(parents=True)
                store_campaign(str(file), path, PUBLISH)
        return str(path)

    def _plan(self) -> Any:
        last, earlier = (self._results(f"medicament/tour-{n}/campagne.yml") for n in (2, 1))
        return open_plan(
            str(self._essai / "plan.xlsx"), report_date=DAY, campaign=last, earlier=earlier
        )

    def _minutes(self) -> Any:
        """Of a workshop that agreed on its first question and went no further."""
        debate = open_debate(self._results("campagne.yml"))
        item, code = debate.topics[0].item, debate.topics[0].codes[0]
        agreed = Decided(item, Agreement(code, "agreed", action="Relire à deux voix"))
        with TemporaryDirectory() as folder:
            journal = Journal(Path(folder, "atelier.json"), debate)
            for event in [*[Advanced(item)] * 4, agreed]:
                journal.take(event)
        return open_minutes(journal.kept, DAY)

    def _synthesis(self) -> Any:
        """Of three of its seven campaigns, one of each kind: the others only take longer."""
        lines = (self._essai / "programme.yml").read_text("utf-8").splitlines()
        kept = [line for line in lines if not line.startswith("  - ") or line.split()[1] in SHORT]
        programme = self._essai / "essentiel.yml"
        programme.write_text("\n".join(kept), "utf-8")
        for campaign in SHORT:
            self._results(campaign)
        return open_synthesis(str(programme), results=str(self._printed), report_date=DAY)
