"""How the answers of an export are written: matched with the scales, never by a guess."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from qgdr_eval.french import listed, quote
from qgdr_eval.instruments import Instrument, Item, Scale
from qgdr_eval.responses.campaign import Coding
from qgdr_eval.responses.codes import MISSING, TOO_MANY, answer_codes
from qgdr_eval.responses.headers import wording
from qgdr_eval.tables.read import Table
from qgdr_eval.tables.spelling import answer_key

SAMPLES = 3  # answers shown of a column
MANY = 12  # answers not understood that are shown of a scale; more look like free texts
LONGEST = 60  # characters of an answer that is shown
# « 4 - D'accord », « (4) D'accord », « D'accord (4) ».
_FIRST = re.compile(r"\(?(?P<code>-?\d{1,3})\s*[-–—.:=)]+\s*(?P<label>.*\S)\s*", re.DOTALL)
_LAST = re.compile(r"\s*(?P<label>.*\S)\s*[(\[=:]\s*(?P<code>-?\d{1,3})\s*[)\]]?\s*", re.DOTALL)
Cells = Mapping[str, Counter[str]]  # by item, how many cells hold each text


@dataclass(frozen=True)
class Unread:
    """Answers that could not be understood: their texts, the scales and how many items have them.

    ``meanings``: what each code stands for, in one scale or another.
    """

    texts: tuple[str, ...]
    scales: tuple[str, ...]
    items: int
    meanings: dict[int, str]


@dataclass(frozen=True)
class DraftCoding:
    """How the cells of the item columns are to be read.

    ``answers``: whether most cells are codes or labels. ``labels``: other spellings, each with the
    code it stands for. ``unread``: what could not be understood, each text once; nothing of a scale
    where there is so much of it that it may be free texts. ``open``: items of which too
    many cells are unread to be an item's answers. ``samples``: by item, its most frequent answers
    among those that could be read. ``missing``: what somebody said to read as an empty cell.
    """

    answers: Literal["codes", "labels"]
    labels: dict[str, int]
    unread: tuple[Unread, ...]
    open: tuple[str, ...]
    samples: dict[str, tuple[str, ...]]
    missing: tuple[str, ...] = ()


def draft_coding(
    table: Table, columns: Mapping[str, str], instrument: Instrument, given: Mapping[str, int]
) -> DraftCoding:
    """Propose the coding of a table. ``columns``: of each item; ``given``: spellings already coded,
    `MISSING` where they stand for no answer.

    A spelling is understood when it differs from a label by capitals, accents and punctuation
    only, or when it holds a label and its own code (« 4 - D'accord »); never when it could stand
    for two codes. « Plutôt d'accord » is not « D'accord »: somebody must say so.
    """
    items = [item for item in instrument.items if item.code in columns]
    cells = {item.code: _counted(table, columns[item.code]) for item in items}
    answers = _written(items, cells, instrument)
    missing = tuple(text for text, code in given.items() if code == MISSING)
    coded = {text: code for text, code in given.items() if code != MISSING}
    labels = {**_understood(items, cells, instrument), **coded}
    coding = Coding(reversed="as_worded", answers=answers, labels=labels, missing=missing)
    known = {name: answer_codes(scale, coding) for name, scale in instrument.scales.items()}
    unread = {item.code: _unread(cells[item.code], known[item.scale]) for item in items}
    return DraftCoding(
        answers,
        labels,
        tuple(_told(texts, items, unread, instrument) for texts in _shown_unread(items, unread)),
        tuple(
            code
            for code, texts in unread.items()
            if texts.total() > TOO_MANY * max(cells[code].total(), 1)
        ),
        {item.code: _samples(cells[item.code] - unread[item.code]) for item in items},
        missing,
    )


def answered_rows(
    table: Table, columns: Mapping[str, str], instrument: Instrument, coding: Coding
) -> np.ndarray:
    """Rows with an answer that can be read; where none can, rows with a filled cell."""
    readable = np.zeros(len(table.frame), dtype=bool)
    filled = readable.copy()
    for item in instrument.items:
        if item.code in columns:
            known = answer_codes(instrument.scale_of(item), coding)
            column = table.frame[columns[item.code]]
            codes = [known.get(answer_key(text), MISSING) for text in column.cat.categories]
            readable |= (np.array(codes) != MISSING)[column.cat.codes.to_numpy()]
            filled |= (column != "").to_numpy()
    return readable if readable.any() else filled


def _counted(table: Table, column: str) -> Counter[str]:
    counts = table.frame[column].value_counts()
    return Counter({text: int(n) for text, n in counts.items() if text and n})


def _written(items: list[Item], cells: Cells, instrument: Instrument) -> Literal["codes", "labels"]:
    """What most of the cells are; an answer that is both proves nothing."""
    codes = labels = 0
    for item in items:
        answers = instrument.scale_of(item).answers
        numbers = {str(answer.code) for answer in answers}
        texts = {answer_key(text) for answer in answers for text in (answer.label, *answer.also)}
        for text, n in cells[item.code].items():
            codes += n * (answer_key(text) in numbers - texts)
            labels += n * (answer_key(text) in texts - numbers)
    return "labels" if labels > codes else "codes"


def _understood(items: list[Item], cells: Cells, instrument: Instrument) -> dict[str, int]:
    """Spellings that no scale knows, with the one code they stand for in all scales met."""
    known = set().union(*(_keys(scale) for scale in instrument.scales.values()))
    meanings: dict[str, set[int | None]] = {}
    for item in items:
        for text in cells[item.code]:
            if answer_key(text) not in known:
                code = _meaning(text, instrument.scale_of(item))
                meanings.setdefault(text, set()).add(code)
    return {
        text: code
        for text, codes in sorted(meanings.items())
        if len(codes) == 1 and (code := next(iter(codes))) is not None
    }


def _keys(scale: Scale) -> set[str]:
    return {*answer_codes(scale, Coding(reversed="as_worded"))}


def _meaning(text: str, scale: Scale) -> int | None:
    labels = {
        (wording(label), answer.code)
        for answer in scale.answers
        for label in (answer.label, *answer.also)
    }
    same = {code for label, code in labels if label and label == wording(text)}
    both = {
        int(found["code"])
        for form in (_FIRST, _LAST)
        if (found := form.fullmatch(text))
        and (wording(found["label"]), int(found["code"])) in labels
    }
    return next(iter(same or both)) if len(same or both) == 1 else None


def _unread(cells: Counter[str], known: Mapping[str, int]) -> Counter[str]:
    return Counter({text: n for text, n in cells.items() if answer_key(text) not in known})


def _shown_unread(items: list[Item], unread: Cells) -> list[set[str]]:
    """Sets of texts no two of which share one: a text has one code whatever the scale."""
    groups: list[set[str]] = []
    for texts in _by_scale(items, unread):
        apart = [group for group in groups if not group & texts]
        groups = [*apart, texts.union(*(group for group in groups if group & texts))]
    return groups


def _told(texts: set[str], items: list[Item], unread: Cells, instrument: Instrument) -> Unread:
    having = [item for item in items if texts & set(unread[item.code])]
    scales = tuple(dict.fromkeys(item.scale for item in having))
    labels: dict[int, dict[str, None]] = {}
    for answer in (option for scale in scales for option in instrument.scales[scale].answers):
        labels.setdefault(answer.code, {})[quote(answer.label)] = None
    meanings = {code: listed(labels[code], "ou") for code in labels}
    return Unread(tuple(sorted(texts, key=_in_order)), scales, len(having), meanings)


def _in_order(text: str) -> list[str]:
    """A10 after A9."""
    return [part.zfill(9) if part.isdecimal() else part for part in re.split(r"(\d+)", text)]


def _by_scale(items: list[Item], unread: Cells) -> Iterator[set[str]]:
    """What is written once, or in many ways, may be a free text: kept from the screen."""
    for scale in dict.fromkeys(item.scale for item in items):
        texts: Counter[str] = Counter()
        for item in items:
            texts += unread[item.code] if item.scale == scale else Counter()
        again = [text for text, n in texts.most_common() if n > 1 and len(text) <= LONGEST]
        if again and len(again) <= MANY:
            yield set(again)


def _samples(cells: Counter[str]) -> tuple[str, ...]:
    return tuple(text for text, _ in cells.most_common(SAMPLES))
