"""Pieces of a page: HTML made from our templates, escaped, set in French typography."""

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment
from markupsafe import Markup

from qgdr_eval import french
from qgdr_eval.french import set_type
from qgdr_eval.palette import FONT_STACK, PALETTE
from qgdr_eval.templates import templates_of

PAGES = Path(__file__).parents[1]  # a folder a page, its templates beside its code
SMALL_PRINT = f"font:8pt {FONT_STACK};color:{PALETTE['muted']};"
DRAFT = "Brouillon, à ne pas diffuser : ces chiffres sont ceux que montrerait une publication"
NAMED = 90  # characters of names that still fit in the sentence in large type
FOOTER = 110  # characters that stand on one line at the foot of a page
FIRST_TAG = re.compile(r"^\s*<\w+")


@dataclass(frozen=True, repr=False)
class Fragment:
    """A piece of page: shown by a notebook, printed by ``str``, false when there is nothing.

    >>> print(Fragment("<p>Bloc</p>"))
    <p>Bloc</p>
    >>> bool(Fragment(""))
    False
    """

    html: str

    def __str__(self) -> str:
        return self.html

    def __bool__(self) -> bool:
        return bool(self.html)

    def __repr__(self) -> str:
        return f"<Fragment: {len(self.html)} characters>"

    def __html__(self) -> str:
        return self.html

    def _repr_html_(self) -> str:
        return self.html


NOTHING = Fragment("")


@dataclass(frozen=True)
class Table:
    """Rows to lay out; the first cell of each is its heading, a row of one cell heads a group.

    ``left``: columns holding words.
    """

    caption: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]
    left: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Drawing:
    """The same figure as SVG for a wide page and for a telephone; the stylesheet shows one.

    ``results``: the fingerprint of the report it belongs to; ``data``: of what is drawn.
    """

    wide: Markup
    narrow: Markup
    results: str
    data: str


class Proved(Protocol):
    """What a page is made from: its fingerprint proves each section."""

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of all it may read."""


def stamped(section: Callable[..., Fragment]) -> Callable[..., Fragment]:
    """Mark a section with the fingerprint of the report it was made from, to prove the page."""

    @wraps(section)
    def made(report: Proved, *rest: object) -> Fragment:
        """Make the section and mark its first element."""
        html = str(section(report, *rest))
        return Fragment(FIRST_TAG.sub(rf'\g<0> data-results="{report.fingerprint}"', html, count=1))

    return made


def render(template: str, **context: Any) -> Fragment:
    """Fill ``<template>.html.j2`` of the folders of pages; values are escaped unless already HTML.

    ``template``: the page's folder and the section, as in ``team/masthead``.
    """
    page = _environment().get_template(f"{template}.html.j2")
    return Fragment(set_type(page.render(**context)))


def read_style(name: str) -> str:
    """The text of a stylesheet of ours."""
    return (PAGES / "page" / name).read_text(encoding="utf-8")


def paper(footer: str, *, draft: bool = False) -> str:
    """The print rules: A4 portrait, the footer's text, page numbers; a draft says so on each sheet.

    In the margin: what is fixed on the page is printed over its text. The first sheet says it in
    the page itself, for browsers that print no margin.

    >>> paper("Bloc")[:39]
    '@page{size:A4 portrait;margin:14mm 16mm'
    """
    text = footer if len(footer) <= FOOTER else f"{footer[: FOOTER - 1]}…"
    return (
        f"{ON_EACH_SHEET if draft else ''}@page{{size:A4 portrait;margin:14mm 16mm 17mm;"
        f"@bottom-left{{content:{css_text(text)};{SMALL_PRINT}width:80%;text-align:left}}"
        f'@bottom-right{{content:"page " counter(page) " / " counter(pages);{SMALL_PRINT}}}}}'
    )


def marked(title: str, draft: bool) -> str:
    """A title, or the title of a draft.

    >>> marked("Bloc", True), marked("Bloc", False)
    ('Brouillon – Bloc', 'Bloc')
    """
    return f"Brouillon – {title}" if draft else title


def css_text(text: str) -> str:
    r"""Write any text as a CSS string that cannot end early, nor end the style element.

    >>> css_text('a"</style>')
    '"a\\22 \\3c \\2f style\\3e "'
    """
    safe = (c if (c.isalnum() and c.isascii()) or c == " " else f"\\{ord(c):x} " for c in text)
    return '"' + "".join(safe) + '"'


ON_EACH_SHEET = (
    f"@page{{@top-center{{content:{css_text(DRAFT)};{SMALL_PRINT}width:100%}}}}"
    "@page:first{@top-center{content:none}}"
)
"""The print rules that say a draft in the margin of each sheet but the first."""


def stylesheet() -> Fragment:
    """The stylesheet of the fragments, for a notebook read in JupyterLab.

    >>> stylesheet().html.startswith("<style>")
    True
    """
    return Fragment(f"<style>{read_style('fragment.css')}</style>")


def day_in_full(iso: str) -> str:
    """An ISO date in full; today's when a notebook gives none.

    >>> day_in_full("2026-03-31")
    '31 mars 2026'
    """
    return french.date(iso or datetime.date.today().isoformat())


@cache
def _environment() -> Environment:
    pages = templates_of(PAGES)
    pages.globals["draft"] = DRAFT
    pages.filters |= {
        "number": french.number,
        "percent": french.percent,
        "date_in_full": day_in_full,
        "quoted": french.quote,
        "style": lambda style: Markup(' style="{}"').format(style) if style else "",
        "capitalize_first": french.capitalized,
    }
    return pages
