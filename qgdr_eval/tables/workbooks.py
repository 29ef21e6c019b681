"""What a workbook holds before it is opened: how far its cells go, what a damaged one raises."""

import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from qgdr_eval.french import count, number, quote, typography
from qgdr_eval.problems import Problem, Refused

CORRUPT = (
    zipfile.BadZipFile,
    ValueError,
    TypeError,
    SyntaxError,
    EOFError,
    OSError,
    AttributeError,
    LookupError,
    ArithmeticError,
    AssertionError,
    RuntimeError,  # encrypted, compressed in a way nobody reads, nested without end
    NameError,  # openpyxl's own, about parts it meets out of order
    struct.error,
    expat.ExpatError,
    zlib.error,
)
FORMULA_SIGNS = tuple("=+-@\t\r＝＋－＠")  # what begins a formula, its full-width forms too
SHEETS = "xl/worksheets/"
# openpyxl makes every cell between the first and the last: one space in KN60000 cost 49 s and 4 GB
# (docs/decisions/0003); what is within these bounds opens in a few seconds.
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # of a sheet
WIDE = 1_000_000  # cells between the first and the last filled before they may be too far apart
DENSE = 50  # one cell in so many is filled, at least, in a table that wide
HEAVY = 150_000  # cells and rows of a workbook that is opened whole
MERGED = 5  # times a merged cell costs what another does to open: its borders are made one by one
UNPACKED = 50 * 2**20  # bytes of such a workbook
BESIDE = 2**29  # bytes of the parts that are no sheet, whatever the workbook
BOMB = 200  # times a large part may be smaller once packed
LARGE = 2**24  # bytes
_CHUNK = 1 << 20


@dataclass
class Extent:
    """How far the filled cells of a sheet go.

    ``rows`` and ``columns``: the last ones filled; ``lowest`` and ``rightmost``: the cells there.
    ``filled``: cells with a value or a formula; ``elements``: rows and cells, filled or not.
    """

    rows: int = 0
    columns: int = 0
    lowest: str = ""
    rightmost: str = ""
    filled: int = 0
    formulas: int = 0
    elements: int = 0
    merged: list[str] = field(default_factory=list)

    def add(self, row: int, column: int) -> None:
        """Count a filled cell."""
        self.filled += 1
        if row > self.rows:
            self.rows, self.lowest = row, _address(row, column)
        if column > self.columns:
            self.columns, self.rightmost = column, _address(row, column)

    @property
    def far(self) -> list[str]:
        """The cells that make a small table immense; none where cells stand together."""
        box = self.rows * self.columns
        apart = box > WIDE and box > DENSE * self.filled
        return list(dict.fromkeys([self.lowest, self.rightmost])) if apart else []


def measure(path: Path, part: str) -> Extent:
    """Measure one sheet of a workbook, without keeping any of its cells.

    Raises:
        One of `CORRUPT`: the part is no sheet.
    """
    reader = _Measure()
    with zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            reader.parser.Parse(chunk)
        reader.parser.Parse(b"", True)
    return reader.extent


def refuse_heavy(path: Path) -> None:
    """Refuse a workbook that could not be opened whole in a few seconds, or is none at all.

    Raises:
        Refused: cells far apart (with their addresses), too many cells, too much to unpack.
    """
    try:
        refuse_bomb(path)
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
        extents = [measure(path, info.filename) for info in infos if _is_sheet(info.filename)]
        unpacked = sum(info.file_size for info in infos)
        elements = sum(sheet.elements + MERGED * _merged_cells(sheet) for sheet in extents)
    except CORRUPT:
        raise corrupt(path) from None
    for extent in extents:
        refuse_far(path, extent)
    elements = max(
        [elements, *(HEAVY + 1 for sheet in extents if sheet.rows * sheet.columns > WIDE)]
    )
    if unpacked > UNPACKED:
        cure = "enregistrez le tableau seul, dans un classeur neuf"
        raise _refused(path, "le classeur décompressé dépasse 50 Mo", cure)
    if elements > HEAVY:
        what = f"le classeur est trop lourd : {count(elements, 'cellule')} ou lignes mises en forme"
        cure = "copiez le tableau seul dans un classeur neuf (collage des valeurs)"
        raise _refused(path, what, cure)


