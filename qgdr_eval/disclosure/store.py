"""Published results on disk: one SQLite file that holds nothing disclosure has not let through.

A report opens the rows of its own group and no others: thousands of reports can be made from one
file without any of them reading it whole.

In the examples, ``stored_results`` is the path of ``donnees/resultats.sqlite`` in a folder that
`qgdr report essai/campagne.yml --out culture` printed, of the campaign that `qgdr demo essai`
writes.
"""

import dataclasses
import errno
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import infer_dtype

from qgdr_eval.disclosure.parts import KINDS, Part, facility_part, group_part, kind_part
from qgdr_eval.disclosure.precision import as_printed, round_ends
from qgdr_eval.disclosure.published import SEAL, Card, Published
from qgdr_eval.fingerprint import of_values
from qgdr_eval.french import quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.writing import written_whole

OF_A_GROUP = ("scores", "distributions", "participation", "exclusions", "attestation")
OF_THE_CAMPAIGN = ("reliability", "references", "spread")
FRAMES = (*OF_A_GROUP, *OF_THE_CAMPAIGN)
NUMBERS = frozenset(
    "n n_valid score low high wide_low wide_high rate head_count count share value"
    " reference_score difference n_before score_before p round observed kappa positive"
    " negative own team design_effect alpha services deviation centre between within gap"
    " steadied reliability needed expected beyond beyond_low beyond_high".split()
)
FUNNEL = "funnel"  # the frame beside that says where services stand among all
DECIMALS = 9
PARTS = {
    "scores": "results",
    "distributions": "results",
    "attestation": "results",
    "spread": "results",
    "participation": "participation",
    "exclusions": "participation",
    "totals": "participation",
    "comparisons": "reference",
    "funnel": "reference",
    "references": "reference",
    "strata": "reference",
}
SQL_TYPES = {"floating": "REAL", "integer": "INTEGER", "boolean": "INTEGER"}  # other: text
OF_THE_SYSTEM = {  # SQLite's primary result codes, as the system says the same
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_BUSY: errno.EBUSY,
    sqlite3.SQLITE_IOERR: errno.EIO,
}
Rows = tuple[tuple[str, ...], list[tuple[Any, ...]]]  # columns, then values


@dataclasses.dataclass(frozen=True)
class Slice:
    """What the report of one group reads, and nothing else.

    ``totals``: which of the group's facility and campaign totals are shown (columns ``facility,
    service, status``); ``strata``: what these totals show of strata, dimension by dimension;
    ``beside``: the group's rows of the frames stored beside the published
    ones; ``fingerprint``: see `Place`.

    >>> place = list_services(stored_results)[0]
    >>> open_slice(stored_results, *place).published.services == [place]
    True
    """

    published: Published
    totals: pd.DataFrame
    strata: pd.DataFrame
    beside: dict[str, pd.DataFrame]
    fingerprint: str


@dataclasses.dataclass(frozen=True)
class Place:
    """A service of stored results, with the fingerprints of what its report reads.

    ``parts``: SHA-256 of its results, participation and reference, of the instrument and of the
    campaign's card: the same as long as the report would be. They are made of published rows
    only, since the answers of a small team could be guessed back from a fingerprint of them.
    ``fingerprint``: of all parts. ``n`` and ``rate`` are None where they are not shown.

    >>> place = Place("Hôpital", "Bloc", 12, 80.0, {"results": "9f2c"})
    >>> place.n, len(place.fingerprint)
    (12, 64)
    """

    facility: str
    service: str
    n: int | None
    rate: float | None
    parts: dict[str, str]

    @property
    def fingerprint(self) -> str:
        """The fingerprint of everything the report reads."""
        return of_values(self.parts)


def write_published(published: Published, path: Path, **beside: pd.DataFrame) -> None:
    """Write published results, whole or not at all; the same results give the same bytes.

    ``beside``: frames computed from the published ones once for all reports, with columns
    ``facility`` and ``service``. Results of people are stored as precise as pages print them.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "resultats.sqlite")
    ...     write_published(open_published(stored_results), path)
    ...     list_services(path) == list_services(stored_results)
    True

    Raises:
        Unwritable: the disk does not take them.
    """
    published = as_printed(published)
    beside = {name: round_ends(frame, published.instrument) for name, frame in beside.items()}
    frames = {name: getattr(published, name) for name in FRAMES} | beside
    frames["spread"] = _as_stored(published.spread)
    with _half_file(path) as half, closing(sqlite3.connect(half)) as connection:
        # A half file lost with the machine is made again: waiting for the disk protects nothing.
        connection.execute("pragma synchronous = off")
        connection.execute("pragma journal_mode = memory")
        for name, frame in frames.items():
            # The last bits of a float may depend on the rows computed beside it.
            _write_frame(frame.round(DECIMALS), f"{name}_frame", connection)
        for name in (*OF_A_GROUP, *beside):
            connection.execute(f"create index {name}_group on {name}_frame (service, facility)")
        heading = {
            "card": [json.dumps(published.card.as_plain(), ensure_ascii=False)],
            "instrument": [published.instrument.model_dump_json(exclude_defaults=True)],
            "beside": [" ".join(beside)],
        }
        _write_frame(pd.DataFrame(heading), "heading", connection)


