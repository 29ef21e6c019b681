"""What a reader finds in a PDF: its words, its properties, what it tells who does not see it."""

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from qgdr_eval.editions import Report, open_edition, open_for, print_edition, shipped_editions
from qgdr_eval.instruments import load_instrument
from qgdr_eval.press.editions import suits
from tests.reading import plain

DAY = "2026-11-16"
KINDS = {  # a report of each kind, by its name in `tests.opened`, with what it asked
    "team_report": "culture_securite",
    "audit_report": "epp_circuit_medicament",
    "position_report": "politique_qgdr",
    "risk_report": "compte_qualite",
    "shortell_report": "shortell_service",
    "board_report": "culture_securite",
    "board_audit": "epp_circuit_medicament",
}


def _made() -> list[tuple[str, str]]:
    """Every edition of ours with each kind of report it is made for."""
    asked = {name: load_instrument(id) for name, id in KINDS.items()}
    return [
        (edition, name)
        for edition in shipped_editions()
        for name, instrument in asked.items()
        if suits(open_edition(edition), instrument)
        and name.startswith("board") == (open_edition(edition).edition.of == "facility")
    ]


MADE = _made()
each_document = pytest.mark.parametrize(("edition", "report"), MADE, indirect=["report"])
"""For a test of every document that can be printed of the demonstration."""


def printed(report: Report, edition: str, day: str = DAY) -> bytes:
    """An edition of ours."""
    return print_edition(report, open_edition(edition), day)


def opened_of(campaign: object, edition: str, facility: str, service: str) -> Report:
    """What an edition is printed of: a service of a campaign, or the facility that has it."""
    opened = open_edition(edition)
    named = service if opened.edition.of == "service" else ""
    return open_for(opened, str(campaign), facility, named, day=DAY)


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
