"""What published results call to act on: a finding for each thing a team could decide about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.disclosure.tables import ANSWERED
from qgdr_eval.french import count, listed, percent, quote, typography
from qgdr_eval.instruments import Dimension, Instrument, Item
from qgdr_eval.wording.scores import ends_words, mark_words, of_mark_words, score_in_full

FINDING_COLUMNS = [
    "kind",
    "facility",
    "service",
    "campaign",
    "instrument",
    "dimension",
    "item",
    "label",
    "text",
    "measure",
    "score",
    "low",
    "high",
    "n",
    "target",
    "levers",
]
LOW_DIMENSION, CONTESTED, NON_CONFORMING, IMPERATIVE, RISK = KINDS = (
    "low",
    "contested",
    "non_conforming",
    "imperative",
    "risk",
)
SPLIT = 30.0  # share of valid answers, in %, that both poles reach when a team is divided
OBJECTIVE = 80.0  # conformity aimed at in an audit, in %, as HAS sets it for its indicators
WEAKEST = 2  # items named behind a low dimension
Key = tuple[str, str]


@dataclass(frozen=True)
class _Service:
    """The published rows of one service, and nothing that is hidden."""

    published: Published
    scores: Mapping[Key, Any]  # by dimension, item
    readings: Mapping[str, Any]
    poles: Mapping[str, Mapping[str, float]]  # by item, shares of valid answers

    @cached_property
    def instrument(self) -> Instrument:
        """What was asked."""
        return self.published.instrument

    def items(self, dimension: Dimension) -> list[tuple[Item, Any]]:
        """Give the items of a dimension that are shown, each with its score."""
        return [
            (item, self.scores[dimension.id, item.code])
            for item in self.instrument.items_of(dimension.id)
            if (dimension.id, item.code) in self.scores
        ]


def findings_of(published: Published, readings: pd.DataFrame) -> pd.DataFrame:
    """One row per finding of the services whose results are shown, in the campaign's order.

    Args:
        published: the results of a campaign after disclosure.
        readings: what `qgdr_eval.comparison.read_dimensions` says of them.

    Returns:
        `FINDING_COLUMNS`. ``kind``: ``low``, a dimension that is an established priority (its
        weakest items are named in the text); ``contested``, an item with at least `SPLIT` % of
        valid answers at both poles; ``non_conforming``, a criterion of an audit whose whole
        interval is under `OBJECTIVE`; ``imperative``, a critical item under 100; ``risk``, a risk
        in the worst zone. A criterion that is both is ``imperative``. ``label``: the dimension or
        the item in the instrument's words; ``text``: the finding in a sentence, with its figure,
        interval and n; ``target``: what the instrument aims at, in words; ``levers``: those of
        the dimension, one a line. Scores are 0–100.

    A row that disclosure hides is never read: nothing hidden can become a finding. What a person
    says of themself alone (``subject`` = ``person``) belongs to no service's plan.
    """
    if published.instrument.subject == "person":
        return pd.DataFrame(columns=FINDING_COLUMNS)
    services = _services(published, readings)
    found = [
        (kind, *place, published.card.id, published.instrument.id, *finding)
        for place, service in services.items()
        for dimension in published.instrument.dimensions
        for kind, *finding in _of_dimension(service, dimension)
    ]
    return pd.DataFrame(found, columns=FINDING_COLUMNS)


def _services(published: Published, readings: pd.DataFrame) -> dict[Key, _Service]:
    scores = _by_service(_own_measure(published))
    read = _by_service(readings)
    valid = published.distributions["state"].isin(ANSWERED)
    answers = _by_service(published.distributions[valid])
    return {
        place: _Service(
            published,
            {(row.dimension, row.item): row for row in scores.get(place, [])
             if row.status == "published"},
            {row.dimension: row for row in read.get(place, [])},
            _poles(answers.get(place, [])),
        )
        for place in published.services
    }  # fmt: skip


def _own_measure(published: Published) -> pd.DataFrame:
    """Rows of every dimension and item on the rule's own measure, everybody together."""
    rules = {dimension.id: dimension.rule for dimension in published.instrument.dimensions}
    rows = published.scores[published.scores["stratum"] == ""]
    return rows[rows["measure"].astype(str) == rows["dimension"].astype(str).map(rules)]


def _by_service(rows: pd.DataFrame) -> dict[Key, list[Any]]:
    found: dict[Key, list[Any]] = {}
    for row in rows_of(rows):
        found.setdefault((row.facility, row.service), []).append(row)
    return found


def _poles(answers: list[Any]) -> dict[str, dict[str, float]]:
    shares: dict[str, dict[str, float]] = {}
    for row in answers:
        if row.status == "published":
            item = shares.setdefault(row.item, {"negative": 0.0, "positive": 0.0})
            item[row.pole] = item.get(row.pole, 0.0) + row.share
    return shares


