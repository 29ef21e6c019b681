"""What a file really is, from its first bytes: names lie, above all « .xls »."""

import zipfile
from pathlib import Path

from qgdr_eval.tables.faults import refusal
from qgdr_eval.tables.workbooks import CORRUPT

LARGEST_UNPACKED = 4 * 2**30  # bytes: beyond, an archive is not a response file
_SAVE_AS = "ouvrez-le dans un tableur et enregistrez-le au format « Classeur Excel (.xlsx) » ou CSV"

# kind: (what, cure)
REFUSED = {
    "empty": ("le fichier est vide", "exportez de nouveau les réponses"),
    "xls": ("c'est un ancien classeur Excel (.xls)", _SAVE_AS),
    "xlsb": ("c'est un classeur Excel binaire (.xlsb)", _SAVE_AS),
    "ods": ("c'est un classeur LibreOffice (.ods)", _SAVE_AS),
    "xml": ("c'est un classeur XML de 2003", _SAVE_AS),
    "html": ("c'est une page HTML enregistrée sous un nom de tableau", _SAVE_AS),
    "locked": (
        "le classeur est protégé par un mot de passe",
        "enregistrez-en une copie sans mot de passe (Fichier, Informations, Protéger)",
    ),
    "corrupt": (
        "le classeur Excel est abîmé ou incomplet",
        "téléchargez ou exportez-le de nouveau",
    ),
    "zip": ("c'est une archive, pas un tableau", "décompressez-la et indiquez le tableau"),
    "huge": ("le classeur décompressé dépasse 4 Go", "enregistrez le tableau seul, en CSV"),
    "binary": (
        "le fichier n'est pas un tableau de texte",
        "indiquez le fichier CSV ou XLSX des réponses",
    ),
    "locked_by_other": (
        "le fichier ne peut pas être ouvert",
        "fermez-le dans les autres programmes, ou vérifiez vos droits",
    ),
}
_BINARY_STARTS = (b"%PDF", b"\x89PNG", b"\x1f\x8b", b"SQLite", b"\xff\xd8\xff", b"PAR1", b"7z\xbc")


def file_kind(path: Path) -> str:
    """``text``, ``xlsx``, or one of the kinds of `REFUSED`."""
    try:
        with path.open("rb") as stream:
            start = stream.read(4096)
    except OSError:
        return "locked_by_other"
    if start.startswith(b"PK\x03\x04"):
        return _archive_kind(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "locked" if "EncryptedPackage".encode("utf-16-le") in path.read_bytes() else "xls"
    return _text_kind(start, path.suffix.lower())


def refuse_kind(path: Path, kind: str) -> str:
    """Return a kind that can be read. Raises `Refused` with the cure for any other."""
    if kind in REFUSED:
        raise refusal(path.name, *REFUSED[kind])
    return kind


def _archive_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            size = sum(info.file_size for info in archive.infolist())
    except CORRUPT:
        return "corrupt"
    if "xl/workbook.xml" in names:
        return "xlsx" if size <= LARGEST_UNPACKED else "huge"
    if "xl/workbook.bin" in names:
        return "xlsb"
    return "ods" if "content.xml" in names else "zip"


def _text_kind(start: bytes, suffix: str) -> str:
    if not start.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe"):
        return "empty"
    seen = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if seen.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<style")):
        return "html"
    if seen.startswith(b"<?xml"):
        return "html" if b"<html" in seen else "xml"
    if start.startswith(_BINARY_STARTS):
        return "binary"
    return "corrupt" if suffix in (".xlsx", ".xlsm") else "text"
