"""A table of indicators to start from: a hospital, three pôles and two years nobody lived."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from qgdr_eval.fictitious.culture import HOSPITAL
from qgdr_eval.responses.indicator_rows import FAMILIES, HEADERS

MONTHS = [str(month) for month in pd.period_range("2024-11", "2026-10", freq="M")]
QUARTERS = ["2025-T3", "2025-T4", "2026-T1", "2026-T2", "2026-T3"]
MEDICINE, SURGERY, EMERGENCY = (
    "Pôle Médecine",
    "Pôle Chirurgie et bloc",
    "Pôle Urgences et réanimation",
)
INTERNAL, CARDIOLOGY, VISCERAL, THEATRE, URGENT, INTENSIVE = (
    "Médecine interne",
    "Cardiologie",
    "Chirurgie viscérale",
    "Bloc opératoire",
    "Urgences",
    "Réanimation",
)


@dataclass(frozen=True)
class Followed:
    """An indicator as its rows repeat it."""

    name: str
    family: str
    kind: str
    direction: str = "neutre"
    per: str = ""
    target: str = ""
    unit: str = ""


FALLS = Followed("Chutes de patients", "adverse_events", "taux", "baisse", "1000", "", "journées")
EVENTS = Followed(
    "Événements indésirables déclarés", "adverse_events", "comptage", unit="déclarations"
)
COMPLAINTS = Followed("Plaintes et réclamations reçues", "complaints", "comptage", unit="plaintes")
ANSWERS = Followed(
    "Plaintes ayant reçu une réponse en moins de 30 jours",
    "complaints",
    "proportion",
    "hausse",
    target="90",
    unit="plaintes",
)
RECOMMEND = Followed(
    "Patients qui recommanderaient l'établissement",
    "satisfaction",
    "proportion",
    "hausse",
    target="70",
    unit="patients",
)
RELATIVES = Followed(
    "Expérience des proches aidants, note sur 100",
    "satisfaction",
    "valeur",
    "hausse",
    unit="points",
)
LETTERS = Followed(
    "Lettre de liaison remise le jour de la sortie",
    "practices",
    "proportion",
    "hausse",
    target="90",
    unit="dossiers",
)
HAND_RUB = Followed(
    "Solution hydro-alcoolique consommée",
    "practices",
    "valeur",
    "hausse",
    unit="litres pour 1 000 journées",
)

# Indicator, pôle, service, people or days a month, level; then months from the end at which the
# level is multiplied, and by how much. A level is a share, a rate per 1,000, a count or a value.
FOLLOWED = (
    (FALLS, MEDICINE, INTERNAL, 1150, 4.1, 10, 2),  # the real change
    (FALLS, MEDICINE, CARDIOLOGY, 840, 3.2, 10, 2),
    (FALLS, SURGERY, VISCERAL, 910, 2.3, 0, 1),
    (FALLS, EMERGENCY, INTENSIVE, 420, 1.1, 0, 1),  # too rare for limits
    (EVENTS, MEDICINE, "", 0, 21, 0, 1),
    (EVENTS, SURGERY, "", 0, 16, 0, 1),
    (EVENTS, EMERGENCY, "", 0, 24, 8, 1.6),  # more is told: neither good nor bad
    (COMPLAINTS, MEDICINE, "", 0, 12, 0, 1),
    (COMPLAINTS, SURGERY, "", 0, 9, 0, 1),
    (COMPLAINTS, EMERGENCY, "", 0, 16, 0, 1),
    (ANSWERS, MEDICINE, "", 0, 0.9, 0, 1),  # few complaints: months hidden, nothing to conclude
    (ANSWERS, SURGERY, "", 0, 0.86, 0, 1),
    (ANSWERS, EMERGENCY, "", 0, 0.82, 0, 1),
    (RECOMMEND, MEDICINE, "", 88, 0.71, 0, 1),  # nothing happens
    (RECOMMEND, SURGERY, "", 104, 0.78, 0, 1),
    (RECOMMEND, EMERGENCY, URGENT, 130, 0.52, 0, 1),
    (RELATIVES, MEDICINE, "", 31, 71.0, 0, 1),  # too short to read
    (RELATIVES, EMERGENCY, INTENSIVE, 22, 76.0, 0, 1),
    (LETTERS, MEDICINE, INTERNAL, 60, 0.7, 0, 1),  # under the target, established
    (LETTERS, MEDICINE, CARDIOLOGY, 14, 0.74, 0, 1),  # some months under the minimum
    (LETTERS, SURGERY, VISCERAL, 62, 0.95, 0, 1),
    (HAND_RUB, MEDICINE, "", 0, 34.0, 0, 1),
    (HAND_RUB, SURGERY, "", 0, 47.0, 11, 1.3),
    (HAND_RUB, EMERGENCY, INTENSIVE, 0, 96.0, 0, 1),
)


def write_demo_indicators(path: Path, seed: int = 2026) -> Path:
    """Write a fictitious table of indicators and return its path.

    Twenty-four months of eight indicators in three pôles, as a French spreadsheet exports them.
    One series really changes, one misses its target, one stays as it is, one is too short to be
    read, one has few people behind it. The same seed gives the same bytes.
    """
    received: dict[str, list[int]] = {}  # by pôle: a complaint answered is one that was received
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(HEADERS.values()), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for rank, (followed, pole, service, size, level, late, factor) in enumerate(FOLLOWED):
        rng = np.random.default_rng((rank, seed))  # another series changes nothing to this one
        place = {"établissement": HOSPITAL, "pôle": pole, "service": service}
        periods = QUARTERS if followed is RELATIVES else MONTHS
        levels = [level] * (len(periods) - late) + [level * factor] * late
        among = received[pole] if followed is ANSWERS else _among(size, len(periods), rng)
        amounts = list(_drawn(followed, among, levels, rng))
        if followed is COMPLAINTS:
            received[pole] = [int(one["valeur"]) for one in amounts]
        for period, one in zip(periods, amounts, strict=True):
            writer.writerow({**_said(followed), **place, "période": period, **one})
    path.write_bytes(text.getvalue().encode("utf-8-sig"))
    return path


def _said(followed: Followed) -> dict[str, str]:
    return {
        "indicateur": followed.name,
        "famille": FAMILIES[followed.family],
        "type": followed.kind,
        "sens": followed.direction,
        "par": followed.per,
        "cible": followed.target,
        "unité": followed.unit,
    }


def _among(size: int, periods: int, rng: np.random.Generator) -> list[int]:
    """People or days of each period, around their usual number."""
    if size > 40:
        return [int(n) for n in rng.normal(size, size / 12, periods)]
    return [int(n) for n in rng.poisson(size, periods)]


def _drawn(
    followed: Followed, among: list[int], levels: list[float], rng: np.random.Generator
) -> Iterator[dict[str, str]]:
    """The amounts of each period, drawn around their level."""
    for level, n in zip(levels, among, strict=True):
        match followed.kind:
            case "taux":
                met = int(rng.poisson(level * n / 1000))
                yield {"numérateur": str(met), "dénominateur": str(n)}
            case "proportion":
                met = int(rng.binomial(n, level))
                yield {"numérateur": str(met), "dénominateur": str(n)}
            case "comptage":
                yield {"valeur": str(int(rng.poisson(level)))}
            case _:
                value = f"{rng.normal(level, level / 20):.1f}".replace(".", ",")
                yield {"valeur": value, "dénominateur": str(n) if n else ""}