def _of_dimension(service: _Service, dimension: Dimension) -> Iterator[tuple[Any, ...]]:
    row = service.scores.get((dimension.id, ""))
    kind = None if row is None else _dimension_kind(service, dimension, row)
    if kind is not None:
        yield _finding(service, kind, dimension, None, row)
    for item, row in service.items(dimension):
        if (kind := _item_kind(service, item, row)) is not None:
            yield _finding(service, kind, dimension, item, row)


def _dimension_kind(service: _Service, dimension: Dimension, row: Any) -> str | None:
    reading = service.readings.get(dimension.id)
    if dimension.rule == "risk":
        return RISK if row.score == 0 else None
    low = reading and (reading.verdict, reading.band) == ("established", "priority")
    return LOW_DIMENSION if low else None


def _item_kind(service: _Service, item: Item, row: Any) -> str | None:
    subject, poles = service.instrument.subject, service.poles.get(item.code)
    if item.critical and round(row.score, 9) < 100:
        return IMPERATIVE
    if subject == "record":
        return NON_CONFORMING if round(row.high, 9) < OBJECTIVE else None
    split = poles and round(min(poles["negative"], poles["positive"]), 9) >= SPLIT
    return CONTESTED if split and subject == "respondent" else None


def _finding(
    service: _Service, kind: str, dimension: Dimension, item: Item | None, row: Any
) -> tuple[Any, ...]:
    label = dimension.label if item is None else item.text.rstrip(".")
    named = label if item is None else quote(label)
    told, target = _WORDS[kind](service, dimension, item, row)
    score = "" if kind == RISK else f"{_score(service, dimension, item, row)}. "
    return (
        kind,
        dimension.id,
        "" if item is None else item.code,
        label,
        typography(f"{named} : {score}{told}"),
        str(row.measure),
        *(row.score, row.low, row.high, row.n_valid),
        typography(target),
        "\n".join(dimension.levers),
    )


def _score(service: _Service, dimension: Dimension, item: Item | None, row: Any) -> str:
    """The score with its interval and n; a group that agreed on an answer has neither."""
    instrument, n = service.instrument, int(row.n_valid)
    shown = score_in_full(row.score, dimension, instrument, item)
    if instrument.subject == "group":
        return f"{shown}, réponse du groupe"
    read = count(n, "réponse valide", "réponses valides")
    read = count(n, "dossier") if instrument.subject == "record" else read
    return f"{shown} {ends_words(row.low, row.high, dimension, instrument)}, {read}"


def _low(service: _Service, dimension: Dimension, item: Item | None, row: Any) -> tuple[str, str]:
    shown = sorted(service.items(dimension), key=lambda pair: pair[1].score)[:WEAKEST]
    weakest = listed(
        f"{quote(one.text.rstrip('.'))}{' (item inversé)' if one.reversed else ''} "
        f"{score_in_full(score.score, dimension, service.instrument, one)}"
        for one, score in shown
    )
    marks = {mark.kind: mark for mark in service.instrument.thresholds_of(dimension.id)}
    low, high = marks["at_most"], marks.get("at_least")
    asked = dimension, service.instrument
    mark = of_mark_words(low.value, *asked)
    then = f", puis au moins {mark_words(high.value, *asked)} ({quote(high.label)})" if high else ""
    subject = service.instrument.subject
    whole = "Le score" if subject == "group" else "Tout l'intervalle"
    which = "Les critères les plus bas" if subject == "record" else "Les questions les plus basses"
    named = f" {which} : {weakest}." if weakest else ""
    return (
        f"{whole} est sous le repère {mark} ({quote(low.label)}).{named}",
        f"au-delà {mark}{then}",
    )


def _contested(
    service: _Service, dimension: Dimension, item: Item | None, row: Any
) -> tuple[str, str]:
    poles = service.poles[row.item]
    sides = f"{percent(poles['positive'])} de réponses favorables et {percent(poles['negative'])}"
    turned = " (item inversé)" if item and item.reversed else ""
    return (
        f"L'équipe est partagée{turned} : {sides} de défavorables.",
        f"un des deux côtés sous {percent(SPLIT)} des réponses",
    )


def _non_conforming(
    service: _Service, dimension: Dimension, item: Item | None, row: Any
) -> tuple[str, str]:
    return (
        f"Tout l'intervalle est sous l'objectif de {percent(OBJECTIVE)}.",
        f"au moins {percent(OBJECTIVE)}",
    )


def _imperative(
    service: _Service, dimension: Dimension, item: Item | None, row: Any
) -> tuple[str, str]:
    return (
        "Critère impératif ou critique : chaque écart appelle une action.",
        mark_words(100, dimension, service.instrument),
    )


def _risk(service: _Service, dimension: Dimension, item: Item | None, row: Any) -> tuple[str, str]:
    zones = service.instrument.risk.zones if service.instrument.risk else ()
    worst = quote(zones[0].label) if zones else "la plus défavorable"
    return f"risque dans la zone {worst}.", f"hors de la zone {worst}"


_WORDS = {  # what is said after the figure, and what is aimed at
    LOW_DIMENSION: _low,
    CONTESTED: _contested,
    NON_CONFORMING: _non_conforming,
    IMPERATIVE: _imperative,
    RISK: _risk,
}
