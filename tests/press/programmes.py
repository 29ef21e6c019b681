"""A programme so small that its pages cost little: a survey, an audit in two rounds, one pôle."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qgdr_eval.press import Outcome, print_programme
from tests.press.campaigns import DATE, Small, write_small
from tests.rounds import AUDIT, FACILITY, write_round

EHPAD = "EHPAD fictif"
SERVICES = (  # facility, service, head count, respondents; the second is too small to be shown
    (FACILITY, "Médecine", 30, 14),
    (FACILITY, "Équipe de nuit", 9, 6),
    (EHPAD, "Hébergement", 25, 13),
)
BEFORE, NOW = ["ONNO", "NNOO", "ONON"] * 5, ["ONOO", "OOOO", "NNOO"] * 5
PROGRAMME = """
id: essai
title: Petit programme
period: 2025-2026
campaigns: [equipes/campagne.yml, dossiers/campagne.yml]
indicators: indicateurs.csv
plan: plan.csv
"""
INDICATORS = """
indicateur;famille;établissement;pôle;période;numérateur;dénominateur;cible;sens
Chutes déclarées;événements indésirables;Hôpital fictif;Pôle Médecine;2026-01;12;80;10;baisse
Chutes déclarées;événements indésirables;Hôpital fictif;Pôle Médecine;2026-02;14;82;10;baisse
"""
PLAN = """
Identifiant;Établissement;Pôle;Service;Dimension;Critère;Campagne;Objectif;Action;Échéance;État
A1;Hôpital fictif;Pôle Médecine;Médecine;trace;T2;avant;Signer;Relire les noms;2025-12-31;réalisé
A2;Hôpital fictif;;;;;;Former;Former les équipes;2026-01-31;en cours
"""
PAGES = {
    "survey": "equipes/services/01-medecine.html",
    "night": "equipes/services/02-equipe-de-nuit.html",
    "survey, EHPAD": "equipes/services/03-hebergement.html",
    "survey side by side": "equipes/comparaison.html",
    "audit": "dossiers/services/01-medecine.html",
    "audit side by side": "dossiers/comparaison.html",
    "synthesis": "etablissements/01-hopital-fictif.html",
    "synthesis, EHPAD": "etablissements/02-ehpad-fictif.html",
    "pôle": "poles/01-pole-medecine.html",
    "plan": "plans/01-hopital-fictif.html",
    "plan, pôle": "plans/02-pole-medecine.html",
}


@dataclass(frozen=True)
class SmallProgramme:
    """A programme on disk: where it is and how it is printed."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "programme.yml"

    @property
    def out(self) -> Path:
        return self.folder.parent / "rapports"

    @property
    def survey(self) -> Small:
        return Small(self.folder / "equipes", SERVICES)

    @property
    def audit(self) -> Small:
        return Small(self.folder / "dossiers", ())

    def print(self, out: Path | None = None, **options: Any) -> Outcome:
        """Print the programme, on the day of these tests unless another is given."""
        options = {"report_date": DATE, "jobs": 0, "own_notebooks": True} | options
        return print_programme(self.file, out or self.out, **options)

    def copy(self, folder: Path) -> "SmallProgramme":
        """The same programme elsewhere, with what stands in its folder of reports."""
        shutil.copytree(self.folder.parent, folder, dirs_exist_ok=True)
        return replace(self, folder=folder / self.folder.name)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text of one of the programme's files; it must be there once."""
        text = (self.folder / name).read_text("utf-8")
        assert text.count(old) == 1, (name, old)
        (self.folder / name).write_text(text.replace(old, new), encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        """Write one of the programme's files."""
        (self.folder / name).write_text(text.lstrip(), encoding="utf-8")


def write_small_programme(folder: Path) -> SmallProgramme:
    """Write a small programme; the campaign before its audit is no campaign of the programme."""
    small = SmallProgramme(folder)
    write_small(folder / "equipes", SERVICES)
    small.edit("equipes/campagne.yml", "id: petite", "id: equipes")
    write_round(folder / "avant", AUDIT, {"Médecine": BEFORE}, period="2025")
    more = "earlier: ../avant/campagne.yml\nplan: ../plan.csv\n"
    write_round(folder / "dossiers", AUDIT, {"Médecine": NOW}, more)
    for name, text in (
        ("programme.yml", PROGRAMME),
        ("indicateurs.csv", INDICATORS),
        ("plan.csv", PLAN),
    ):
        small.write(name, text)
    return small
