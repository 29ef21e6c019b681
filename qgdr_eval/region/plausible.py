"""What figures cannot be, whoever signed them."""

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Protocol, TypeVar

import numpy as np

from qgdr_eval.disclosure.floor import FEWEST_ANSWERS
from qgdr_eval.french import number, quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.region.sent import Facility, Group, Sent

MANY_ITEMS, MANY_OTHERS = 10, 5  # fewer make no profile, or no others to hold it to
MIRRORED = -0.5  # correlation with the others' profile below which a profile is upside down


class Holding(Protocol):
    """Something received that holds what was sent."""

    @property
    def sent(self) -> Sent:
        """What was sent."""


One = TypeVar("One", bound=Holding)


class Named(Holding, Protocol):
    """The same, with the name of its file."""

    @property
    def file(self) -> str:
        """The name of the file."""


OneNamed = TypeVar("OneNamed", bound=Named)


def implausible(sent: Sent, instrument: Instrument) -> str:
    """The first thing that cannot be in a file, in French; "" when everything can.

    >>> implausible(Sent.model_construct(facilities=()), None)
    ''
    """
    for facility in sent.facilities:
        for cause in _impossible(facility, instrument):
            return cause
    return ""


def _impossible(facility: Facility, instrument: Instrument) -> Iterator[str]:
    if len(facility.services) > facility.asked:
        yield f"{quote(facility.name)} montre plus de services qu'il n'en a"
    if facility.whole and facility.whole.n > sum(one.n for one in facility.services):
        yield f"{quote(facility.name)} compte plus de réponses que ses services"
    items = {(item.dimension, item.code) for item in instrument.items}
    known = items | {(one.id, "") for one in instrument.dimensions}
    for group in filter(None, (*facility.services, facility.whole)):
        name = quote(group.name or facility.name)
        if group.head_count is not None and group.n > group.head_count:
            yield f"{number(group.n)} réponses pour {number(group.head_count)} personnes, {name}"
        yield from (f"{cause}, {name}" for cause in _scores(group, known))


def _scores(group: Group, known: set[tuple[str, str]]) -> Iterator[str]:
    for one in group.scores:
        if (one.dimension, one.item) not in known:
            yield f"{quote(one.item or one.dimension)} n'est pas du questionnaire"
        if not FEWEST_ANSWERS <= one.n <= group.n:
            yield f"{number(one.n)} réponses valides sur {number(group.n)}"
        if not (0 <= one.score <= 100 and 0 <= one.low <= one.high <= 100):
            yield f"score ou intervalle hors de 0 à 100 ({number(one.score)})"


def copies(received: Sequence[OneNamed]) -> list[tuple[OneNamed, list[str]]]:
    """The files whose figures are those of others, each with the names of these."""
    alike: dict[str, list[OneNamed]] = {}
    for one in received:
        alike.setdefault(one.sent.figures, []).append(one)
    return [
        (one, [other.file for other in same if other is not one])
        for same in alike.values()
        for one in same
        if len(same) > 1 and any(facility.services for facility in one.sent.facilities)
    ]


def mirrored(received: Sequence[One]) -> list[One]:
    """The files whose profile, item by item, is that of the others upside down."""
    profiles = [_profile(one.sent) for one in received]
    return [
        one
        for rank, one in enumerate(received)
        if _is_mirror(profiles[rank], profiles[:rank] + profiles[rank + 1 :])
    ]


def _profile(sent: Sent) -> dict[str, float]:
    """The mean score of each item over the services of a file."""
    found: dict[str, list[float]] = {}
    for facility in sent.facilities:
        for group in facility.services:
            for one in group.scores:
                if one.item:
                    found.setdefault(one.item, []).append(one.score)
    return {item: float(np.mean(scores)) for item, scores in found.items()}


def _is_mirror(own: dict[str, float], others: Sequence[dict[str, float]]) -> bool:
    middle = {
        item: median(values)
        for item in own
        if len(values := [one[item] for one in others if item in one]) >= MANY_OTHERS
    }
    if len(middle) < MANY_ITEMS:
        return False
    pairs = np.array([(own[item], middle[item]) for item in middle])
    if pairs.std(axis=0).min() == 0:
        return False
    return float(np.corrcoef(pairs.T)[0, 1]) <= MIRRORED
