"""The findings of the first page, laid out: clear strengths, clear priorities, what to discuss.

What is a finding, and which comes first, is decided in `qgdr_eval.comparison.findings`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from qgdr_eval.comparison.findings import AT_MOST
from qgdr_eval.comparison.findings.model import (
    CRITICAL,
    DISCUSS,
    FIRST,
    LOW_ITEM,
    PRIORITY,
    SPLIT,
    STRENGTHS,
    UNDER_OBJECTIVE,
    UNMET,
)
from qgdr_eval.frames import FindingPart, FindingRow, ReadingRow
from qgdr_eval.french import number, percent
from qgdr_eval.instruments import Dimension, Instrument, Item
from qgdr_eval.reporting.findings import Findings
from qgdr_eval.reporting.report import ServiceReport, once
from qgdr_eval.reporting.team import words
from qgdr_eval.reporting.team.readings import readings_of
from qgdr_eval.scoring import gives
from qgdr_eval.wording.findings import TO_TALK
from qgdr_eval.wording.scores import score_in_full, short_ends, short_words


@dataclass(frozen=True)
class Finding:
    """One thing to say of a dimension: a figure, what stands under it, the question behind it.

    ``of_item``: the figure is the question's, which is then what the finding is named by;
    ``to_talk``: what a team may ask itself of it.
    """

    dimension: Dimension
    figure: str
    under: str
    reading: str
    question: str = ""
    answer: str = ""
    of_item: bool = False
    to_talk: str = ""


@dataclass(frozen=True)
class Known:
    """What a finding is laid out with: readings by dimension, scores by item and measure,
    and what was found."""

    instrument: Instrument
    readings: Mapping[str, ReadingRow]
    scores: Mapping[tuple[str, str], float]
    found: Findings


@once
def known_of(report: ServiceReport) -> Known:
    """What the findings of a report are laid out with."""
    readings = {row.dimension: row for row in readings_of(report).rows}
    scores = {key: row.score for key, row in report.scores.items.items()}
    return Known(report.instrument, readings, scores, report.found)


def critical(known: Known) -> list[Finding]:
    """At most three critical criteria, those found unmet most often."""
    return [_finding(known, row) for row in known.found.part(FIRST)[:AT_MOST]]


def other_critical(known: Known) -> list[tuple[str, str]]:
    """The other critical criteria not always met, and in how many records they are not."""
    found = {row.item: row for row in known.found.part(FIRST)[AT_MOST:]}
    return [
        (item.text, f"{number(unmet(row))} non sur {number(row.n)}")
        for item in known.instrument.items
        if (row := found.get(item.code))
    ]


def priorities(known: Known) -> list[Finding]:
    """At most three established priorities, the lowest scores, in the usual order."""
    return _in_usual_order(known, PRIORITY)


def strengths(known: Known) -> list[Finding]:
    """At most three established strengths, the highest scores, in the usual order."""
    return _in_usual_order(known, STRENGTHS)


def to_discuss(known: Known) -> list[Finding]:
    """At most three things that are no established priority and call for attention."""
    return [_finding(known, row) for row in known.found.part(DISCUSS)[:AT_MOST]]


def _in_usual_order(known: Known, part: FindingPart) -> list[Finding]:
    """The first of a part; named together, they follow the questionnaire and not their scores."""
    order = [dimension.id for dimension in known.instrument.dimensions]
    rows = sorted(known.found.part(part)[:AT_MOST], key=lambda row: order.index(row.dimension))
    return [_finding(known, row) for row in rows]


def _finding(known: Known, row: FindingRow) -> Finding:
    found = _LAID_OUT.get(row.kind, _of_dimension)(known, row)
    return replace(found, to_talk=TO_TALK.get(row.kind, ""))


def _of_dimension(known: Known, row: FindingRow) -> Finding:
    dimension, reading = known.instrument.dimension(row.dimension), known.readings[row.dimension]
    code = row.behind.split("\n")[0]
    item = known.instrument.item(code) if code else None
    score = known.scores[code, dimension.rule] if code else float("nan")
    answer = words.item_answer(score, item, known.instrument) if item else ""
    return Finding(
        dimension,
        _short(known.instrument, row.score, dimension),
        short_ends(reading.low, reading.high, dimension, known.instrument),
        words.verdict(reading, known.instrument),
        item.text if item else "",
        answer,
    )


def _short(
    instrument: Instrument, score: float, dimension: Dimension, item: Item | None = None
) -> str:
    """A score in large type; a level has only its letters there."""
    says = short_words if gives(dimension) == "level" else score_in_full
    return says(score, dimension, instrument, item)


def _of_split(known: Known, row: FindingRow) -> Finding:
    item = known.instrument.item(row.item)
    return Finding(
        known.instrument.dimension(row.dimension),
        percent(row.negative),
        "défavorables",
        words.ITEMS[SPLIT],
        item.text,
        words.split_answer(row.negative, row.positive, item, known.instrument),
        of_item=True,
    )


def _of_low(known: Known, row: FindingRow) -> Finding:
    """A question or a criterion that is low itself."""
    dimension, item = known.instrument.dimension(row.dimension), known.instrument.item(row.item)
    return Finding(
        dimension,
        _short(known.instrument, row.score, dimension, item),
        short_ends(row.low, row.high, dimension, known.instrument),
        words.ITEMS[row.kind],
        item.text,
        words.item_answer(row.score, item, known.instrument),
        of_item=True,
    )


def _of_unmet(known: Known, row: FindingRow) -> Finding:
    """A criterion that some records do not meet, told by how many."""
    return Finding(
        known.instrument.dimension(row.dimension),
        f"{number(unmet(row))} non",
        f"sur {number(row.n)}",
        words.ITEMS[row.kind],
        known.instrument.item(row.item).text,
        of_item=True,
    )


def unmet(row: FindingRow) -> int:
    """In how many records a criterion is not met."""
    return round(row.n * (100 - row.score) / 100)


_LAID_OUT = {  # every other finding is of a whole dimension
    CRITICAL: _of_unmet,
    UNMET: _of_unmet,
    UNDER_OBJECTIVE: _of_low,
    LOW_ITEM: _of_low,
    SPLIT: _of_split,
}
