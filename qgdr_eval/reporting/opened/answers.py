"""The questions of an opened score: answers counted as worded, then the score of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from qgdr_eval.figures.words import POLES
from qgdr_eval.frames import ScoreRow
from qgdr_eval.french import count, listed, quote
from qgdr_eval.instruments import Dimension, Instrument, Item, Option, Scale
from qgdr_eval.reporting.team import words
from qgdr_eval.reporting.team.arithmetic import exact, middle, plain, total
from qgdr_eval.reporting.team.intervals import work_interval
from qgdr_eval.reporting.team.sample import Sample
from qgdr_eval.scoring import RULES, gives
from qgdr_eval.wording.levels import level_words

ASIDE = {"not_applicable": "Sans objet", "dont_know": "Ne sait pas", "missing": "Sans réponse"}


@dataclass(frozen=True)
class Spread:
    """The published answers to one item, in the order they are worded.

    ``values``: what each option is worth under the rule, 0 to 1, reversed items turned round.
    """

    options: tuple[Option, ...]
    counts: tuple[int, ...]
    values: tuple[float, ...]
    aside: dict[str, int]

    @property
    def valid(self) -> int:
        """Valid answers."""
        return sum(self.counts)


@dataclass(frozen=True)
class OpenedItem:
    """One question: (column, count, whether the rule counts it as favourable), then words.

    ``cells`` is empty where the answers may not be shown; ``worked`` then says why.
    """

    text: str
    cells: tuple[tuple[str, int, bool], ...]
    worked: str
    interval: str


@dataclass(frozen=True)
class Block:
    """Questions answered on one scale. ``legend``: what its columns stand for.

    The first ``options`` columns are its answers, the others what stays out of the calculation.
    """

    columns: tuple[str, ...]
    options: int
    legend: str
    items: tuple[OpenedItem, ...]


def open_blocks(sample: Sample, dimension: Dimension, scores: list[ScoreRow]) -> Iterator[Block]:
    """The questions of a dimension in the instrument's order, those of one scale together."""
    rows = {row.item: row for row in scores}
    for id, items in groupby(sample.instrument.items_of(dimension.id), lambda item: item.scale):
        questions, scale = list(items), sample.instrument.scales[id]
        opened_items = tuple(
            _open_item(sample, dimension, item, rows.get(item.code)) for item in questions
        )
        if any(item.cells for item in opened_items):
            columns, legend = _columns(scale), _legend(scale, questions)
            yield Block(columns, len(scale.options), legend, opened_items)
        else:
            yield Block((), 0, "", opened_items)


def _columns(scale: Scale) -> tuple[str, ...]:
    aside = [_aside_name(scale, state) for state in _asides(scale)]
    return (*(str(option.code) for option in scale.options), *aside)


def _asides(scale: Scale) -> list[str]:
    """The states outside the calculation that a scale knows: a missing answer is always one."""
    return [state for state in ASIDE if state == "missing" or getattr(scale, state)]


def _aside_name(scale: Scale, state: str) -> str:
    """What an answer outside the calculation is called: its short name, else as worded."""
    special = [] if state == "missing" else getattr(scale, state)
    return listed([answer.short or answer.label for answer in special], "ou") or ASIDE[state]