def _as_stored(spread: pd.DataFrame) -> pd.DataFrame:
    """A spread without a deviation to tell is stored as before there were any."""
    return spread.drop(columns="deviation") if spread["deviation"].isna().all() else spread


def _as_read(spread: pd.DataFrame) -> pd.DataFrame:
    return spread if "deviation" in spread else spread.assign(deviation=np.nan)


def _write_frame(frame: pd.DataFrame, name: str, connection: sqlite3.Connection) -> None:
    """Write a frame as a table, byte for byte as `DataFrame.to_sql` would, in half the time."""
    columns = [frame[column] for column in frame]
    types = [SQL_TYPES.get(infer_dtype(column, skipna=True), "TEXT") for column in columns]
    named = [f'"{column}"' for column in frame]
    declared = ",\n  ".join(map(" ".join, zip(named, types, strict=True)))
    connection.execute(f'CREATE TABLE "{name}" (\n{declared}\n)')
    places = ", ".join("?" * len(columns))
    rows = zip(*map(_with_nulls, columns), strict=True)
    connection.executemany(f'insert into "{name}" values ({places})', rows)
    connection.commit()


def _with_nulls(column: pd.Series) -> list[Any]:
    values = column.to_numpy(dtype=object, copy=True)
    values[column.isna().to_numpy()] = None
    return values.tolist()


@contextmanager
def _half_file(path: Path) -> Iterator[Path]:
    """The file SQLite writes until it is whole; what SQLite says of the disk is said in French."""
    with written_whole(path) as half:
        beside = half.with_name(f"{half.name}-journal")
        half.unlink(missing_ok=True)
        try:
            yield half
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code not in OF_THE_SYSTEM:
                raise
            raise OSError(OF_THE_SYSTEM[code], str(error)) from None
        finally:
            beside.unlink(missing_ok=True)


def open_published(path: str | Path, *, items: bool = True) -> Published:
    """Read published results back, all of them; without ``items``, dimensions only.

    >>> set(open_published(stored_results, items=False).scores["item"])
    {''}

    Raises:
        Refused: the file is missing or was not written by `write_published`.
    """
    with _opened(path) as connection:
        heading = _heading(connection)
        lighter = {} if items else {"scores": "item = ''", "distributions": "false"}
        frames = {name: _select(connection, name, lighter.get(name, "true")) for name in FRAMES}
        frames["spread"] = _as_read(frames["spread"])
        return Published(heading.card, heading.read_instrument(), **frames, seal=SEAL)


def open_slice(path: str | Path, facility: str, service: str) -> Slice:
    """Read what the report of one service (or total) may show.

    The campaign's reliability is left out: it changes with the answers of any other service.

    >>> place = list_services(stored_results)[0]
    >>> len(open_slice(stored_results, *place).published.reliability)
    0

    Raises:
        Refused: the file is missing or was not written by `write_published`.
    """
    with _opened(path) as connection:
        return _slice(connection, group_part(facility, service))


def open_facility(path: str | Path, facility: str) -> Slice:
    """Read what the page of one facility may show: its services and its total, no other's.

    >>> facility, _ = list_services(stored_results)[0]
    >>> slice = open_facility(stored_results, facility)
    >>> {place for place, _ in slice.published.services} == {facility}
    True

    Raises:
        Refused: the file is missing or was not written by `write_published`.
    """
    with _opened(path) as connection:
        return _slice(connection, facility_part(facility))


def open_kind(path: str | Path, kind: str) -> Slice:
    """Read what the page of one kind of service may show: its services that are shown.

    Nothing is added up: these services together would overlap the totals of their facilities.

    >>> len(open_kind(stored_results, "Médecine").published.services)
    3

    Raises:
        Refused: the file is missing or was not written by `write_published`.
    """
    with _opened(path) as connection:
        known = KINDS in _heading(connection).beside
        return _slice(connection, kind_part(kind) if known else group_part("", kind))


