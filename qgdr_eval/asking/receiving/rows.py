"""The four small tables of a store, and what is read and written of them in one transaction."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.schema import CreateSchema

from qgdr_eval.asking.receiving.engines import refusal
from qgdr_eval.french import quote

LAYOUT = {
    "drafts": ("place", "box"),
    "answers": ("name", "box"),
    "remarks": ("name", "box"),
    "used": ("mark",),
}


class Tables:
    """The tables of a campaign in one database. ``schema``: what keeps them apart from others'.

    They are made the first time that somebody begins; those that are not ours are refused.
    """

    def __init__(self, engine: Engine, schema: str | None = None) -> None:
        self.engine = engine
        self._schema = schema
        self._tables = _tables(schema)
        self._looked = _looked(self._tables["used"], self._tables["drafts"])
        self._laid = False

    @contextmanager
    def begin(self) -> Iterator["Rows"]:
        """A transaction, committed at the end of the block.

        Raises:
            Refused: the tables there are of another version of the kit.
        """
        with self.engine.begin() as connection:
            if not self._laid:
                self._lay_out(connection)
            yield Rows(connection, self._tables, self._looked)
        self._laid = True

    def _lay_out(self, connection: Connection) -> None:
        """Make the tables that are missing; refuse those that are not ours."""
        schema = self._schema
        if schema:
            connection.execute(CreateSchema(schema, if_not_exists=True))
        known = inspect(connection)
        there = set(known.get_table_names(schema=schema))
        strange = there - set(LAYOUT)
        strange |= {
            name
            for name in there & set(LAYOUT)
            if tuple(column["name"] for column in known.get_columns(name, schema)) != LAYOUT[name]
        }
        if strange:
            name = quote(sorted(strange)[0])
            what = f"ce n'est pas un recueil de cette version du kit : table {name}"
            raise refusal("recueil", what, "ouvrez-le avec la version du kit qui l'a écrit")
        self._tables["used"].metadata.create_all(connection)


class Rows:
    """The rows of these tables, within one transaction."""

    def __init__(
        self, connection: Connection, tables: dict[str, Table], looked: Select[Any]
    ) -> None:
        self.connection = connection
        self._tables, self._looked = tables, looked
        self._drafts, self._used = tables["drafts"], tables["used"]

    def look(self, mark: str, place: str) -> tuple[bool, bytes | None]:
        """Whether a card is used, and its draft."""
        asked = {"mark": mark, "place": place}
        found = self.connection.execute(self._looked, asked).one()
        return found.mark is not None, found.box

    def draft(self, place: str) -> bytes | None:
        """The draft of this place."""
        query = select(self._drafts.c.box).where(self._drafts.c.place == place)
        return self.connection.scalar(query)

    def put_draft(self, place: str, box: bytes) -> None:
        """Keep a draft, in the place of the one before."""
        changed = self.connection.execute(
            self._drafts.update().where(self._drafts.c.place == place).values(box=box)
        )
        if not changed.rowcount:
            self.connection.execute(insert(self._drafts).values(place=place, box=box))

    def forget(self, *places: str) -> None:
        """Erase drafts."""
        self.connection.execute(delete(self._drafts).where(self._drafts.c.place.in_(places)))

    def forget_all(self) -> None:
        """Erase every draft."""
        self.connection.execute(delete(self._drafts))

    def put_return(self, boxes: tuple[bytes, bytes | None]) -> None:
        """Keep a box of answers and, where there is one, a box of a remark, under random names."""
        for table, box in zip(("answers", "remarks"), boxes, strict=True):
            if box is not None:
                values = {"name": secrets.token_hex(16), "box": box}
                self.connection.execute(insert(self._tables[table]).values(values))

    def boxes(self, table: str) -> dict[str, bytes]:
        """Boxes of ``answers`` or ``remarks``, by their name."""
        columns = self._tables[table].c
        query = select(columns.name, columns.box).order_by(columns.name)
        return {name: bytes(box) for name, box in self.connection.execute(query)}

    def erase(self, table: str, names: Iterable[str]) -> None:
        """Do away with these boxes."""
        column = self._tables[table].c.name
        for name in names:
            self.connection.execute(delete(self._tables[table]).where(column == name))

    def use(self, *marks: str) -> None:
        """Mark cards used."""
        if marks:
            self.connection.execute(insert(self._used), [{"mark": mark} for mark in marks])

    def free(self, *marks: str) -> None:
        """Take the marks of cards away."""
        for mark in marks:
            self.connection.execute(delete(self._used).where(self._used.c.mark == mark))

    def used(self) -> set[str]:
        """Marks of the cards that were used."""
        return set(self.connection.scalars(select(self._used.c.mark)))

    def unsealed(self) -> int:
        """How many cards are used that no box of answers is there of."""
        count = select(func.count()).select_from
        tables = self._used, self._tables["answers"]
        used, sealed = (self.connection.scalar(count(table)) or 0 for table in tables)
        return max(0, used - sealed)


def _tables(schema: str | None) -> dict[str, Table]:
    """The four tables. In SQLite they have no row number, which would be an order of arrival."""
    metadata = MetaData(schema=schema)

    def column(name: str) -> Column[Any]:
        box = name == "box"
        return Column(name, LargeBinary if box else String, primary_key=not box, nullable=False)

    return {
        name: Table(name, metadata, *map(column, columns), sqlite_with_rowid=False)
        for name, columns in LAYOUT.items()
    }


def _looked(used: Table, drafts: Table) -> Select[Any]:
    """Whether a card is used, and its draft: one question for both, asked at each answer."""
    mark = select(used.c.mark).where(used.c.mark == bindparam("mark"))
    box = select(drafts.c.box).where(drafts.c.place == bindparam("place"))
    return select(mark.scalar_subquery().label("mark"), box.scalar_subquery().label("box"))