def _legend(scale: Scale, items: list[Item]) -> str:
    aside = [
        option.label
        for option in (*scale.not_applicable, *scale.dont_know)
        if option.short and option.short != option.label
    ]
    named = " ; ".join([*map(_named, scale.options), *aside])
    if not any(item.reversed for item in items):
        return f"{named}."
    codes = [option.code for option in scale.options]
    pairs = list(zip(codes, codes[::-1], strict=True))[: len(codes) // 2]
    first, *others = (f"{code} compte pour {other}" for code, other in pairs)
    turned = ", ".join([first, *(text.replace(" compte", "") for text in others)])
    return f"{named}. Question inversée : {turned}, et réciproquement."


def _named(option: Option) -> str:
    """An option with its code, which its short name may already be."""
    label = option.label.rstrip(".")
    return label if option.short == str(option.code) else f"{option.code} = {label}"


def _open_item(
    sample: Sample, dimension: Dimension, item: Item, row: ScoreRow | None
) -> OpenedItem:
    text = f"{item.code}. {item.text}{_marks(item, sample.instrument)}"
    if row is None or row.status != "published":
        return OpenedItem(text, (), _why_closed(sample, dimension, row), "")
    interval = work_interval(sample, dimension, row, row.n_valid)
    spread = spread_of(sample, item, dimension.rule)
    if spread is None and (counts := _by_pole(sample, item)):
        return OpenedItem(text, (), _work_poles(counts, row, dimension), interval)
    if spread is None:
        why = f"{words.STATUSES['unanimous']}, répartition non affichée"
        return OpenedItem(text, (), f"{why} : {exact(row.score, dimension.rule)}", interval)
    if sample.alone:
        return OpenedItem(text, (), _given(spread, row, dimension.rule), "")
    scale = sample.instrument.scale_of(item)
    cells = _cells(spread, dimension, _columns(scale), scale)
    return OpenedItem(text, cells, _work_item(sample, row, dimension, item, spread), interval)


def _why_closed(sample: Sample, dimension: Dimension, row: ScoreRow | None) -> str:
    """Why an item shows no number."""
    if gives(dimension) == "zone" and sample.n > 1:
        return "plusieurs groupes ont répondu : leurs rangs ne se moyennent pas"
    return words.STATUSES["suppressed" if row is None else row.status]


def _marks(item: Item, instrument: Instrument) -> str:
    """What sets an item apart: reversed, critical, or with a level it must reach."""
    required = [o for o in instrument.scale_of(item).options if o.code == item.required]
    marks = [
        "inversée" if item.reversed else "",
        "critère critique" if item.critical else "",
        f"niveau exigé : {required[0].code}" if required else "",
    ]
    apart = ", ".join(mark for mark in marks if mark)
    return f" ({apart})" if apart else ""


def spread_of(sample: Sample, item: Item, rule: str) -> Spread | None:
    """The answers to an item, option by option; None when they may not be shown so."""
    rows = sample.rows(item)
    if not rows or rows[0].status != "published" or any(row.state == "pole" for row in rows):
        return None
    scale = sample.instrument.scale_of(item)
    found = {int(row.position): int(row.count) for row in rows if row.state == "option"}
    ranks = range(len(scale.options))
    order = ranks[::-1] if item.reversed else ranks  # the position of each option as worded
    values = RULES[rule].values(item, scale).tolist()
    return Spread(
        scale.options,
        tuple(found[rank] for rank in order),
        tuple(values[rank] for rank in order),
        {row.state: int(row.count) for row in rows if row.state != "option"},
    )


def _by_pole(sample: Sample, item: Item) -> dict[str, int]:
    """The answers to an item counted by side, where options may not be; nothing elsewhere."""
    rows = sample.rows(item)
    return {row.pole: int(row.count) for row in rows if row.state == "pole" and row.count >= 0}


def _work_poles(counts: dict[str, int], row: ScoreRow, dimension: Dimension) -> str:
    """The score of an item whose answers are counted by side."""
    sides = listed(
        count(counts[pole], f"réponse {name}", f"réponses {name}s")
        for pole, name in POLES.items()
        if pole in counts
    )
    good, valid = counts.get("positive", 0), sum(counts.values())
    made = f"{good} ÷ {valid} = " if gives(dimension) == "share" else ""
    score = exact(row.score, dimension.rule)
    return f"réponses comptées par côté, l'équipe étant petite ({sides}) : {made}{score}"


def _cells(
    spread: Spread, dimension: Dimension, columns: tuple[str, ...], scale: Scale
) -> tuple[tuple[str, int, bool], ...]:
    counts = [*spread.counts, *(spread.aside[state] for state in _asides(scale))]
    favourable = [gives(dimension) == "share" and value == 1 for value in spread.values]
    favourable += [False] * (len(columns) - len(favourable))
    return tuple(zip(columns, counts, favourable, strict=True))


def _given(spread: Spread, row: ScoreRow, rule: str) -> str:
    """The answer of the only group or person there is, and what it is worth."""
    option = spread.options[spread.counts.index(1)]
    worth = "" if RULES[rule].gives in ("zone", "level") else f" : {exact(row.score, rule)}"
    return f"{quote(option.label.rstrip('.'))} (code {option.code}){worth}"


def _work_item(
    sample: Sample, row: ScoreRow, dimension: Dimension, item: Item, spread: Spread
) -> str:
    """The arithmetic of one item, from its counts to its score."""
    if RULES[dimension.rule].audit:
        no, yes = (n for _, n in sorted(zip(spread.values, spread.counts, strict=True)))
        return f"{yes} ÷ ({yes} + {no}) = {exact(row.score, dimension.rule)}"
    match gives(dimension):
        case "points" | "rating":
            return f"{_weighted(spread, dimension.rule)} = {exact(row.score, dimension.rule)}"
        case "level":
            level = level_words(row.score, sample.instrument.scale_of(item))
            return f"{middle(spread.valid, 'réponse')} : niveau {level}"
        case _:
            counted = [
                str(n) for n, value in zip(spread.counts, spread.values, strict=True) if value == 1
            ]
            return f"{total(counted)} ÷ {spread.valid} = {exact(row.score, dimension.rule)}"


def _weighted(spread: Spread, rule: str) -> str:
    """Σ count × what an option is worth ÷ valid answers; options nobody chose are left out."""
    bottom, width = (1, 3) if RULES[rule].gives == "rating" else (0, 100)
    terms = [
        f"{n} × {plain(bottom + width * value)}"
        for n, value in zip(spread.counts, spread.values, strict=True)
        if n
    ]
    return f"({' + '.join(terms)}) ÷ {spread.valid}"
