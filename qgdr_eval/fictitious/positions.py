"""A position to start from: what a group that never met agreed on, or a person nobody is."""

from pathlib import Path

import numpy as np
import pandas as pd

from qgdr_eval.fictitious.culture import CARE_HOME, DEMO_SECRET, HOSPITAL, write_files
from qgdr_eval.fictitious.pair import draw_pair
from qgdr_eval.fictitious.policy import draw_policy
from qgdr_eval.fictitious.risks import draw_map
from qgdr_eval.fictitious.rounds import TEAMS
from qgdr_eval.french import quote
from qgdr_eval.instruments import Instrument, Item, load_instrument
from qgdr_eval.problems import Refused, refuse_errors
from qgdr_eval.responses.campaign import secret_name
from qgdr_eval.tables.faults import fault
from qgdr_eval.tables.write import csv_bytes

PLACES = {
    "group": ((HOSPITAL, "Pôle Médecine"), (CARE_HOME, "Hébergement permanent")),
    "person": ((HOSPITAL, "Direction"),),
}
OWN_PLACES = {
    "certification_preparatoire": ((HOSPITAL, "Pôle Médecine"), (HOSPITAL, "Pôle Chirurgie")),
    "essms_preparatoire": ((CARE_HOME, "Hébergement permanent"), (CARE_HOME, "Accueil de jour")),
    "shortell_binome": tuple((HOSPITAL, service) for service in TEAMS),
}
# Instruments whose answers only make sense together.
DRAWN = {"compte_qualite": draw_map, "politique_qgdr": draw_policy,
         "shortell_binome": draw_pair}  # fmt: skip
FAR, LATE = 1.1, 0.35  # how favourable a dimension may be at most, at least
SPREAD = 0.3  # of the answers around their dimension
MISSING, ASIDE = 0.015, 0.05  # shares of answers left empty, then outside the scale where allowed

CAMPAIGN = """\
# Position de démonstration : établissement, groupe et réponses sont fictifs.
# Une ligne du tableau est la réponse d'un groupe, ou d'une personne pour elle-même.

id: position_{id}
title: "{title} (données fictives)"
period: "octobre 2026"
instrument: {instrument}
responses: reponses.csv
columns:
  facility: "Établissement"
  service: "Service"
coding:
  answers: codes
  reversed: as_worded{control}
services: services.csv
reference: none                       # une position déclarée ne se compare pas
"""


CONTROL = "\n  control: five_is_best               # 5 est la meilleure maîtrise"


def write_demo_position(folder: Path, instrument_id: str, seed: int = 2026) -> Path:
    """Write a fictitious position into a folder and return the path of its ``campagne.yml``.

    ``instrument_id``: a shipped instrument that a group or a person fills in; one row of answers
    per place. The same seed gives the same bytes.

    Raises:
        Refused: the instrument is for respondents or records; the folder holds another file of
            one of these names.
    """
    instrument = load_instrument(instrument_id)
    _refuse_others(instrument)
    rng = np.random.default_rng(seed)
    places = OWN_PLACES.get(instrument_id, PLACES[instrument.subject])
    named = pd.DataFrame(places, columns=["Établissement", "Service"])
    answers = pd.DataFrame([_row(instrument, rng, rank) for rank in range(len(places))])
    written = CAMPAIGN.format(
        id=instrument.id,
        title=instrument.title,
        instrument=instrument_id,
        control=CONTROL if instrument.risk else "",
    )
    files = {
        "campagne.yml": written.encode(),
        "reponses.csv": csv_bytes(pd.concat([named, answers], axis=1)),
        "services.csv": csv_bytes(named),
        secret_name(f"position_{instrument.id}"): DEMO_SECRET,
    }
    _refuse_overwriting(folder, files)
    write_files(folder, files)
    return folder / "campagne.yml"


def _refuse_others(instrument: Instrument) -> None:
    if not instrument.declared:
        what = f"{quote(instrument.id)} n'est rempli ni par un groupe ni par une personne seule"
        raise Refused([fault(instrument.id, what, "choisissez un autre questionnaire")])


def _refuse_overwriting(folder: Path, files: dict[str, bytes]) -> None:
    what = f"le dossier {quote(folder)} contient déjà un autre fichier de ce nom"
    refuse_errors(
        fault(name, what, "choisissez un dossier vide : rien n'est jamais écrasé")
        for name, content in files.items()
        if (folder / name).exists() and (folder / name).read_bytes() != content
    )


def _row(instrument: Instrument, rng: np.random.Generator, place: int) -> dict[str, str]:
    """The code of each item's answer, "" when it is left empty."""
    if instrument.id in DRAWN:
        return DRAWN[instrument.id](instrument, rng, place)
    dimensions = [dimension.id for dimension in instrument.dimensions]
    pace = dict(zip(dimensions, rng.uniform(LATE, FAR, len(dimensions)), strict=True))
    return {
        item.code: _answer(instrument, item, pace[item.dimension], rng) for item in instrument.items
    }


def _answer(instrument: Instrument, item: Item, pace: float, rng: np.random.Generator) -> str:
    """An answer around a pace from 0, least favourable, to 1; now and then none, or aside."""
    scale = instrument.scale_of(item)
    special = (*scale.not_applicable, *scale.dont_know)
    refused = (*item.forbidden, *item.justified)  # nobody is there to write a reason
    aside = [option.code for option in special if option.code not in refused]
    lost, place = rng.random(), rng.normal(pace, SPREAD)
    if lost < MISSING:
        return ""
    if aside and lost < MISSING + ASIDE:
        return str(aside[int(rng.integers(len(aside)))])
    options = scale.options[::-1] if item.reversed else scale.options
    return str(options[round(float(np.clip(place, 0, 1)) * (len(options) - 1))].code)