def refuse_far(path: Path, extent: Extent) -> None:
    """Refuse cells so far from the others that the table between them is immense."""
    if extent.far:
        cells = " et ".join(map(quote, extent.far))
        what = (
            f"une cellule remplie loin des autres, {cells} (une espace suffit) : le tableau irait "
            f"jusqu'à la ligne {number(extent.rows)}, sur {count(extent.columns, 'colonne')}"
        )
        raise _refused(path, what, "effacez cette cellule, et la ligne et la colonne où elle est")


def refuse_bomb(path: Path) -> None:
    """Refuse an archive made to fill the memory: parts that swell beyond what any sheet does."""
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
    beside = sum(info.file_size for info in infos if not _is_sheet(info.filename) and _is_xml(info))
    swollen = [info for info in infos if info.file_size > max(LARGE, BOMB * info.compress_size)]
    if swollen or beside > BESIDE:
        name = quote(swollen[0].filename if swollen else "xl/sharedStrings.xml")
        what = f"le classeur gonfle sans raison en s'ouvrant ({name})"
        raise _refused(path, what, "exportez-le de nouveau, ou copiez le tableau dans un neuf")


def corrupt(path: Path) -> Refused:
    """The refusal of a workbook that cannot be read."""
    return _refused(
        path, "le classeur Excel est abîmé ou incomplet", "téléchargez ou exportez-le de nouveau"
    )


def _refused(path: Path, what: str, cure: str) -> Refused:
    return Refused([Problem(path.name, None, "", typography(what), typography(cure))])


def _is_sheet(name: str) -> bool:
    return name.startswith(SHEETS) and name.endswith(".xml")


def _is_xml(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith(".xml")


class _Measure:
    """A reader of events: it keeps where it is, and what it has met."""

    def __init__(self) -> None:
        self.extent = Extent()
        self.row, self.column = 0, 0
        self.counted = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EntityDeclHandler = self._refuse_entity

    def _refuse_entity(self, *declared: object) -> None:
        raise ValueError("a sheet declares no entity")

    def _start(self, tag: str, given: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self._enter_cell(given.get("r"))
        elif name in ("v", "is", "f") and self.column:
            self._fill(name)
        elif name == "row":
            self.extent.elements += 1
            self.row = int(given.get("r") or self.row + 1)
            self.column = 0
            _refuse_beyond(self.row, 1)
        elif name == "mergeCell":
            self.extent.merged.append(given.get("ref", ""))

    def _enter_cell(self, address: str | None) -> None:
        self.extent.elements += 1
        self.counted = False
        if address:
            self.row, self.column = _place(address)
        else:
            self.column += 1
        _refuse_beyond(self.row, self.column)

    def _fill(self, name: str) -> None:
        self.extent.formulas += name == "f"
        if not self.counted:
            self.extent.add(self.row, self.column)
            self.counted = True


def _refuse_beyond(row: int, column: int) -> None:
    if not (1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN):
        raise ValueError("a cell beyond the last of a sheet")


def _place(address: str) -> tuple[int, int]:
    """Row and column of « B7 »: (7, 2). Raises `ValueError`."""
    letters = address.rstrip("0123456789")
    if not (letters.isascii() and letters.isalpha() and len(letters) < 4):
        raise ValueError(address)
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(address[len(letters) :]), column


def _address(row: int, column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def _merged_cells(extent: Extent) -> int:
    return sum(_area(ref) for ref in extent.merged)


def _area(ref: str) -> int:
    first, _, last = ref.replace("$", "").partition(":")
    (top, left), (bottom, right) = _place(first), _place(last or first)
    return (abs(bottom - top) + 1) * (abs(right - left) + 1)
