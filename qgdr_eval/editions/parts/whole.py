"""The sections of the page that hold its numbers, its method and its provenance, as plain blocks.

They are read from the page's own sections, so that the annex on paper is word for word theirs.
"""

from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from itertools import groupby
from typing import Any

from qgdr_eval.reporting import Fragment, ServiceReport, audit, position, team
from qgdr_eval.reporting.opened import opened

VOID = {"br", "hr", "img", "meta", "input"}
UNREAD = {"svg", "figure", "style", "script", "summary"}  # drawn (as a map is), or said again
TITLES = {"h2": 2, "h3": 3, "h4": 4}
TEXTS = {"p": "text", "li": "item", "dt": "term", "dd": "text", "cite": ""}
Section = Callable[[ServiceReport], Fragment]

SECTIONS: dict[str, tuple[Section, ...]] = {
    "respondent": (team.participation, team.professions, team.reference, team.since,
                   team.rounds, team.limits),
    "record": (audit.overall, team.participation, audit.agreement, team.reference, team.since,
               team.rounds, team.limits),
    "group": (position.risks, position.since, position.limits),
}  # fmt: skip
TABLES: dict[str, tuple[Section, ...]] = {  # beside figures: their numbers alone are taken
    "respondent": (team.profile, team.items),
    "record": (team.profile, audit.criteria),
    "group": (position.profile,),
}
METHOD: dict[str, tuple[Section, ...]] = {
    "respondent": (opened, team.annex),
    "record": (opened, team.annex),
    "group": (position.items, position.annex),
}
Block = dict[str, Any]  # what the page of an edition lays out, by its kind


def blocks(report: ServiceReport, most: int) -> list[Block]:
    """Titles, texts, lists and tables, in the order they are read.

    >>> first = blocks(team_report, 0)[0]
    >>> first["kind"], first["level"]
    ('title', 2)
    """
    subject = report.instrument.subject
    made = [section(report) for section in SECTIONS[subject] + METHOD[subject]]
    tables = [section(report) for section in TABLES[subject]]
    read = [*(blocks_of(one, tables_only=True) for one in tables), *map(blocks_of, made)]
    return [block for one in read for block in one]


def blocks_of(section: Fragment, *, tables_only: bool = False) -> list[Block]:
    """The blocks of one section; of one that is drawn, its titles, findings and tables alone.

    >>> blocks_of(Fragment("<h2>Un</h2><p>Deux <b>mots</b></p>"))[1]
    {'kind': 'text', 'text': 'Deux mots'}
    """
    reader = _Reader(tables_only)
    reader.feed(str(section))
    reader.close()
    return list(_together(_once(reader.blocks)))


def _together(found: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The items that follow each other are one list."""
    for is_item, blocks in groupby(found, key=lambda block: block["kind"] == "item"):
        if is_item:
            yield {"kind": "list", "items": [block["text"] for block in blocks]}
        else:
            yield from blocks


def _once(found: list[Block]) -> Iterator[Block]:
    """A table stands twice where a screen and a sheet lay it out apart: once is enough."""
    tables: list[Block] = []
    for block in found:
        if block["kind"] != "table":
            yield block
        elif block not in tables:
            tables.append(block)
            yield block


class _Reader(HTMLParser):
    """Reads a section of ours, element by element; what is drawn or hidden is passed over."""

    def __init__(self, tables_only: bool) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._tables_only = tables_only
        self._over = 0  # how deep in what is passed over
        self._kept: list[str] = []
        self._table: Block = {}
        self._finding = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a block, a table, a row, or something to pass over."""
        held = {name: value or "" for name, value in attrs}
        classes = held.get("class", "").split()
        passed = tag in UNREAD or {"paper", "map"} & {*classes} or held.get("aria-hidden") == "true"
        if tag in VOID:
            return
        if self._over or passed:
            self._over += 1
        elif tag == "table":
            self._table = {"kind": "table", "caption": "", "columns": [], "words": [], "rows": []}
        elif tag == "tr" and self._table.get("columns"):
            self._table["rows"].append([])
        elif tag == "th" and held.get("scope") == "col" and "words" in classes:
            self._table["words"].append(len(self._table["columns"]))
        if tag in TITLES or TEXTS.get(tag) or tag in ("caption", "th", "td"):
            self._kept, self._finding = [], "finding" in classes

    def handle_data(self, data: str) -> None:
        """Keep the words of the block that is open."""
        if not self._over:
            self._kept.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Close a block: what it said stands among those that were read."""
        if self._over:
            self._over -= tag not in VOID
            return
        text = " ".join("".join(self._kept).split())
        if tag in TITLES:
            self._add({"kind": "title", "level": TITLES[tag], "text": text})
        elif tag == "caption":
            self._table["caption"] = text
        elif tag == "th" and not self._table["rows"]:
            self._table["columns"].append(text)
        elif tag in ("th", "td"):
            self._table["rows"][-1].append(text)
        elif tag == "table":
            self._add(self._table)
            self._table = {}
        elif TEXTS.get(tag) and text and not self._table:
            if self._finding or not self._tables_only:
                self._add({"kind": TEXTS[tag], "text": text})
        else:
            return
        self._kept = []

    def _add(self, block: Block) -> None:
        self.blocks.append(block)
