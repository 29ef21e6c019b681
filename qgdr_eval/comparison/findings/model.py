"""The words of findings, and what one group's are decided from."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import nan
from typing import Any, NamedTuple

import pandas as pd

from qgdr_eval.disclosure.published import Published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import FindingRow
from qgdr_eval.instruments import Instrument

FINDING_COLUMNS = list(FindingRow._fields)
"""Columns of the frame of findings, see `qgdr_eval.comparison.findings.find`."""
FIRST, PRIORITY, DISCUSS, STRENGTHS = "first", "priority", "discuss", "strength"
CRITICAL, WORST_ZONE, LOW_DIMENSION = "critical", "worst_zone", "low_dimension"
UNDER_OBJECTIVE, LOW_ITEM, SPLIT = "under_objective", "low_item", "split"
UNMET = "unmet"
LOWEST_ANSWER, PERHAPS_LOW, UNDECIDED = "lowest_answer", "perhaps_low", "undecided"
STRENGTH = "strength"
# What is only to confirm, or cannot be concluded, is talked about: nobody acts on it yet.
ACTED_ON = (
    CRITICAL, WORST_ZONE, LOW_DIMENSION, UNDER_OBJECTIVE, UNMET, LOW_ITEM, SPLIT, LOWEST_ANSWER,
)  # fmt: skip

BEHIND = 2  # enough to see what a dimension is made of, few enough for a sentence

Place = tuple[str, str]


class Found(NamedTuple):
    """One finding before it is ranked. ``row``: the score it is about, None without one.

    ``sides``: unfavourable and favourable shares of a split question; ``behind``: codes of the
    items that weigh most on a dimension, the heaviest first.
    """

    kind: str
    dimension: str
    item: str
    row: Any
    sides: tuple[float, float] = (nan, nan)
    behind: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """The shown rows of one service or total, and nothing that is hidden.

    ``scores``: by dimension and item, on the rule's own measure; ``readings``: by dimension;
    ``answers``: rows of the distributions that somebody chose, by item.
    """

    instrument: Instrument
    scores: Mapping[tuple[str, str], Any]
    readings: Mapping[str, Any]
    answers: Mapping[str, list[Any]]

    def items(self, dimension: str) -> list[Any]:
        """The score rows of the items of a dimension that are shown, in the usual order."""
        keys = ((dimension, item.code) for item in self.instrument.items_of(dimension))
        return [self.scores[key] for key in keys if key in self.scores]

    @cached_property
    def critical(self) -> set[str]:
        """Codes of the critical items."""
        return {item.code for item in self.instrument.items if item.critical}

    def read(self, verdict: str, band: str = "") -> list[str]:
        """The dimensions that are read so, in the usual order."""
        return [
            dimension.id
            for dimension in self.instrument.dimensions
            if (reading := self.readings.get(dimension.id))
            and (dimension.id, "") in self.scores
            and reading.verdict == verdict
            and band in ("", reading.band)
        ]

    def of_dimension(self, kind: str, dimension: str, told: Container[str] = ()) -> Found:
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
        self, kind: str, dimensions: list[str], told: Container[str] = ()
    ) -> list[Found]:
        """A finding for each dimension, the lowest score first."""
        found = [self.of_dimension(kind, dimension, told) for dimension in dimensions]
        return sorted(found, key=by_score)


def by_score(finding: Found) -> tuple[float, float]:
    """The lowest score first; of two alike, the one whose interval ends lowest."""
    return finding.row.score, finding.row.high


def groups_of(published: Published, readings: pd.DataFrame) -> dict[Place, Group]:
    """Every service and total of a campaign with its shown rows, in the campaign's order."""
    scores = _by_place(_own_measure(published))
    read = _by_place(readings)
    answers = _by_place(published.distributions)
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


def shown(rows: list[Any]) -> list[Any]:
    """The rows that disclosure lets through."""
    return [row for row in rows if row.status == "published"]


def _own_measure(published: Published) -> pd.DataFrame:
    """Rows of every dimension and item on the rule's own measure, everybody together."""
    rules = {dimension.id: dimension.rule for dimension in published.instrument.dimensions}
    rows = published.scores[published.scores["stratum"] == ""]
    return rows[rows["measure"].astype(str) == rows["dimension"].astype(str).map(rules)]


def _by_place(rows: pd.DataFrame) -> dict[Place, list[Any]]:
    found: dict[Place, list[Any]] = {}
    for row in rows_of(rows):
        found.setdefault((row.facility, row.service), []).append(row)
    return found


def _by_item(answers: list[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in answers:
        if row.status == "published" and row.count > 0:
            found.setdefault(row.item, []).append(row)
    return found
