"""Published results on disk: one SQLite file that holds nothing disclosure has not let through."""

import dataclasses
import json
import sqlite3
from pathlib import Path

import pandas as pd

from qgdr_eval.disclosure.published import SEAL, Card, Published
from qgdr_eval.french import quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Problem, Refused

FRAMES = (
    "scores",
    "distributions",
    "participation",
    "exclusions",
    "reliability",
    "references",
    "attestation",
)


def write_published(published: Published, path: Path) -> None:
    """Write published results, whole or not at all; the same results give the same bytes."""
    half = path.with_name(path.name + ".part")
    half.unlink(missing_ok=True)
    connection = sqlite3.connect(half)
    try:
        for name in FRAMES:
            getattr(published, name).to_sql(f"{name}_frame", connection, index=False)
        heading = pd.DataFrame(
            {
                "card": [json.dumps(dataclasses.asdict(published.card), ensure_ascii=False)],
                "instrument": [published.instrument.model_dump_json()],
            }
        )
        heading.to_sql("heading", connection, index=False)
    finally:
        connection.close()
    half.replace(path)


def open_published(path: str | Path) -> Published:
    """Read published results back.

    Raises:
        Refused: the file is missing or was not written by `write_published`.
    """
    try:
        if not Path(path).is_file():
            raise ValueError(path)
        connection = sqlite3.connect(path)  # plainly: an URI does not reach every network share
        try:
            connection.execute("pragma query_only = on")
            return _read(connection)
        finally:
            connection.close()
    except (sqlite3.Error, pd.errors.DatabaseError, LookupError, TypeError, ValueError):
        raise Refused(
            [
                Problem(
                    Path(path).name,
                    None,
                    "",
                    "ce n'est pas un fichier de résultats publiés",
                    f"relancez la campagne : {quote('qgdr report')} l'écrit",
                )
            ]
        ) from None


def _read(connection: sqlite3.Connection) -> Published:
    heading = pd.read_sql("select * from heading", connection).iloc[0]
    frames = {name: pd.read_sql(f"select * from {name}_frame", connection) for name in FRAMES}
    numbers = {
        "n",
        "n_valid",
        "score",
        "low",
        "high",
        "wide_low",
        "wide_high",
        "rate",
        "head_count",
        "count",
        "share",
        "value",
    }
    for name, frame in frames.items():
        columns = [column for column in frame.columns if column in numbers]
        frames[name] = frame.astype(dict.fromkeys(columns, float))
    return Published(
        card=Card(**json.loads(heading["card"])),
        instrument=Instrument.model_validate_json(heading["instrument"]),
        **frames,
        seal=SEAL,
    )
