"""A campaign and those it is related to: earlier ones, and a second reading of its records."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from qgdr_eval.disclosure.pairs import publish_pairs
from qgdr_eval.disclosure.publish import Read, read_campaign
from qgdr_eval.disclosure.published import Published
from qgdr_eval.french import quote
from qgdr_eval.problems import Refused
from qgdr_eval.responses import campaign
from qgdr_eval.responses.faults import CAMPAIGN, fault
from qgdr_eval.responses.grids import NOTE_COLUMNS
from qgdr_eval.scoring.pairs import pair_records


@dataclass(frozen=True)
class Earlier:
    """An earlier campaign; ``pairs``: records seen in both, when they are the same ones."""

    published: Published
    pairs: pd.DataFrame | None


@dataclass(frozen=True)
class Rounds:
    """A campaign after disclosure with what it may be compared to.

    ``earlier``: campaigns before it, the oldest first; ``second``: records read by a second
    auditor too, ``lost`` being those that only the first calls met. ``notes``: what a group or a
    person wrote down for themselves; free words of respondents, or about records, are never here.
    """

    published: Published
    earlier: tuple[Earlier, ...] = ()
    second: pd.DataFrame | None = None
    notes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=NOTE_COLUMNS))


def publish_rounds(path: Path) -> Rounds:
    """Publish the campaign of a file and the campaigns that it names.

    Raises:
        Refused: with every problem of the first of them that cannot be read, or because one was
            made with another instrument.
    """
    read = read_campaign(path)
    published = read.publish()
    earlier = tuple(_earlier(read, published, path.parent, one) for one in read.campaign.earlier)
    reader = read.campaign.second_reader
    second = _matched(read, published, *_other(read, path.parent, reader)) if reader else None
    notes = read.answers.notes
    return Rounds(published, earlier, second, notes if read.instrument.declared else notes.head(0))


def _earlier(read: Read, published: Published, folder: Path, named: campaign.Earlier) -> Earlier:
    other, shown = _other(read, folder, named.campaign)
    pairs = _matched(other, shown, read, published) if named.same_records else None
    return Earlier(shown, pairs)


def _other(read: Read, folder: Path, name: str) -> tuple[Read, Published]:
    """The campaign of a name; its problems say in which folder, files being named alike."""
    try:
        other = read_campaign(folder / name)
    except Refused as refused:
        beside = Path(name).parent
        told = [replace(one, file=(beside / one.file).as_posix()) for one in refused.problems]
        raise Refused(told) from None
    if other.instrument.id != read.instrument.id:
        given, expected = quote(other.instrument.id), quote(read.instrument.id)
        what = f"la campagne {quote(name)} est faite avec {given}, celle-ci avec {expected}"
        raise Refused([fault(CAMPAIGN, what, "citez une campagne faite avec le même instrument")])
    return other, other.publish()


def _matched(
    first: Read, first_shown: Published, then: Read, then_shown: Published
) -> pd.DataFrame:
    """Records of both campaigns, where both may be shown."""
    pairs = pair_records(first.answers.responses, then.answers.responses, first.code(), then.code())
    shown = _shown(first_shown) & _shown(then_shown)
    minimum = max(first_shown.card.minimum, then_shown.card.minimum)
    return publish_pairs(pairs, shown, minimum)


def _shown(published: Published) -> set[tuple[str, str]]:
    rows = published.participation.query("service != '' and status == 'published'")
    return set(zip(rows["facility"].astype(str), rows["service"].astype(str), strict=True))
