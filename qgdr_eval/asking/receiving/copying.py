"""One copy of the sealed store, overwritten and never dated: a laptop that dies loses nothing."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from qgdr_eval.writing import Unwritable


def copy_store(store: Path, folder: Path) -> Path:
    """Copy a store that is in use, whole or not at all; gives the copy.

    Raises:
        Unwritable: the disk does not take it: the copy before is still there.
    """
    copy = folder / store.name
    half = folder / f"{store.name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        half.unlink(missing_ok=True)
        _back_up(store, half)
        descriptor = os.open(half, os.O_RDWR)
        os.fsync(descriptor)
        os.close(descriptor)
        half.replace(copy)
    except (OSError, sqlite3.Error) as error:
        wrong = error if isinstance(error, OSError) else OSError(str(error))
        raise Unwritable(copy, wrong) from None
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)
    return copy


def _back_up(store: Path, half: Path) -> None:
    """SQLite's own copy: what is committed, all of it, though others write meanwhile."""
    with closing(sqlite3.connect(store)) as source, closing(sqlite3.connect(half)) as target:
        source.backup(target)
        target.execute("pragma journal_mode = delete")  # one file, without a log beside it
