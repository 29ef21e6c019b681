"""A page is a folder of `reporting`, its notebook, one line of the press: and nothing else."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat

from qgdr_eval.fingerprint import of_file
from qgdr_eval.press.folder import COMPARISON, INDEX, MANIFEST
from qgdr_eval.shipped import PACKAGE, shipped
from tests.press.campaigns import DATE, Small, read_folder
from tests.reading import body_of

CAMPAIGN_PAGES = "qgdr_eval/press/pages.py"
FACE = '''"""The page that counts services: its sections, in their order."""

from qgdr_eval.reporting.side_by_side import masthead
from qgdr_eval.reporting.toy.sections import counted

__all__ = ["masthead", "counted"]
'''
SECTIONS = '''"""How many services a campaign has."""

from qgdr_eval.reporting.page.fragment import Fragment, render, stamped
from qgdr_eval.reporting.report import CampaignReport


@stamped
def counted(report: CampaignReport) -> Fragment:
    """The number of services."""
    return render("toy/counted", n=len(report.published.services))
'''
TEMPLATE = (
    '<section class="qgdr"><h2>Le compte</h2><p>{{ n }} services, pas un de plus.</p></section>'
)
CELLS = (
    ("parameters", 'campaign = "demo"\nreport_date = ""'),
    ("consigne", "from qgdr_eval.reporting import open_campaign, stylesheet, toy\n\n"
                 "report = open_campaign(campaign)\nstylesheet()"),
    ("masthead", "toy.masthead(report, report_date)"),
    ("", "toy.counted(report)"),
)  # fmt: skip
TABLE = "WHOLE = (  # in the order of the index\n"
LINE = '    Whole("70_compte.ipynb", "compte.html", "Compte des services", "Le compte"),\n'
ADDED = {
    "qgdr_eval/reporting/toy/__init__.py": FACE,
    "qgdr_eval/reporting/toy/sections.py": SECTIONS,
    "qgdr_eval/reporting/toy/counted.html.j2": TEMPLATE,
    "notebooks/70_compte.ipynb": nbformat.writes(
        nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_code_cell(source, metadata={"tags": [tag] if tag else []})
                for tag, source in CELLS
            ]
        )
    ),
}


@dataclass(frozen=True)
class Kit:
    """A copy of the kit, run as its users run it."""

    folder: Path

    def run(self, *words: object) -> str:
        """What a command of this copy says; it must end well."""
        done = subprocess.run(
            [sys.executable, "-B", "-m", "qgdr_eval.cli", *map(str, words)],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(self.folder)},
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def print(self, small: Small) -> dict[str, bytes]:
        """Print a campaign in one process, on the day of these tests; the files there then."""
        self.run("report", small.file, "--out", small.out, "--date", DATE, "--jobs", 0)
        return read_folder(small.out)


def add_the_page(kit: Kit) -> None:
    """Its folder, its notebook, one line."""
    for name, content in ADDED.items():
        path = kit.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    lines = kit.folder / CAMPAIGN_PAGES
    text = lines.read_text("utf-8")
    assert text.count(TABLE) == 1
    lines.write_text(text.replace(TABLE, TABLE + LINE), encoding="utf-8")


def copy_the_kit(folder: Path) -> Kit:
    """The code, the notebooks and the questionnaires, as in a checkout."""
    for one in (PACKAGE, shipped("notebooks"), shipped("questionnaires")):
        shutil.copytree(one, folder / one.name, ignore=shutil.ignore_patterns(".*"))
    return Kit(folder)


def test_a_page_more_is_a_folder_a_notebook_and_a_line(printed, tmp_path):
    kit, before = copy_the_kit(tmp_path / "kit"), read_folder(printed.out)
    files = read_folder(kit.folder)
    add_the_page(kit)
    after = kit.print(printed)
    told = kit.run("verify", printed.out)

    # Beside what was added, one line of one file of the kit; running it wrote nothing there.
    now = read_folder(kit.folder)
    assert now.keys() - files.keys() == set(ADDED)
    assert [name for name in files if now[name] != files[name]] == [CAMPAIGN_PAGES]
    assert now[CAMPAIGN_PAGES].replace(LINE.encode(), b"") == files[CAMPAIGN_PAGES]

    # One page more, and those that were there as they were.
    assert after.keys() - before.keys() == {"compte.html"}
    pages = [name for name in before if name.endswith(".html") and name != INDEX]
    assert COMPARISON in pages
    assert [name for name in pages if after[name] != before[name]] == []

    # Its sections in the order of its face, under the title and the name of its line.
    page = after["compte.html"].decode()
    assert "<title>Compte des services – Petite campagne</title>" in page
    said = body_of(page)
    assert 0 < said.index("Petite campagne") < said.index("Le compte 4 services, pas un de plus.")
    assert '<p class="what"><a href="compte.html">Le compte</a></p>' in after[INDEX].decode()

    # The manifest holds its fingerprint, and it is proved as the others are.
    (record,) = (
        one for one in json.loads(after[MANIFEST])["reports"] if one["page"] == "compte.html"
    )
    assert record["output"] == of_file(printed.out / "compte.html")
    assert record["state"] == "ready"
    assert "6 pages vérifiées, aucun écart" in told.replace("\u202f", " ").replace("\xa0", " ")
