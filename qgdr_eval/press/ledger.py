"""The ledger: what became of each page, kept on disk while the press runs.

A head line says what the whole run is made from, the next one which pages were ordered; then comes
one line of JSON a page, added to a journal as soon as the page stands, so that a run that is
killed goes on where it stopped. A run that ends turns its journal into the manifest. No line is
held in memory: the ledger remembers where each one is.
"""

import datetime
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

from pydantic import AfterValidator, Field, TypeAdapter

from qgdr_eval.fingerprint import of_bytes
from qgdr_eval.press.folder import (
    EDITIONS,
    INDEX,
    JOURNAL,
    MANIFEST,
    PAGES,
    half_of,
    write_whole,
)
from qgdr_eval.press.make import Made
from qgdr_eval.press.pages import WHOLE, page_name
from qgdr_eval.press.plan import Order
from qgdr_eval.press.proof import Figures, Promise, evidence_of
from qgdr_eval.writing import Unwritable, append_whole, written_whole

HEAD_END, ORDERED = ', "reports": [', "ordered"
UNWRITTEN = "la page n'a pas pu être écrite"

WHOLES = "|".join(re.escape(page.href) for page in WHOLE)
NAMED = r"[0-9]+-[a-z0-9-]+"
PAGE = (  # never out of the folder
    rf"^(({'|'.join(PAGES)})/{NAMED}\.html|{EDITIONS}/[a-z][a-z0-9_]*/{NAMED}\.pdf|{WHOLES})$"
)
Page = Annotated[str, Field(pattern=PAGE)]
Print = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Day = Annotated[str, AfterValidator(lambda text: datetime.date.fromisoformat(text).isoformat())]


@dataclass(frozen=True)
class Head:
    """What a run as a whole is made from: fingerprints by name, except ``versions``.

    ``campaign``: its id, or that of a whole programme; ``sources``: the files it is read from;
    ``files``: those its pages are made from; ``above``: from its index, the address of that of the
    programme it was printed for, "" when it was not.
    """

    campaign: str
    kit: dict[str, str]
    versions: dict[str, str]
    sources: dict[str, str]
    files: dict[str, str]
    format: Literal[1] = 1
    above: str = ""


@dataclass(frozen=True)
class Record:
    """What became of one page.

    ``inputs``: fingerprints of all it was made from; ``results``: the one its sections carry;
    ``output``: the page's own; ``figures``: those of its figures, each with its data's;
    ``date``: the day printed on it; ``seconds``: how long it took; ``cause``: in French, why it
    failed.
    """

    page: Page
    facility: str
    service: str
    n: int | None
    rate: float | None
    state: Literal["ready", "suppressed", "failed"]
    cause: str
    date: Day
    results: Print
    output: Print | Literal[""]
    inputs: dict[str, Print]
    figures: list[tuple[Print, Print | Literal[""]]]
    seconds: float

    @property
    def name(self) -> str:
        """The page as one names it."""
        return page_name(self.page, self.service, self.facility)

    @property
    def promise(self) -> Promise:
        """What the page must turn out to hold."""
        return Promise(self.facility, self.service, self.n, self.results)


RECORD, HEAD = TypeAdapter(Record), TypeAdapter(Head)
ORDERS = TypeAdapter(dict[str, list[Page]])


def record_of(order: Order, made: Made) -> Record:
    """What became of an order."""
    return Record(
        page=order.href,
        facility=order.facility,
        service=order.service,
        n=order.n,
        rate=order.rate,
        state="failed" if made.cause else "suppressed" if order.hidden else "ready",
        cause=made.cause,
        date=str(order.parameters["report_date"]),
        results=order.results,
        output=made.output,
        inputs=order.inputs,
        figures=list(made.figures),
        seconds=round(made.seconds, 3),
    )


def read_head(out: Path) -> Head | None:
    """What a folder says of its last run as a whole, finished or not; None when nothing."""
    for name in (JOURNAL, MANIFEST):
        with suppress(OSError, ValueError), (out / name).open(encoding="utf-8") as stream:
            line = stream.readline().rstrip().removesuffix(HEAD_END) + "}"
            return HEAD.validate_json(line, strict=True)
    return None


def read_records(out: Path) -> Iterator[Record]:
    """The records of the manifest of a folder, then those of the journal of an unfinished run."""
    for name in (MANIFEST, JOURNAL):
        with suppress(OSError), (out / name).open(encoding="utf-8", errors="replace") as stream:
            for line in stream:
                with suppress(ValueError, TypeError):  # the head, or a line cut short by a kill
                    yield RECORD.validate_json(line.rstrip().rstrip(","), strict=True)


