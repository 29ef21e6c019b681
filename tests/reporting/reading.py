"""What a reader finds in a piece of page: its tables, its headings, its text."""

import re
from html import unescape
from html.parser import HTMLParser

SPACES = str.maketrans({"\u202f": " ", "\u00a0": " ", "’": "'"})


class Outline(HTMLParser):
    """Tags and tables of a page; a table is its caption, its columns and its rows of cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.tables: list[tuple[str, list[str], list[list[str]]]] = []
        self._part, self._cell = "", ""
        self.feed(str(html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "table":
            self.tables.append(("", [], []))
        elif tag in ("thead", "tbody"):
            self._part = tag
        elif tag == "tr" and self._part == "tbody":
            self.tables[-1][2].append([])
        elif tag in ("th", "td", "caption"):
            self._cell = ""

    def handle_data(self, data: str) -> None:
        self._cell += data

    def handle_endtag(self, tag: str) -> None:
        cell = self._cell.translate(SPACES).strip()
        if tag == "caption":
            self.tables[-1] = (cell, *self.tables[-1][1:])
        elif tag in ("th", "td"):
            _, columns, rows = self.tables[-1]
            (columns if self._part == "thead" else rows[-1]).append(cell)


def table_of(html: object, caption: str) -> dict[str, dict[str, str]]:
    """The rows of the table of that caption, by their heading then by column."""
    found = [one for one in Outline(str(html)).tables if one[0] == caption]
    assert found, caption
    assert all(one == found[0] for one in found)  # on screen and on paper, the same figures
    _, columns, rows = found[0]
    return {row[0]: dict(zip(columns[1:], row[1:], strict=True)) for row in rows}


def text_of(html: object) -> str:
    """The words of a piece of page, figures left out, spaces made plain."""
    drawn = re.sub(r"<svg.*?</svg>", "", str(html), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", drawn)).translate(SPACES)).strip()


def title_of(html: object) -> str:
    """The heading of a section."""
    (title,) = re.findall(r"<h2[^>]*>(.*?)</h2>", str(html), re.S)
    return text_of(title)
