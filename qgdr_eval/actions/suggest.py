"""From findings to actions half written: what a team then chooses, completes or throws away."""

import re
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from qgdr_eval.actions.model import HIGH, MEDIUM, OPEN, ORIGINS, TO_DO, make_actions
from qgdr_eval.comparison.findings import AT_MOST, named
from qgdr_eval.comparison.findings.model import (
    CRITICAL,
    DISCUSS,
    FIRST,
    LOW_DIMENSION,
    LOW_ITEM,
    LOWEST_ANSWER,
    PRIORITY,
    SPLIT,
    UNDER_OBJECTIVE,
    UNMET,
    WORST_ZONE,
)
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import ActionRow, SaidFindingRow
from qgdr_eval.french import quote, typography
from qgdr_eval.tables.spelling import plain
from qgdr_eval.wording.rules import VOICES

PLACE = ["facility", "service"]
SLUG = 32  # characters of a service kept in an id
OBJECTIVES = {
    CRITICAL: "Satisfaire à ce critère dans chaque cas : {label}",
    WORST_ZONE: "Réduire ce risque : {label}",
    LOW_DIMENSION: "Faire progresser {label}",
    UNDER_OBJECTIVE: "Atteindre l'objectif sur ce critère : {label}",
    UNMET: "Satisfaire à ce critère la prochaine fois : {label}",
    # An item may be reversed: « faire progresser » it would turn the aim around.
    LOW_ITEM: "Comprendre les réponses à {label}, puis les rendre plus favorables",
    SPLIT: "Comprendre ce qui partage l'équipe sur {label}, puis s'accorder sur la pratique voulue",
    LOWEST_ANSWER: "Rendre plus favorable la réponse à {label}",
}
EVENTS = ("événement indésirable", "CREX", "RMM", "REMED")
NO_LEVER = "À choisir en équipe, à partir de la question la plus basse."


def suggest_actions(
    findings: pd.DataFrame, existing: pd.DataFrame | None = None, *, most: int = AT_MOST
) -> pd.DataFrame:
    """Actions to add to a plan, one for each finding that no action answers yet.

    Critical criteria, worst zones and priorities come in turn, whether the page names or counts
    them; of what it discusses, only what it names.

    An action answers a finding on the same place, dimension and item when it comes from the same
    campaign, whatever became of it, or when it is still open. What a page only discusses is
    answered by an action on its whole dimension too.

    Args:
        findings: what `qgdr_eval.wording.findings.say_findings` says.
        existing: the plan so far; its pôles, ids and subjects are taken into account.
        most: how many are proposed for one service at a time, in the order of its page: a few that
            are held are worth more than ten that are listed. What comes first, critical criteria
            and risks in the worst zone, is always proposed.

    Returns:
        Rows of `ACTION_COLUMNS`, state « à faire », without a pilot or a date: those are the
        team's to decide. Ids read as ``CULTURE-MEDECINE-INTERNE-01``.

    >>> said = "campaign dimension item text levers target".split()
    >>> low = {"kind": LOW_DIMENSION, "part": "priority", "rank": 1, "score": 40.0}
    >>> asked = {"instrument": "culture_securite", "measure": "positive_share", "label": "Soutien"}
    >>> place = {"facility": "Hôpital", "service": "Bloc"}
    >>> row = place | low | asked | dict.fromkeys(said, "")
    >>> findings = pd.DataFrame([row], columns=SaidFindingRow._fields)
    >>> suggest_actions(findings)[["id", "state", "priority"]].values.tolist()
    [['CULTURE-BLOC-01', 'à faire', 'haute']]
    """
    plan = make_actions([]) if existing is None else existing
    every = rows_of(findings, SaidFindingRow)
    heard = named(every)
    new = [
        row for row in every if (row.part == PRIORITY or row in heard) and not _answered(plan, row)
    ]
    poles = {(row.facility, row.service): row.pole for row in rows_of(plan, ActionRow) if row.pole}
    ids = set(plan["id"])
    rows = []
    for row in _a_few(new, most):
        ids.add(id := free_id(f"{origin_of(row)} {row.service or row.facility}", ids))
        rows.append({"id": id, "pole": poles.get((row.facility, row.service), ""), **_written(row)})
    return make_actions(rows)


def _answered(plan: pd.DataFrame, row: SaidFindingRow) -> bool:
    """Whether an action answers a finding: one from the same campaign, or one still open."""
    place = (plan[[*PLACE, "dimension"]] == [row.facility, row.service, row.dimension]).all(axis=1)
    items = {row.item, ""} if row.part == DISCUSS else {row.item}
    same = place & plan["item"].isin(items)
    return bool((same & ((plan["campaign"] == row.campaign) | plan["state"].isin(OPEN))).any())


def _a_few(rows: list[SaidFindingRow], most: int) -> list[SaidFindingRow]:
    """The ``most`` first findings of each service, and all of those that come before any other."""
    taken: Counter[tuple[str, str]] = Counter()
    kept = []
    for row in rows:
        place = (row.facility, row.service)
        if row.part == FIRST or taken[place] < most:
            taken[place] += 1
            kept.append(row)
    return kept


def _written(row: SaidFindingRow) -> dict[str, str]:
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
        "priority": MEDIUM if row.part == DISCUSS else HIGH,
        "indicator": typography(f"{VOICES[row.measure].indicator} : {label}"),
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


def origin_of(finding: SaidFindingRow) -> str:
    """The origin of an action: the one whose first word stands in the name of the instrument.

    A risk map gives « risque », an audit « EPP » but for one of analyses of events; an instrument
    that names no origin, « autoévaluation ».
    """
    words = plain(finding.instrument)
    found = (origin for origin in ORIGINS if plain(origin.split()[0]) in words)
    named = next(found, "autoévaluation")
    return named if named in EVENTS else VOICES[finding.measure].origin or named


def free_id(name: str, taken: Iterable[str]) -> str:
    """The first id of this name that is not taken.

    >>> free_id("plainte", {"PLAINTE-01"})
    'PLAINTE-02'
    """
    stem, used = slug(name), set(taken)
    ranks = (f"{stem}-{rank:02d}" for rank in range(1, len(used) + 2))
    return next(id for id in ranks if id not in used)


def slug(text: str) -> str:
    """A text as it stands in an id: capitals without accents, cut between two words.

    >>> slug("culture Médecine interne"), slug("🙂"), slug("EPP Unité de cœur, soins et suites")
    ('CULTURE-MEDECINE-INTERNE', 'ACTION', 'EPP-UNITE-DE-COEUR-SOINS-ET')
    """
    words = re.findall("[A-Z0-9]+", " ".join(map(plain, text.split())).upper())
    kept = [word for at, word in enumerate(words) if len("-".join(words[: at + 1])) <= SLUG]
    return "-".join(kept or words[:1] or ["ACTION"])[:SLUG]
