"""What a group or a person answered, item by item, as it was given."""

from collections.abc import Iterable
from dataclasses import dataclass

from qgdr_eval.comparison.findings.declared import TONES, tone
from qgdr_eval.frames import DistributionRow
from qgdr_eval.instruments import Dimension, Instrument, Item, Scale

OUTSIDE = {  # answers that stay out of the calculation, in the order they are told
    "not_applicable": "Sans objet",
    "dont_know": "Ne sait pas",
    "missing": "Sans réponse",
}
UNNAMED = "–"  # the sign of the one option without a name
FEW_OPTIONS = 3  # so few options are told apart by their colour and shape alone


@dataclass(frozen=True)
class Answer:
    """One answer to an item, given by ``times`` groups: one, but for groups of the same service.

    ``state``: ``option``, else one of `OUTSIDE`. ``label``: as it was worded; ``long``: without
    its short name. ``rank``: the place of the option, 0 for the least favourable, −1 outside the
    scale. ``mark``: a sign of at most three letters, or "". ``tone``: ``good``, ``half``,
    ``poor``, or ``out`` of the calculation.
    """

    item: Item
    state: str
    label: str
    long: str
    rank: int
    mark: str
    tone: str
    times: int = 1

    @property
    def valid(self) -> bool:
        """Whether the answer enters the calculation."""
        return self.state == "option"


@dataclass(frozen=True)
class Given:
    """Everything given as one answer within a dimension."""

    label: str
    mark: str
    tone: str
    answers: tuple[Answer, ...]

    @property
    def long(self) -> str:
        """The answer without its short name."""
        return self.answers[0].long

    @property
    def full_label(self) -> str:
        """The answer, and what sets it apart from the same words given to other items."""
        if self.tone == "poor" and all(answer.item.required is not None for answer in self.answers):
            return f"{self.label} (sous le niveau demandé)"
        if self.tone == "poor" and all(answer.item.critical for answer in self.answers):
            return f"{self.label} (critère à reprendre)"
        return self.label + turned(self.answers)

    @property
    def times(self) -> int:
        """How many times the answer was given."""
        return total(self.answers)


def answers_to(
    item: Item, dimension: Dimension, instrument: Instrument, rows: Iterable[DistributionRow]
) -> list[Answer]:
    """The answers given to an item. ``rows``: those of its distribution."""
    return [
        _chosen(instrument, dimension, item, row)
        if row.state == "option"
        else _outside(instrument, item, str(row.state), int(row.count))
        for row in rows
        if row.count > 0
    ]


def _chosen(
    instrument: Instrument, dimension: Dimension, item: Item, row: DistributionRow
) -> Answer:
    scale, rank = instrument.scale_of(item), int(row.position)
    options = scale.options[::-1] if item.reversed else scale.options
    option, side = options[rank], tone(dimension, item, scale, rank, row.pole)
    mark = _mark([each.short or "" for each in options], rank)
    return Answer(item, "option", option.label, option.long, rank, mark, side, int(row.count))


def options_of(scale: Scale) -> list[tuple[str, str, str]]:
    """(tone, mark, meaning) of each option of a scale, for items that are not reversed."""
    names = [option.short or "" for option in scale.options]
    return [
        (TONES[option.pole], _mark(names, rank), option.long)
        for rank, option in enumerate(scale.options)
    ]


def turned(answers: Iterable[Answer]) -> str:
    """« (item inversé) » after an answer that only reversed items received, "" otherwise."""
    return " (item inversé)" if all(answer.item.reversed for answer in answers) else ""


def _mark(names: list[str], rank: int) -> str:
    """The name of an option, or those it stands between; its place where there are many.

    >>> _mark(["A", "", "B"], 1), _mark(["", "CG"], 0), _mark(["", "", "", ""], 2)
    ('A/B', '–', '3')
    """
    if not any(names):
        return str(rank + 1) if len(names) > FEW_OPTIONS else ""
    around = names[max(rank - 1, 0) : rank + 2 : 2] if rank else []
    return names[rank] or ("/".join(around) if all(around) and len(around) == 2 else UNNAMED)


def _outside(instrument: Instrument, item: Item, state: str, times: int) -> Answer:
    scale = instrument.scale_of(item)
    special = {"not_applicable": scale.not_applicable, "dont_know": scale.dont_know}
    named = special.get(state, ())
    if len(named) != 1:
        return Answer(item, state, OUTSIDE[state], OUTSIDE[state], -1, "", "out", times)
    only = named[0]
    return Answer(item, state, only.label, only.long, -1, only.short or "", "out", times)


def total(answers: Iterable[Answer]) -> int:
    """How many answers, those of several groups counted each."""
    return sum(answer.times for answer in answers)


def valid(answers: Iterable[Answer]) -> list[Answer]:
    """The answers that enter the calculation."""
    return [answer for answer in answers if answer.valid]


def toned(answers: Iterable[Answer], tone: str) -> list[Answer]:
    """The answers of one tone."""
    return [answer for answer in answers if answer.tone == tone]


def gather(answers: Iterable[Answer]) -> list[Given]:
    """Answers under their place and label, lowest first, those out of the calculation last.

    The same words to a plain and to a reversed item stand at two places of the scale, and one
    rating may be enough for a criterion and not for an imperative one: they are told apart.
    """
    order = list(OUTSIDE)
    kept: dict[tuple[int, str, str], list[Answer]] = {}
    for answer in sorted(
        answers,
        key=lambda given: (
            not given.valid,
            given.rank if given.valid else order.index(given.state),
        ),
    ):
        kept.setdefault((answer.rank, answer.label, answer.tone), []).append(answer)
    return [
        Given(label, alike[0].mark, tone, tuple(alike)) for (_, label, tone), alike in kept.items()
    ]
