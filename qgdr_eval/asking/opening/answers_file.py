"""The file of answers that an opening writes: a row a return, sorted by what it says."""

import csv
import io
from collections.abc import Iterable

import pandas as pd

from qgdr_eval.asking.asked.campaign import Asked
from qgdr_eval.asking.returning.returned import Return
from qgdr_eval.responses.asked import UNSAID
from qgdr_eval.tables.write import csv_bytes

Row = tuple[str, ...]


def columns_of(asked: Asked) -> list[str]:
    """The columns of the file, as the campaign names them: places, stratum, a column an item."""
    columns = asked.campaign.columns
    places = [column for column in _places(asked) if column]
    items = [columns.items.get(code, code) for code in asked.instrument.codes]
    return [*places, *columns.strata.values(), *items]


def row_of(returned: Return, asked: Asked) -> Row:
    """A return as a row of the file; a question left blank is an empty cell."""
    columns, (facility, service) = asked.campaign.columns, returned.place
    places = [
        name for column, name in zip(_places(asked), (facility, service), strict=True) if column
    ]
    strata = [returned.stratum or UNSAID for _ in columns.strata]
    answers = [str(returned.answers.get(code, "")) for code in asked.instrument.codes]
    return (*places, *strata, *answers)


def _places(asked: Asked) -> tuple[str | None, str | None]:
    """The columns of the facility, where services are told by it, and of the service."""
    columns = asked.campaign.columns
    return columns.facility if asked.roster["facility"].all() else None, columns.service


def file_of(rows: Iterable[Row], asked: Asked) -> bytes:
    """The file: the order in which rows are given does not count."""
    return csv_bytes(pd.DataFrame(sorted(rows), columns=columns_of(asked), dtype=object))


def rows_of(content: bytes) -> list[Row]:
    """The rows of a file that was written before."""
    read = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    return [tuple(row) for row in list(read)[1:]]
