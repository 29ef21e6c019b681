"""A finding in words: the sentence of a plan, with its figure, and what is aimed at."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from qgdr_eval.comparison.findings.model import (
    CRITICAL,
    LOW_DIMENSION,
    LOW_ITEM,
    LOWEST_ANSWER,
    PERHAPS_LOW,
    SPLIT,
    UNDECIDED,
    UNDER_OBJECTIVE,
    UNMET,
    WORST_ZONE,
)
from qgdr_eval.comparison.findings.thresholds import OBJECTIVE, SPLIT_SHARE
from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import FindingRow, ReadingRow, SaidFindingRow, ScoreRow
from qgdr_eval.french import listed, number, percent, quote, typography
from qgdr_eval.instruments import Dimension, Instrument, Item
from qgdr_eval.scoring import gives
from qgdr_eval.wording.rules import VOICES
from qgdr_eval.wording.scores import (
    figure_in_full,
    mark_words,
    of_mark_words,
    score_in_full,
)
from qgdr_eval.wording.subjects import subject_of
from qgdr_eval.wording.verdicts import why_unsure

SAID_COLUMNS = list(SaidFindingRow._fields)
NOT_RATED = "sans cotation"
LOWEST = {
    "respondent": "Les questions les plus basses",
    "person": "Les questions les plus basses",
    "record": "Les critères les plus bas",
    "group": "Les réponses les plus basses",
}
UNSURE = (PERHAPS_LOW, UNDECIDED)  # to be talked about: nobody acts on it yet

TO_TALK = {  # what a team may ask itself of a finding; nobody has to say what he answered
    CRITICAL: "Dans ces cas, qu'est-ce qui a manqué au moment de le faire ?",
    UNDER_OBJECTIVE: "Qu'est-ce qui distingue les cas où c'est fait de ceux où ce ne l'est pas ?",
    UNMET: "Dans ces cas, qu'est-ce qui a manqué au moment de le faire ?",
    LOW_DIMENSION: "Une situation récente où cela a manqué : qu'est-ce qui aurait aidé ?",
    LOW_ITEM: "À quelle situation pense-t-on en lisant cette question ?",
    SPLIT: "Dans quelles situations est-ce vrai, dans lesquelles non ?",
    PERHAPS_LOW: "Une situation récente qui va dans ce sens, une qui va dans l'autre ?",
    UNDECIDED: "Une situation récente qui va dans un sens, une qui va dans l'autre ?",
}


def say_findings(findings: pd.DataFrame, published: Published) -> pd.DataFrame:
    """The findings that a team could act on, said.

    Args:
        findings: what `qgdr_eval.comparison.findings.find` found.
        published: the results they were found in.

    Returns:
        `SAID_COLUMNS`. ``label``: the dimension or the item in the instrument's words; ``text``:
        the finding in a sentence, with its figure, interval and n; ``target``: what is aimed at;
        ``levers``: those of the dimension, one a line. What is only to confirm is not there.
    """
    scores = _item_scores(published)
    card = published.card
    rows = [
        (*row, card.id, published.instrument.id, *_Subject(row, published.instrument, scores).texts)
        for row in rows_of(findings, FindingRow)
        if row.kind in WORDS
    ]
    return pd.DataFrame(rows, columns=SAID_COLUMNS)


def say_reasons(
    findings: pd.DataFrame, readings: pd.DataFrame, published: Published
) -> list[tuple[FindingRow, str]]:
    """(finding, why to talk about it) of each that calls for attention, in their order.

    The words of `say_findings`, without the question they are to stand under; what is to confirm
    or cannot be concluded is there too, as pages say it. A strength is no reason.

    Args:
        findings: what `qgdr_eval.comparison.findings.find` found of one service.
        readings: what `qgdr_eval.comparison.read_dimensions` says of it.
        published: the results of that service.
    """
    scores = _item_scores(published)
    read = {row.dimension: row for row in rows_of(readings, ReadingRow)}
    return [
        (row, typography(_reason(row, read[row.dimension], published.instrument, scores)))
        for row in rows_of(findings, FindingRow)
        if row.kind in WORDS or row.kind in UNSURE
    ]


def _reason(
    row: FindingRow,
    reading: ReadingRow,
    instrument: Instrument,
    scores: dict[tuple[str, ...], float],
) -> str:
    if row.kind in WORDS:
        return _Subject(row, instrument, scores).reason
    label = instrument.dimension(row.dimension).label
    return f"{quote(label)} : {why_unsure(reading, instrument)}"


def _item_scores(published: Published) -> dict[tuple[str, ...], float]:
    """Shown scores of items, by facility, service and item, on the rule's own measure."""
    instrument = published.instrument
    rules = {item.code: instrument.dimension(item.dimension).rule for item in instrument.items}
    return {
        (row.facility, row.service, row.item): row.score
        for row in rows_of(published.scores, ScoreRow, stratum="", status="published")
        if rules.get(row.item) == row.measure
    }


