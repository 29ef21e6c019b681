"""What stands beside the answers: each value replaced, and why something is not applicable.

A file of its own, lines only added, next to the answers: neither scores nor pages read it.
"""

import csv
import datetime
import io
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from qgdr_eval.asking.widget.sheet import GUARD, guarded
from qgdr_eval.tables.spelling import plain
from qgdr_eval.writing import append_durably

HEADER = ("Jour", "Établissement", "Service", "Sujet", "Item", "Quoi", "Avant", "Après")
CORRECTED, REASON = "correction", "motif"


@dataclass(frozen=True)
class Noted:
    """One line. ``what``: `CORRECTED`, a value and the one that replaced it; or `REASON`.

    >>> Noted("", "Nuit", "D1", "A", REASON, "", "patient sorti").after
    'patient sorti'
    """

    facility: str
    service: str
    subject: str
    item: str
    what: str
    before: str
    after: str

    @property
    def key(self) -> tuple[str, ...]:
        """That of the record, group or person it is about, as `Entered.key`."""
        return (plain(self.subject),) if self.subject else (plain(self.facility),
                                                            plain(self.service))  # fmt: skip


class Journal:
    """The journal of an answers file: ``dossiers.csv`` has ``dossiers.journal.csv``."""

    def __init__(self, answers: Path) -> None:
        self.path = answers.with_name(f"{answers.stem}.journal.csv")

    def lines(self) -> list[Noted]:
        """Every line, the oldest first; one cut short by an accident is none."""
        if not self.path.exists():
            return []
        text = self.path.read_text(encoding="utf-8-sig", errors="replace")
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
        return [Noted(*(cell.removeprefix(GUARD) for cell in row[1:]))
                for row in rows if len(row) == len(HEADER) and row[0] != HEADER[0]]  # fmt: skip

    def add(self, noted: Sequence[Noted], today: datetime.date) -> None:
        """Add lines, on the disk when it returns; those already there for the same thing are not.

        A kernel killed between the journal and the answers sends both again.

        Raises:
            Unwritable: the disk does not take them.
        """
        last = {(line.key, line.item, line.what): line for line in self.lines()}
        new = [line for line in noted if last.get((line.key, line.item, line.what)) != line]
        if new:
            append_durably(self.path, self._start() + _text(_dated(new, today)).encode())

    def _start(self) -> bytes:
        """What comes before a new line: the names in a new file, the end of a line cut short."""
        content = self.path.read_bytes() if self.path.exists() else b""
        if not content:
            return "\ufeff".encode() + _text([HEADER]).encode()
        return b"" if content.endswith(b"\n") else b"\r\n"


def _dated(noted: Sequence[Noted], today: datetime.date) -> Iterator[tuple[str, ...]]:
    for line in noted:
        yield (today.isoformat(), *map(guarded, astuple(line)))


def _text(rows: object) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";").writerows(rows)  # type: ignore[arg-type]
    return stream.getvalue()
