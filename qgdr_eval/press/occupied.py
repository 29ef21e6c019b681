"""Folders where somebody else's files stand: none of theirs is written over, none removed."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from qgdr_eval.disclosure import open_card
from qgdr_eval.french import quote
from qgdr_eval.press.folder import (
    INDEX,
    JOURNAL,
    LOCK,
    MANIFEST,
    PROGRAMME,
    RESULTS,
    SCORES,
    half_of,
)
from qgdr_eval.press.ledger import named_pages, read_head, read_records
from qgdr_eval.press.plan import DRAFT, Order
from qgdr_eval.press.proof import evidence_of
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.tables.faults import some

WRITTEN = (INDEX, RESULTS, SCORES, PROGRAMME, MANIFEST, JOURNAL, LOCK)  # by every run, pages apart


def refuse_occupied(out: Path) -> None:
    """Refuse a folder that was never ours, where a file stands that a run would write over.

    Files that are not in the way are left alone.

    Raises:
        Refused: with the files in the way.
    """
    if out.is_dir() and not is_ours(out):
        written = [name for file in WRITTEN for name in (file, half_of(file))]
        _refuse(out, [found for name in written if (found := _in_the_way(out, name))])


def refuse_strangers(out: Path, orders: Iterable[Order]) -> None:
    """Refuse to print over a file that has the name of one of our pages and is none.

    A page that no manifest or journal names is still ours when it carries a stamp of ours: a run
    may have been killed before it could name it. Results that were stored for nothing are removed.

    Raises:
        Refused: with the files in the way.
    """
    known = named_pages(out)
    names = [order.href for order in orders if order.href not in known]
    names += [] if known else [half_of(name) for name in names]
    found = [name for name in names if not _is_page(out / name)]
    try:
        _refuse(out, [there for name in found if (there := _in_the_way(out, name))])
    except Refused:
        if not known:
            for name in (RESULTS, SCORES):
                (out / name).unlink(missing_ok=True)
        raise


def refuse_published(out: Path) -> None:
    """Refuse to print a draft over pages that were published.

    Raises:
        Refused: results or pages in the folder are no draft.
    """
    if _holds_published(out):
        what = "ce dossier contient des pages publiées, dont un brouillon prendrait la place"
        cure = f"choisissez un autre dossier pour {quote('--draft')} ; rien n'y a été changé"
        raise Refused([Problem(str(out), None, "", what, cure)])


def _holds_published(out: Path) -> bool:
    with suppress(Refused):
        return not open_card(out / RESULTS).draft
    return any(DRAFT not in page.inputs for page in read_records(out))


def is_ours(out: Path) -> bool:
    """Whether a run has been here: its manifest, journal or results, or the lock of one killed.

    The lock is an empty file.
    """
    lock = out / LOCK
    locked = lock.is_file() and not lock.is_symlink() and not lock.stat().st_size
    return locked or read_head(out) is not None or _are_results(out / RESULTS)


def _are_results(path: Path) -> bool:
    with suppress(Refused):
        return bool(open_card(path).id)
    return False


def _is_page(path: Path) -> bool:
    """Whether a file is a page of ours, whole or not."""
    with suppress(OSError):
        return bool(evidence_of(path.read_bytes()).results)
    return False


def _in_the_way(out: Path, name: str) -> str:
    """What stands where a file should go: something of its name, or a file instead of its folder.

    "" when there is nothing.
    """
    folder = out / Path(name).parent
    if os.path.lexists(folder) and not folder.is_dir():
        return folder.relative_to(out).as_posix()
    return name if os.path.lexists(out / name) else ""


def _refuse(out: Path, found: list[str]) -> None:
    if not found:
        return
    names = [quote(name) for name in dict.fromkeys(found)]
    what = f"ce dossier contient déjà {some(names)}, qu'il faudrait remplacer"
    cure = "choisissez un autre dossier ; rien n'y a été changé"
    raise Refused([Problem(str(out), None, "", what, cure)])
