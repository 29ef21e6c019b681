"""Small campaigns for the tests of this folder: tables of texts, written in every format."""

import csv
import functools
import io
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.responses import Answers, Campaign, read_answers

MUSEUM = Path(__file__).parents[1] / "definitions" / "responses"
ITEMS = ["E1", "E2", "E3", "P1", "P2", "P3"]
HEADERS = ["Id", "Site", "Service", "Métier", *ITEMS]


@functools.cache
def small_instrument() -> Instrument:
    """Two dimensions of three items, the third reversed, on one agreement scale."""
    return load_instrument("questionnaire.yml", beside=MUSEUM)


def a_campaign(**changes: Any) -> Campaign:
    return Campaign(
        **{
            "id": "essai",
            "title": "Campagne d'essai",
            "period": "octobre 2026",
            "instrument": "questionnaire.yml",
            "responses": "reponses.csv",
            "columns": {
                "service": "Service",
                "facility": "Site",
                "subject": "Id",
                "strata": {"profession": "Métier"},
            },
            "coding": {"reversed": "as_worded"},
            **changes,
        }
    )


def a_table(*rows: str) -> pd.DataFrame:
    """Rows such as ``1 Nord Bloc IDE 4 5 2 4 4 2``; « . » is an empty cell."""
    cells = [["" if cell == "." else cell for cell in row.split(" ")] for row in rows]
    return pd.DataFrame(cells, columns=HEADERS)


def as_csv(table: pd.DataFrame, separator: str = ";", encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows(table.to_numpy().tolist())
    return text.getvalue().encode(encoding)


def as_xlsx(table: pd.DataFrame) -> bytes:
    """Whole numbers as numbers, everything else as text, as a spreadsheet holds them."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    page = book.active
    page.title = "Réponses"
    page.append(list(table.columns))
    for row in table.to_numpy().tolist():
        page.append([int(cell) if cell.isdecimal() else cell or None for cell in row])
    book.save(stream)
    return stream.getvalue()


def answers_of(
    folder: Path, content: pd.DataFrame | bytes, file: str = "reponses.csv", **changes: Any
) -> Answers:
    """Write the content and read it as a campaign does."""
    (folder / file).write_bytes(content if isinstance(content, bytes) else as_csv(content))
    campaign = a_campaign(responses=file, **changes)
    return read_answers(campaign, small_instrument(), folder)
