"""The way round: links from a page to those that stand in the same folder, by relative address."""

import posixpath
from dataclasses import dataclass, replace

from qgdr_eval.french import set_text

Link = tuple[str, str]  # address from the folder of reports, words


@dataclass(frozen=True)
class Ways:
    """Where a page leads. ``up``: to what it is a part of; ``beside``: headed groups of links.

    >>> Ways(up=(("index.html", "Toutes les pages"),)).seen_from("services/01-bloc.html").up
    (('../index.html', 'Toutes les pages'),)
    """

    up: tuple[Link, ...] = ()
    beside: tuple[tuple[str, tuple[Link, ...]], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.up or self.beside)

    def seen_from(self, page: str) -> "Ways":
        """The same links, their addresses and words as a page of the folder writes them.

        >>> Ways(up=(("index.html", "Ses plans d'actions"),)).seen_from("index.html").up
        (('index.html', 'Ses plans d’actions'),)
        """
        here = posixpath.dirname(page)

        def led(links: tuple[Link, ...]) -> tuple[Link, ...]:
            return tuple(
                (posixpath.relpath(href, here or "."), set_text(words)) for href, words in links
            )

        return replace(
            self,
            up=led(self.up),
            beside=tuple((set_text(title), led(links)) for title, links in self.beside if links),
        )


NOWHERE = Ways()
"""The ways of a page that stands alone."""
