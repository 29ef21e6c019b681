"""The store: four small tables of boxes that their keeper cannot open, with no date and no order.

The number of the format is in each box, which is opened elsewhere: there is nothing to migrate.

Drafts are written again at each answer, and a database keeps a log of all that it is told: it would
say how many questions each card answered. What is sealed may be kept in a database; drafts, then,
stay in a file of this computer, and the database is told of nothing before a return is sealed.
"""

import hashlib
import platform
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from qgdr_eval.asking.receiving.engines import (
    empty_log,
    is_elsewhere,
    postgresql_engine,
    refusal,
    sqlite_engine,
    unreadable,
)
from qgdr_eval.asking.receiving.rows import Rows, Tables
from qgdr_eval.asking.receiving.writer import NotKept, Writer
from qgdr_eval.problems import Refused

T = TypeVar("T")
LONGEST_NAME = 63  # characters of a name in PostgreSQL
DATABASE = "base de données"
Change = Callable[[bytes | None], bytes]
"""From the box of a draft, None when there is none, to the box to keep."""
Seal = Callable[[bytes | None], tuple[bytes, bytes | None]]
"""From the box of a draft to a box of answers and, where comments are asked, one of a remark."""


class Held:
    """Both parts of a store in one transaction: ``here``, drafts; ``there``, what is sealed.

    They are the same rows where all is kept together. Otherwise ``there`` is reached the first time
    it is asked for; from then on ``here`` knows the same cards to be used as it does.
    """

    def __init__(self, here: Rows, reach: Callable[[], Rows] | None) -> None:
        self.here = here
        self._reach, self._there = reach, None if reach else here

    @property
    def there(self) -> Rows:
        """Where boxes are kept, and what says whether a card is used."""
        if self._there is None and self._reach:
            self._there = self._reach()
            known, used = self.here.used(), self._there.used()
            self.here.free(*(known - used))
            self.here.use(*(used - known))
        assert self._there
        return self._there

    @property
    def reached(self) -> bool:
        """Whether there is something to commit there."""
        return self._there is not None

    @property
    def both(self) -> set[Rows]:
        """The two parts, or the one that is both."""
        return {self.there, self.here}


