"""What a screen reader finds in a PDF: the texts of its structure, in their order there."""

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

INLINE = ("Span", "Strong", "Em")
Element = tuple[tuple[str, ...], str]  # the kinds it stands in, the last its own; its text
Texts = dict[tuple[int, int], str]  # by sheet, then by mark


def read_aloud(document: bytes, *, alternatives: bool = False) -> list[Element]:
    """Every element with its own text, in order; those that are inline are part of theirs.

    ``alternatives``: what stands for a figure, instead of the texts drawn in it.
    """
    reader = PdfReader(io.BytesIO(document))
    texts = {
        (sheet.indirect_reference.idnum, mark): text
        for sheet in reader.pages
        for mark, text in _marked(sheet, reader).items()
    }
    root = reader.trailer["/Root"]["/StructTreeRoot"].get_object()
    return [*_elements(root, (), 0, texts, alternatives)]


def _elements(
    node: Any, path: tuple[str, ...], sheet: int, texts: Texts, alternatives: bool
) -> Iterator[Element]:
    """The element of a node, then those in it."""
    if alternatives and "/Alt" in node:
        yield path, str(node["/Alt"])
        return
    own, within = "", []
    for kid, on in _kids(node, sheet):
        if isinstance(kid, int):
            own += texts.get((on, kid), "")
            continue
        kind = str(kid["/S"]).removeprefix("/")
        here = path if kind in INLINE else (*path, kind)
        found = [*_elements(kid, here, on, texts, alternatives)]
        if kind in INLINE:
            own += found[0][1]
            found = found[1:]
        within += found
    yield path, own.strip() if path else own
    yield from within


def _kids(node: Any, sheet: int) -> Iterator[tuple[Any, int]]:
    """The marks and the elements in a node, each with the sheet it is on."""
    sheet = node.raw_get("/Pg").idnum if "/Pg" in node else sheet
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object()
        if isinstance(kid, int):
            yield int(kid), sheet
        elif "/MCID" in kid:
            yield int(kid["/MCID"]), kid.raw_get("/Pg").idnum if "/Pg" in kid else sheet
        elif "/S" in kid:
            yield kid, sheet


def _marked(sheet: PageObject, reader: PdfReader) -> dict[int, str]:
    """The texts of a sheet, by the mark they are drawn under; artifacts have none."""
    named = sheet["/Resources"].get("/Font", {})
    fonts = {name: _letters(font.get_object()) for name, font in named.items()}
    letters: dict[bytes, str] = {}
    under: list[int | None] = []
    texts: dict[int, str] = {}
    for operands, operator in ContentStream(sheet.get_contents(), reader).operations:
        if operator in (b"BDC", b"BMC"):
            properties = operands[1] if len(operands) > 1 else {}
            under.append(properties.get("/MCID") if isinstance(properties, dict) else None)
        elif operator == b"EMC":
            under.pop()
        elif operator == b"Tf":
            letters = fonts[operands[0]]
        elif operator in (b"Tj", b"TJ") and (mark := _innermost(under)) is not None:
            pieces = operands[0] if operator == b"TJ" else operands
            drawn = b"".join(_bytes(one) for one in pieces if hasattr(one, "original_bytes"))
            codes = (drawn[at : at + 2] for at in range(0, len(drawn), 2))
            texts[mark] = texts.get(mark, "") + "".join(letters.get(code, "") for code in codes)
    return texts


def _innermost(under: list[int | None]) -> int | None:
    return next((int(mark) for mark in reversed(under) if mark is not None), None)


def _bytes(text: Any) -> bytes:
    return bytes(text.original_bytes)


def _letters(font: Any) -> dict[bytes, str]:
    """What each code of a font stands for, as the font itself says."""
    said = font["/ToUnicode"].get_object().get_data().decode("latin-1")
    found = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", said, re.S):
        for code, text in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block):
            found[bytes.fromhex(code)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", said, re.S):
        spans = re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block)
        for first, last, text in spans:
            for step in range(int(last, 16) - int(first, 16) + 1):
                code = (int(first, 16) + step).to_bytes(2, "big")
                found[code] = chr(int(text, 16) + step)
    return found
