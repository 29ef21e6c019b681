"""What a scoring rule asks of a questionnaire: one file of `qgdr_eval.instruments.rules` each."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from qgdr_eval.definitions import Document
from qgdr_eval.instruments.entries import entries, named
from qgdr_eval.problems import Problem

Check = Callable[[Document], Iterable[Problem]]


@dataclass(frozen=True)
class Asks:
    """What must be true of the scales and items a rule is used on; nothing, for most rules.

    ``options``: fewest and most answers of its scales, and which. ``one_way``: it reads a scale
    as it is written, so that no item is reversed. ``keys``: keys of an item that serve with this
    rule only. ``checks``: what else a document must show.
    """

    options: tuple[int, int, str] | None = None
    one_way: bool = False
    keys: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()


def items_by_rule(document: Document) -> Iterator[tuple[int, dict[str, Any], str]]:
    """Each item with its rank and the rule of its dimension, "" when that is not known."""
    rules = {
        named(dimension, "id"): named(dimension, "rule")
        for _, dimension in entries(document.values, "dimensions")
    }
    for i, item in entries(document.values, "items"):
        yield i, item, rules.get(named(item, "dimension"), "")
