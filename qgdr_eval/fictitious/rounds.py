"""Fictitious campaigns beside the demonstration one: leadership and Shortell twice, two audits."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from qgdr_eval.fictitious.culture import DEMO_SECRET, HOSPITAL, write_files
from qgdr_eval.fictitious.simulate import simulate
from qgdr_eval.fictitious.situations import MOMENTS, NO, NOT_RECORDED, SITUATIONS, YES, hide
from qgdr_eval.instruments import Item, load_instrument
from qgdr_eval.responses.campaign import secret_name
from qgdr_eval.tables.write import csv_bytes

TEAMS = {
    "Médecine interne": 27,
    "Cardiologie": 24,
    "Chirurgie viscérale": 21,
    "Bloc opératoire": 22,
    "Urgences": 38,
    "Réanimation": 30,
}
PEOPLE = """\
# Données fictives : voir LISEZMOI.txt.
id: {id}
title: "{title} (données fictives)"
period: "{period}"
instrument: {instrument}
responses: reponses.csv
columns: {{facility: "Établissement", service: "Service", subject: "Identifiant"}}
coding: {{answers: labels, reversed: as_worded}}
services: services.csv
{more}"""
RECORDS = """\
# Données fictives : voir LISEZMOI.txt.
id: {id}
title: "{title} (données fictives)"
period: "{period}"
instrument: {instrument}
responses: dossiers.csv
columns: {{facility: "Établissement", service: "Service", subject: "Dossier"}}
coding: {{answers: codes, reversed: as_worded}}
reference: none
{more}"""


@dataclass(frozen=True)
class Survey:
    """A campaign of people. ``shifts``: what is added to a dimension, in standard deviations."""

    folder: str
    id: str
    title: str
    period: str
    instrument: str
    seed: int
    shifts: Mapping[str, float]
    more: str = ""


@dataclass(frozen=True)
class Audit:
    """A round of an audit: ``records`` by service; ``gains``: added to a criterion's share of yes.

    ``weak``: criteria whose share of yes starts low.
    """

    folder: str
    id: str
    title: str
    period: str
    instrument: str
    seed: int
    records: Mapping[str, int]
    weak: Mapping[str, float]
    gains: Mapping[str, float]
    more: str = ""


SURVEYS = (
    Survey(
        "leadership/2024", "leadership_2024", "Leadership et sécurité, premier tour",
        "mars 2024", "leadership_securite", 11,
        {"presence_terrain": -0.7, "juste_reconnaissance": -0.5},
    ),
    Survey(
        "leadership/2026", "leadership_2026", "Leadership et sécurité, second tour",
        "mars 2026", "leadership_securite", 12,
        {"presence_terrain": 0.4, "juste_reconnaissance": -0.5},
        more="earlier: ../2024/campagne.yml\n",
    ),
    Survey(
        "shortell", "shortell_2026", "Les quatre dimensions de Shortell, vues par l'équipe",
        "septembre 2026", "shortell_service", 13, {"strategique": 0.4, "structurelle": -0.9,
        "technique": 0.2, "culturelle": 0.2},
    ),
)  # fmt: skip
SELF = Survey(
    "leadership/soi", "leadership_soi", "Leadership et sécurité, ma position",
    "mars 2026", "leadership_securite_soi", 0, {},
)  # fmt: skip
MEDICINES = {"Médecine interne": 40, "Cardiologie": 36, "Chirurgie viscérale": 30}
HANDS = {"Médecine interne": 90, "Bloc opératoire": 60, "Urgences": 120, "Réanimation": 100}
WEAK_MEDICINES = {"PR05": 0.5, "AP04": 0.55, "AD02": 0.7}
WEAK_HANDS = {"PR02": 0.96, "PR03": 0.95, "PR04": 0.75, "MO04": 0.5}  # rings more than nails
AUDITS = (
    Audit(
        "medicament/tour-1", "medicament_tour_1", "Circuit du médicament, premier tour",
        "février 2025", "epp_circuit_medicament", 21, MEDICINES, WEAK_MEDICINES, {},
    ),
    Audit(
        "medicament/tour-2", "medicament_tour_2", "Circuit du médicament, second tour",
        "février 2026", "epp_circuit_medicament", 22, MEDICINES, WEAK_MEDICINES,
        {"PR05": 0.45, "AP04": 0.1},
        more="earlier: ../tour-1/campagne.yml\nsecond_reader: ../relecture/campagne.yml\n",
    ),
    Audit(
        "hygiene/tour-1", "hygiene_tour_1", "Hygiène des mains, premier tour",
        "juin 2025", "epp_hygiene_mains", 31, HANDS, WEAK_HANDS, {},
    ),
    Audit(
        "hygiene/tour-2", "hygiene_tour_2", "Hygiène des mains, second tour",
        "juin 2026", "epp_hygiene_mains", 32, HANDS, WEAK_HANDS, {"MO04": 0.35},
        more="earlier: ../tour-1/campagne.yml\n",
    ),
)  # fmt: skip
SECOND_READER = Audit(
    "medicament/relecture", "medicament_relecture", "Circuit du médicament, second auditeur",
    "février 2026", "epp_circuit_medicament", 22, MEDICINES, WEAK_MEDICINES,
    {"PR05": 0.45, "AP04": 0.1},
)  # fmt: skip
ITEMS = 5  # the same questions are as easy in both rounds
VIEWS = 6  # the same people answer both rounds
READ_TWICE = 14  # records of each service that both auditors read
DIFFERENT = 0.07  # share of the criteria on which the second auditor says the contrary


def write_demo_rounds(folder: Path) -> list[Path]:
    """Write every campaign under a folder; returns the paths of their ``campagne.yml``."""
    surveys = [_write_survey(folder, survey) for survey in SURVEYS]
    audits = [_write_audit(folder, audit, draw_records(audit)) for audit in AUDITS]
    return [*surveys, *audits, _write_audit(folder, SECOND_READER, _read_again())]


def write_demo_audit(folder: Path) -> Path:
    """Write the second round of one audit, with its first round and its second auditor."""
    paths = [_write_audit(folder, audit, draw_records(audit)) for audit in AUDITS[:2]]
    _write_audit(folder, SECOND_READER, _read_again())
    return paths[-1]


def write_demo_team(folder: Path) -> Path:
    """Write one campaign about leadership, answered by teams."""
    return _write_survey(folder, SURVEYS[0])


def write_demo_self(folder: Path) -> Path:
    """Write the own position of the leader of one service that does not exist."""
    instrument = load_instrument(SELF.instrument)
    codes = {
        item.code: [option.code for option in instrument.scale_of(item).options][-1 - rank % 2]
        for rank, item in enumerate(instrument.items)
    }
    place = {"Établissement": HOSPITAL, "Service": next(iter(TEAMS)), "Identifiant": "1"}
    campaign = PEOPLE.format(**vars(SELF)).replace("answers: labels", "answers: codes")
    files = {
        "reponses.csv": csv_bytes(pd.DataFrame([place | codes])),
        "services.csv": csv_bytes(pd.DataFrame([{"Établissement": HOSPITAL,
                                                 "Service": place["Service"]}])),
        secret_name(SELF.id): DEMO_SECRET,
    }  # fmt: skip
    return _write(folder / SELF.folder, campaign, files)


def _write_survey(folder: Path, survey: Survey) -> Path:
    services = pd.DataFrame(
        {
            "facility": HOSPITAL,
            "service": list(TEAMS),
            "head_count": [round(n * 1.35) for n in TEAMS.values()],
            "respondents": list(TEAMS.values()),
        }
    )
    effects = pd.DataFrame(
        [
            (HOSPITAL, service, dimension, shift, 0.0)
            for service in TEAMS
            for dimension, shift in survey.shifts.items()
        ],
        columns=["facility", "service", "dimension", "shift", "split"],
    )
    answers = simulate(
        load_instrument(survey.instrument),
        services,
        survey.seed,
        effects=effects,
        icc=0.03,
        items_seed=ITEMS,
        views_seed=VIEWS,
    )
    roster = services[["facility", "service", "head_count"]]
    roster = roster.set_axis(["Établissement", "Service", "Effectif"], axis=1)
    files = {"reponses.csv": csv_bytes(answers.drop(columns="Profession")),
             "services.csv": csv_bytes(roster),
             secret_name(survey.id): DEMO_SECRET}  # fmt: skip
    return _write(folder / survey.folder, PEOPLE.format(**vars(survey)), files)


def _write_audit(folder: Path, audit: Audit, records: pd.DataFrame) -> Path:
    files = {"dossiers.csv": csv_bytes(records)}
    return _write(folder / audit.folder, RECORDS.format(**vars(audit)), files)


def _write(folder: Path, campaign: str, files: dict[str, bytes]) -> Path:
    write_files(folder, files | {"campagne.yml": campaign.encode()})
    return folder / "campagne.yml"


def draw_records(audit: Audit) -> pd.DataFrame:
    """Audited records: yes or no by criterion that applies, a few that could not be seen.

    One row a record, « Établissement », « Service », « Dossier », then the codes of each criterion.

    >>> draw_records(AUDITS[0]).shape
    (106, 33)
    """
    rng = np.random.default_rng(audit.seed)
    instrument = load_instrument(audit.instrument)
    places = _places(audit)
    judged = {item.code: _judged(item, audit, len(places)) for item in instrument.items}
    sure = [item.code for item in instrument.items if NOT_RECORDED in item.forbidden]
    met = SITUATIONS[audit.instrument](judged, rng)
    return pd.concat([places, pd.DataFrame(hide(met, (*sure, *MOMENTS), rng))], axis=1)


def _places(audit: Audit) -> pd.DataFrame:
    services = [service for service, n in audit.records.items() for _ in range(n)]
    return pd.DataFrame(
        {
            "Établissement": HOSPITAL,
            "Service": services,
            "Dossier": [f"D{rank:03d}" for rank in range(1, len(services) + 1)],
        }
    )


def _judged(item: Item, audit: Audit, n: int) -> np.ndarray:
    """Yes or no for every record, whether the criterion applies or not.

    Each criterion is drawn by itself: one more in a grid changes no other.
    """
    rng = np.random.default_rng([audit.seed, *item.code.encode()])
    usual = 0.985 if item.critical else 0.9
    share = min(audit.weak.get(item.code, usual) + audit.gains.get(item.code, 0), 1)
    return np.where(rng.random(n) < share, YES, NO)


def _read_again() -> pd.DataFrame:
    """The first records of each service of the second round, as another auditor reads them."""
    rng = np.random.default_rng(SECOND_READER.seed + 1)
    first = draw_records(AUDITS[1]).groupby("Service", sort=False).head(READ_TWICE)
    codes = first.columns[3:]
    read = first[codes].to_numpy(copy=True)
    other = (rng.random(read.shape) < DIFFERENT) & (read <= YES)
    read[other] = 1 - read[other]
    return first.assign(**dict(zip(codes, read.T, strict=True)))
