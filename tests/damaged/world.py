"""Sound files of every kind the kit reads, and how each is read."""

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd

from qgdr_eval.actions import read_plan
from qgdr_eval.checking.check import check_path
from qgdr_eval.disclosure import open_card
from qgdr_eval.disclosure.store import list_places, open_slice
from qgdr_eval.fictitious import write_demo_plan
from qgdr_eval.instruments.referential import read_referential
from qgdr_eval.press import print_campaign, verify_folder
from qgdr_eval.press.parameters import declared_parameters
from qgdr_eval.responses.indicators import read_indicators, read_national
from qgdr_eval.shipped import shipped

CAMPAIGN = """\
id: essai
title: "Un essai"
period: "2026"
instrument: instrument.yml
responses: {file: reponses.csv, separator: ";"}
columns:
  facility: Établissement
  service: Service
  subject: Numéro
  strata: {metier: Métier}
  items: {E2: Question E2}
coding: {answers: codes, reversed: as_worded, labels: {"tout à fait": 5}, missing: ["-"]}
services: services.csv
disclosure: {minimum: 5}
reference: {file: reference.csv, label: Ailleurs, source: "essai, 2026"}
plan: plan.csv
"""
INSTRUMENT = """\
id: essai
version: 1.0.0
title: "Un essai"
source: "Écrit pour les tests"
licence: MIT
subject: respondent
scales:
  accord:
    label: "D'accord ?"
    options:
      - {code: 1, label: Pas du tout, pole: negative}
      - {code: 2, label: Plutôt non, pole: negative}
      - {code: 3, label: Entre les deux, pole: neutral}
      - {code: 4, label: Plutôt oui, pole: positive}
      - {code: 5, label: Tout à fait, pole: positive}
    dont_know: [{code: 9, label: Ne sait pas}]
thresholds:
  - {kind: at_least, value: 75, label: développée, origin: essai}
dimensions:
  - {id: ecoute, label: Écoute, definition: On est écouté, rule: mean_0_100}
  - {id: suites, label: Suites, definition: Dire sert, rule: positive_share, levers: [Dire]}
items:
  - {code: E1, text: On écoute les remarques, dimension: ecoute, scale: accord}
  - {code: E2, text: On demande les avis, dimension: ecoute, scale: accord}
  - {code: S1, text: Les alertes ont des suites, dimension: suites, scale: accord}
  - {code: S2, text: Rien ne change, dimension: suites, scale: accord, reversed: true}
"""
EXAMPLES = """\
cases:
  - id: un
    title: Deux oui sur quatre
    explain: S1 vaut 50 %
    answers: [{S1: 5}, {S1: 4}, {S1: 1}, {S1: 2}]
    expect: {items: {S1: {n_valid: 4, score: 50}}}
"""
PROGRAMME = """\
id: ensemble
title: "Un ensemble"
period: "2026"
campaigns: [campagne.yml]
indicators: indicateurs.csv
national: national.csv
plan: plan.xlsx
"""
SERVICES = "établissement;service;effectif\nHôpital;Cardiologie;20\nHôpital;Pédiatrie;18\n"
REFERENCE = "dimension;score;low;high\necoute;61,5;58;65\nsuites;40;;\n"
NATIONAL = "indicateur;valeur;source;année\nPlaintes traitées;76,4;essai;2025\n"


