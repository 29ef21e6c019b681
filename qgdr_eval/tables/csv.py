"""CSV as it comes out of survey tools and spreadsheets: encoding and separator are found."""

import codecs
import csv
import itertools
import re
import warnings
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from pandas.api.types import union_categoricals

from qgdr_eval.french import count, number, quote
from qgdr_eval.problems import Problem, Refused, refuse_errors
from qgdr_eval.tables.accents import ask_encoding, check_encoding, likely_encodings
from qgdr_eval.tables.choices import fold_choices, line_of_choices, told_choices
from qgdr_eval.tables.faults import fault, refusal, rows_named
from qgdr_eval.tables.heads import HEAD, line_of_names, names_at
from qgdr_eval.tables.spelling import BLANKS
from qgdr_eval.tables.workbooks import LAST_COLUMN

SEPARATORS = (";", ",", "\t", "|")
_CHUNK = 1 << 20
_ROWS = 50_000  # read at a time, so that texts become categories before memory fills
_SAMPLE = 50  # records looked at to find the separator
csv.field_size_limit(2**24)  # characters: a free text may be long, and pandas reads it anyway
_HINT = re.compile(r'"?sep=(.)"?\r?\n?')  # Excel's own first line, not a row


class Cells(NamedTuple):
    """What a file holds: a frame of raw texts, and the row (from 1) that names its columns."""

    frame: pd.DataFrame
    names_row: int
    warnings: tuple[Problem, ...] = ()


def read_csv(path: Path, encoding: str | None, separator: str | None) -> pd.DataFrame:
    """Read a CSV file: one categorical column of raw texts per header.

    Raises:
        Refused: NUL bytes, unknown encoding or separator, rows with too many cells, quotation
            marks left open.
    """
    return read_csv_cells(path, encoding, separator).frame


def read_csv_cells(
    path: Path, encoding: str | None, separator: str | None, names: Collection[str] | None = None
) -> Cells:
    """Read a CSV file; `line_of_names` finds where columns are named, if ``names`` are given.

    Warning: rows with fewer cells than names. Raises `Refused` as `read_csv`; also when a line
    break has cut a row in two.
    """
    guessed = None if encoding else _find_encoding(path)
    encoding = encoding or guessed or "utf-8"
    _refuse_undecodable(path, encoding, guessed)
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    hint = _separator_hint(path, encoding)
    named = "\t" if separator == "tab" else separator
    source = _Source(
        path, encoding, named or hint or _find_separator(path, encoding), 1 if hint else 0
    )
    _refuse_wide(source)
    first = _first_records(source, HEAD)
    rank = 0 if names is None else line_of_choices(first, line_of_names(first, names))
    names_given = first[rank] if names is None else names_at(first, rank)
    frame = _read(source, rank, len(names_given))
    if guessed == "cp1252":
        refuse_errors(check_encoding(path, [*names_given, *_texts(frame)]))
    short = _short(source, rank, frame)
    frame, headers, made = fold_choices(frame, names_given, first, rank)
    frame.columns = pd.Index([header.strip(BLANKS) for header in headers])
    return Cells(frame, rank + 1, (*short, *told_choices(path.name, made)))


def _texts(frame: pd.DataFrame) -> Iterator[str]:
    """The distinct cells of each column."""
    for _, cells in frame.items():
        yield from cells.cat.categories


class _Source(NamedTuple):
    """A file and how it is written; ``hinted``: 1 when its first line only names the separator."""

    path: Path
    encoding: str
    separator: str
    hinted: int = 0

    def records(self) -> Iterator[list[str]]:
        """Every record, the line of names and those above it among them."""
        with self.path.open(encoding=self.encoding, newline="") as stream:
            read = csv.reader(stream, delimiter=self.separator)
            yield from itertools.islice(read, self.hinted, None)


def _refuse_wide(source: _Source) -> None:
    """No row of more cells than a workbook holds: pandas would spend seconds naming them."""
    with source.path.open(encoding=source.encoding, newline="") as stream:
        if all(line.count(source.separator) < LAST_COLUMN for line in stream):
            return
    for row, record in enumerate(source.records(), start=source.hinted + 1):
        if len(record) > LAST_COLUMN:
            what = f"{count(len(record), 'colonne')}, {number(LAST_COLUMN)} au plus"
            raise refusal(source.path.name, what, "exportez de nouveau le tableau", row=row)


