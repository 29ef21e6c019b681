"""Two versions of an instrument side by side: what of one may be compared with the other.

This is the only decision on it: `qgdr diff` prints it, rounds and external references obey it.
Items are matched by their code. A dimension's score is a mean over its items: one more, one less or
one counted otherwise moves it by an amount that no interval holds, so that it is ``broken``. Words
that changed may have moved answers by an amount nobody knows: ``caution``.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from qgdr_eval.frames import Comparability
from qgdr_eval.instruments.model import Dimension, Instrument, Item, Scale

State = Comparability
Change = Literal[
    "added",
    "removed",
    "subject",
    "rule",
    "scale",
    "turned",
    "level",
    "role",
    "dimension",
    "reworded",
    "answers",
    "conditions",
    "order",
    "missing",
    "critical",
    "thresholds",
    "label",
]
BREAKING = frozenset({"added", "removed", "subject", "rule", "scale", "turned", "level", "role"})
WEIGHING = frozenset({"reworded", "answers", "conditions", "order", "missing"})
ALIKE = 0.9  # likeness of two texts from which another code may be a new name
SAME_SIGN = str.maketrans(dict.fromkeys("’‘ʼ`", "'") | dict.fromkeys("«»“”„", '"')
                          | dict.fromkeys("–—‑−", "-"))  # fmt: skip


@dataclass(frozen=True)
class ItemDifference:
    """One item: as it was and as it is (None where it is not), and what changed."""

    code: str
    before: Item | None
    after: Item | None
    changes: tuple[Change, ...]
    state: State

    @property
    def unchanged(self) -> bool:
        """Whether it is asked and counted as it was."""
        return not self.changes


@dataclass(frozen=True)
class DimensionDifference:
    """One dimension, with the items it has or had; ``changes`` are its own, besides theirs."""

    id: str
    before: Dimension | None
    after: Dimension | None
    items: tuple[ItemDifference, ...]
    changes: tuple[Change, ...]
    state: State


@dataclass(frozen=True)
class Difference:
    """All of it, in the order of the new version; what is gone comes last.

    ``renamed``: pairs of a code that is gone and a new one with nearly the same text. They are
    never taken for one item.
    """

    old: Instrument
    new: Instrument
    items: tuple[ItemDifference, ...]
    dimensions: tuple[DimensionDifference, ...]
    renamed: tuple[tuple[str, str], ...]

    @property
    def broken(self) -> list[str]:
        """The dimensions that measure another thing."""
        return [one.id for one in self.dimensions if one.state == "broken"]

    def compares(self, dimension: str, item: str = "") -> bool:
        """Whether a dimension, or an ``item`` wherever it stands, measures what it measured."""
        found = [one.state for one in self.items if one.code == item] if item else [
            one.state for one in self.dimensions if one.id == dimension
        ]  # fmt: skip
        return bool(found) and found[0] != "broken"


def differ(old: Instrument, new: Instrument) -> Difference:
    """Set two versions of an instrument side by side.

    >>> from qgdr_eval.instruments import load_instrument
    >>> falls = load_instrument("epp_chutes")
    >>> {one.state for one in differ(falls, falls).dimensions}
    {'comparable'}
    >>> less = falls.model_copy(update={"items": falls.items[1:]})
    >>> [one.changes for one in differ(falls, less).items if not one.unchanged]
    [('removed',)]
    >>> differ(falls, less).compares(falls.items[0].dimension)
    False
    """
    items = tuple(_items(old, new))
    ids = dict.fromkeys(one.id for one in (*new.dimensions, *old.dimensions))
    dimensions = tuple(_dimension(old, new, id, items) for id in ids)
    return Difference(old, new, items, dimensions, tuple(_renamed(items)))


def as_read(text: str | None) -> str:
    """A text without what readers do not hear: case, spaces, quotes, dashes, the final stop.

    >>> as_read("L’équipe  agit : oui.") == as_read("l'équipe agit: oui")
    True
    """
    plain = unicodedata.normalize("NFKC", text or "").translate(SAME_SIGN).casefold()
    plain = re.sub(r'\s*([;:!?%"])\s*', r"\1", plain)
    return " ".join(plain.split()).rstrip(". ")


def texts_of(one: ItemDifference, difference: Difference) -> tuple[str, str]:
    """An item as it was asked, then as it is, with what changed around it; "" where it is not."""
    return (
        _text(difference.old, one.before, one.changes),
        _text(difference.new, one.after, one.changes),
    )


def _text(instrument: Instrument, item: Item | None, changes: Sequence[Change]) -> str:
    if item is None:
        return ""
    around = []
    if {"answers", "scale"} & set(changes):
        around.append(" / ".join(_answers_of(instrument, item)))
    if "conditions" in changes:
        told = (item.help, item.na_when, item.method, *item.elements, *item.excludes)
        around.append(" / ".join(text for text in told if text))
    return " ".join([item.text, *(f"({text})" for text in around if text)])


def _answers_of(instrument: Instrument, item: Item) -> list[str]:
    """What may be answered to an item, as it is read: the options, then the special answers."""
    scale = instrument.scale_of(item)
    return [one.label for one in scale.answers if one.code not in item.forbidden]


def _items(old: Instrument, new: Instrument) -> Iterator[ItemDifference]:
    displaced = _displaced(old.codes, new.codes)
    for code in dict.fromkeys((*new.codes, *old.codes)):
        before, after = _item(old, code), _item(new, code)
        changes = tuple(_item_changes(old, new, before, after))
        if code in displaced:
            changes += ("order",)
        yield ItemDifference(code, before, after, changes, _state(changes, new))


def _item(instrument: Instrument, code: str) -> Item | None:
    return next((item for item in instrument.items if item.code == code), None)


def _item_changes(
    old: Instrument, new: Instrument, before: Item | None, after: Item | None
) -> Iterator[Change]:
    if before is None or after is None:
        yield "added" if before is None else "removed"
        return
    scales = old.scale_of(before), new.scale_of(after)
    rules = old.dimension(before.dimension).rule, new.dimension(after.dimension).rule
    same_scale = _poles(scales[0]) == _poles(scales[1]) and _share_a_word(*scales)
    kept: dict[Change, bool] = {
        "subject": _subject(old) == _subject(new),
        "rule": rules[0] == rules[1],
        "scale": same_scale,
        "turned": before.reversed == after.reversed,
        "level": _level(before, scales[0]) == _level(after, scales[1]),
        "role": before.role == after.role and as_read(before.harm) == as_read(after.harm),
        "dimension": before.dimension == after.dimension,
        "reworded": as_read(before.text) == as_read(after.text),
        "answers": not same_scale or _answers(old, before) == _answers(new, after),
        "conditions": _conditions(before) == _conditions(after),
        "critical": before.critical == after.critical,
    }
    yield from (change for change, same in kept.items() if not same)


def _subject(instrument: Instrument) -> object:
    """What a row of answers is; its name alone (``unit``) changes nothing."""
    return instrument.subject, instrument.chosen


def _poles(scale: Scale) -> list[str]:
    return [option.pole for option in scale.options]


def _share_a_word(before: Scale, after: Scale) -> bool:
    """Whether one option at least is worded as it was: agreement is not frequency."""
    pairs = zip(before.options, after.options, strict=True)
    return any(as_read(one.label) == as_read(other.label) for one, other in pairs)


def _level(item: Item, scale: Scale) -> int | None:
    """The rank of the level asked for: codes may change, ranks are what is counted."""
    codes = [option.code for option in scale.options]
    return None if item.required is None else codes.index(item.required)


def _answers(instrument: Instrument, item: Item) -> list[str]:
    question = instrument.scale_of(item).label
    return [as_read(text) for text in (question, *_answers_of(instrument, item))]


def _conditions(item: Item) -> object:
    """What is written under an item, and when it is not judged."""
    texts = (item.help, item.na_when, item.method, *item.elements)
    return [as_read(text) for text in texts], sorted(item.excludes)


def _displaced(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The codes that no longer come in the order of the others, what came or left set aside."""
    both = set(old) & set(new)
    before, after = ([code for code in codes if code in both] for codes in (old, new))
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    kept = {
        code
        for block in matcher.get_matching_blocks()
        for code in before[block.a : block.a + block.size]
    }
    return both - kept


