"""Why a question is worth debating, from the shown rows of one service: nothing new is found here.

What matters is decided in `qgdr_eval.comparison`, and said by `qgdr_eval.wording` as pages say it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from statistics import fmean

import pandas as pd

from qgdr_eval.comparison.findings import find_divided
from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import ComparisonRow, DistributionRow, ScoreRow
from qgdr_eval.french import in_words, listed, number, quote
from qgdr_eval.instruments import Dimension
from qgdr_eval.wording.findings import say_reasons
from qgdr_eval.wording.reference import difference, reference_name
from qgdr_eval.wording.scores import figure_in_full, score_in_full
from qgdr_eval.wording.subjects import subject_of

BLANK = "Le groupe n'a pas encore répondu à cette question."
TONE_OF_WORDS = "le ton des questions suffit à déplacer un score"
TONE = {"record": "un critère plus exigeant suffit à déplacer un score"}
LOWEST_QUESTION = ("la question la plus basse", "une des questions les plus basses")
LOWEST = {"record": ("le critère le plus bas", "un des critères les plus bas")}
Reason = tuple[str, str]  # the item, then the sentence


@dataclass(frozen=True)
class Reasons:
    """Reasons to talk, each list the most pressing first. ``beside``: as `choose_topics` takes it.

    >>> from qgdr_eval.disclosure import open_slice
    >>> shown = open_slice(stored_results, "Hôpital fictif du Val d'Orsel", "Cardiologie")
    >>> Reasons(shown.published, shown.beside).blank()
    []
    """

    published: Published
    beside: Mapping[str, pd.DataFrame]

    @cached_property
    def scores(self) -> dict[tuple[str, str, str], ScoreRow]:
        """Shown scores on the rule's own measure, by stratum, dimension and item."""
        rules = {one.id: one.rule for one in self.published.instrument.dimensions}
        return {
            (row.stratum, row.dimension, row.item): row
            for row in rows_of(self.published.scores, ScoreRow, status="published")
            if row.measure == rules.get(row.dimension) and not pd.isna(row.score)
        }

    def found(self, findings: pd.DataFrame) -> list[tuple[str, str, str]]:
        """(part, item, reason) of findings; of a whole dimension, its lowest question."""
        said = say_reasons(findings, self.beside["readings"], self.published)
        asked = [(row, row.item or self._lowest_of(row.dimension), why) for row, why in said]
        return [
            (row.part, item, why if row.item else self._with_question(why, item))
            for row, item, why in asked
            if item
        ]

    def blank(self) -> list[Reason]:
        """Questions that a group, which answers as one, has not answered yet."""
        if not self.published.instrument.of_a_group:
            return []
        rows = rows_of(
            self.published.distributions, DistributionRow, status="published", state="missing"
        )
        return [(row.item, BLANK) for row in rows if row.count]

    def divided(self) -> list[Reason]:
        """Questions with many answers on both sides, the most divided first."""
        return [(item, why) for _, item, why in self.found(find_divided(self.published))]

    def apart(self) -> list[Reason]:
        """Questions where two groups of the team, both shown, have intervals that do not meet."""
        by_item: dict[tuple[str, str], list[ScoreRow]] = {}
        for (stratum, dimension, item), row in self.scores.items():
            if stratum and item:
                by_item.setdefault((dimension, item), []).append(row)
        pairs = [max(combinations(rows, 2), key=_gap) for rows in by_item.values() if len(rows) > 1]
        wide = sorted((pair for pair in pairs if _disjoint(*pair)), key=_gap, reverse=True)
        return [(first.item, self._say_apart(first, second)) for first, second in wide]

    def below_reference(self) -> list[Reason]:
        """The lowest question of each dimension established below the reference, farthest first."""
        rows = rows_of(self.beside["comparisons"], ComparisonRow, verdict="lower")
        found = [(self._lowest_of(row.dimension), row) for row in rows]
        ordered = sorted(found, key=lambda pair: pair[1].difference)
        return [
            (item, self._with_question(self._say_below(row), item)) for item, row in ordered if item
        ]

    def lowest(self) -> list[Reason]:
        """The lowest question of each dimension under the mean of them all, to complete a list.

        Scores of two rules are on no common scale: nothing there.
        """
        if len({one.rule for one in self.published.instrument.dimensions}) > 1:
            return []
        whole = [row for key, row in self.scores.items() if not (key[0] or key[2])]
        mean = fmean([row.score for row in whole] or [0])
        under = sorted((row for row in whole if row.score < mean), key=lambda row: row.score)
        found = [(self._lowest_of(row.dimension), row) for row in under]
        return [
            (item, self._with_question(self._say_lowest(row, rank, len(whole)), item))
            for rank, (item, row) in enumerate(found)
            if item
        ]

    def _lowest_of(self, dimension: str) -> str:
        """The code of the lowest question of a dimension, "" when none is shown."""
        lowest = min(self._items(dimension), key=lambda row: row.score, default=None)
        return lowest.item if lowest else ""

    def _items(self, dimension: str) -> list[ScoreRow]:
        keys = (key for key in self.scores if key[:2] == ("", dimension) and key[2])
        return [self.scores[key] for key in keys]

    def _say_apart(self, first: ScoreRow, second: ScoreRow) -> str:
        low, high = sorted((first, second), key=lambda row: row.score)
        groups = listed(f"{quote(_group(row))} ({self._figure(row)})" for row in (low, high))
        gap = number(high.score - low.score)
        instrument = self.published.instrument
        whose = subject_of(instrument).of_many if instrument.of_records else "de l'équipe"
        return f"Deux groupes {whose} s'écartent de {gap} points : {groups}."

    def _say_below(self, row: ComparisonRow) -> str:
        dimension = self._dimension(row)
        return (
            f"{quote(dimension.label)}, face à {reference_name(self.published.card)} : "
            f"{difference(row)}"
        )

    def _say_lowest(self, row: ScoreRow, rank: int, among: int) -> str:
        dimension, instrument = self._dimension(row), self.published.instrument
        place = "parmi les plus basses" if rank else "la plus basse"
        return (
            f"Pour compléter la liste : {quote(dimension.label)} "
            f"({score_in_full(row.score, dimension, instrument)}) est {place} des "
            f"{in_words(among, feminine=True)} dimensions montrées, sans que l'écart aux autres "
            f"soit établi : {TONE.get(instrument.subject, TONE_OF_WORDS)}."
        )

    def _with_question(self, why: str, item: str) -> str:
        """A reason about a whole dimension, then the figure of its question; a risk has none."""
        dimension = self.published.instrument.item(item).dimension
        row = self.scores["", dimension, item]
        if self._dimension(row).rule == "risk":
            return why
        alike = sum(one.score == row.score for one in self._items(dimension)) > 1
        among = LOWEST.get(self.published.instrument.subject, LOWEST_QUESTION)[alike]
        return f"{why} C'en est {among} : {self._figure(row)}."

    def _figure(self, row: ScoreRow) -> str:
        """A question's score with its interval and n, as its rule says it."""
        instrument = self.published.instrument
        asked = instrument.item(row.item)
        return figure_in_full(row, row.n_valid, self._dimension(row), instrument, asked)

    def _dimension(self, row: ScoreRow | ComparisonRow) -> Dimension:
        return self.published.instrument.dimension(row.dimension)


def _gap(pair: tuple[ScoreRow, ScoreRow]) -> float:
    return abs(pair[0].score - pair[1].score)


def _disjoint(first: ScoreRow, second: ScoreRow) -> bool:
    return first.high < second.low or second.high < first.low


def _group(row: ScoreRow) -> str:
    """The name of a stratum without that of its column."""
    return row.stratum.partition("=")[2]
