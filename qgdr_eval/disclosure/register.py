"""The register of publications: what readers of earlier printings of a campaign hold.

One line of JSON a publication, in ``publications/<id>.jsonl`` beside the campaign file; never in a
folder of reports. It holds no answer: figures that were published, and a keyed print of each return
they were made of. A line says what its publication has of its own, see `_written`.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from filelock import FileLock, Timeout
from pydantic import Field, TypeAdapter

from qgdr_eval.disclosure.secret import Key, new_key, read_key, write_key
from qgdr_eval.fingerprint import of_bytes
from qgdr_eval.french import quote
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses.campaign import PUBLICATIONS, secret_name

INTERVALS = ("low", "high", "wide_low", "wide_high")
PATIENCE = 120  # seconds given to another command that is publishing
Print = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]  # as long as `secret.LENGTH` says
Day = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]


@dataclass(frozen=True)
class Cell:
    """Returns published together: a service, or a facility whose services are all small.

    ``since``: the day these very returns were first published; ``returns``: the print of each, and
    that of the stratum it was shown in, "" when in none.
    """

    facility: str
    service: str
    since: Day
    returns: tuple[tuple[Print, Print | Literal[""]], ...]

    @property
    def name(self) -> tuple[str, str]:
        """(facility, service); a whole facility has no service."""
        return self.facility, self.service


@dataclass(frozen=True)
class Table:
    """Rows of a published frame."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Publication:
    """One publication. ``rank``: 1 for the first; ``items``: what returns are known by, in order.

    ``figures``: the rows of scores, distributions, participation… of every group
    shown, totals included.
    """

    rank: int
    date: Day
    kit: str
    instrument: str
    items: tuple[str, ...]
    cells: tuple[Cell, ...]
    figures: dict[str, Table]
    kind: Literal["publication"] = "publication"

    def cell(self, name: tuple[str, str]) -> Cell | None:
        """The cell of a service or facility, None when it was not shown."""
        return next((cell for cell in self.cells if cell.name == name), None)


@dataclass(frozen=True)
class Event:
    """A publication taken back or sent to a region, or a register found lost.

    ``rank``: of the publication concerned; ``date``: when; ``published``: the day it bore, "" when
    that is not known; ``reason``: in the user's words; of what was sent, the public key it was
    signed with and the fingerprint of the file.
    """

    rank: int
    date: Day
    kind: Literal["retracted", "lost", "sent"]
    published: Day | Literal[""] = ""
    reason: str = ""


LINE: TypeAdapter[Publication | Event] = TypeAdapter(
    Annotated[Publication | Event, Field(discriminator="kind")]
)


@dataclass(frozen=True)
class Register:
    """What is known of the publications of one campaign.

    ``state``: the fingerprint of the file as it was read, "" when there was none.
    """

    path: Path
    key: Key
    publications: tuple[Publication, ...] = ()
    events: tuple[Event, ...] = ()
    state: str = ""

    @property
    def latest(self) -> Publication | None:
        """The last publication that stands."""
        return self.publications[-1] if self.publications else None

    @property
    def rank(self) -> int:
        """The rank of the last publication ever made, taken back or not; 0 when none was."""
        ranks = [entry.rank for entry in self.publications] + [entry.rank for entry in self.events]
        return max(ranks, default=0)


def register_path(folder: Path, campaign: str) -> Path:
    """Where the register of a campaign stands: beside its file."""
    return folder / PUBLICATIONS / f"{campaign}.jsonl"


def open_register(folder: Path, campaign: str) -> Register:
    """Read the register of a campaign; an empty one when nothing was published yet.

    Raises:
        Refused: the register is damaged, or its secret is not there any more.
    """
    path, key = register_path(folder, campaign), read_key(folder / secret_name(campaign))
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return Register(path, key or new_key())
    except OSError:
        raise Refused(
            [_problem(path, "ce registre ne peut pas être lu", "vérifiez vos droits")]
        ) from None
    if key is None:
        name = quote(Path(secret_name(campaign)).name)
        what = f"la clé de ce registre, {name}, n'est plus à côté de lui"
        raise Refused([_problem(path, what, f"rétablissez-la d'une sauvegarde, {OTHERWISE}")])
    register = Register(path, key, state=of_bytes(content))
    for rank, text in enumerate(content.splitlines(), 1):
        line = _read_line(path, rank, text, register.latest)
        if isinstance(line, Publication):
            register = replace(register, publications=(*register.publications, line))
        else:
            register = replace(register, events=(*register.events, line))
    return register


OTHERWISE = (
    "sinon donnez un autre nom au registre : le suivant dira que celui-ci a été perdu, et ce qui "
    "s'ajoute aux publications d'avant ne pourra plus être vérifié"
)


def _read_line(
    path: Path, rank: int, line: bytes, before: Publication | None
) -> Publication | Event:
    try:
        return LINE.validate_json(json.dumps(_filled(json.loads(line), before)))
    except (ValueError, LookupError, TypeError, AttributeError):
        what = "ce registre des publications est abîmé"
        cure = f"rétablissez-le d'une sauvegarde, {OTHERWISE}"
        raise Refused([replace(_problem(path, what, cure), line=rank)]) from None


def append(register: Register, lines: list[Publication | Event]) -> bool:
    """Add lines to a register, whole or not at all; false when it is no more the one that was read.

    Raises:
        Refused: nothing can be written beside the campaign.
    """
    with _writing(register) as before:
        if (of_bytes(before) if before else "") != register.state:
            return False
        if write_key(register.path.with_suffix(".cle"), register.key) != register.key:
            return False
        _replace(register.path, before + _written(lines, register.latest))
    return True


