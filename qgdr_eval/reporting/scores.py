"""What one place scored, everybody together: its dimensions, its questions, the answers behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.disclosure.tables import ANSWERED
from qgdr_eval.frames import DistributionRow, ReadingRow, ScoreRow
from qgdr_eval.instruments import Dimension, Instrument


@dataclass(frozen=True)
class Scores:
    """The scores of one place.

    ``dimensions``: each with its score and its reading, in the instrument's order; ``items``: score
    rows by item and measure; ``answers``: the rows of the distribution of each item, whatever may
    be shown of them.

    >>> scores = team_report.scores
    >>> dimension, row, reading = scores.dimensions[0]
    >>> len(scores.of_items(dimension)) == len(scores.instrument.items_of(dimension.id))
    True
    """

    instrument: Instrument
    dimensions: Sequence[tuple[Dimension, ScoreRow, ReadingRow]]
    items: Mapping[tuple[str, str], ScoreRow]
    answers: Mapping[str, list[DistributionRow]]

    def of_items(self, dimension: Dimension) -> list[ScoreRow]:
        """The score rows of the items of a dimension, in the instrument's order."""
        return [
            self.items[item.code, dimension.rule]
            for item in self.instrument.items_of(dimension.id)
            if (item.code, dimension.rule) in self.items
        ]

    def poles(self, item: str) -> dict[str, float] | None:
        """Share of valid answers at each pole of an item, in %; None when not shown."""
        given = [row for row in self.answers.get(item, ()) if row.state in ANSWERED]
        if not given or given[0].status != "published":
            return None
        shares: dict[str, float] = {}
        for row in given:
            shares[row.pole] = shares.get(row.pole, 0) + row.share
        return shares

    @property
    def by_side(self) -> bool:
        """Whether the answers are counted by side only (unfavourable, neutral, favourable).

        So are those of a small team that few others stand beside: their detail would tell on it.
        """
        return any(row.state == "pole" for rows in self.answers.values() for row in rows)


def read_scores(published: Published, readings: Sequence[ReadingRow]) -> Scores:
    """Gather what the published results of one place hold, with the readings of its dimensions."""
    shown = published.instrument
    scores = {row.dimension: row for row in rows_of(published.dimension_scores(), ScoreRow)}
    read = {row.dimension: row for row in readings}
    dimensions = [(one, scores[one.id], read[one.id]) for one in shown.dimensions
                  if one.id in scores]  # fmt: skip
    every = published.scores
    plain = every[(every["item"] != "") & (every["stratum"] == "")]
    items = {(row.item, row.measure): row for row in rows_of(plain, ScoreRow)}
    answers: dict[str, list[DistributionRow]] = {}
    for row in rows_of(published.distributions, DistributionRow):
        answers.setdefault(row.item, []).append(row)
    return Scores(shown, dimensions, items, answers)
