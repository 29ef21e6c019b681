"""Simulated published campaigns: no real people, no real answers."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from qgdr_eval.comparison.reading import read_dimensions
from qgdr_eval.disclosure.published import SEAL, Card, Published
from qgdr_eval.instruments.model import (
    Dimension,
    Instrument,
    Item,
    Option,
    Scale,
    SpecialCode,
    Threshold,
)

LABELS = {
    2: ("Non", "Oui"),
    4: ("Jamais", "Parfois", "Souvent", "Toujours"),
    5: ("Pas du tout d'accord", "Pas d'accord", "Neutre", "D'accord", "Tout à fait d'accord"),
    7: (
        "Pas du tout d'accord",
        "Pas d'accord",
        "Plutôt pas d'accord",
        "Ni l'un ni l'autre",
        "Plutôt d'accord",
        "D'accord",
        "Tout à fait d'accord",
    ),
}
DIMENSIONS = (
    "Perception globale de la sécurité",
    "Fréquence de signalement des événements indésirables",
    "Attentes et actions des supérieurs hiérarchiques",
    "Organisation apprenante et amélioration continue",
    "Travail d'équipe dans le service",
    "Liberté d'expression",
    "Réponse non punitive à l'erreur",
    "Ressources humaines",
    "Soutien du management",
    "Travail d'équipe entre les services",
)
SERVICES = (
    ("Hôpital des Tilleuls", "Chirurgie viscérale"),
    ("Hôpital des Tilleuls", "Médecine polyvalente"),
    ("Hôpital des Tilleuls", "Urgences"),
    ("Hôpital des Tilleuls", "Bloc opératoire et anesthésie"),
    ("Hôpital des Tilleuls", "Maternité"),
    ("Hôpital des Tilleuls", "Pédiatrie"),
    ("Hôpital des Tilleuls", "Réanimation"),
    ("Hôpital des Tilleuls", "Imagerie"),
    ("Clinique du Parc", "Ambulatoire"),
    ("Clinique du Parc", "Soins médicaux et de réadaptation, secteur neurologique"),
    ("Clinique du Parc", "Hémodialyse"),
    ("Clinique du Parc", "Oncologie"),
    ("Clinique du Parc", "Pharmacie"),
    ("EHPAD Les Glycines", "Unité Alzheimer"),
    ("EHPAD Les Glycines", "Hébergement permanent"),
    ("EHPAD Les Glycines", "Équipe de nuit"),
    ("EHPAD Les Glycines", "Restauration"),
    ("EHPAD Les Glycines", "Animation et vie sociale"),
)
THRESHOLDS = (
    Threshold(kind="at_least", value=75, label="Dimension développée", origin="Usage courant"),
    Threshold(kind="at_most", value=50, label="Dimension à améliorer", origin="Usage courant"),
)


def scale(options: int) -> Scale:
    half = options / 2
    poles = ["negative" if i + 1 <= half else "positive" for i in range(options)]
    if options % 2:
        poles[options // 2] = "neutral"
    return Scale(
        label="Échelle",
        options=tuple(
            Option(code=i + 1, label=label, pole=pole)
            for i, (label, pole) in enumerate(zip(LABELS[options], poles, strict=True))
        ),
        not_applicable=(SpecialCode(code=8, label="Sans objet"),),
        dont_know=(SpecialCode(code=9, label="Ne sait pas"),),
    )


def instrument(
    labels: Sequence[str] = DIMENSIONS,
    items: int = 4,
    options: int = 5,
    thresholds: tuple[Threshold, ...] = THRESHOLDS,
    rule: str = "positive_share",
    text: str = "Dans le service, chacun sait à qui parler d'un risque et il est entendu",
) -> Instrument:
    return Instrument(
        id="essai",
        version="1.0.0",
        title="Essai",
        source="Simulé",
        licence="MIT",
        subject="respondent",
        scales={"accord": scale(options)},
        thresholds=thresholds,
        dimensions=tuple(
            Dimension(id=f"dim_{i}", label=label, definition="Définition", rule=rule)
            for i, label in enumerate(labels)
        ),
        items=tuple(
            Item(
                code=f"D{i}_{j}",
                text=f"{text} ({j + 1})"
                if j
                else "Nous manquons de temps pour revenir ensemble sur ce qui s'est mal passé",
                dimension=f"dim_{i}",
                scale="accord",
                reversed=j == 0,
            )
            for i in range(len(labels))
            for j in range(items)
        ),
    )


def campaign(
    asked: Instrument | None = None,
    services: Sequence[tuple[str, str]] = SERVICES,
    seed: int = 1,
    hidden: Sequence[int] = (4, 13),
    counts: dict[str, Sequence[int]] | None = None,
) -> Published:
    """Published results: services of 6 to 30 people; those whose rank is in ``hidden`` are under
    the minimum. ``counts`` gives the answers of chosen items, least favourable first."""
    asked = asked or instrument()
    rng = np.random.default_rng(seed)
    scores, answers, people = [], [], []
    for rank, (facility, service) in enumerate(services):
        n = int(rng.integers(10, 31))
        status = "suppressed" if rank in hidden else "published"
        people.append((facility, service, n + 4, n if status == "published" else None, status))
        scores += _scores(asked, facility, service, n, status, rng)
        answers += _answers(asked, facility, service, n, status, rng, counts or {})
    empty = pd.DataFrame(columns=["facility", "service"])
    return Published(
        card=Card("c1", "Campagne simulée", "mars 2026", 10, "campaign"),
        instrument=asked,
        scores=_frame(scores),
        distributions=pd.DataFrame(answers),
        participation=pd.DataFrame(
            people, columns=["facility", "service", "head_count", "n", "status"]
        ).astype({"n": "Float64"}),
        exclusions=empty,
        reliability=empty,
        references=empty,
        attestation=empty,
        seal=SEAL,
    )


def _frame(rows: list[dict]) -> pd.DataFrame:
    return pd.DataFrame(rows)


def _scores(asked, facility, service, n, status, rng) -> list[dict]:
    rows = []
    level = rng.normal(0, 9)
    for rank, dimension in enumerate(asked.dimensions):
        score = float(np.clip(45 + 40 * np.sin(rank * 1.7) ** 2 + level + rng.normal(0, 8), 3, 97))
        half = 98 * np.sqrt(max(score * (100 - score), 400) / 1e4 / n) * 0.75
        known = 1.0 if status == "published" else np.nan
        rows.append(
            {
                "facility": facility,
                "service": service,
                "stratum": "",
                "dimension": dimension.id,
                "item": "",
                "measure": dimension.rule,
                "n": n,
                "n_valid": n,
                "score": score * known,
                "low": max(score - half * 2, 0) * known,
                "high": min(score + half * 2, 100) * known,
                "status": status,
            }
        )
    return rows


def _answers(asked, facility, service, n, status, rng, counts) -> list[dict]:
    rows = []
    for item in asked.items:
        options = asked.scale_of(item).options
        ordered = options[::-1] if item.reversed else options
        chances = rng.dirichlet(np.arange(1, len(options) + 1) + 0.5)
        given = counts.get(item.code, rng.multinomial(n - 2, chances))
        flip = {"negative": "positive", "positive": "negative", "neutral": "neutral"}
        total = max(sum(given), 1)
        base = {
            "facility": facility,
            "service": service,
            "dimension": item.dimension,
            "item": item.code,
        }
        shown = status == "published"
        for position, option in enumerate(ordered):
            pole = flip[option.pole] if item.reversed else option.pole
            rows.append(
                {
                    **base,
                    "state": "option",
                    "position": position,
                    "pole": pole,
                    "label": option.label,
                    "count": given[position] if shown else np.nan,
                    "share": 100 * given[position] / total if shown else np.nan,
                    "status": status,
                }
            )
        for state, number in (("not_applicable", 1), ("dont_know", 0), ("missing", 1)):
            rows.append(
                {
                    **base,
                    "state": state,
                    "position": -1,
                    "pole": "",
                    "label": state,
                    "count": number if shown else np.nan,
                    "share": 100 * number / (total + 2) if shown else np.nan,
                    "status": status,
                }
            )
    return rows


def compared(published: Published) -> pd.DataFrame:
    """A reference a few points away from each published score."""
    rows = read_dimensions(published)
    rows = rows[rows["verdict"] != "hidden"]
    return rows.assign(reference="campaign", reference_score=66.0)[
        ["facility", "service", "dimension", "reference", "reference_score"]
    ]
