"""Which results deserve the first page: clear strengths, clear priorities, split answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qgdr_eval.comparison.reading import read_interval
from qgdr_eval.french import number, percent
from qgdr_eval.instruments import Dimension, Item, Threshold
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.team import words
from qgdr_eval.wording.scores import score_in_full, short_ends, short_words

SPLIT = 30.0  # share of valid answers, in %, that both poles reach when a team is divided
AT_MOST = 3


@dataclass(frozen=True)
class Finding:
    """One thing to say of a dimension: a figure, what stands under it, the question behind it.

    ``of_item``: the figure is the question's, which is then what the finding is named by.
    """

    dimension: Dimension
    figure: str
    under: str
    reading: str
    question: str = ""
    answer: str = ""
    of_item: bool = False


@dataclass(frozen=True)
class Split:
    """An item with answers at both poles: shares of valid answers, in %."""

    dimension: str
    item: str
    negative: float
    positive: float

    @property
    def smaller(self) -> float:
        """The share of the smaller side."""
        return min(self.negative, self.positive)


def strengths(report: ServiceReport) -> list[Finding]:
    """At most three established strengths, the highest scores, in the usual order."""
    rows = report.read("established", band="strength")
    kept = sorted(rows, key=lambda row: (-row.score, -row.low))[:AT_MOST]
    return [_of_dimension(report, row) for row in rows if row in kept]


def priorities(report: ServiceReport) -> list[Finding]:
    """At most three established priorities, the lowest scores, in the usual order."""
    rows = report.read("established", band="priority")
    kept = sorted(rows, key=lambda row: (row.score, row.high))[:AT_MOST]
    return [_of_dimension(report, row) for row in rows if row in kept]


def critical(report: ServiceReport) -> list[Finding]:
    """At most three critical criteria, those found unmet most often."""
    failed = sorted(words.failed_critical(report), key=lambda row: row.score)
    return [_of_critical(report, row) for row in failed[:AT_MOST]]


def to_discuss(report: ServiceReport) -> list[Finding]:
    """At most three dimensions that are no established priority, one finding each.

    Those that are rather a priority, then low questions, split answers, nothing to conclude.
    """
    settled = {row.dimension for row in report.read("established", band="priority")}
    candidates = [
        *(_of_dimension(report, row) for row in report.read("to_confirm", band="priority")),
        *(_of_low(report, row) for row in low_items(report)),
        *(_of_split(report, split) for split in split_items(report)),
        *(_of_dimension(report, row) for row in report.read("cannot_conclude")),
    ]
    found: dict[str, Finding] = {}
    for one in candidates:
        if one.dimension.id not in settled:
            found.setdefault(one.dimension.id, one)
    return list(found.values())[:AT_MOST]


def low_items(report: ServiceReport) -> list[Any]:
    """Score rows of the items that would be established priorities, the lowest first."""
    found = [
        row
        for dimension in report.instrument.dimensions
        for row in report.item_scores(dimension)
        if row.status == "published" and _is_low(row, report.instrument.thresholds_of(dimension.id))
    ]
    return sorted(found, key=lambda row: (row.score, row.high))


def _is_low(row: Any, marks: Sequence[Threshold]) -> bool:
    return read_interval(row.score, row.low, row.high, marks) == ("established", "priority")


def split_items(report: ServiceReport) -> list[Split]:
    """Items whose answers reach `SPLIT` % at both poles, the most divided first."""
    divided = [
        Split(item.dimension, item.code, poles.get("negative", 0), poles.get("positive", 0))
        for item in report.instrument.items
        if (poles := report.poles(item.code)) is not None
    ]
    divided = [split for split in divided if split.smaller >= SPLIT]
    return sorted(divided, key=lambda split: -split.smaller)


def weightiest_item(report: ServiceReport, dimension: Dimension, band: str) -> Any | None:
    """The item that weighs most on a reading: the highest of a strength, else the lowest."""
    shown = [row for row in report.item_scores(dimension) if row.status == "published"]
    if not shown:
        return None
    return (max if band == "strength" else min)(shown, key=lambda row: row.score)


def _of_dimension(report: ServiceReport, reading: Any) -> Finding:
    dimension = report.instrument.dimension(reading.dimension)
    item = weightiest_item(report, dimension, reading.band)
    return Finding(
        dimension,
        _short(report, reading.score, dimension),
        short_ends(reading.low, reading.high, dimension, report.instrument),
        words.verdict(reading, report.instrument),
        _text(report, item.item) if item else "",
        words.item_answer(item.score, _item(report, item.item), report.instrument) if item else "",
    )


def _short(
    report: ServiceReport, score: float, dimension: Dimension, item: Item | None = None
) -> str:
    """A score in large type; a level has only its letters there."""
    says = short_words if dimension.rule == "maturity" else score_in_full
    return says(score, dimension, report.instrument, item)


def _of_split(report: ServiceReport, row: Split) -> Finding:
    dimension = report.instrument.dimension(row.dimension)
    people = report.instrument.subject == "respondent"
    says = words.split_answer if people else words.split_records
    return Finding(
        dimension,
        percent(row.negative),
        f"contre {percent(row.positive)}",
        words.SPLIT[people],
        _text(report, row.item),
        says(row.negative, row.positive, _item(report, row.item)),
        of_item=True,
    )


def _of_low(report: ServiceReport, row: Any) -> Finding:
    dimension, item = report.instrument.dimension(row.dimension), _item(report, row.item)
    return Finding(
        dimension,
        _short(report, row.score, dimension, item),
        short_ends(row.low, row.high, dimension, report.instrument),
        words.LOW[report.instrument.subject == "respondent"],
        item.text,
        words.turned(item).strip(" ()"),
        of_item=True,
    )


def _of_critical(report: ServiceReport, row: Any) -> Finding:
    unmet = round(row.n_valid * (100 - row.score) / 100)
    return Finding(
        report.instrument.dimension(row.dimension),
        f"{number(unmet)} non",
        f"sur {number(row.n_valid)}",
        "critère critique",
        _text(report, row.item),
        of_item=True,
    )


def _item(report: ServiceReport, code: str) -> Item:
    return next(item for item in report.instrument.items if item.code == code)


def _text(report: ServiceReport, code: str) -> str:
    return _item(report, code).text