class Store:
    """Where a server keeps drafts and sealed returns, and `gather` finds them.

    ``tables``: those of what is sealed; ``drafts``: those of drafts, when they are kept apart. What
    is sealed is committed first: cut between the two, a draft is left that is counted no more, and
    that nobody opens, since its card is used.

    What keeps, strikes or forgets gives a future: it has its result once the disk has it, or
    `NotKept`. The others wait for it. ``commits``: how many times something was committed where
    boxes are kept: a copy knows by it that there is something new, an outage that it is over.
    """

    def __init__(self, tables: Tables, drafts: Tables | None = None) -> None:
        self.commits = 0
        self._sealed, self._drafts = tables, drafts or tables
        self._unsure = False  # whether a card may be used there, and not known to be here
        self._writer = Writer(self._begin, partial(empty_log, self._drafts.engine), self._leave)

    def reach(self, *, alone: bool = False) -> None:
        """Ask at once for what is sealed, which is otherwise reached when it is needed.

        ``alone``: no other computer may serve from there; a draft would be on one or the other.

        Raises:
            Refused: it cannot be reached, or is served from elsewhere.
        """

        def work(held: Held) -> bool:
            return held.there is not held.here and is_elsewhere(held.there.connection)

        try:
            elsewhere = self._writer.ask(work).result()
        except NotKept as error:
            raise unreadable(DATABASE, error) from None
        if alone and elsewhere:
            what = "cette campagne est déjà servie depuis un autre ordinateur ou un autre dossier"
            cure = "les brouillons sont là-bas : arrêtez ce serveur, et attendez deux minutes"
            raise refusal("--store", what, cure)

    def look(self, mark: str, place: str) -> "Future[tuple[bool, bytes | None]]":
        """Whether a card is used, and its draft: once used, only that of a sheet not sealed."""

        def work(held: Held) -> tuple[bool, bytes | None]:
            there = held.there
            used, box = held.here.look(mark, place)
            stale = used and box is not None and there.draft(place) is None
            return used, None if stale else box

        return self._writer.ask(work)

    def keep(self, mark: str, place: str, change: Change) -> "Future[bytes | None]":
        """Change the draft of a card, as it stands at that moment; None when the card is used.

        Nothing but drafts is touched: whoever keeps the boxes does not know of it.
        """

        def work(held: Held) -> bytes | None:
            used, box = held.here.look(mark, place)
            if used:
                return None
            changed = change(box)
            held.here.put_draft(place, changed)
            return changed

        return self._writer.ask(work)

    def keep_return(self, mark: str, place: str, seal: Seal) -> "Future[bool]":
        """In one transaction: seal, mark the card used; then erase the draft.

        False when the card is used already: sent again because an acknowledgement was lost, or by
        somebody else. Nothing is counted twice.
        """

        def work(held: Held) -> bool:
            there = held.there
            used, box = held.here.look(mark, place)
            if not used:
                there.put_return(seal(box))
                for rows in held.both:
                    rows.use(mark)
            held.here.forget(place)
            return not used

        return self._writer.ask(work)

    def strike(self, mark: str, sheet: str, blank: bytes) -> "Future[bytes | None]":
        """Mark a card used, for a return on paper, and lay the sheet that is about to be typed.

        ``sheet``: its place, ``blank``: its box with nothing in it, which stays beside the boxes
        until the sheet is sealed. Gives the sheet as it stands, begun before perhaps; None when
        the card was used otherwise, or its sheet is sealed.
        """

        def work(held: Held) -> bytes | None:
            laid = held.there.draft(sheet)
            used, begun = held.here.look(mark, sheet)
            if used and laid is None:
                held.here.forget(sheet)
                return None
            if not used:
                for rows in held.both:
                    rows.use(mark)
                held.there.put_draft(sheet, blank)
            box = begun or laid or blank
            held.here.put_draft(sheet, box)
            return box

        return self._writer.ask(work)

    def keep_sheet(self, sheet: str, change: Change) -> "Future[bytes | None]":
        """Change a sheet that is being typed; None when it is not any more."""

        def work(held: Held) -> bytes | None:
            box = held.here.draft(sheet)
            if box is None:
                return None
            changed = change(box)
            held.here.put_draft(sheet, changed)
            return changed

        return self._writer.ask(work)

    def keep_sheet_return(self, sheet: str, place: str, seal: Seal) -> "Future[bool]":
        """In one transaction: seal a sheet; then erase it, and the draft that its card had begun.

        False when it is sealed already: sent again because an acknowledgement was lost.
        """

        def work(held: Held) -> bool:
            laid = held.there.draft(sheet)
            if laid is not None:
                held.there.put_return(seal(held.here.draft(sheet) or laid))
                held.there.forget(sheet)
            held.here.forget(sheet, place)
            return laid is not None

        return self._writer.ask(work)

    def lift(self, mark: str, sheet: str) -> "Future[None]":
        """Do as if a sheet had never been begun: where there are no cards, nobody resumes it."""

        def work(held: Held) -> None:
            if held.there.draft(sheet) is not None:
                for rows in held.both:
                    rows.free(mark)
                    rows.forget(sheet)

        return self._writer.ask(work)

    def sheets_begun(self) -> int:
        """How many sheets are begun and not sealed, as long as no box was opened and erased."""
        return self._writer.ask(lambda held: held.there.unsealed()).result()

    def forget(self, place: str) -> "Future[None]":
        """Erase a draft."""
        return self._writer.ask(lambda held: held.here.forget(place))

    def boxes(self) -> dict[str, bytes]:
        """Boxes of answers, by a random name."""
        return self._writer.ask(lambda held: held.there.boxes("answers")).result()

    def remarks(self) -> dict[str, bytes]:
        """Boxes of remarks, by a random name."""
        return self._writer.ask(lambda held: held.there.boxes("remarks")).result()

    def used(self) -> set[str]:
        """Marks of the cards that were used."""
        return self._writer.ask(lambda held: held.there.used()).result()

    def erase(self, boxes: Iterable[str], remarks: Iterable[str]) -> None:
        """Do away with boxes that were counted, with remarks that were read, and with drafts.

        Opening closes a campaign: nobody resumes what he had begun.
        """
        named = {"answers": list(boxes), "remarks": list(remarks)}

        def work(held: Held) -> None:
            for table, names in named.items():
                held.there.erase(table, names)
            for rows in held.both:
                rows.forget_all()

        self._writer.ask(work).result()

    def close(self) -> None:
        """Finish what waits, then let go of the store."""
        self._writer.close()

    @contextmanager
    def _begin(self) -> Iterator[Held]:
        """A transaction here, and one there once it is needed, which is committed first.

        When it may be committed there and is not here, what is used there is asked for again before
        anything else: nobody must be told that an answer is kept with a card that is used.
        """
        apart = self._sealed is not self._drafts
        with self._drafts.begin() as here, ExitStack() as far:
            held = Held(here, (lambda: far.enter_context(self._sealed.begin())) if apart else None)
            if self._unsure:
                _ = held.there
            yield held
            self._unsure = held.reached
        self._unsure = False
        self.commits += held.reached

    def _leave(self) -> None:
        for tables in {self._sealed, self._drafts}:
            tables.engine.dispose()


def open_store(where: str | Path, campaign: str = "", drafts: Path | None = None) -> Store:
    """Open a store, and make it if need be.

    ``where``: a file, for SQLite, or the URL of a PostgreSQL database; ``campaign``: its id, which
    keeps campaigns of one database apart; ``drafts``: a file for drafts alone. With it, what is
    sealed is reached when something is sealed, or by `Store.reach`.

    Raises:
        Refused: a network folder, a database that cannot be reached, a layout this kit ignores.
        Unwritable: the disk does not take it.
    """
    if isinstance(where, str) and "://" in where:
        schema, told = schema_of(campaign), DATABASE
        tables = Tables(postgresql_engine(where, _name(schema, drafts)), schema)
    else:
        tables, told = Tables(sqlite_engine(Path(where))), _told(Path(where))
    if drafts is None:
        return Store(_laid(tables, told))
    return Store(tables, _laid(Tables(sqlite_engine(drafts)), _told(drafts)))


def schema_of(campaign: str) -> str:
    """What keeps the tables of a campaign apart in a database shared with others.

    >>> schema_of("essai"), len(schema_of("e" * 64))
    ('qgdr_essai', 63)
    """
    name = f"qgdr_{campaign}"
    if len(name) <= LONGEST_NAME:
        return name
    end = hashlib.sha256(campaign.encode()).hexdigest()[:8]
    return f"{name[: LONGEST_NAME - 9]}_{end}"


def _name(schema: str, drafts: Path | None) -> str:
    """What a database knows this computer by, as long as it keeps the drafts of a campaign."""
    if drafts is None:
        return ""
    place = hashlib.sha256(f"{platform.node()} {drafts.resolve()}".encode()).hexdigest()[:16]
    return f"{schema[: LONGEST_NAME - 17]} {place}"


def _laid(tables: Tables, where: str) -> Tables:
    """These tables, once they are there."""
    try:
        with tables.begin():
            return tables
    except DBAPIError as error:
        tables.engine.dispose()
        raise unreadable(where, error) from None
    except Refused:
        tables.engine.dispose()
        raise


def _told(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
