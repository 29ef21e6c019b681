"""A whole fictitious programme: campaigns, audits, positions, indicators, a plan."""

import re
import zipfile
from pathlib import Path

from qgdr_eval.actions import make_actions, write_plan
from qgdr_eval.fictitious.care_home import write_demo_care_home
from qgdr_eval.fictitious.culture import DEMO_SECRET, HOSPITAL, write_demo, write_files
from qgdr_eval.fictitious.indicators import write_demo_indicators
from qgdr_eval.fictitious.plan import demo_plan
from qgdr_eval.fictitious.positions import write_demo_position
from qgdr_eval.fictitious.rounds import write_demo_rounds
from qgdr_eval.responses.campaign import secret_name

HELD = ("leadership/2026", "medicament/tour-2")  # campaigns whose page opens with the plan
WRITTEN = re.compile(rb"(<dcterms:\w+ [^>]*>)[^<]*")
POSITIONS = {
    "shortell_binome": "shortell/binome",
    "politique_qgdr": "politique",
    "compte_qualite": "risques",
}
PROGRAMME_ID = "programme_demonstration"
PROGRAMME = f"""\
# Programme de démonstration : tout ce qu'un établissement suit, réuni. Données fictives.
# qgdr report programme.yml --out rapports

id: {PROGRAMME_ID}
title: "Programme qualité et gestion des risques (données fictives)"
period: "2025-2026"

# Une campagne par fichier ; chacune nomme elle-même son tour précédent, son second auditeur.
campaigns:
  - campagne.yml                      # la culture de sécurité
  - ehpad/campagne.yml                # la même, par le questionnaire des EHPAD
  - leadership/2026/campagne.yml      # le leadership, second tour
  - shortell/campagne.yml             # les quatre dimensions, vues par l'équipe
  - shortell/binome/campagne.yml      # ce qu'en déclarent cadre, médecin et référents, à côté
  - medicament/tour-2/campagne.yml    # un audit, second tour, relu par un second auditeur
  - hygiene/tour-2/campagne.yml       # un autre audit, second tour
  - politique/campagne.yml            # la position d'un groupe sur sa politique
  - risques/campagne.yml              # sa carte des risques

indicators: indicateurs.csv
plan: plan.xlsx
"""
READ_ME = """\

Autour de cette campagne, un programme entier, lui aussi fictif :

  programme.yml                la liste de tout ce qui suit
  ehpad/                       la culture de sécurité d'un EHPAD, avec le questionnaire des EHPAD
  leadership/, shortell/       d'autres questionnaires d'équipe ; le leadership a deux tours
  shortell/binome/             les mêmes dimensions, déclarées par cadre, médecin et référents
  medicament/, hygiene/        deux audits de pratiques, chacun en deux tours
  politique/, risques/         ce qu'un groupe déclare : sa politique, sa carte des risques
  indicateurs.csv              deux ans d'indicateurs par pôle
  plan.xlsx                    le plan d'actions
"""
PROMISED = (
    {
        "id": "LEAD-MED-01",
        "origin": "leadership",
        "pole": "Pôle Médecine",
        "service": "Médecine interne",
        "dimension": "presence_terrain",
        "campaign": "leadership_2024",
        "finding": "« Être présent sur le terrain » : une priorité de la campagne de mars 2024.",
        "objective": "Que l'équipe voie ses responsables dans le service",
        "action": "Une visite du service par mois, cadre et médecin ensemble, sans ordre du jour",
        "decided": "Le premier mardi du mois, après les transmissions ; on note ce que l'équipe "
        "montre, pas ce qu'on lui reproche.",
        "priority": "haute",
        "pilot": "Binôme cadre de santé et médecin responsable",
        "start": "2024-05-01",
        "due": "2025-06-30",
        "indicator": "Score « Être présent sur le terrain »",
        "target": "au moins 75",
        "method": "Même questionnaire, deux ans plus tard",
        "state": "réalisé",
        "progress": "100",
    },
    {
        "id": "EPP-MED-01",
        "origin": "EPP",
        "pole": "Pôle Médecine",
        "service": "Médecine interne",
        "dimension": "prescription",
        "item": "PR05",
        "campaign": "medicament_tour_1",
        "finding": "Recopie de la prescription trouvée au premier tour.",
        "objective": "Que le document d'administration soit la prescription elle-même",
        "action": "Imprimer le plan d'administration depuis le logiciel, sans fiche recopiée",
        "decided": "Une seule imprimante, dans la salle de soins ; la fiche recopiée part à la "
        "corbeille devant tout le monde.",
        "priority": "haute",
        "pilot": "Pharmacien du pôle et cadre de santé",
        "start": "2025-04-01",
        "due": "2025-12-31",
        "indicator": "Conformité du critère PR05",
        "target": "100 %",
        "method": "Second tour de l'audit, nouveau tirage",
        "state": "réalisé",
        "progress": "100",
    },
)


def write_demo_programme(folder: Path) -> Path:
    """Write the demonstration programme into a folder and return the path of its file.

    The same bytes each time.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_demo_programme(Path(folder))
    ...     path.name, path.with_name("plan.xlsx").exists()
    ('programme.yml', True)

    Raises:
        Refused: the folder holds another file of one of these names.
    """
    write_demo(folder)
    write_demo_care_home(folder / "ehpad")
    write_demo_rounds(folder)
    for instrument, name in POSITIONS.items():
        write_demo_position(folder / name, instrument)
    write_demo_indicators(folder / "indicateurs.csv")
    plan = demo_plan()
    promised = [{"facility": HOSPITAL} | action for action in PROMISED]
    actions = make_actions([*plan.to_dict("records"), *promised], list(plan))
    write_plan(actions, folder / "plan.xlsx")
    _settle(folder / "plan.xlsx")
    for name in HELD:
        with (folder / name / "campagne.yml").open("ab") as campaign:
            campaign.write(b"plan: ../../plan.xlsx\n")
    with (folder / POSITIONS["shortell_binome"] / "campagne.yml").open("ab") as campaign:
        campaign.write(b"team: ../campagne.yml\n")
    read_me = folder / "LISEZMOI.txt"
    read_me.write_bytes(read_me.read_bytes() + READ_ME.encode())
    programme = {"programme.yml": PROGRAMME.encode(), secret_name(PROGRAMME_ID): DEMO_SECRET}
    write_files(folder, programme)
    return folder / "programme.yml"


def _settle(workbook: Path) -> None:
    """Take the hour it was written out of a workbook: its bytes then depend on its cells alone."""
    with zipfile.ZipFile(workbook) as original:
        parts = [(name, original.read(name)) for name in original.namelist()]
    with zipfile.ZipFile(workbook, "w", zipfile.ZIP_DEFLATED) as settled:
        for name, content in parts:
            text = WRITTEN.sub(rb"\g<1>2026-01-01T00:00:00Z", content)
            settled.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