def _slice(connection: sqlite3.Connection, part: Part) -> Slice:
    heading = _heading(connection)
    rows = _rows_of_part(connection, part, heading)
    frames = {name: _frame(table) for name, table in rows.items()}
    frames["reliability"] = _select(connection, "reliability", "false")
    kept = {name: frames[name] for name in FRAMES} | {"spread": _as_read(frames["spread"])}
    return Slice(
        Published(heading.card, heading.read_instrument(), **kept, seal=SEAL),
        frames["totals"],
        frames["strata"],
        {name: frames[name] for name in heading.beside_of(part)},
        of_values(_parts(heading, rows)),
    )


def open_beside(path: str | Path, name: str, columns: Sequence[str] = ()) -> pd.DataFrame:
    """Read one of the frames stored beside the published ones, all its groups.

    ``columns``: those of an empty frame, for one that only some results have.

    >>> "verdict" in open_beside(stored_results, "readings")
    True

    Raises:
        Refused: the file is missing, was not written by `write_published`, or has no such frame.
    """
    with _opened(path) as connection:
        if name in _heading(connection).beside:
            return _select(connection, name)
        if not columns:
            raise LookupError(name)
        return pd.DataFrame(columns=list(columns))


def list_places(path: str | Path) -> Iterator[Place]:
    """Every service of stored results, in the campaign's order, one at a time.

    >>> next(list_places(stored_results)).service
    'Médecine interne'

    Raises:
        Refused: the file is missing or was not written by `write_published`.
    """
    with _opened(path) as connection:
        heading = _heading(connection)
        for facility, service in _services(connection):
            yield _place(connection, heading, facility, service)


def list_facilities(path: str | Path) -> Iterator[Place]:
    """Every facility of stored results, in the campaign's order: what its page reads.

    ``service`` is "", as for its total, whose number of respondents it bears; `open_facility`
    gives what its fingerprint is of.

    >>> [place.service for place in list_facilities(stored_results)]
    ['', '', '']

    Raises:
        Refused: the file is missing or was not written by `write_published`.
    """
    with _opened(path) as connection:
        heading = _heading(connection)
        for facility in dict.fromkeys(facility for facility, _ in _services(connection)):
            rows = _rows_of_part(connection, facility_part(facility), heading)
            n, rate = _people(rows, service="")
            yield Place(facility, "", n, rate, _parts(heading, rows))


def list_kinds(path: str | Path, fewest: int = 1) -> Iterator[Place]:
    """The kinds of service of which ``fewest`` at least are shown, as they are met.

    ``service`` is the kind, ``facility`` is "", and no number of people stands for them.

    >>> [place.service for place in list_kinds(stored_results)]
    ['Médecine', 'Ambulatoire']

    Raises:
        Refused: the file is missing or was not written by `write_published`.
    """
    with _opened(path) as connection:
        heading = _heading(connection)
        for kind, shown in _kinds(connection, heading):
            if shown >= fewest:
                rows = _rows_of_part(connection, kind_part(kind), heading)
                yield Place("", kind, None, None, _parts(heading, rows))


def service_kinds(path: str | Path) -> dict[tuple[str, str], str]:
    """The kind of each (facility, service) of stored results that has one.

    >>> sorted(set(service_kinds(stored_results).values()))
    ['Ambulatoire', 'Médecine']

    Raises:
        Refused: the file is missing or was not written by `write_published`.
    """
    with _opened(path) as connection:
        if KINDS not in _heading(connection).beside:
            return {}
        return {(row[0], row[1]): row[2] for row in _rows(connection, KINDS)[1]}


def _kinds(connection: sqlite3.Connection, heading: "Heading") -> list[tuple[str, int]]:
    """Each kind with how many of its services are shown, in the campaign's order."""
    if KINDS not in heading.beside:
        return []
    return connection.execute(
        "select kind, count(*) from kinds_frame join participation_frame as people"
        " using (facility, service) where people.status = 'published'"
        " group by kind order by min(kinds_frame.rowid)"
    ).fetchall()


def open_place(path: str | Path, facility: str, service: str) -> Place:
    """One service or total of stored results, as `list_places` gives it.

    >>> first = next(list_places(stored_results))
    >>> open_place(stored_results, first.facility, first.service) == first
    True

    Raises:
        Refused: the file is missing, was not written by `write_published`, or has no such group.
    """
    with _opened(path) as connection:
        return _place(connection, _heading(connection), facility, service)


def list_services(path: str | Path) -> list[tuple[str, str]]:
    """(facility, service) of every service of stored results, in the campaign's order.

    >>> list_services(stored_results)[0]
    ("Hôpital fictif du Val d'Orsel", 'Médecine interne')

    Raises:
        Refused: the file is missing or was not written by `write_published`.
    """
    with _opened(path) as connection:
        return _services(connection)


def open_card(path: str | Path) -> Card:
    """The card of the campaign whose results are stored.

    >>> open_card(stored_results).minimum
    10

    Raises:
        Refused: the file is missing or was not written by `write_published`.
    """
    with _opened(path) as connection:
        return _heading(connection).card


