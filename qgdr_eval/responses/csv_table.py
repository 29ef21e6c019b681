"""CSV as it comes out of survey tools and spreadsheets: encoding and separator are found."""

import codecs
import csv
import itertools
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from pandas.api.types import union_categoricals

from qgdr_eval.french import count, quote
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses.faults import fault, refusal, rows_named
from qgdr_eval.responses.spelling import BLANKS

SEPARATORS = (";", ",", "\t", "|")
_CHUNK = 1 << 20
_ROWS = 50_000  # read at a time, so that texts become categories before memory fills
_SAMPLE = 50  # records looked at to find the separator
_HINT = re.compile(r'"?sep=(.)"?\r?\n?')  # Excel's own first line, not a row


def read_csv(path: Path, encoding: str | None, separator: str | None) -> pd.DataFrame:
    """Read a CSV file: one categorical column of raw texts per header.

    Raises:
        Refused: NUL bytes, unknown encoding or separator, rows with too many cells, quotation
            marks left open.
    """
    encoding = encoding or _find_encoding(path)
    _refuse_undecodable(path, encoding)
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    hint = _separator_hint(path, encoding)
    skipped = 1 if hint else 0
    named = "\t" if separator == "tab" else separator
    separator = named or hint or _find_separator(path, encoding)
    headers = _first_records(path, encoding, separator, skipped, 1)[0]
    frame = _read(path, encoding, separator, skipped, len(headers))
    frame.columns = pd.Index([header.strip(BLANKS) for header in headers])
    return frame


def _read(path: Path, encoding: str, separator: str, skipped: int, width: int) -> pd.DataFrame:
    """Texts only: asked for categories, pandas would turn « 007 » into 7."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # a first row that is too long
            chunks = pd.read_csv(
                path,
                sep=separator,
                encoding=encoding,
                dtype=object,
                na_filter=False,
                keep_default_na=False,
                header=0,
                names=range(width),
                index_col=False,
                skip_blank_lines=False,
                skiprows=skipped,
                chunksize=_ROWS,
            )
            parts = [[_factorized(chunk[i]) for i in range(width)] for chunk in chunks]
    except (pd.errors.ParserError, pd.errors.ParserWarning):
        raise Refused([_why(path, encoding, separator, skipped, width)]) from None
    return pd.DataFrame(
        {
            i: union_categoricals([part[i] for part in parts])
            if parts
            else _factorized(pd.Series())
            for i in range(width)
        }
    )


def _factorized(texts: pd.Series) -> pd.Categorical:
    codes, met = pd.factorize(texts.to_numpy(dtype=object))
    return pd.Categorical.from_codes(codes, categories=pd.Index(met, dtype="str"))


def _why(path: Path, encoding: str, separator: str, skipped: int, width: int) -> Problem:
    """What the fast parser stumbled on, found by reading again slowly."""
    records = _records(path, encoding, separator, skipped)
    try:
        long = [row for row, cells in enumerate(records, start=1) if len(cells) > width]
    except csv.Error:
        long = []
    if not long:
        return _quote_left_open(path)
    return fault(
        path.name,
        f"plus de {count(width, 'cellule')}, une par colonne : {rows_named(long)}",
        "mettez entre guillemets les textes qui contiennent "
        + ("une tabulation" if separator == "\t" else quote(separator)),
        row=long[0],
    )


def _quote_left_open(path: Path) -> Problem:
    return fault(
        path.name,
        "un guillemet ouvert n'est jamais refermé",
        'cherchez le guillemet " en trop dans les réponses libres',
    )


def _records(path: Path, encoding: str, separator: str, skipped: int) -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="") as stream:
        yield from itertools.islice(csv.reader(stream, delimiter=separator), skipped, None)


def _first_records(
    path: Path, encoding: str, separator: str, skipped: int, wanted: int
) -> list[list[str]]:
    try:
        records = list(itertools.islice(_records(path, encoding, separator, skipped), wanted))
    except csv.Error:
        raise Refused([_quote_left_open(path)]) from None
    if not records or not records[0]:
        raise refusal(
            path.name,
            "la ligne des noms de colonnes est vide",
            "supprimez les lignes vides en tête du fichier",
            row=1,
        )
    return records


def _find_encoding(path: Path) -> str:
    with path.open("rb") as stream:
        start = stream.read(4096)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for name, offset in (("utf-16-le", 1), ("utf-16-be", 0)):  # without its mark
        if len(start) > 8 and start[offset::2].count(0) > 0.7 * len(start[offset::2]):
            return name
    try:
        for _ in _decoded(path, "utf-8"):
            pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    """The text of a file, piece by piece. Raises UnicodeDecodeError."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as stream:
        for chunk in iter(lambda: stream.read(_CHUNK), b""):
            yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _refuse_undecodable(path: Path, encoding: str) -> None:
    line = 1
    try:
        for text in _decoded(path, encoding):
            if "\0" in text:
                raise refusal(
                    path.name,
                    "un octet nul : ce n'est pas du texte, ou le fichier est abîmé",
                    "exportez-le de nouveau en CSV (UTF-8)",
                    row=line + text[: text.index("\0")].count("\n"),
                )
            line += text.count("\n")
    except UnicodeError as error:  # UTF-16 without its mark is no UnicodeDecodeError
        read = error.object[: error.start] if isinstance(error, UnicodeDecodeError) else b""
        raise refusal(
            path.name,
            f"un caractère n'est pas de l'encodage {quote(encoding)}",
            "enregistrez le fichier en UTF-8, ou corrigez « encoding »",
            row=line + read.count(b"\n"),
        ) from None


def _separator_hint(path: Path, encoding: str) -> str | None:
    with path.open(encoding=encoding, newline="") as stream:
        hint = _HINT.fullmatch(stream.readline(8))
    return hint[1] if hint else None


def _find_separator(path: Path, encoding: str) -> str:
    """The separator that cuts the first records most regularly, then into most cells."""
    ranks = {separator: _regularity(path, encoding, separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda separator: ranks[separator])
    if ranks[best][1] < 2:
        raise refusal(
            path.name,
            "une seule colonne : le séparateur n'a pas été reconnu",
            "séparez les colonnes par un point-virgule, ou indiquez « separator » ; "
            "la première ligne doit porter les noms de colonnes",
            row=1,
        )
    return best


def _regularity(path: Path, encoding: str, separator: str) -> tuple[float, int]:
    header, *rows = _first_records(path, encoding, separator, 0, _SAMPLE)
    if len(header) < 2:
        return -1.0, len(header)
    rows = [row for row in rows if row]
    return (sum(len(row) == len(header) for row in rows) / len(rows) if rows else 1.0, len(header))