def write_world(folder: Path) -> None:
    """Write one file of each kind, sound, and the reports of the campaign."""
    texts = {"campagne.yml": CAMPAIGN, "instrument.yml": INSTRUMENT, "exemples.yml": EXAMPLES}
    texts |= {"programme.yml": PROGRAMME, "services.csv": SERVICES, "reference.csv": REFERENCE}
    texts |= {
        "national.csv": NATIONAL,
        "reponses.csv": _answers(),
        "indicateurs.csv": _indicators(),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("plan.xlsx", "plan.csv"):
        write_demo_plan(folder / name)
    shutil.copy(shipped("notebooks") / "20_service.ipynb", folder / "carnet.ipynb")
    _write_referential(folder / "referentiel.xlsx")
    table = pd.read_csv(folder / "reponses.csv", sep=";", dtype=str)
    table.to_excel(folder / "reponses.xlsx", index=False)
    (folder / "classeur.yml").write_text(
        CAMPAIGN.replace('{file: reponses.csv, separator: ";"}', "reponses.xlsx"), encoding="utf-8"
    )
    print_campaign(folder / "campagne.yml", folder / "rapports", jobs=0, report_date="2026-03-01")
    shutil.copy(folder / "rapports" / "donnees" / "resultats.sqlite", folder / "resultats.sqlite")


def _answers() -> str:
    places, jobs = ("Cardiologie", "Pédiatrie"), ("Médecin", "Infirmier")
    rows = [
        [f"R{i}", "Hôpital", places[i % 2], jobs[i // 2 % 2], *_codes(i), "9"] for i in range(36)
    ]
    head = "Numéro;Établissement;Service;Métier;E1;Question E2;S1;S2"
    return "\n".join([head, *map(";".join, rows), ""])


def _codes(rank: int) -> list[str]:
    return [str(rank * step % 5 + 1) for step in (1, 3, 2)]


def _indicators() -> str:
    head = "indicateur;famille;établissement;pôle;service;période;numérateur;dénominateur;type;sens"
    what, kind = "Plaintes traitées;plaintes et réclamations;Hôpital;Pôle A;", "proportion;hausse"
    rows = [f"{what};2026-{month:02d};{20 + month};40;{kind}" for month in range(1, 11)]
    return "\n".join([head, *rows, ""])


def _write_referential(path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["Chapitre", "Thématique", "Objectif", "N°", "Critère", "Impératif"])
    for i in range(1, 13):
        names = [f"Chapitre {i // 7 + 1}", f"Thème {i // 4 + 1}", f"Objectif {i // 2 + 1}"]
        page.append([*names, f"{i // 7 + 1}.{i // 4 + 1}.{i}", f"Un critère numéro {i}", "Non"])
    page.merge_cells("A2:A4")
    book.save(path)


def _read_results(path: Path) -> None:
    open_card(path)
    for place in list_places(path):
        open_slice(path, place.facility, place.service)


BESIDE = ("campagne.yml", "instrument.yml", "exemples.yml", "services.csv", "reference.csv",
          "reponses.csv", "plan.csv")  # fmt: skip
# What is read: the files copied, those one of which is damaged, how it is read.
Reading = tuple[tuple[str, ...], tuple[str, ...], Callable[[Path], object]]
READINGS: dict[str, Reading] = {
    "campaign": (BESIDE, (*BESIDE, "reponses.csv"), lambda at: check_path(at / "campagne.yml")),
    "workbook": (
        (*BESIDE, "reponses.xlsx", "classeur.yml"),
        ("reponses.xlsx",),
        lambda at: check_path(at / "classeur.yml"),
    ),
    "instrument": (
        ("instrument.yml", "exemples.yml"),
        ("instrument.yml", "exemples.yml"),
        lambda at: check_path(at / "instrument.yml"),
    ),
    "programme": (
        (*BESIDE, "programme.yml", "indicateurs.csv", "national.csv", "plan.xlsx"),
        ("programme.yml",),
        lambda at: check_path(at / "programme.yml"),
    ),
    "plan": (("plan.xlsx",), ("plan.xlsx",), lambda at: read_plan(at / "plan.xlsx")),
    "csv plan": (("plan.csv",), ("plan.csv",), lambda at: read_plan(at / "plan.csv")),
    "referential": (
        ("referentiel.xlsx",),
        ("referentiel.xlsx",),
        lambda at: read_referential(at / "referentiel.xlsx"),
    ),
    "notebook": (
        ("carnet.ipynb",),
        ("carnet.ipynb",),
        lambda at: declared_parameters(at / "carnet.ipynb"),
    ),
    "indicators": (
        ("indicateurs.csv",),
        ("indicateurs.csv",),
        lambda at: read_indicators(at / "indicateurs.csv"),
    ),
    "national": (
        ("national.csv",),
        ("national.csv",),
        lambda at: read_national(at / "national.csv"),
    ),
    "results": (
        ("resultats.sqlite",),
        ("resultats.sqlite",),
        lambda at: _read_results(at / "resultats.sqlite"),
    ),
    "reports": (
        ("rapports",),
        ("rapports/donnees/manifeste.json", "rapports/donnees/resultats.sqlite"),
        lambda at: verify_folder(at / "rapports"),
    ),
}
