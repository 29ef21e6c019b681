"""Campaigns so small that their pages cost little: two dimensions, four questions."""

import csv
import json
import posixpath
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat

from qgdr_eval.press import Outcome, print_campaign
from qgdr_eval.press.folder import MANIFEST
from qgdr_eval.shipped import shipped
from tests.reading import Page

DATE = "2026-03-31"
SERVICES = (  # facility, service, head count, respondents; the third is too small to be shown
    ("Hôpital fictif A", "Médecine", 30, 14),
    ("Hôpital fictif A", "Chirurgie", 20, 12),
    ("Hôpital fictif A", "Équipe de nuit", 9, 6),
    ("EHPAD fictif", "Médecine", 25, 13),
)
INSTRUMENT = """
id: petit
version: 1.0.0
title: Deux dimensions
source: tests
licence: MIT
subject: respondent
scales:
  accord:
    label: D'accord ?
    options:
      - {code: 1, label: Pas du tout, pole: negative}
      - {code: 2, label: Plutôt non, pole: negative}
      - {code: 3, label: Entre les deux, pole: neutral}
      - {code: 4, label: Plutôt oui, pole: positive}
      - {code: 5, label: Tout à fait, pole: positive}
thresholds:
  - {kind: at_least, value: 75, label: développée, origin: tests}
  - {kind: at_most, value: 50, label: à améliorer, origin: tests}
dimensions:
  - {id: ecoute, label: Écoute, definition: On est écouté, rule: positive_share}
  - {id: suites, label: Suites, definition: Dire sert à quelque chose, rule: mean_0_100}
items:
  - {code: Q1, text: On écoute les remarques, dimension: ecoute, scale: accord}
  - {code: Q2, text: On demande les avis, dimension: ecoute, scale: accord}
  - {code: Q3, text: Les alertes ont des suites, dimension: suites, scale: accord}
  - {code: Q4, text: Rien ne change, dimension: suites, scale: accord, reversed: true}
"""
CAMPAIGN = """
id: petite
title: Petite campagne
period: mars 2026
instrument: instrument.yml
responses: reponses.csv
services: services.csv
columns: {facility: Établissement, service: Service, subject: Identifiant}
coding: {answers: codes, reversed: as_worded}
reference: {file: reference.csv, label: Moyenne régionale, source: "tests, 2026"}
"""
REFERENCE = "dimension;score;low;high\necoute;60;55;65\nsuites;50;;\n"
QUESTIONS = ("Q1", "Q2", "Q3", "Q4")


@dataclass(frozen=True)
class Small:
    """A campaign on disk: where it is and its services."""

    folder: Path
    services: tuple[tuple[str, str, int, int], ...] = SERVICES

    @property
    def file(self) -> Path:
        return self.folder / "campagne.yml"

    @property
    def out(self) -> Path:
        return self.folder.parent / "rapports"

    def print(self, out: Path | None = None, **options: Any) -> Outcome:
        """Print the campaign, in this process and on the day of these tests unless told."""
        options = {"report_date": DATE, "jobs": 0, "own_notebooks": True} | options
        return print_campaign(self.file, out or self.out, **options)

    def copy(self, folder: Path) -> "Small":
        """The same campaign elsewhere, with what stands in its folder of reports."""
        shutil.copytree(self.folder.parent, folder, dirs_exist_ok=True)
        return replace(self, folder=folder / self.folder.name)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text of one of the campaign's files; it must be there once."""
        text = (self.folder / name).read_text("utf-8")
        assert text.count(old) == 1, (name, old)
        (self.folder / name).write_text(text.replace(old, new), encoding="utf-8")

    def answer_otherwise(self, facility: str, service: str) -> None:
        """Turn round every answer of one service."""
        rows = list(read_rows(self.folder / "reponses.csv"))
        for row in rows:
            if row[1:3] == [facility, service]:
                row[3:] = [str(6 - int(code)) for code in row[3:]]
        write_rows(self.folder / "reponses.csv", rows)

    def keep(self, services: Sequence[tuple[str, str, int, int]]) -> "Small":
        """The same campaign with other services."""
        kept = replace(self, services=tuple(services))
        write_tables(kept)
        return kept

    def adapt(self, notebook: str, *lines: str, before: str = "masthead") -> Path:
        """Copy the kit's notebooks beside the campaign; ``lines`` run before a tagged cell."""
        beside = self.folder / "notebooks"
        if not beside.is_dir():
            shutil.copytree(shipped("notebooks"), beside, ignore=shutil.ignore_patterns(".*", "_*"))
        path = beside / notebook
        made = nbformat.read(path, as_version=4)
        cell = next(cell for cell in made.cells if before in cell.metadata.get("tags", []))
        cell.source = "\n".join([*lines, cell.source])
        nbformat.write(made, path)
        return path


def write_small(
    folder: Path,
    services: Sequence[tuple[str, str, int, int]] = SERVICES,
    *,
    campaign: str = CAMPAIGN,
) -> Small:
    """Write a small campaign; the answers of a service depend on nothing but its names."""
    folder.mkdir(parents=True)
    (folder / "instrument.yml").write_text(INSTRUMENT, encoding="utf-8")
    (folder / "campagne.yml").write_text(campaign, encoding="utf-8")
    (folder / "reference.csv").write_text(REFERENCE, encoding="utf-8")
    small = Small(folder, tuple(services))
    write_tables(small)
    return small


def write_tables(small: Small) -> None:
    """Write the answers and the list of services."""
    answers = [["Identifiant", "Établissement", "Service", *QUESTIONS]]
    for facility, service, _, respondents in small.services:
        chance = random.Random(f"{facility}|{service}")
        answers += [
            [f"{facility}|{service}|{rank}", facility, service, *_codes(chance)]
            for rank in range(respondents)
        ]
    write_rows(small.folder / "reponses.csv", answers)
    roster = [[facility, service, str(heads)] for facility, service, heads, _ in small.services]
    write_rows(small.folder / "services.csv", [["établissement", "service", "effectif"], *roster])


def _codes(chance: random.Random) -> list[str]:
    return [str(code) for code in chance.choices((1, 2, 3, 4, 5), (1, 2, 2, 4, 3), k=4)]


def read_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream, delimiter=";"))


def write_rows(path: Path, rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(rows)


def read_folder(out: Path) -> dict[str, bytes]:
    """Every file of a folder of reports, by its path inside."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def without_seconds(files: dict[str, bytes]) -> dict[str, object]:
    """The files of a folder, the manifest as values, without how long each page took."""
    manifest = json.loads(files[MANIFEST])
    for record in manifest["reports"]:
        assert record.pop("seconds") > 0
    return files | {MANIFEST: manifest}


def links_between(out: Path) -> dict[str, set[str]]:
    """The pages each page leads to, by their place in the folder."""
    found = {}
    for path in sorted(out.rglob("*.html")):
        here = path.relative_to(out)
        leads = [href for href, _ in Page(path.read_text("utf-8")).links]
        found[here.as_posix()] = {
            posixpath.normpath(posixpath.join(here.parent.as_posix(), href)) for href in leads
        }
    return found
