"""A position to start from: what a group that never met agreed on, or a person nobody is."""

from pathlib import Path

import numpy as np
import pandas as pd

from qgdr_eval.fictitious.culture import CARE_HOME, DEMO_SECRET, HOSPITAL, csv_bytes, write_files
from qgdr_eval.french import quote
from qgdr_eval.instruments import Instrument, Item, load_instrument
from qgdr_eval.problems import Refused, refuse_errors
from qgdr_eval.responses.campaign import secret_name
from qgdr_eval.tables.faults import fault

PLACES = {
    "group": ((HOSPITAL, "Pôle Médecine"), (CARE_HOME, "Hébergement permanent")),
    "person": ((HOSPITAL, "Direction"),),
}
OWN_PLACES = {
    "essms_preparatoire": ((CARE_HOME, "Hébergement permanent"), (CARE_HOME, "Accueil de jour")),
}
# Answers that only make sense together: a policy of five axes has no sixth one.
WITHOUT_SUBJECT = {"politique_qgdr": ("AX6F", "AX6T", "AX6G", "AX6I")}
STEPS = ("politique_qgdr",)  # instruments whose dimensions are done one after the other
FAR, LATE = 1.1, 0.35  # how favourable a dimension may be at most, at least
RATED = {"gravity": 0.4, "likelihood": 0.5, "control": 0.45}
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
  reversed: as_worded
services: services.csv
reference: none                       # une position déclarée ne se compare pas
"""


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
    answers = pd.DataFrame([_row(instrument, rng) for _ in places])
    written = CAMPAIGN.format(id=instrument.id, title=instrument.title, instrument=instrument_id)
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


def _row(instrument: Instrument, rng: np.random.Generator) -> dict[str, str]:
    """The code of each item's answer, "" when it is left empty."""
    dimensions = [dimension.id for dimension in instrument.dimensions]
    paces = rng.uniform(LATE, FAR, len(dimensions))
    if instrument.id in STEPS:
        paces = np.linspace(FAR, LATE, len(dimensions))
    pace = dict(zip(dimensions, paces, strict=True))
    given = {
        item.code: _answer(instrument, item, RATED.get(item.role or "", pace[item.dimension]), rng)
        for item in instrument.items
    }
    return given | dict.fromkeys(WITHOUT_SUBJECT.get(instrument.id, ()), "8")


def _answer(instrument: Instrument, item: Item, pace: float, rng: np.random.Generator) -> str:
    """An answer around a pace from 0, least favourable, to 1; now and then none, or aside."""
    scale = instrument.scale_of(item)
    special = (*scale.not_applicable, *scale.dont_know)
    aside = [option.code for option in special if option.code not in item.forbidden]
    lost, place = rng.random(), rng.normal(pace, SPREAD)
    if lost < MISSING:
        return ""
    if aside and lost < MISSING + ASIDE:
        return str(aside[int(rng.integers(len(aside)))])
    options = scale.options[::-1] if item.reversed else scale.options
    return str(options[round(float(np.clip(place, 0, 1)) * (len(options) - 1))].code)
