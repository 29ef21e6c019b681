"""Files written whole or not at all; when one could not be, what happened, in French."""

import errno
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from qgdr_eval.french import typography
from qgdr_eval.problems import Problem, Refused

AGAIN = "libérez de la place, puis recommencez"
OTHER_FOLDER = "choisissez un autre dossier"
FULL = ("il n'y a plus de place sur le disque", AGAIN)
QUOTA = ("votre quota sur ce disque est atteint", AGAIN)
TOO_LARGE = (
    "le fichier dépasserait la taille permise sur ce disque",
    "choisissez un autre disque, ou faites lever cette limite",
)
READ_ONLY = ("ce disque est en lecture seule", OTHER_FOLDER)
BROKEN = ("le disque n'accepte pas l'écriture", "vérifiez le disque ou le réseau, puis recommencez")
NO_RIGHTS = (
    "fichier ouvert ailleurs, ou droits manquants",
    "fermez-le dans les autres programmes, ou vérifiez vos droits",
)
IN_USE = ("un autre programme tient ce fichier", "fermez-le, puis recommencez")
A_FOLDER = ("un dossier porte ce nom", "changez de nom")
NO_PATH = ("ce chemin n'existe pas, ou passe par un fichier", "vérifiez le chemin")
TOO_LONG = ("ce nom est trop long pour ce disque", "raccourcissez-le")
UNKNOWN = (
    "lecture ou écriture impossible",
    "vérifiez le chemin, les droits et la place libre",
)
CAUSES = {
    errno.ENOSPC: FULL,
    getattr(errno, "EDQUOT", -1): QUOTA,
    errno.EFBIG: TOO_LARGE,
    errno.EROFS: READ_ONLY,
    errno.EIO: BROKEN,
    errno.EACCES: NO_RIGHTS,
    errno.EPERM: NO_RIGHTS,
    errno.EBUSY: IN_USE,
    getattr(errno, "ETXTBSY", -1): IN_USE,
    errno.EISDIR: A_FOLDER,
    errno.ENOTEMPTY: A_FOLDER,
    errno.ENOTDIR: NO_PATH,
    errno.EEXIST: NO_PATH,
    errno.ENOENT: NO_PATH,
    errno.ENAMETOOLONG: TOO_LONG,
}
WINDOWS = {19: READ_ONLY, 32: IN_USE, 33: IN_USE, 39: FULL, 112: FULL, 1295: QUOTA}
OF_THE_DISK = (FULL, QUOTA, READ_ONLY, BROKEN)  # no other file could be written there either


class Unwritable(Refused):
    """A file could not be written. ``of_the_disk``: no other could be written there either."""

    def __init__(self, path: Path | str, error: OSError) -> None:
        what, cure = explain(error)
        super().__init__([Problem(str(path), None, "", typography(what), typography(cure))])
        self.of_the_disk = (what, cure) in OF_THE_DISK


def explain(error: OSError) -> tuple[str, str]:
    """What kept a file from being written, and the cure.

    >>> explain(OSError(errno.ENOSPC, "No space left on device"))[0]
    "il n'y a plus de place sur le disque"
    """
    found = WINDOWS.get(getattr(error, "winerror", None) or 0)
    return found or CAUSES.get(error.errno or 0, UNKNOWN)


def slug(name: str) -> str:
    """A name as a short, plain part of a file name; never empty, never a path.

    >>> slug("Médecine / Gériatrie n° 2"), slug("../.."), slug("🙂")
    ('medecine-geriatrie-n-2', 'service', 'service')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "service"


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give the half file to write; it takes its name when all went well, else it is removed.

    Raises:
        Unwritable: the disk is full or read-only, rights are missing, the file is open elsewhere…
    """
    half = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield half
        half.replace(path)
    except OSError as error:
        raise Unwritable(path, error) from None
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)


def refuse_unwritable(path: Path) -> None:
    """Try to write before what cannot be taken back is done: an empty half file, gone at once.

    Raises:
        Unwritable: as `written_whole` would.
    """
    half = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.touch()
        half.unlink()
        if path.exists():  # a spreadsheet may hold it open
            path.open("ab").close()
    except OSError as error:
        raise Unwritable(path, error) from None


def append_whole(path: Path, content: bytes) -> int:
    """Add to the end of a file, wholly or not at all; gives where it begins.

    Raises:
        Unwritable: as `written_whole`.
    """
    try:
        with path.open("ab", buffering=0) as stream:
            start, rest = stream.tell(), memoryview(content)
            try:
                while rest:
                    rest = rest[stream.write(rest) :]
            except OSError:
                stream.truncate(start)
                raise
    except OSError as error:
        raise Unwritable(path, error) from None
    return start


def write_durably(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a whole file, and come back only once the disk has it, under its name.

    ``private``: for its owner alone.

    Raises:
        Unwritable: as `written_whole`; what the file held before is then still there.
    """
    with written_whole(path) as half, half.open("wb") as stream:
        if private:
            half.chmod(0o600)
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    _flush_names(path.parent)


def append_durably(path: Path, content: bytes) -> None:
    """Add to the end of a file, and come back only once the disk has it.

    Raises:
        Unwritable: as `append_whole`.
    """
    append_whole(path, content)
    try:
        with path.open("rb+") as stream:
            os.fsync(stream.fileno())
    except OSError as error:
        raise Unwritable(path, error) from None
    _flush_names(path.parent)


def _flush_names(folder: Path) -> None:
    """A new name is on the disk once its folder is; Windows opens no folder and needs none."""
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network disks refuse it
            os.fsync(opened)
    finally:
        os.close(opened)
