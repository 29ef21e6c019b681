"""What a reader finds in a page or a piece of one: its words, headings, links, tables and names."""

import re
from collections import defaultdict
from collections.abc import Iterable
from html.parser import HTMLParser

SPACES = str.maketrans({"\u202f": " ", "\u00a0": " ", "’": "'"})
DRAWN = {"svg", "style", "script"}  # their words are read by whoever asks for them only
VOID = {"br", "col", "hr", "img", "input", "link", "meta", "wbr"}  # elements that never close


class Page(HTMLParser):
    """A page as it is read, in the order it is written.

    ``tags``: every tag; ``attributes``: every (name, value); ``texts``: the words of every ``tag``,
    every ``tag.class``, and every one inside an element of a class, as in ``ul.class li``;
    ``tables``: caption, columns, rows of cells.

    >>> Page("<h1>Un <b>mot</b></h1><p class='note'>l’équipe</p>").texts["p.note"]
    ["l'équipe"]
    """

    def __init__(self, html: object) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: defaultdict[str, list[str]] = defaultdict(list)
        self.tables: list[tuple[str, list[str], list[list[str]]]] = []
        self._pieces: list[tuple[str, bool]] = []  # of words, and whether they are drawn
        self._open: list[tuple[str, list[tuple[str, int]], int]] = []
        self._leads: list[str] = []  # where each link leads
        self._part = ""
        self.feed(str(html))
        self.close()

    @property
    def words(self) -> str:
        """All of its words, as they are typeset but for spaces."""
        return joined(text for text, drawn in self._pieces if not drawn)

    @property
    def levels(self) -> list[int]:
        """Those of its headings, in their order."""
        return [int(tag[1]) for tag in self.tags if re.fullmatch("h[1-6]", tag)]

    @property
    def ids(self) -> list[str]:
        """The names that links and labels point to."""
        return self.values("id")

    @property
    def addresses(self) -> list[str]:
        """All that it leads to or fetches."""
        return [value for name, value in self.attributes if name in ("href", "src")]

    @property
    def links(self) -> list[tuple[str, str]]:
        """Address and words of each link to another page."""
        found = zip(self._leads, self.texts["a"], strict=True)
        return [link for link in found if link[0] and not link[0].startswith("#")]

    def values(self, attribute: str) -> list[str]:
        """Every value of an attribute."""
        return [value for name, value in self.attributes if name == attribute]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.attributes += held.items()
        self._pieces.append((" ", False))
        if tag == "a":
            self._leads.append(held.get("href", ""))
        elif tag == "table":
            self.tables.append(("", [], []))
        elif tag in ("thead", "tbody"):
            self._part = tag
        elif tag == "tr" and self._part == "tbody":
            self.tables[-1][2].append([])
        if tag not in VOID:
            places = [(name, len(self.texts[name])) for name in self._names(tag, held)]
            for name, _ in places:
                self.texts[name].append("")
            self._open.append((tag, places, len(self._pieces)))

    def _names(self, tag: str, held: dict[str, str]) -> list[str]:
        """``tag``, ``tag.class``, and each inside an element of a class: ``tag.class tag``."""
        own = [tag, *(f"{tag}.{one}" for one in held.get("class", "").split())]
        around = {name for _, places, _ in self._open for name, _ in places if "." in name}
        return own + [f"{one} {name}" for one in sorted(around) if " " not in one for name in own]

    def handle_data(self, data: str) -> None:
        self._pieces.append((data, self._drawing()))

    def handle_endtag(self, tag: str) -> None:
        self._pieces.append((" ", False))
        if not any(tag == one for one, _, _ in self._open):
            return
        while self._open:
            inside = self._drawing()
            closed, places, start = self._open.pop()
            read = (text for text, drawn in self._pieces[start:] if inside or not drawn)
            words = plain(joined(read))
            for name, rank in places:
                self.texts[name][rank] = words
            if closed == tag:
                break
        self._enter(tag, words)

    def _drawing(self) -> bool:
        return any(tag in DRAWN for tag, _, _ in self._open)

    def _enter(self, tag: str, words: str) -> None:
        """Put the words of a cell in the table it belongs to."""
        if tag == "caption":
            self.tables[-1] = (words, *self.tables[-1][1:])
        elif tag in ("th", "td"):
            _, columns, rows = self.tables[-1]
            (columns if self._part == "thead" else rows[-1]).append(words)


def joined(pieces: Iterable[str]) -> str:
    """Words with one ordinary space between them."""
    return re.sub(r"\s+", " ", "".join(pieces)).strip()


def plain(text: object) -> str:
    """A text of ours with ordinary spaces and apostrophes."""
    return str(text).translate(SPACES)


def text_of(html: object) -> str:
    """The words of a piece of page, figures left out, spaces and apostrophes made plain."""
    return plain(Page(html).words)


def body_of(page: str) -> str:
    """The words of a whole page, without its title and its style."""
    return text_of(page[page.index("<body") :])


def title_of(html: object) -> str:
    """The heading of a section."""
    (title,) = Page(html).texts["h2"]
    return title


def table_of(html: object, caption: str) -> dict[str, dict[str, str]]:
    """The rows of the table of that caption, by their heading then by column."""
    found = [one for one in Page(html).tables if one[0] == caption]
    assert found, caption
    assert all(one == found[0] for one in found)  # on screen and on paper, the same figures
    _, columns, rows = found[0]
    return {row[0]: dict(zip(columns[1:], row[1:], strict=True)) for row in rows}
