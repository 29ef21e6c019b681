"""What a reader finds in a PDF: its words, its properties, what it tells who does not see it."""

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from qgdr_eval.editions import open_edition, print_edition
from qgdr_eval.press.editions import suits
from qgdr_eval.reporting import ServiceReport
from tests.reading import plain

DAY = "2026-11-16"


def printed(report: ServiceReport, edition: str, day: str = DAY) -> bytes:
    """An edition of ours; the test is skipped where the instrument has none of that name."""
    opened = open_edition(edition)
    if not suits(opened, report.instrument):
        pytest.skip(f"{edition} is not made for {report.instrument.id}")
    return print_edition(report, opened, day)


def words_of(document: bytes) -> str:
    """All its words, sheet after sheet, spaces and apostrophes made plain."""
    pages = PdfReader(io.BytesIO(document)).pages
    text = " ".join(page.extract_text() for page in pages)
    return re.sub(r"\s+", " ", plain(text.replace("\u200b", "")))


def packed(text: object) -> str:
    """A text without spaces: where a line ends is no word's business."""
    return re.sub(r"\s+", "", plain(str(text).replace("\u200b", "")))


def properties_of(document: bytes) -> str:
    """Everything that its properties say, the packet of metadata with them."""
    reader = PdfReader(io.BytesIO(document))
    packet = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    return " ".join([*map(str, (reader.metadata or {}).values()), packet])


def title_of(document: bytes) -> str:
    return str((PdfReader(io.BytesIO(document)).metadata or {})["/Title"])


def sheets_of(document: bytes) -> list[tuple[int, int]]:
    """Width and height of each sheet, in millimetres."""
    boxes = [page.mediabox for page in PdfReader(io.BytesIO(document)).pages]
    return [(round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4))
            for box in boxes]  # fmt: skip


def structure_of(document: bytes) -> list[tuple[str, str]]:
    """(kind, alternative text) of every element, in the order it is read aloud."""
    root = PdfReader(io.BytesIO(document)).trailer["/Root"]["/StructTreeRoot"]
    return [*_elements(root.get_object().get("/K"))]


def _elements(node: Any) -> Any:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from _elements(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"]).removeprefix("/"), str(node.get("/Alt", ""))
        yield from _elements(node.get("/K"))