def retract(register: Register, day: str, reason: str) -> Publication:
    """Take the last publication back: its figures and prints go, its date and the reason stay.

    Raises:
        Refused: nothing was published, it was sent to a region, or nothing can be written beside
            the campaign.
    """
    if register.latest is None:
        what, cure = "aucune publication n'est enregistrée", "il n'y a rien à reprendre"
        raise Refused([_problem(register.path, what, cure)])
    gone = register.latest
    if any(one.kind == "sent" and one.rank == gone.rank for one in register.events):
        what = "cette publication a été envoyée à la région : elle ne peut plus être reprise"
        cure = "corrigez la campagne et publiez de nouveau"
        raise Refused([_problem(register.path, what, cure)])
    event = Event(gone.rank, day, "retracted", gone.date, reason)
    lines: list[Publication | Event] = [*register.publications[:-1], *register.events, event]
    with _writing(register):
        _replace(register.path, _written(lines))
    return gone


def enter_sending(register: Register, day: str, what: str) -> None:
    """Write that the last publication was sent, once for each ``what``.

    Raises:
        Refused: nothing was published, the register changed meanwhile, or cannot be written.
    """
    if register.latest is None:
        told = "aucune publication n'est enregistrée"
        raise Refused([_problem(register.path, told, "publiez d'abord cette campagne")])
    sending = Event(register.latest.rank, day, "sent", register.latest.date, what)
    if any((one.kind, one.rank, one.reason) == ("sent", sending.rank, what)
           for one in register.events):  # fmt: skip
        return
    if not append(register, [sending]):
        told = "une autre commande publie cette campagne en ce moment"
        raise Refused([_problem(register.path, told, "attendez qu'elle ait fini")])


def fingerprint_of(register: Register) -> str:
    """The fingerprint of the publications that stand; prints of answers in it are keyed."""
    return of_bytes(_written([*register.publications]))


def _written(lines: list[Publication | Event], before: Publication | None = None) -> bytes:
    """Lines of a register; what a publication repeats of the one ``before`` is not written again.

    A cell of the same returns leaves them out; a row of figures that stood there is its rank.
    """
    written = b""
    for line in lines:
        plain = LINE.dump_python(line, mode="json")
        if isinstance(line, Publication):
            if before:
                _leave_out(plain, line, before)
            before = line
        written += json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    return written


def _leave_out(plain: dict[str, Any], line: Publication, before: Publication) -> None:
    for cell, made in zip(plain["cells"], line.cells, strict=True):
        known = before.cell(made.name)
        if known and known.returns == made.returns:
            del cell["returns"]
    for name, table in line.figures.items():
        known_rows = before.figures.get(name)
        if known_rows and known_rows.columns == table.columns:
            ranks = {row: rank for rank, row in enumerate(known_rows.rows)}
            plain["figures"][name]["rows"] = [ranks.get(row, row) for row in table.rows]


def _filled(plain: dict[str, Any], before: Publication | None) -> dict[str, Any]:
    """A line as `_written` would write it first, with what it leaves out."""
    known = {cell.name: cell.returns for cell in before.cells} if before else {}
    for cell in plain.get("cells", ()):
        if "returns" not in cell:
            cell["returns"] = known[cell["facility"], cell["service"]]
    for name, table in plain.get("figures", {}).items():
        table["rows"] = [
            row if isinstance(row, list) or before is None else before.figures[name].rows[row]
            for row in table["rows"]
        ]
    return plain


@contextmanager
def _writing(register: Register) -> Iterator[bytes]:
    """Keep a register for one command; gives what is in it."""
    path = register.path
    try:
        path.parent.mkdir(exist_ok=True)
        with FileLock(path.with_name(".verrou"), timeout=PATIENCE):
            yield path.read_bytes() if path.is_file() else b""
    except Timeout:
        what = "une autre commande publie cette campagne en ce moment"
        raise Refused([_problem(path, what, "attendez qu'elle ait fini")]) from None
    except OSError:
        what = "le registre des publications ne peut pas être écrit : rien n'est publié"
        cure = (
            f"vérifiez les droits et la place libre ; ou {quote('--draft')}, pour un brouillon à "
            "ne pas diffuser"
        )
        raise Refused([_problem(path, what, cure)]) from None


def _replace(path: Path, content: bytes) -> None:
    half = path.with_name(path.name + ".part")
    try:
        with half.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(half, path)
    except OSError:
        half.unlink(missing_ok=True)
        raise


def _problem(path: Path, what: str, cure: str) -> Problem:
    return Problem(f"{path.parent.name}/{path.name}", None, "", what, cure)


def same_figures(publication: Publication, other: Publication, *, dated: bool = False) -> bool:
    """Whether two publications show the same of the same returns, whatever their day.

    ``dated``: some figures of one come from the register. Its totals leave these services out, and
    its intervals borrow nothing from them: neither tells more of the returns, neither is compared.
    """
    cells, others = (
        {cell.name: sorted(cell.returns) for cell in shown.cells} for shown in (publication, other)
    )
    figures, before = (
        _of_services(shown) if dated else shown.figures for shown in (publication, other)
    )
    return cells == others and figures == before


def _of_services(publication: Publication) -> dict[str, Table]:
    """The figures of each service, without intervals, in whatever order."""
    return {name: _without_totals(table) for name, table in publication.figures.items()}


def _without_totals(table: Table) -> Table:
    service = table.columns.index("service")
    kept = [rank for rank, name in enumerate(table.columns) if name not in INTERVALS]
    rows = [tuple(row[rank] for rank in kept) for row in table.rows if row[service]]
    return Table(tuple(table.columns[rank] for rank in kept), tuple(sorted(rows, key=str)))