def _dimension(
    old: Instrument, new: Instrument, id: str, items: Sequence[ItemDifference]
) -> DimensionDifference:
    before, after = (
        next((one for one in instrument.dimensions if one.id == id), None)
        for instrument in (old, new)
    )
    own = tuple(one for one in items if id in _homes(one))
    changes = tuple(_dimension_changes(old, new, before, after))
    theirs = [change for one in own for change in one.changes]
    state = "broken" if "dimension" in theirs else _state((*changes, *theirs), new)
    return DimensionDifference(id, before, after, own, changes, state)


def _homes(one: ItemDifference) -> set[str]:
    return {item.dimension for item in (one.before, one.after) if item}


def _dimension_changes(
    old: Instrument, new: Instrument, before: Dimension | None, after: Dimension | None
) -> Iterator[Change]:
    if before is None or after is None:
        yield "added" if before is None else "removed"
        return
    shares = old.missing.minimum_answered, new.missing.minimum_answered
    kept: dict[Change, bool] = {
        "subject": _subject(old) == _subject(new),
        "rule": _rule(old, before) == _rule(new, after),
        "missing": shares[0] == shares[1],
        "thresholds": _marks(old, before) == _marks(new, after),
        "label": _named(before) == _named(after),
    }
    yield from (change for change, same in kept.items() if not same)


def _rule(instrument: Instrument, dimension: Dimension) -> object:
    """The rule, and the tables of that which has some."""
    tables = instrument.risk if dimension.rule == "risk" else None
    if tables is None:
        return dimension.rule, None
    return dimension.rule, (tables.gross, tables.residual, [zone.id for zone in tables.zones])


def _marks(instrument: Instrument, dimension: Dimension) -> list[tuple[str, float]]:
    return [(mark.kind, mark.value) for mark in instrument.thresholds_of(dimension.id)]


def _named(dimension: Dimension) -> tuple[str, str]:
    return as_read(dimension.label), as_read(dimension.definition)


def _state(changes: Sequence[Change], new: Instrument) -> State:
    """What these changes leave; criteria of a record are judged alike in whatever order."""
    weighing = WEIGHING - {"order"} if new.of_records else WEIGHING
    if BREAKING & set(changes):
        return "broken"
    return "caution" if weighing & set(changes) else "comparable"


def _renamed(items: Sequence[ItemDifference]) -> Iterator[tuple[str, str]]:
    """Codes that are gone beside new ones, the most alike first, each once."""
    gone = [one.before for one in items if one.before and not one.after]
    come = [one.after for one in items if one.after and not one.before]
    likeness = {
        (before.code, after.code): _likeness(before.text, after.text)
        for before in gone
        for after in come
    }
    taken: set[str] = set()
    for (before, after), alike in sorted(likeness.items(), key=lambda pair: -pair[1]):
        if alike >= ALIKE and not {f"-{before}", f"+{after}"} & taken:
            taken |= {f"-{before}", f"+{after}"}
            yield before, after


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, as_read(one), as_read(other), autojunk=False).ratio()
