"""What a store is kept in: a file of SQLite on a disk of this computer, or PostgreSQL."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from qgdr_eval.asking.receiving.disks import on_network
from qgdr_eval.french import typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.writing import Unwritable

PATIENCE = 5  # seconds that a locked store is waited for
BUSY = f"busy_timeout = {PATIENCE * 1000}"
OTHERS = """
select count(*) from pg_stat_activity where datname = current_database()
and split_part(application_name, ' ', 1) = split_part(current_setting('application_name'), ' ', 1)
and application_name <> current_setting('application_name')
"""
# A computer that lost its power is known to be gone within two minutes, not two hours.
SETTINGS = {
    "synchronous_commit": "on",
    "tcp_keepalives_idle": 60,
    "tcp_keepalives_interval": 10,
    "tcp_keepalives_count": 3,
}


def sqlite_engine(path: Path) -> Engine:
    """A file, made if need be, whose log is beside it and flushed at each commit.

    Raises:
        Refused: its folder is on a network.
        Unwritable: the disk does not take it.
    """
    if on_network(path.parent):
        what = "ce dossier est sur le réseau : le recueil s'y abîmerait"
        cure = "copiez la campagne sur un disque de cet ordinateur, et travaillez là"
        raise refusal(str(path.parent), what, cure)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # for its owner alone
    except OSError as error:
        raise Unwritable(path, error) from None
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": PATIENCE, "check_same_thread": False},
        pool_size=1,
        max_overflow=0,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _settle)
    event.listen(engine, "begin", _begin)
    return engine


def postgresql_engine(url: str, name: str = "") -> Engine:
    """A database. ``name``: what its administrator, and other computers, know this one by.

    Raises:
        Refused: the address is not one, or what speaks to PostgreSQL is not installed.
    """
    try:
        made = make_url(url)
        if made.get_backend_name() != "postgresql":
            raise ArgumentError("another database")
        engine = create_engine(
            made.set(drivername="postgresql+psycopg"),
            connect_args={
                "connect_timeout": PATIENCE,
                "application_name": name,
                "options": " ".join(f"-c {key}={value}" for key, value in SETTINGS.items()),
            },
            pool_size=1,
            max_overflow=0,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except ArgumentError:
        cure = "écrivez « postgresql://nom:mot-de-passe@serveur/base »"
        raise refusal("--store", "cette adresse n'est pas celle d'une base", cure) from None
    except ImportError:
        cure = "installez le kit avec « pip install qgdr-eval[postgresql] »"
        raise refusal("--store", "il manque de quoi parler à PostgreSQL", cure) from None
    event.listen(engine, "begin", _one_at_a_time)
    return engine


def empty_log(engine: Engine) -> None:
    """Leave in the log of a file nothing of what was before; PostgreSQL keeps its log by itself.

    A draft is written again at each answer: a log that had them all would tell how many each
    person gave, and so whose an incomplete row is. What is in the log is on the disk already:
    when somebody reads the file, it stays there until the next commit.
    """
    if engine.name != "sqlite":
        return
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        for pragma in ("busy_timeout = 50", "wal_checkpoint(truncate)", BUSY):
            cursor.execute(f"pragma {pragma}")
        cursor.close()
    except sqlite3.Error:
        raw.invalidate()
    finally:
        raw.close()


def is_elsewhere(connection: Connection) -> bool:
    """Whether another computer, by its name, receives answers of this one's campaign."""
    return bool(connection.scalar(text(OTHERS)))


def unreadable(where: str, error: Exception) -> Refused:
    """Why a store does not open, by what its database says, without a word of its address."""
    words = str(getattr(error, "orig", error)).lower()
    if "not a database" in words or "malformed" in words:
        return refusal(where, "ce fichier n'est pas un recueil", "rétablissez-le d'une sauvegarde")
    if "locked" in words:
        return refusal(where, "un autre programme tient ce recueil", "fermez-le, puis recommencez")
    cure = "vérifiez qu'elle est démarrée, son adresse et vos droits"
    return refusal(where, "ce recueil ne s'ouvre pas", cure)


def refusal(where: str, what: str, cure: str) -> Refused:
    """A refusal of one problem, set in type."""
    return Refused([Problem(where, None, "", typography(what), typography(cure))])


def _settle(connection: Any, _: Any) -> None:
    """A log beside the file, flushed at each commit; what is erased is overwritten."""
    connection.isolation_level = None  # transactions are ours: see `_begin`
    for pragma in ("journal_mode = wal", "synchronous = full", "secure_delete = on"):
        connection.execute(f"pragma {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("begin immediate")


def _one_at_a_time(connection: Connection) -> None:
    """Those that seal into one database take turns: a card that one uses, the other reads after."""
    connection.execute(text("select pg_advisory_xact_lock(71676472)"))
