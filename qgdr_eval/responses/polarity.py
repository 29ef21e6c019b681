"""Are reversed items in the declared sense? Published databases were inverted twice."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from qgdr_eval.french import number, quote
from qgdr_eval.instruments import Instrument, Item
from qgdr_eval.problems import Problem
from qgdr_eval.responses.codes import MISSING
from qgdr_eval.tables.faults import fault

Declared = Literal["as_worded", "already_reversed"]
ENOUGH = 30  # complete pairs
WEAK = -0.1  # with many answers, a correlation this near 0 is certain and means nothing


@dataclass(frozen=True)
class Link:
    """How an item goes with the rest of its dimension: correlation, 95 % interval, pairs."""

    item: Item
    r: float
    low: float
    high: float
    n: int


def check_polarity(
    responses: pd.DataFrame, instrument: Instrument, declared: Declared, file: str = "réponses"
) -> list[Problem]:
    """Check the declared sense of reversed items against the answers.

    Once recoded, an item should correlate positively with its dimension. A reversed item is held
    against the positively worded items of its dimension when there are any (in a dimension of
    mostly reversed items, the others would all be wrong together), any other item against the
    other positively worded ones; 30 pairs at least. Clearly negative: the 95 % Fisher interval lies
    under 0 and r under −0.1. Two reversed items at least, and half of those tested: the
    declaration is wrong, an error. Fewer, or an item worded positively: a warning each. The
    criteria of an audit need not go together: records are not checked.

    >>> from qgdr_eval.instruments import load_instrument
    >>> asked = load_instrument("culture_ehpad")
    >>> alike = pd.DataFrame({code: [1, 5] * 20 for code in asked.codes}, dtype="Int16")
    >>> check_polarity(alike, asked, "already_reversed")
    []
    >>> len(check_polarity(alike, asked, "as_worded"))
    1
    """
    if not instrument.of_people:
        return []
    links = item_links(responses, instrument, declared)
    negative = [link for link in links if link.high < 0 and link.r < WEAK]
    turned = [link for link in links if link.item.reversed]
    wrong = sum(link in negative for link in turned)
    if wrong >= 2 and 2 * wrong >= len(turned):  # one item alone may just be misunderstood
        return [_wrongly_declared(file, declared, [link for link in turned if link in negative])]
    return [_doubtful(file, link) for link in negative]


def item_links(responses: pd.DataFrame, instrument: Instrument, declared: Declared) -> list[Link]:
    """The link of every item that can be tested, in the instrument's order."""
    favourable = {
        item.code: _favourable(responses[item.code], instrument, item, declared)
        for item in instrument.items
    }
    return list(_links(favourable, instrument))


def _favourable(
    answers: pd.Series, instrument: Instrument, item: Item, declared: Declared
) -> np.ndarray:
    """Answers between 0 (least favourable) and 1; NaN when there is no option."""
    options = [option.code for option in instrument.scale_of(item).options]
    if item.reversed and declared == "as_worded":
        options.reverse()
    shares = np.full(2 * -MISSING, np.nan)
    shares[np.array(options) - MISSING] = np.linspace(0, 1, len(options))
    return shares[answers.to_numpy(dtype=np.int16, na_value=MISSING) - MISSING]


def _links(favourable: dict[str, np.ndarray], instrument: Instrument) -> Iterator[Link]:
    for item in instrument.items:
        others = [
            favourable[other.code]
            for other in instrument.items_of(item.dimension)
            if other.code != item.code and not other.reversed
        ]
        link = _link(item, favourable[item.code], others)
        if link:
            yield link


def _link(item: Item, answers: np.ndarray, others: list[np.ndarray]) -> Link | None:
    if not others:
        return None
    valid = ~np.isnan(others)
    totals, counts = np.where(valid, others, 0).sum(axis=0), valid.sum(axis=0)
    kept = (counts > 0) & ~np.isnan(answers)
    x, y = answers[kept], totals[kept] / counts[kept]
    if len(x) < ENOUGH or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    r = float(np.clip(np.corrcoef(x, y)[0, 1], -0.999999, 0.999999))
    # Fisher's z, of standard error 1/√(n − 3); at ±1 it would be infinite.
    half = 1.959963984540054 / math.sqrt(len(x) - 3)
    return Link(item, r, math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half), len(x))


def _wrongly_declared(file: str, declared: Declared, links: list[Link]) -> Problem:
    shown = ", ".join(f"{link.item.code} ({number(link.r, 2)})" for link in links[:8])
    what, cure = {
        "as_worded": ("le fichier semble déjà retourné", "already_reversed"),
        "already_reversed": ("le fichier ne semble pas déjà retourné", "as_worded"),
    }[declared]
    return fault(
        file,
        f"{what} : une fois recodés, les items inversés vont à l'encontre de leur "
        f"dimension : {shown}",
        f"vérifiez quelques réponses ; si c'est bien le cas, écrivez « coding.reversed: {cure} »",
    )


def _doubtful(file: str, link: Link) -> Problem:
    return fault(
        file,
        f"l'item va à l'encontre de sa dimension (corrélation {number(link.r, 2)} "
        f"sur {link.n} réponses)",
        "vérifiez le sens de ses réponses et la colonne qui lui est associée",
        place=f"item {quote(link.item.code)}",
        severity="warning",
    )
