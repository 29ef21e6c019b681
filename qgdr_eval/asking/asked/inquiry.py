"""The inquiry: what a campaign needs in order to ask, and nothing of who answers."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from qgdr_eval.asking.sealing.seal import Seal
from qgdr_eval.french import quote, typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.writing import write_durably

FOLDER = "recueil"  # beside the campaign file: what is asked, and the boxes that came back
DROPPED = "depot"  # in it: files sealed by a browser, dropped there one by one
ELSEWHERE = """\
Des réponses de cette campagne sont gardées dans une base PostgreSQL, et non dans ce dossier ; ce
qui est commencé et pas envoyé reste ici, dans le fichier des brouillons.
Donnez l'adresse de cette base à « qgdr gather », par --store. N'effacez le fichier que vous lisez
que si personne n'y a répondu : « qgdr gather » fermerait la campagne sans ces réponses.
"""
Mark = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]


@dataclass(frozen=True)
class Unit:
    """A service as it is asked. ``cards``: their marks, sorted; ``spare``: how many are spare.

    ``added``: how many were added once the others were drawn: each is known to be somebody's.

    >>> Unit("CH", "Urgences", 40, ("0" * 32,), 0).name
    ('CH', 'Urgences')
    """

    facility: str
    service: str
    heads: int
    cards: tuple[Mark, ...] = ()
    spare: int = 0
    added: int = 0

    @property
    def name(self) -> tuple[str, str]:
        """(facility, service)."""
        return self.facility, self.service


@dataclass(frozen=True)
class Inquiry:
    """What stands in ``recueil/<id>.json``: the public key, the salt of codes, marks of cards.

    ``instrument``: the fingerprint of what is asked; ``public``, ``salt``: hexadecimal; ``room``:
    bytes of content of each box of answers.
    """

    campaign: str
    instrument: str
    public: Annotated[str, Field(pattern="^04[0-9a-f]{128}$")]
    salt: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    room: Annotated[int, Field(ge=1024, le=1 << 20)]
    access: Literal["cards", "open"]
    units: tuple[Unit, ...]

    @cached_property
    def seal(self) -> Seal:
        """Seals the answers of one return."""
        return Seal(bytes.fromhex(self.public), f"answers {self.campaign}", self.room)

    @cached_property
    def remark_seal(self) -> Seal:
        """Seals a remark, apart from the answers of who wrote it."""
        return Seal(bytes.fromhex(self.public), f"remark {self.campaign}", REMARK_ROOM)

    @cached_property
    def places(self) -> dict[str, Unit]:
        """The unit of each card, by its mark."""
        return {mark: unit for unit in self.units for mark in unit.cards}

    def unit(self, facility: str, service: str) -> Unit | None:
        """The unit of this name."""
        return next((unit for unit in self.units if unit.name == (facility, service)), None)


REMARK_ROOM = 9216  # bytes: two thousand characters, whatever they are
WRITTEN: TypeAdapter[Inquiry] = TypeAdapter(Inquiry)


def inquiry_path(campaign_file: Path, campaign: str) -> Path:
    """Where the inquiry of a campaign stands.

    >>> inquiry_path(Path("essai/campagne.yml"), "essai").as_posix()
    'essai/recueil/essai.json'
    """
    return campaign_file.parent / FOLDER / f"{campaign}.json"


def store_path(campaign_file: Path, campaign: str) -> Path:
    """Where the store of a campaign stands, unless another is named.

    >>> store_path(Path("essai/campagne.yml"), "essai").as_posix()
    'essai/recueil/essai.sqlite'
    """
    return campaign_file.parent / FOLDER / f"{campaign}.sqlite"


def drafts_path(campaign_file: Path, campaign: str) -> Path:
    """Where drafts of a campaign stand, when what is sealed of it is kept in a database.

    >>> drafts_path(Path("essai/campagne.yml"), "essai").as_posix()
    'essai/recueil/essai.brouillons.sqlite'
    """
    return campaign_file.parent / FOLDER / f"{campaign}.brouillons.sqlite"


def database_path(campaign_file: Path, campaign: str) -> Path:
    """The file that says that answers of a campaign are kept in a database, not beside it.

    >>> database_path(Path("essai/campagne.yml"), "essai").name
    'essai.postgresql.txt'
    """
    return campaign_file.parent / FOLDER / f"{campaign}.postgresql.txt"


def note_database(campaign_file: Path, campaign: str) -> None:
    """Note, beside the inquiry, that answers are kept in a database; its address is not written.

    Raises:
        Unwritable: the disk does not take it.
    """
    write_durably(database_path(campaign_file, campaign), ELSEWHERE.encode())


def write_inquiry(path: Path, inquiry: Inquiry) -> None:
    """Keep an inquiry, whole or not at all.

    Raises:
        Unwritable: the disk does not take it.
    """
    text = json.dumps(WRITTEN.dump_python(inquiry, mode="json"), ensure_ascii=False, indent=1)
    write_durably(path, f"{text}\n".encode())


def load_inquiry(path: Path) -> Inquiry:
    """Read an inquiry.

    Raises:
        Refused: nothing was prepared yet, or the file is damaged.
    """
    try:
        return WRITTEN.validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        what, cure = "rien n'a été préparé pour interroger", "lancez d'abord « qgdr ask »"
    except (OSError, ValueError):
        what, cure = "ce fichier du recueil est abîmé", "rétablissez-le d'une sauvegarde"
    name = f"{path.parent.name}/{path.name}"
    raise Refused([Problem(name, None, "", typography(what), typography(cure))]) from None


class Live:
    """An inquiry as its file stands: a card added while a server runs is known at once.

    ``inquiry``: as it was read from ``path``; what cannot be read later changes nothing.
    """

    def __init__(self, path: Path, inquiry: Inquiry) -> None:
        self._path, self._inquiry = path, inquiry
        self._seen: tuple[int, ...] = ()

    @property
    def inquiry(self) -> Inquiry:
        """The inquiry, with the cards that were added."""
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            with suppress(Refused):
                self._take(load_inquiry(self._path))
        return self._inquiry

    def _take(self, read: Inquiry) -> None:
        """Take what differs by its cards alone: another key, other places, is another inquiry."""
        places = [unit.name for unit in read.units]
        if places == [unit.name for unit in self._inquiry.units] and (
            replace(read, units=self._inquiry.units) == self._inquiry
        ):
            self._inquiry = read

    def _stamp(self) -> tuple[int, ...]:
        with suppress(OSError):
            found = self._path.stat()
            return found.st_mtime_ns, found.st_ino, found.st_size
        return ()


def names_of(units: Iterable[Unit]) -> str:
    """Units as one lists them.

    >>> names_of([Unit("CH", "Urgences", 40)]).replace("\\u202f", "")
    '«Urgences»'
    """
    return ", ".join(quote(unit.service) for unit in units)
