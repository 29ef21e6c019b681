"""The care home of the demonstration: its own questionnaire, its own trades, none asked in vain."""

from pathlib import Path

import pandas as pd

from qgdr_eval.fictitious.culture import CARE_HOME, DEMO_SECRET, write_files
from qgdr_eval.fictitious.simulate import simulate
from qgdr_eval.instruments import load_instrument
from qgdr_eval.responses.campaign import secret_name
from qgdr_eval.tables.write import csv_bytes

CARE = ("Aide-soignant", "Agent hôtelier", "Infirmier")
NIGHT = ("Aide-soignant", "Infirmier")
HOUSE = ("Agent hôtelier",)  # kitchen, laundry and cleaning: apart, each would be a class of two
# service, head count, respondents, shift of every dimension, trades
TEAMS = (
    ("Hébergement permanent", 60, 38, -0.3, CARE),
    ("Unité protégée", 21, 16, 0.3, CARE),
    ("Accueil de jour", 13, 11, 0.6, CARE),
    ("Équipe de nuit", 15, 11, -0.4, NIGHT),
    ("Hôtellerie", 20, 14, 0.0, HOUSE),
)
# What a team does not live: its people answer « Sans objet », as the questionnaire tells them to.
NOT_LIVED = {
    "Accueil de jour": ("CE05", "CE12"),  # agency staff, returns from hospital
    "Hôtellerie": ("CE01", "CE12"),  # transfers, changed treatments
}
WITHOUT_OBJECT = "Sans objet"
ID = "culture_ehpad_2026"
CAMPAIGN = f"""\
# Données fictives : voir LISEZMOI.txt.
id: {ID}
title: "Culture de sécurité en EHPAD (données fictives)"
period: "du 5 au 30 octobre 2026"
instrument: culture_ehpad
responses: reponses.csv
columns:
  facility: "Établissement"
  service: "Service"
  subject: "Identifiant"
  strata: {{profession: "Profession"}}
coding: {{answers: labels, reversed: as_worded}}
services: services.csv
disclosure: {{minimum: 10}}
reference: campaign
"""


def write_demo_care_home(folder: Path, seed: int = 2026) -> Path:
    """Write the campaign of a fictitious care home and return the path of its ``campagne.yml``.

    The same seed gives the same bytes.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_demo_care_home(Path(folder)).name
    'campagne.yml'
    """
    roster = pd.DataFrame([(CARE_HOME, *team[:2]) for team in TEAMS],
                          columns=["Établissement", "Service", "Effectif"])  # fmt: skip
    files = {
        "campagne.yml": CAMPAIGN.encode(),
        "reponses.csv": csv_bytes(draw_answers(seed)),
        "services.csv": csv_bytes(roster),
        secret_name(ID): DEMO_SECRET,
    }
    write_files(folder, files)
    return folder / "campagne.yml"


def draw_answers(seed: int) -> pd.DataFrame:
    """The answers of the five teams, as a survey tool exports them.

    >>> "Profession" in draw_answers(1)
    True
    """
    columns = ["service", "head_count", "respondents", "shift", "professions"]
    teams = pd.DataFrame(TEAMS, columns=columns).assign(facility=CARE_HOME, split=0.0)
    answers = simulate(
        load_instrument("culture_ehpad"),
        teams,
        seed,
        effects=teams.assign(dimension=""),
        professions=dict(zip(teams["service"], teams["professions"], strict=True)),
    )
    for service, items in NOT_LIVED.items():
        here = (answers["Service"] == service) & (answers["Profession"] != "")
        answers.loc[here, list(items)] = WITHOUT_OBJECT
    return answers
