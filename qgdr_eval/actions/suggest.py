"""From findings to actions half written: what a team then chooses, completes or throws away."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pandas as pd

from qgdr_eval.actions.findings import (
    CONTESTED,
    IMPERATIVE,
    LOW_DIMENSION,
    NON_CONFORMING,
    RISK,
)
from qgdr_eval.actions.model import HIGH, MEDIUM, OPEN, ORIGINS, TO_DO, make_actions
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.french import quote, typography
from qgdr_eval.tables.spelling import plain

PLACE = ["facility", "service"]
SUBJECT = [*PLACE, "dimension", "item"]  # what an action and a finding are about
BINDING = (IMPERATIVE, RISK)  # each calls for an action of its own, however many there are
SLUG = 32  # characters of a service kept in an id
OBJECTIVES = {
    LOW_DIMENSION: "Faire progresser {label}",
    CONTESTED: "Comprendre ce qui partage l'équipe, puis s'accorder sur {label}",
    NON_CONFORMING: "Tenir ce critère dans chaque dossier : {label}",
    IMPERATIVE: "Satisfaire à ce critère impératif ou critique : {label}",
    RISK: "Réduire ce risque : {label}",
}
INDICATORS = {
    "positive_share": "Part de réponses favorables",
    "conformity": "Taux de conformité",
    "checklist": "Part de ce qui est fait",
    "depth_gap": "Part de ce qui est au niveau exigé",
    "maturity": "Niveau de maturité",
    "rating_1_4": "Cotation de 1 à 4",
    "risk": "Zone de risque",
}
NO_LEVER = "À choisir en équipe, à partir de la question la plus basse."


def suggest_actions(
    findings: pd.DataFrame, existing: pd.DataFrame | None = None, *, most: int = 3
) -> pd.DataFrame:
    """Actions to add to a plan, one for each finding that no action of the plan answers yet.

    An action answers a finding on the same place, dimension and item when it comes from the same
    campaign, whatever became of it, or when it is still open.

    Args:
        findings: what `findings_of` found.
        existing: the plan so far; its pôles, ids and subjects are taken into account.
        most: how many are proposed for one service at a time: a few that are held are worth more
            than ten that are listed. The most pressing kinds come first, then the lowest scores;
            imperative criteria and risks in the worst zone are always proposed.

    Returns:
        Rows of `ACTION_COLUMNS`, state « à faire », without a pilot or a date: those are the
        team's to decide. Ids read as ``CULTURE-MEDECINE-INTERNE-01``.
    """
    plan = make_actions([]) if existing is None else existing
    new = [row for row in rows_of(findings) if not _answered(plan, row)]
    covered = set(plan[[*PLACE, "campaign", "dimension"]].itertuples(index=False, name=None))
    kept = _most_pressing(new, most, covered)
    poles = {(row.facility, row.service): row.pole for row in rows_of(plan) if row.pole}
    ids = set(plan["id"])
    rows = []
    for row in kept:
        ids.add(id := free_id(f"{origin_of(row)} {row.service or row.facility}", ids))
        rows.append({"id": id, "pole": poles.get((row.facility, row.service), ""), **_written(row)})
    return make_actions(rows)


def _answered(plan: pd.DataFrame, row: Any) -> bool:
    """Whether an action answers a finding: one from the same campaign, or one still open."""
    same = (plan[SUBJECT] == [getattr(row, name) for name in SUBJECT]).all(axis=1)
    return bool((same & ((plan["campaign"] == row.campaign) | plan["state"].isin(OPEN))).any())


def _most_pressing(rows: list[Any], most: int, covered: set[tuple[str, ...]]) -> list[Any]:
    """The first ``most`` findings of each service, left in their order.

    None that is `BINDING` is left out. Split answers count only in a dimension that is not
    ``covered`` by another action.
    """
    taken: Counter[tuple[str, str]] = Counter()
    kept = []
    for row in sorted(rows, key=_urgency):
        place = (row.facility, row.service)
        subject = (*place, row.campaign, row.dimension)
        free = row.kind in BINDING or taken[place] < most
        if free and not (row.kind == CONTESTED and subject in covered):
            taken[place] += 1
            covered = covered | {subject}
            kept.append(row)
    return [row for row in rows if row in kept]


def _urgency(row: Any) -> tuple[int, float]:
    """The kind first; then the most divided, or the lowest."""
    rank = (IMPERATIVE, RISK, LOW_DIMENSION, NON_CONFORMING, CONTESTED).index(row.kind)
    return rank, abs(row.score - 50) if row.kind == CONTESTED else row.score


def _written(row: Any) -> dict[str, str]:
    label = quote(row.label)
    return {
        "origin": origin_of(row),
        "facility": row.facility,
        "service": row.service,
        "dimension": row.dimension,
        "item": row.item,
        "finding": row.text,
        "objective": typography(OBJECTIVES[row.kind].format(label=label)),
        "action": _levers(row.levers),
        "priority": MEDIUM if row.kind == CONTESTED else HIGH,
        "indicator": typography(f"{INDICATORS.get(row.measure, 'Score de 0 à 100')} : {label}"),
        "target": row.target,
        "method": "Même mesure, même service, à la prochaine campagne ; "
        "l'écart se lit avec son intervalle.",
        "state": TO_DO,
        "progress": "0",
        "campaign": row.campaign,
    }


def _levers(levers: str) -> str:
    if not levers:
        return NO_LEVER
    return typography("À choisir ou à adapter :\n") + "\n".join(
        f"– {lever}" for lever in levers.split("\n")
    )


def origin_of(finding: Any) -> str:
    """The origin of an action: the one whose word stands in the name of the instrument.

    A risk map gives « risque », an audit « EPP »; an instrument that names no origin,
    « autoévaluation ».
    """
    if RISK in (finding.kind, finding.measure):
        return "risque"
    if finding.measure == "conformity":
        return "EPP"
    words = plain(finding.instrument)
    return next((origin for origin in ORIGINS if plain(origin) in words), "autoévaluation")


def free_id(name: str, taken: Iterable[str]) -> str:
    """The first id of this name that is not taken.

    >>> free_id("plainte", {"PLAINTE-01"})
    'PLAINTE-02'
    """
    stem, held = slug(name), set(taken)
    ranks = (f"{stem}-{rank:02d}" for rank in range(1, len(held) + 2))
    return next(id for id in ranks if id not in held)


def slug(text: str) -> str:
    """A text as it stands in an id: capitals without accents, cut between two words.

    >>> slug("culture Médecine interne"), slug("🙂"), slug("EPP Unité de cœur, soins et suites")
    ('CULTURE-MEDECINE-INTERNE', 'ACTION', 'EPP-UNITE-DE-COEUR-SOINS-ET')
    """
    words = re.findall("[A-Z0-9]+", " ".join(map(plain, text.split())).upper())
    kept = [word for at, word in enumerate(words) if len("-".join(words[: at + 1])) <= SLUG]
    return "-".join(kept or words[:1] or ["ACTION"])[:SLUG]