@contextmanager
def _opened(path: str | Path) -> Iterator[sqlite3.Connection]:
    try:
        if not Path(path).is_file():
            raise ValueError(path)
        # Plainly: an URI does not reach every network share.
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("pragma query_only = on")
            yield connection
    except (sqlite3.Error, LookupError, TypeError, ValueError, AttributeError):
        what = "ce n'est pas un fichier de résultats publiés"
        cure = f"relancez la campagne : {quote('qgdr report')} l'écrit"
        raise Refused([Problem(Path(path).name, None, "", what, cure)]) from None


@dataclasses.dataclass(frozen=True)
class Heading:
    """What stands once in a file: the card, the instrument as JSON, the names of frames beside."""

    card: Card
    instrument: str
    beside: tuple[str, ...]

    def beside_of(self, part: Part) -> list[str]:
        """The frames beside that a part reads: alone, a group stands among others if they are its
        reference.
        """
        alone = part.of_one and self.card.reference != "campaign"
        return [name for name in self.beside if not (alone and name == FUNNEL)]

    def read_instrument(self) -> Instrument:
        """The instrument, ready for use; it never changes, so reports of one process share it."""
        return _instrument(self.instrument)

    @cached_property
    def parts(self) -> dict[str, str]:
        """The fingerprints of what is the same for every report."""
        return {
            "campaign": of_values(self.card.as_plain()),
            "instrument": of_values(self.instrument),
        }


@lru_cache(maxsize=4)
def _instrument(text: str) -> Instrument:
    return Instrument.model_validate_json(text)


def _heading(connection: sqlite3.Connection) -> Heading:
    rows = connection.execute("select card, instrument, beside from heading").fetchall()
    card, instrument, beside = rows[0]
    return Heading(Card(**json.loads(card)), instrument, tuple(beside.split()))


def _place(connection: sqlite3.Connection, heading: Heading, facility: str, service: str) -> Place:
    rows = _rows_of_part(connection, group_part(facility, service), heading)
    return Place(facility, service, *_people(rows, service), _parts(heading, rows))


def _people(rows: dict[str, Rows], service: str) -> tuple[int | None, float | None]:
    """How many answered of one group of a part, and their share; None where it is not shown."""
    columns, turnouts = rows["participation"]
    people = next(
        row for turnout in turnouts if (row := dict(zip(columns, turnout, strict=True)))["service"]
        == service
    )  # fmt: skip
    n = None if people["n"] is None else int(people["n"])
    return n, None if n is None else people["rate"]


def _services(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    return connection.execute(
        "select facility, service from participation_frame where service != '' order by rowid"
    ).fetchall()


def _rows_of_part(
    connection: sqlite3.Connection, part: Part, heading: "Heading"
) -> dict[str, Rows]:
    """All that the report of one part reads, besides the card and the instrument."""
    around = "service = '' and facility in (?, '')"
    return {
        name: _rows(connection, name, part.where, *part.given)
        for name in (*OF_A_GROUP, *heading.beside_of(part))
    } | {
        "totals": _rows(
            connection, "participation", around, part.facility, columns="facility, service, status"
        ),
        "strata": _rows(
            connection, "scores", f"{around} and stratum != '' and item = ''", part.facility
        ),
        "references": _rows(connection, "references"),
        "spread": _rows(connection, "spread"),
    }


def _rows(
    connection: sqlite3.Connection, name: str, where: str = "true", *given: str, columns: str = "*"
) -> Rows:
    query = f"select {columns} from {name}_frame where {where} order by rowid"
    found = connection.execute(query, given)
    return tuple(column[0] for column in found.description), found.fetchall()


def _select(connection: sqlite3.Connection, name: str, where: str = "true") -> pd.DataFrame:
    return _frame(_rows(connection, name, where))


def _frame(rows: Rows) -> pd.DataFrame:
    columns, records = rows
    values = zip(*records, strict=True) if records else ((),) * len(columns)
    # Arrays: a series each would have pandas compare the index of every column with the others.
    return pd.DataFrame(
        {
            column: np.array(value, dtype=float) if column in NUMBERS else _inferred(value)
            for column, value in zip(columns, values, strict=True)
        }
    )


def _inferred(values: tuple[Any, ...]) -> Any:
    return pd.Series(values, dtype=None if values else object).array


def _parts(heading: Heading, rows: dict[str, Rows]) -> dict[str, str]:
    parts: dict[str, list[Any]] = {}
    for name, (columns, records) in rows.items():
        if name == "strata" and not records:  # most campaigns ask for none
            continue
        parts.setdefault(PARTS.get(name, "results"), []).append([name, columns, records])
    return heading.parts | {part: of_values(tables) for part, tables in parts.items()}