def _read(source: _Source, rank: int, width: int) -> pd.DataFrame:
    """Texts only: asked for categories, pandas would turn « 007 » into 7."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # a first row that is too long
            chunks = pd.read_csv(
                source.path,
                sep=source.separator,
                encoding=source.encoding,
                dtype=object,
                na_filter=False,
                keep_default_na=False,
                header=0,
                names=range(width),
                index_col=False,
                skip_blank_lines=False,
                skiprows=source.hinted + rank,  # records: the parser knows quoted line breaks
                chunksize=_ROWS,
            )
            parts = [[_factorized(chunk[i]) for i in range(width)] for chunk in chunks]
    except (pd.errors.ParserError, pd.errors.ParserWarning):
        raise Refused([_why(source, rank, width)]) from None
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


def _why(source: _Source, rank: int, width: int) -> Problem:
    """What the fast parser stumbled on, found by reading again slowly."""
    try:
        numbered = enumerate(source.records(), start=1)
        long = [row for row, cells in numbered if row > rank and len(cells) > width]
    except csv.Error:
        long = []
    if not long:
        return _quote_left_open(source.path)
    return fault(
        source.path.name,
        f"plus de {count(width, 'cellule')}, une par colonne : {rows_named(long)}",
        "mettez entre guillemets les textes qui contiennent "
        + ("une tabulation" if source.separator == "\t" else quote(source.separator)),
        row=long[0],
    )


def _short(source: _Source, rank: int, frame: pd.DataFrame) -> tuple[Problem, ...]:
    """Rows with fewer cells than names: looked for only where the last column has an empty cell."""
    width = frame.shape[1]
    if not (frame.iloc[:, -1] == "").any():
        return ()
    numbered = enumerate(source.records(), start=1)
    sizes = {row: len(cells) for row, cells in numbered
             if row > rank + 1 and len(cells) < width and any(map(str.strip, cells))}  # fmt: skip
    refuse_errors(_cut_in_two(source.path.name, sizes, width))
    if not sizes:
        return ()
    return (
        fault(
            source.path.name,
            f"moins de {count(width, 'cellule')}, une par colonne : {rows_named(list(sizes))} ; "
            "ce qui manque à droite est lu comme vide",
            "vérifiez ces lignes : une réponse ou un séparateur peut y manquer",
            row=min(sizes),
            severity="warning",
        ),
    )


def _cut_in_two(file: str, sizes: dict[int, int], width: int) -> Iterator[Problem]:
    """A line break outside quotes: the second half would be read in the wrong columns."""
    for row, size in sizes.items():
        after = sizes.get(row + 1, 0)
        if size != after and size + after == width + 1:
            yield fault(
                file,
                f"un retour à la ligne coupe cette réponse en deux (lignes {row} et {row + 1})",
                "mettez le texte entre guillemets, ou remplacez le retour par une espace",
                row=row,
            )


def _quote_left_open(path: Path) -> Problem:
    return fault(
        path.name,
        "un guillemet ouvert n'est jamais refermé",
        'cherchez le guillemet " en trop dans les réponses libres',
    )


def _first_records(source: _Source, wanted: int) -> list[list[str]]:
    try:
        records = list(itertools.islice(source.records(), wanted))
    except csv.Error:
        raise Refused([_quote_left_open(source.path)]) from None
    if not any(any(cell.strip(BLANKS) for cell in record) for record in records):
        raise refusal(
            source.path.name,
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


def _refuse_undecodable(path: Path, encoding: str, guessed: str | None) -> None:
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
        words = _words_around(error) if isinstance(error, UnicodeDecodeError) else []
        if guessed and likely_encodings(words):
            raise Refused([ask_encoding(path, words)]) from None
        raise refusal(
            path.name,
            f"un caractère n'est pas de l'encodage {quote(encoding)}",
            "enregistrez le fichier en UTF-8, ou corrigez « encoding »",
            row=line + read.count(b"\n"),
        ) from None


def _words_around(error: UnicodeDecodeError) -> list[bytes]:
    """The cells around the byte that could not be read."""
    piece = error.object[max(0, error.start - 200) : error.start + 200]
    cells = re.split(rb'[;,\t|"\r\n]+', piece)[1:-1] or [piece[-40:]]
    return [cell[:40] for cell in cells if not cell.isascii()][:8] or [piece[:40]]


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
    """The share of the first records that have the commonest number of cells, and that number."""
    source = _Source(path, encoding, separator)
    widths = [len(row) for row in _first_records(source, _SAMPLE) if row]
    width, rows = Counter(widths).most_common(1)[0]
    return (rows / len(widths), width) if width > 1 else (-1.0, width)
