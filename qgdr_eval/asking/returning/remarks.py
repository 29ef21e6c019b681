"""Comments: sealed apart from the answers, opened apart, one facility at a time."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from qgdr_eval.asking.asked.campaign import Asked
from qgdr_eval.asking.asked.inquiry import Inquiry
from qgdr_eval.asking.asked.opened import Opened
from qgdr_eval.asking.returning.boxes import Source
from qgdr_eval.asking.sealing.seal import CannotOpen, Pair
from qgdr_eval.fingerprint import of_bytes
from qgdr_eval.tables.write import csv_bytes
from qgdr_eval.writing import write_durably

LONGEST = 2000  # characters
FILE = "commentaires.csv"
TITLES = ["Établissement", "Commentaire"]
RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes what begins so for a formula (OWASP)


@dataclass(frozen=True)
class Remark:
    """A comment that was opened, "" when nothing was written. ``places``: where its box is kept."""

    print: str
    facility: str
    text: str
    places: tuple[tuple[int, str], ...]


def remark_content(facility: str, text: str, once: str) -> dict[str, Any]:
    """What is sealed of a comment. ``once``: random, so that no two comments are one."""
    return {"facility": facility, "text": text[:LONGEST], "once": once}


def read_remarks(
    sources: Sequence[Source], inquiry: Inquiry, pair: Pair, asked: Asked, before: Opened
) -> list[Remark]:
    """Comments that may be read now: of facilities with the campaign's minimum of them to open."""
    places: dict[bytes, list[tuple[int, str]]] = {}
    for at, source in enumerate(sources):
        for name, box in source.remarks().items():
            places.setdefault(box, []).append((at, name))
    opened = [_open(box, tuple(where), inquiry, pair) for box, where in places.items()]
    facilities = {unit.facility for unit in inquiry.units}
    fresh = [one for one in opened if one and one.facility in facilities]
    fresh = [one for one in fresh if one.print not in before.remarks]
    counts = Counter(one.facility for one in fresh)
    return [one for one in fresh if counts[one.facility] >= asked.campaign.disclosure.minimum]


def write_remarks(asked: Asked, remarks: Sequence[Remark]) -> None:
    """Add comments to their file, beside the answers, sorted: not in the order they came.

    Raises:
        Unwritable: the disk does not take it.
    """
    written = [(one.facility, _guarded(one.text)) for one in remarks if one.text]
    if not written:
        return
    path = asked.answers.with_name(FILE)
    if path.exists():
        read = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=";")
        written += [(row[0], row[1]) for row in list(read)[1:]]
    write_durably(path, csv_bytes(pd.DataFrame(sorted(set(written)), columns=TITLES)))


def _open(
    box: bytes, places: tuple[tuple[int, str], ...], inquiry: Inquiry, pair: Pair
) -> Remark | None:
    try:
        content: Mapping[str, Any] = pair.open(box, inquiry.remark_seal.use)
    except CannotOpen:
        return None
    facility, text = content.get("facility"), content.get("text")
    if not isinstance(facility, str) or not isinstance(text, str):
        return None
    return Remark(of_bytes(box), facility, " ".join(text.split())[:LONGEST], places)


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(RISKY) else text