@contextmanager
def open_ledger(
    out: Path, head: Head, orders: list[Order], *, again: bool, fixed_date: str
) -> Iterator["Ledger"]:
    """Keep the ledger of one run; its end, if it comes, makes the manifest.

    The pages of ``orders`` that an earlier run made from the same inputs stand; every other page
    that one named or left in their place is removed, and no other file. ``again``: none stands;
    ``fixed_date``: the day that a standing page must bear, any when empty.
    """
    standing = {} if again else find_standing(out, orders, fixed_date)
    _remove_earlier(out, {order.href for order in orders}, standing)
    heading = json.dumps(asdict(head), ensure_ascii=False).removesuffix("}") + HEAD_END
    ordered = json.dumps({ORDERED: [order.href for order in orders]})
    lines = (json.dumps(asdict(record), ensure_ascii=False) for record in standing.values())
    content = "".join(f"{line}\n" for line in (heading, ordered, *lines))
    write_whole(out / JOURNAL, content.encode())
    (out / MANIFEST).unlink(missing_ok=True)
    with (out / JOURNAL).open("rb") as journal:
        ledger = Ledger(out, orders, journal, head.above)
        yield ledger
        ledger.write_manifest()
    (out / JOURNAL).unlink()


def _remove_earlier(out: Path, ordered: set[str], standing: Iterable[str]) -> None:
    """Remove the pages of earlier runs, standing ones apart, and what they left half done."""
    named = named_pages(out)
    halves = [half_of(name) for name in (INDEX, *named)]
    for name in (*(named | ordered).difference(standing), *halves):
        with suppress(OSError):  # it is said when another cannot be put in its place
            (out / name).unlink()


def named_pages(out: Path) -> set[str]:
    """The pages that a folder says were made there, or were to be made when a run was stopped."""
    return {record.page for record in read_records(out)} | set(_ordered(out))


def _ordered(out: Path) -> list[str]:
    """What the journal of an unfinished run was about to make."""
    with suppress(OSError, ValueError), (out / JOURNAL).open(encoding="utf-8") as journal:
        journal.readline()
        return ORDERS.validate_json(journal.readline(), strict=True).get(ORDERED, [])
    return []


def find_standing(out: Path, orders: list[Order], fixed_date: str) -> dict[str, Record]:
    """The records of the pages made from what their order asks, and untouched since."""
    wanted = {order.href: order for order in orders}
    return {
        record.page: record
        for record in read_records(out)
        if record.page in wanted
        and is_of(record, wanted[record.page])
        and fixed_date in ("", record.date)
        and is_untouched(out, record)
    }


def is_of(record: Record, order: Order) -> bool:
    """Whether a record says of a page what its order asks."""
    same = "output figures seconds date".split()
    ordered = record_of(order, Made())
    return record == replace(ordered, **{name: getattr(record, name) for name in same})


def is_untouched(out: Path, record: Record) -> bool:
    """Whether a page is there, byte for byte as it was made."""
    try:
        page = (out / record.page).read_bytes()
    except OSError:
        return False
    if of_bytes(page) != record.output:
        return False
    return list(evidence_of(page).figures) == record.figures


class Ledger:
    """The records of one run; ``journal`` holds those of the pages that already stand.

    ``above``: see `Head`.
    """

    def __init__(self, out: Path, orders: list[Order], journal: BinaryIO, above: str = "") -> None:
        self.out, self.orders, self.journal, self.above = out, orders, journal, above
        self.figures = Figures()
        self._offsets: dict[str, int] = {}
        self._heading = journal.readline()
        journal.readline()  # what was ordered
        for record, offset in self._read_on():
            self._offsets[record.page] = offset
            self.figures.refuse(record.results, record.figures)

    def missing(self) -> list[Order]:
        """The orders whose page is not there."""
        return [order for order in self.orders if order.href not in self._offsets]

    def enter(self, order: Order, made: Made) -> Record:
        """Put a page where it belongs, unless its figures are another's, and write its record.

        Raises `Unwritable` when no other page could be written either.
        """
        if not made.cause:
            made = self._keep(order, made)
        record = record_of(order, made)
        line = json.dumps(asdict(record), ensure_ascii=False).encode() + b"\n"
        self._offsets[order.href] = append_whole(self.out / JOURNAL, line)
        return record

    def pages(self) -> Iterator[Record | Order]:
        """The record of each page, or its order while there is none."""
        for order in self.orders:
            offset = self._offsets.get(order.href)
            yield order if offset is None else RECORD.validate_json(self._line(offset))

    def write_manifest(self) -> None:
        """Turn the journal into the manifest, in the order of the orders."""
        with written_whole(self.out / MANIFEST) as half, half.open("wb") as manifest:
            manifest.write(self._heading)
            for rank, order in enumerate(self.orders):
                manifest.write((b",\n" if rank else b"") + self._line(self._offsets[order.href]))
            manifest.write(b"\n]}\n")

    def _keep(self, order: Order, made: Made) -> Made:
        if cause := self.figures.refuse(order.results, made.figures):
            return Made(cause, seconds=made.seconds)
        try:
            write_whole(self.out / order.href, made.page)
        except Unwritable as refused:
            if refused.of_the_disk:
                raise
            return Made(f"{UNWRITTEN} : {refused.problems[0].what}", seconds=made.seconds)
        return made

    def _line(self, offset: int) -> bytes:
        self.journal.seek(offset)
        return self.journal.readline().rstrip()

    def _read_on(self) -> Iterator[tuple[Record, int]]:
        offset = self.journal.tell()
        while line := self.journal.readline():
            yield RECORD.validate_json(line), offset
            offset = self.journal.tell()
