"""Small campaigns on disk that name each other: rounds of an audit, of a survey, of a group."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

FACILITY = "Hôpital fictif"
AUDIT = """
id: grille
version: 1.0.0
title: Une grille
source: tests
licence: MIT
subject: record
scales:
  oui_non:
    label: Conforme ?
    options:
      - {code: 0, label: Non, pole: negative}
      - {code: 1, label: Oui, pole: positive}
    not_applicable: [{code: 8, label: Non applicable}]
    dont_know: [{code: 9, label: Non renseigné}]
thresholds:
  - {kind: at_least, value: 80, label: conforme, origin: tests}
  - {kind: at_most, value: 50, label: à reprendre, origin: tests}
dimensions:
  - {id: trace, label: Traçabilité, definition: Ce qui est fait est écrit, rule: conformity}
  - {id: identite, label: Identité, definition: La bonne personne, rule: conformity}
items:
  - {code: T1, text: Le dossier est daté, dimension: trace, scale: oui_non}
  - {code: T2, text: Le dossier est signé, dimension: trace, scale: oui_non}
  - {code: I1, text: Le bracelet est vérifié, dimension: identite, scale: oui_non, critical: true}
  - {code: I2, text: La photo est à jour, dimension: identite, scale: oui_non}
"""
SURVEY = """
id: {id}
version: 1.0.0
title: Deux dimensions
source: tests
licence: MIT
subject: {subject}
scales:
  accord:
    label: D'accord ?
    options:
      - {{code: 1, label: Pas du tout, pole: negative}}
      - {{code: 2, label: Plutôt non, pole: negative}}
      - {{code: 3, label: Entre les deux, pole: neutral}}
      - {{code: 4, label: Plutôt oui, pole: positive}}
      - {{code: 5, label: Tout à fait, pole: positive}}
thresholds:
  - {{kind: at_least, value: 75, label: développée, origin: tests}}
  - {{kind: at_most, value: 50, label: à améliorer, origin: tests}}
dimensions:
  - {{id: ecoute, label: Écoute, definition: On est écouté, rule: mean_0_100,
     when_weak: On se tait., levers: [Faire un tour de table]}}
  - {{id: suites, label: Suites, definition: Dire sert, rule: mean_0_100,
     when_weak: On se lasse., levers: [Dire ce qui a changé]}}
items:
  - {{code: E1, text: On écoute les remarques, dimension: ecoute, scale: accord}}
  - {{code: E2, text: On demande les avis, dimension: ecoute, scale: accord}}
  - {{code: S1, text: Les alertes ont des suites, dimension: suites, scale: accord}}
  - {{code: S2, text: Rien ne change, dimension: suites, scale: accord, reversed: true}}
"""
PEOPLE = SURVEY.format(id="equipe", subject="respondent")
GROUP = SURVEY.format(id="groupe", subject="group")
PERSON = SURVEY.format(id="soi", subject="person")
INTERDEPENDENT = PEOPLE + "interdependent: true\n"
CELLS = {"O": "1", "N": "0", "A": "8", "R": "9", ".": ""}


def write_round(
    folder: Path,
    instrument: str,
    services: Mapping[str, Sequence[str]],
    more: str = "",
    *,
    period: str = "2026",
    identified: bool = True,
    notes: Mapping[str, str] | None = None,
) -> Path:
    """Write one campaign and return the path of its file.

    ``services``: the rows of each, a letter an item: a digit is a code, O yes, N no, A not
    applicable, R not recorded, a point nothing. Subjects are
    named after their service and rank. ``notes``: what
    every row says under a header. ``more``: keys added to the campaign.
    """
    codes = [line.split("code: ")[1].split(",")[0] for line in instrument.splitlines()
             if "dimension: " in line]  # fmt: skip
    notes = notes or {}
    head = ["Établissement", "Service", "Numéro", *codes, *notes]
    rows = [
        [
            FACILITY,
            service,
            f"{service} {rank}",
            *(CELLS.get(cell, cell) for cell in row),
            *notes.values(),
        ]
        for service, given in services.items()
        for rank, row in enumerate(given, start=1)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "reponses.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows([head, *rows])
    (folder / "instrument.yml").write_text(instrument, encoding="utf-8")
    subject = ", subject: Numéro" if identified else ""
    (folder / "campagne.yml").write_text(
        f"id: {folder.name}\ntitle: Campagne {folder.name}\nperiod: '{period}'\n"
        "instrument: instrument.yml\nresponses: reponses.csv\n"
        f"columns: {{facility: Établissement, service: Service{subject}}}\n"
        f"coding: {{answers: codes, reversed: as_worded}}\n{more}",
        encoding="utf-8",
    )
    return folder / "campagne.yml"
