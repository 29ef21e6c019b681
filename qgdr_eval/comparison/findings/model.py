"""The words of findings, and what one group's are decided from."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import nan
from typing import Final, Literal, NamedTuple, TypeVar

import pandas as pd

from qgdr_eval.disclosure.published import Published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import (
    Band,
    DistributionRow,
    FindingKind,
    FindingRow,
    ReadingRow,
    ScoreRow,
    Verdict,
)
from qgdr_eval.instruments import Instrument

FINDING_COLUMNS = list(FindingRow._fields)
"""Columns of the frame of findings, see `qgdr_eval.comparison.findings.find`."""
FIRST: Final = "first"
PRIORITY: Final = "priority"
DISCUSS: Final = "discuss"
STRENGTHS: Final = "strength"
CRITICAL: Final = "critical"
WORST_ZONE: Final = "worst_zone"
LOW_DIMENSION: Final = "low_dimension"
UNDER_OBJECTIVE: Final = "under_objective"
UNMET: Final = "unmet"
LOW_ITEM: Final = "low_item"
SPLIT: Final = "split"
LOWEST_ANSWER: Final = "lowest_answer"
PERHAPS_LOW: Final = "perhaps_low"
UNDECIDED: Final = "undecided"
STRENGTH: Final = "strength"
# What is only to confirm, or cannot be concluded, is talked about: nobody acts on it yet.
ACTED_ON = (
    CRITICAL, WORST_ZONE, LOW_DIMENSION, UNDER_OBJECTIVE, UNMET, LOW_ITEM, SPLIT, LOWEST_ANSWER,
)  # fmt: skip

BEHIND = 2  # enough to see what a dimension is made of, few enough for a sentence

Place = tuple[str, str]
Row = TypeVar("Row", ScoreRow, ReadingRow, DistributionRow)


class Found(NamedTuple):
    """One finding before it is ranked. ``row``: the score it is about, None without one.

    ``sides``: unfavourable and favourable shares of a split question; ``behind``: codes of the
    items that weigh most on a dimension, the heaviest first.
    """

    kind: FindingKind
    dimension: str
    item: str
    row: ScoreRow | None
    sides: tuple[float, float] = (nan, nan)
    behind: tuple[str, ...] = ()

    @property
    def figures(self) -> tuple[float, float, float, float]:
        """Its score, the ends of its interval and its valid answers, NaN without a row."""
        row = self.row
        return (row.score, row.low, row.high, row.n_valid) if row else (nan,) * 4


@dataclass(frozen=True)
class Group:
    """The shown rows of one service or total, and nothing that is hidden.

    ``scores``: by dimension and item, on the rule's own measure; ``readings``: by dimension;
    ``answers``: rows of the distributions that somebody chose, by item.
    """

    instrument: Instrument
    scores: Mapping[tuple[str, str], ScoreRow]
    readings: Mapping[str, ReadingRow]
    answers: Mapping[str, list[DistributionRow]]

    def items(self, dimension: str) -> list[ScoreRow]:
        """The score rows of the items of a dimension that are shown, in the usual order."""
        keys = ((dimension, item.code) for item in self.instrument.items_of(dimension))
        return [self.scores[key] for key in keys if key in self.scores]

    @cached_property
    def critical(self) -> set[str]:
        """Codes of the critical items."""
        return {item.code for item in self.instrument.items if item.critical}

    def read(self, verdict: Verdict, band: Band | Literal[""] = "") -> list[str]:
        """The dimensions that are read so, in the usual order."""
        return [
            dimension.id
            for dimension in self.instrument.dimensions
            if (reading := self.readings.get(dimension.id))
            and (dimension.id, "") in self.scores
            and reading.verdict == verdict
            and band in ("", reading.band)
        ]

    def of_dimension(self, kind: FindingKind, dimension: str, told: Container[str] = ()) -> Found:
        """A finding about a whole dimension: behind a strength its best items, else its worst.

        ``told``: items that are findings by themselves, and are not told again here.
        """
        best = self.readings[dimension].band == "strength" if dimension in self.readings else False
        way = -1 if best else 1
        items = [row for row in self.items(dimension) if row.item not in told]
        heaviest = sorted(items, key=lambda row: way * row.score)[:BEHIND]
        behind = tuple(row.item for row in heaviest)
        return Found(kind, dimension, "", self.scores[dimension, ""], behind=behind)

    def lowest_first(
        self, kind: FindingKind, dimensions: list[str], told: Container[str] = ()
    ) -> list[Found]:
        """A finding for each dimension, the lowest score first."""
        found = [self.of_dimension(kind, dimension, told) for dimension in dimensions]
        return sorted(found, key=by_score)


def by_score(finding: Found) -> tuple[float, float]:
    """The lowest score first; of two alike, the one whose interval ends lowest."""
    score, _, high, _ = finding.figures
    return score, high


def groups_of(published: Published, readings: pd.DataFrame) -> dict[Place, Group]:
    """Every service and total of a campaign with its shown rows, in the campaign's order."""
    scores = _by_place(rows_of(_own_measure(published), ScoreRow))
    read = _by_place(rows_of(readings, ReadingRow))
    answers = _by_place(rows_of(published.distributions, DistributionRow))
    places = published.participation[["facility", "service"]].astype(str)
    return {
        place: Group(
            published.instrument,
            {(row.dimension, row.item): row for row in shown(scores.get(place, []))},
            {row.dimension: row for row in read.get(place, [])},
            _by_item(answers.get(place, [])),
        )
        for place in places.itertuples(index=False, name=None)
    }


def shown(rows: list[ScoreRow]) -> list[ScoreRow]:
    """The rows that disclosure lets through."""
    return [row for row in rows if row.status == "published"]


def _own_measure(published: Published) -> pd.DataFrame:
    """Rows of every dimension and item on the rule's own measure, everybody together."""
    rules = {dimension.id: dimension.rule for dimension in published.instrument.dimensions}
    rows = published.scores[published.scores["stratum"] == ""]
    return rows[rows["measure"].astype(str) == rows["dimension"].astype(str).map(rules)]


def _by_place(rows: list[Row]) -> dict[Place, list[Row]]:
    found: dict[Place, list[Row]] = {}
    for row in rows:
        found.setdefault((row.facility, row.service), []).append(row)
    return found


def _by_item(answers: list[DistributionRow]) -> dict[str, list[DistributionRow]]:
    found: dict[str, list[DistributionRow]] = {}
    for row in answers:
        if row.status == "published" and row.count > 0:
            found.setdefault(row.item, []).append(row)
    return found