@dataclass(frozen=True)
class _Subject:
    """A finding with what its sentence needs."""

    row: FindingRow
    instrument: Instrument
    scores: dict[tuple[str, ...], float]

    @cached_property
    def dimension(self) -> Dimension:
        """The dimension it is about."""
        return self.instrument.dimension(self.row.dimension)

    @cached_property
    def item(self) -> Item | None:
        """The item it is about, None when it is of a whole dimension."""
        return self.instrument.item(self.row.item) if self.row.item else None

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """Label, text, target and levers."""
        label = self.item.text.rstrip(".") if self.item else self.dimension.label
        named = f"{quote(label)}{_turned(self.item)}" if self.item else label
        _, target = WORDS[self.row.kind](self)
        text = typography(f"{named} : {self._told}{self._behind}")
        return label, text, typography(target), "\n".join(self.dimension.levers)

    @property
    def reason(self) -> str:
        """Why to talk about it, under the question it is about."""
        return self._told if self.item else f"{quote(self.dimension.label)} : {self._told}"

    @property
    def _told(self) -> str:
        """The figure, then what is said of it."""
        sentence, _ = WORDS[self.row.kind](self)
        return sentence if self.row.kind == WORST_ZONE else f"{self.figure}. {sentence}"

    @property
    def figure(self) -> str:
        """The score with its interval and n; what a group agreed on has neither."""
        row = self.row
        if pd.isna(row.score):
            return NOT_RATED
        if self.instrument.of_records and row.kind in (CRITICAL, UNMET):
            unmet = round(row.n * (100 - row.score) / 100)
            return f"{number(unmet)} non sur {subject_of(self.instrument).count(int(row.n))}"
        return figure_in_full(row, row.n, self.dimension, self.instrument, self.item)

    @property
    def _behind(self) -> str:
        """The items that weigh most on a low dimension, each with its score."""
        items = [self.instrument.item(code) for code in filter(None, self.row.behind.split("\n"))]
        if self.row.kind != LOW_DIMENSION or not items:
            return ""
        named = listed(
            f"{quote(item.text.rstrip('.'))}{_turned(item)} {self._score_of(item)}"
            for item in items
        )
        return f" {LOWEST[self.instrument.subject]} : {named}."

    def _score_of(self, item: Item) -> str:
        score = self.scores[self.row.facility, self.row.service, item.code]
        return score_in_full(score, self.dimension, self.instrument, item)


def _turned(item: Item) -> str:
    return " (item inversé)" if item.reversed else ""


def _low_dimension(subject: _Subject) -> tuple[str, str]:
    mark, target = _marks(subject)
    whole = "Le score" if subject.instrument.of_a_group else "Tout l'intervalle"
    return f"{whole} est sous le repère {mark}.", target


def _low_item(subject: _Subject) -> tuple[str, str]:
    if gives(subject.dimension) == "rating":
        return "Critère coté 1 ou 2 par le groupe.", "une cotation de 3 ou 4"
    mark, target = _marks(subject)
    return f"Tout l'intervalle est sous le repère {mark}.", target


def _marks(subject: _Subject) -> tuple[str, str]:
    """The mark that a priority stands under, and what is aimed at beyond it."""
    given = subject.dimension, subject.instrument
    marks = {mark.kind: mark for mark in subject.instrument.thresholds_of(subject.dimension.id)}
    low, high = marks["at_most"], marks.get("at_least")
    words = of_mark_words(low.value, *given)
    then = f", puis au moins {mark_words(high.value, *given)} ({quote(high.label)})" if high else ""
    return f"{words} ({quote(low.label)})", f"au-delà {words}{then}"


def _split(subject: _Subject) -> tuple[str, str]:
    row = subject.row
    sides = f"{percent(row.positive)} de réponses favorables et {percent(row.negative)}"
    return (
        f"L'équipe est partagée : {sides} de défavorables.",
        f"moins de {percent(SPLIT_SHARE)} de réponses défavorables",
    )


def _under_objective(subject: _Subject) -> tuple[str, str]:
    return (
        f"Tout l'intervalle est sous l'objectif de {percent(OBJECTIVE)}.",
        f"au moins {percent(OBJECTIVE)}",
    )


def _unmet(subject: _Subject) -> tuple[str, str]:
    chosen = subject_of(subject.instrument)
    return (
        f"{chosen.plural.capitalize()} {chosen.agree('choisi')}, et non "
        f"{chosen.agree('tiré')} au sort : chaque « non » se comprend pour lui-même.",
        f"aucun « non » dans les prochains {chosen.plural}"
        if not chosen.feminine
        else f"aucun « non » dans les prochaines {chosen.plural}",
    )


def _critical(subject: _Subject) -> tuple[str, str]:
    kind = VOICES[subject.dimension.rule].critical
    return (
        f"Critère {kind} : chaque écart appelle une action.",
        mark_words(100, subject.dimension, subject.instrument),
    )


def _worst_zone(subject: _Subject) -> tuple[str, str]:
    zones = subject.instrument.risk.zones if subject.instrument.risk else ()
    worst = quote(zones[0].label) if zones else "la plus défavorable"
    return f"risque dans la zone {worst}.", f"hors de la zone {worst}"


def _lowest_answer(subject: _Subject) -> tuple[str, str]:
    label = quote(subject.dimension.label)
    return (
        f"C'est ce qui manque le plus à la dimension {label}, lue sans repère.",
        "une réponse plus favorable, à définir avec le groupe",
    )


WORDS = {  # what is said after the figure, and what is aimed at
    CRITICAL: _critical,
    WORST_ZONE: _worst_zone,
    LOW_DIMENSION: _low_dimension,
    UNDER_OBJECTIVE: _under_objective,
    UNMET: _unmet,
    LOW_ITEM: _low_item,
    SPLIT: _split,
    LOWEST_ANSWER: _lowest_answer,
}
