"""What was entered, in the answers file of a campaign: kept on the disk, answer by answer."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from qgdr_eval.asking.widget.journal import CORRECTED, REASON, Journal, Noted
from qgdr_eval.asking.widget.sheet import Entered, Sheet, refuse_unfit
from qgdr_eval.french import quote
from qgdr_eval.tables.faults import refusal
from qgdr_eval.tables.spelling import plain
from qgdr_eval.writing import Unwritable, write_durably

PATIENCE = 3  # seconds given to another notebook that writes in the same file
Answers = Mapping[str, int | None]
Texts = Mapping[str, str]


class Entries:
    """The answers file of a campaign, while somebody enters in it.

    Each call reads the file again, under a lock: two notebooks on one file lose nothing.
    ``today``: the day a correction is dated with.
    """

    def __init__(
        self, sheet: Sheet, path: Path, today: Callable[[], datetime.date] = datetime.date.today
    ) -> None:
        refuse_unfit(sheet, path)
        self.sheet, self.path, self.journal, self._today = sheet, path, Journal(path), today
        self._content, self._rows = b"", list[Entered]()

    def all(self) -> list[Entered]:
        """Everything entered, in the order it first was.

        Raises:
            Refused: somebody changed the file into one that entry cannot write.
        """
        content = self.path.read_bytes() if self.path.exists() else b""
        if content != self._content or not content:
            self._content, self._rows = content, self.sheet.read(self.path)
        return list(self._rows)

    def find(self, key: tuple[str, ...]) -> Entered | None:
        """What was entered under a key, if anything."""
        return next((row for row in self.all() if row.key == key), None)

    def keep(self, where: Entered, answers: Answers, notes: Texts, reasons: Texts) -> Entered:
        """Keep answers of a record, group or person; on the disk when it returns.

        ``where``: its place and number. ``answers``: a code by item, ``None`` to take one back.
        ``notes``: a text by dimension; ``reasons``: why an item is not applicable.

        Raises:
            Refused: its number is that of a record of another service; another notebook holds the
                file; the disk does not take it. Nothing is then acknowledged.
        """
        with self._alone():
            rows = self.all()
            known = [row.key for row in rows]
            at = known.index(where.key) if where.key in known else len(rows)
            before = rows[at] if at < len(rows) else replace(where, answers={}, notes={})
            self._refuse_elsewhere(before, where)
            after = before.corrected(answers, notes)
            self.journal.add([*_corrections(before, after), *_reasons(after, reasons)],
                             self._today())  # fmt: skip
            rows[at:] = [after, *rows[at + 1 :]]
            if after != before or at == len(known):
                self._write(rows)
        return after

    def corrections(self) -> Counter[tuple[str, ...]]:
        """How many values were replaced, by key."""
        return Counter(line.key for line in self.journal.lines() if line.what == CORRECTED)

    def reasons(self, key: tuple[str, ...]) -> dict[str, str]:
        """Why items of a record are not applicable, where it was said; the last word counts."""
        mine = [line for line in self.journal.lines() if line.key == key and line.what == REASON]
        return {line.item: line.after for line in mine if line.after}

    def _write(self, rows: list[Entered]) -> None:
        content = self.sheet.bytes_of(rows)
        write_durably(self.path, content)
        self._content, self._rows = content, rows

    @contextmanager
    def _alone(self) -> Iterator[None]:
        lock = FileLock(f"{self.path}.lock", timeout=PATIENCE)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            cure = "fermez l'autre carnet ouvert sur ce fichier, puis recommencez"
            raise refusal(self.path.name, "un autre carnet y écrit en ce moment", cure) from None
        except OSError as error:
            raise Unwritable(self.path, error) from None
        try:
            yield
        finally:
            lock.release()

    def _refuse_elsewhere(self, before: Entered, where: Entered) -> None:
        """A number is that of one record: a campaign reads a second one as the same, twice."""
        places = [tuple(map(plain, (one.facility, one.service))) for one in (before, where)]
        if places[0] != places[1]:
            what = f"{quote(where.subject)} est déjà saisi pour le service {quote(before.service)}"
            raise refusal(self.path.name, what, "donnez un autre numéro, ou choisissez ce service")


def _corrections(before: Entered, after: Entered) -> Iterator[Noted]:
    for item, old in before.answers.items():
        new = after.answers.get(item)
        if new != old:
            said = "" if new is None else str(new)
            yield _noted(after, item, CORRECTED, str(old), said)


def _reasons(after: Entered, reasons: Texts) -> Iterator[Noted]:
    for item, text in reasons.items():
        yield _noted(after, item, REASON, "", text)


def _noted(row: Entered, item: str, what: str, before: str, after: str) -> Noted:
    return Noted(row.facility, row.service, row.subject, item, what, before, after)
