"""Simulated campaigns, published as any other: no real people, no real answers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from qgdr_eval.comparison.reading import read_dimensions
from qgdr_eval.disclosure import Published
from qgdr_eval.frames import ComparisonRow
from qgdr_eval.instruments.model import (
    Dimension,
    Instrument,
    Item,
    Option,
    Scale,
    SpecialCode,
    Threshold,
)
from tests.answered import publish_answers

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
    subject: str = "respondent",
) -> Instrument:
    return Instrument(
        id="essai",
        version="1.0.0",
        title="Essai",
        source="Simulé",
        licence="MIT",
        subject=subject,
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
    seed: int = 3,
    hidden: Sequence[int] = (4, 13),
    counts: Mapping[str, Sequence[int]] | None = None,
) -> Published:
    """Published results: services of 10 to 30 people; those whose rank is in ``hidden`` have six.

    ``counts`` gives the answers of chosen items, least favourable first.
    """
    asked = (asked or instrument()).model_dump_json()
    known = tuple((item, tuple(each)) for item, each in (counts or {}).items())
    made = _published(asked, tuple(services), seed, tuple(hidden), known)
    own = {name: getattr(made, name).copy() for name in ("scores", "distributions")}
    return replace(made, **own)


@cache
def _published(
    asked: str,
    services: tuple[tuple[str, str], ...],
    seed: int,
    hidden: tuple[int, ...],
    known: tuple[tuple[str, tuple[int, ...]], ...],
) -> Published:
    """A campaign, made once; tests that write into its frames get their own."""
    instrument, counts = Instrument.model_validate_json(asked), dict(known)
    rng = np.random.default_rng(seed)
    given = {}
    for rank, place in enumerate(services):
        shown = rank not in hidden
        n = max([int(rng.integers(10, 31)), *(sum(each) + 2 for each in counts.values())])
        given[place] = _codes(instrument, n if shown else 6, counts if shown else {}, rng)
    heads = {place: 3 * len(codes) for place, codes in given.items()}
    named = {"id": "c1", "title": "Campagne simulée", "period": "mars 2026"}
    return publish_answers(instrument, given, heads, **named)


def _codes(
    asked: Instrument, n: int, counts: Mapping[str, Sequence[int]], rng: np.random.Generator
) -> np.ndarray:
    """Codes as worded, an item a column: one is not applicable, the last ones are missing."""
    views, columns = rng.normal(rng.normal(0, 0.04), 0.3, n - 2), []
    places = {dimension.id: rank for rank, dimension in enumerate(asked.dimensions)}
    for item in asked.items:
        scale = asked.scale_of(item)
        best = len(scale.options) - 1
        leaning = 0.45 + 0.4 * np.sin(places[item.dimension] * 1.7) ** 2
        chosen = rng.binomial(best, np.clip(leaning + views, 0.03, 0.97))
        if item.code in counts:
            chosen = np.repeat(np.arange(best + 1), counts[item.code])
        codes = best + 1 - chosen if item.reversed else chosen + 1
        aside = [code.code for code in scale.not_applicable]
        missing = n - len(codes) - len(aside)
        columns.append(rng.permutation([*codes, *aside, *[0] * missing]))
    return np.column_stack(columns)


def read_services(published: Published) -> pd.DataFrame:
    """How the dimensions of the services read, those of totals apart."""
    return read_dimensions(published).query("service != ''")


def compared(published: Published) -> pd.DataFrame:
    """A reference a few points away from each published score."""
    rows = read_dimensions(published)
    rows = rows[rows["verdict"] != "hidden"]
    return rows.assign(
        reference="campaign",
        reference_score=66.0,
        difference=rows["score"] - 66,
        low=rows["low"] - 66,
        high=rows["high"] - 66,
        verdict="not_established",
    )[list(ComparisonRow._fields)]
