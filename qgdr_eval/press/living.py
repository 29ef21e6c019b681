"""What makes a page more than what stands on it: programs, frames, handlers, forms, refreshes.

A report shows what was proved when it was made, and nothing else, whoever opens it: nothing in it
may act, change what is seen, or send anything.
"""

import re
from html.parser import HTMLParser

ELEMENTS = frozenset(
    "script iframe frame frameset object embed applet portal video audio canvas base"
    " form input button select textarea animate animatemotion animatetransform set".split()
)
ADDRESSES = re.compile(r"(?:javascript|vbscript):|data:(?:text/html|application/xhtml)")
SUSPECTS = tuple(  # a quick look, each beginning with a plain text: it clears most pages unparsed
    map(
        re.compile,
        [
            rf"<(?:{'|'.join(sorted(ELEMENTS))})\b",
            r"[\s/\"']on[a-z]+\s*=",
            r"http-equiv|srcdoc|formaction",
            r"script\s*:",
            r"data:(?:text|application)",
            r"href\s*=[^>]*&",
            r"src\s*=[^>]*&",
        ],
    )
)
UNSEEN = dict.fromkeys([*range(33), 127])  # browsers skip them inside an address


def is_living(html: str) -> bool:
    """Whether anything on a page acts, or may show something else than what stands there.

    >>> is_living('<p>onglet = 3</p>'), is_living('<p onclick="x()">3</p>')
    (False, True)
    """
    lowered = html.lower()
    if not any(suspect.search(lowered) for suspect in SUSPECTS):
        return False
    finder = _Finder()
    finder.feed(html)
    finder.close()
    return finder.found


class _Finder(HTMLParser):
    """Reads tags and their attributes as a browser would, texts and comments apart."""

    found = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Judge an element by its name, then by each of its attributes."""
        refresh = tag == "meta" and any(
            name == "http-equiv" and (value or "").strip().lower() != "content-type"
            for name, value in attrs
        )
        self.found |= (
            refresh or tag in ELEMENTS or any(_acts(name, value or "") for name, value in attrs)
        )


def _acts(name: str, value: str) -> bool:
    if name.startswith("on") or name in ("srcdoc", "formaction"):
        return True
    return bool(ADDRESSES.match(value.translate(UNSEEN).lower()))
