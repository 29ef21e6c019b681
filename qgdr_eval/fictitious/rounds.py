"""Fictitious campaigns beside the demonstration one: leadership and Shortell twice, two audits."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from qgdr_eval.fictitious.culture import DEMO_SECRET, HOSPITAL, csv_bytes, write_files
from qgdr_eval.fictitious.simulate import simulate
from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.responses.campaign import secret_name

NO, YES, NOT_APPLICABLE, NOT_RECORDED = 0, 1, 8, 9
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

    ``weak``: criteria whose share of yes starts low. ``one_of``: start of the codes of criteria of
    which each record shows one only.
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
    one_of: str = ""


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
        "shortell", "shortell_2026", "Les quatre dimensions de Shortell",
        "avril 2026", "shortell_service", 13, {"strategique": 0.5, "structurelle": -1.1,
        "technique": 0.4, "culturelle": 0.6},
    ),
)  # fmt: skip
SELF = Survey(
    "leadership/soi", "leadership_soi", "Leadership et sécurité, ma position",
    "mars 2026", "leadership_securite_soi", 0, {},
)  # fmt: skip
MEDICINES = {"Médecine interne": 40, "Cardiologie": 36, "Chirurgie viscérale": 30}
HANDS = {"Médecine interne": 40, "Bloc opératoire": 40, "Urgences": 60, "Réanimation": 50}
WEAK_MEDICINES = {"PR05": 0.6, "AP04": 0.55, "AD02": 0.7}
AUDITS = (
    Audit(
        "medicament/tour-1", "medicament_tour_1", "Circuit du médicament, premier tour",
        "février 2025", "epp_circuit_medicament", 21, MEDICINES, WEAK_MEDICINES, {},
    ),
    Audit(
        "medicament/tour-2", "medicament_tour_2", "Circuit du médicament, second tour",
        "février 2026", "epp_circuit_medicament", 22, MEDICINES, WEAK_MEDICINES,
        {"PR05": 0.35, "AP04": 0.1},
        more="earlier: ../tour-1/campagne.yml\nsecond_reader: ../relecture/campagne.yml\n",
    ),
    Audit(
        "hygiene/tour-1", "hygiene_tour_1", "Hygiène des mains, premier tour",
        "juin 2025", "epp_hygiene_mains", 31, HANDS, {"PR02": 0.7, "MO04": 0.5}, {}, one_of="MO",
    ),
    Audit(
        "hygiene/tour-2", "hygiene_tour_2", "Hygiène des mains, second tour",
        "juin 2026", "epp_hygiene_mains", 32, HANDS, {"PR02": 0.7, "MO04": 0.5}, {"MO04": 0.3},
        more="earlier: ../tour-1/campagne.yml\n",
        one_of="MO",
    ),
)  # fmt: skip
SECOND_READER = Audit(
    "medicament/relecture", "medicament_relecture", "Circuit du médicament, second auditeur",
    "février 2026", "epp_circuit_medicament", 22, MEDICINES, WEAK_MEDICINES,
    {"PR05": 0.35, "AP04": 0.1},
)  # fmt: skip
ITEMS = 5  # the same questions are as easy in both rounds
VIEWS = 6  # the same people answer both rounds
READ_TWICE = 14  # records of each service that both auditors read
DIFFERENT = 0.07  # share of the criteria on which the second auditor says the contrary


def write_demo_rounds(folder: Path) -> list[Path]:
    """Write every campaign under a folder; returns the paths of their ``campagne.yml``."""
    surveys = [_write_survey(folder, survey) for survey in SURVEYS]
    audits = [_write_audit(folder, audit, _records(audit)) for audit in AUDITS]
    return [*surveys, *audits, _write_audit(folder, SECOND_READER, _read_again())]


def write_demo_audit(folder: Path) -> Path:
    """Write the second round of one audit, with its first round and its second auditor."""
    paths = [_write_audit(folder, audit, _records(audit)) for audit in AUDITS[:2]]
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


def _records(audit: Audit) -> pd.DataFrame:
    """Audited records: yes or no by criterion, some not applicable, a few not recorded."""
    rng = np.random.default_rng(audit.seed)
    instrument = load_instrument(audit.instrument)
    places = _places(audit)
    answers = {code: _answers(instrument, code, audit, len(places), rng)
               for code in instrument.codes}  # fmt: skip
    alone = [code for code in instrument.codes if audit.one_of and code.startswith(audit.one_of)]
    for code, mine in zip(alone, _shares_out(len(places), len(alone), rng), strict=True):
        answers[code][~mine] = NOT_APPLICABLE
    return pd.concat([places, pd.DataFrame(answers)], axis=1)


def _shares_out(n: int, parts: int, rng: np.random.Generator) -> np.ndarray:
    """Each of ``n`` records given to one of the parts: booleans (parts, n)."""
    return rng.integers(0, max(parts, 1), n) == np.arange(parts)[:, None]


def _places(audit: Audit) -> pd.DataFrame:
    services = [service for service, n in audit.records.items() for _ in range(n)]
    return pd.DataFrame(
        {
            "Établissement": HOSPITAL,
            "Service": services,
            "Dossier": [f"D{rank:03d}" for rank in range(1, len(services) + 1)],
        }
    )


def _answers(
    instrument: Instrument, code: str, audit: Audit, n: int, rng: np.random.Generator
) -> np.ndarray:
    critical = {item.code for item in instrument.items if item.critical}
    usual = 0.985 if code in critical else 0.9
    share = min(audit.weak.get(code, usual) + audit.gains.get(code, 0), 1)
    answers = np.where(rng.random(n) < share, YES, NO)
    lost = rng.random(n)
    forbidden = next(item for item in instrument.items if item.code == code).forbidden
    answers[(lost < 0.06) & (NOT_APPLICABLE not in forbidden)] = NOT_APPLICABLE
    answers[(lost > 0.98) & (NOT_RECORDED not in forbidden)] = NOT_RECORDED
    return answers


def _read_again() -> pd.DataFrame:
    """The first records of each service of the second round, as another auditor reads them."""
    rng = np.random.default_rng(SECOND_READER.seed + 1)
    first = _records(AUDITS[1]).groupby("Service", sort=False).head(READ_TWICE)
    codes = first.columns[3:]
    read = first[codes].to_numpy(copy=True)
    other = (rng.random(read.shape) < DIFFERENT) & (read <= YES)
    read[other] = 1 - read[other]
    return first.assign(**dict(zip(codes, read.T, strict=True)))
