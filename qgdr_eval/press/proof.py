"""The proof that a page is the one that was ordered, read from the page itself.

Each section of ours carries the fingerprint of the results it was made from, each figure also that
of the data it draws, the masthead the names and the number of respondents. A page that shows
another team's section or figure carries another fingerprint. A picture that is not ours carries
none: it may not stand on two pages whose results differ, unless it is in prose or in a cell tagged
``commune``.

A PDF says the same in its metadata; nothing in it acts, and its figures are drawn from the values
that it was given, which are those of its service alone.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs

from qgdr_eval.fingerprint import of_bytes
from qgdr_eval.french import quote
from qgdr_eval.press.living import is_living

ACTS = "la page contient un programme ou un formulaire : montrez une image ou un tableau"
FIXED = re.compile(r"<!--fixe-->.*?<!--/fixe-->", re.S)
STAMP = re.compile(r'<\w+ data-results="([0-9a-f]{64})"')
IDENTITY = re.compile(  # a text holds no raw « < »: it cannot look like the start of a tag
    r'<div data-results="\w+" class="qgdr masthead"'
    r' data-facility="([^"]*)" data-service="([^"]*)" data-n="([^"]*)"'
)
FIGURE = re.compile(r'<figure data-results="\w+" data-drawn="(\w+)">(.*?)</figure>', re.S)
KEYWORDS = re.compile(rb"<pdf:Keywords>([^<]*)</pdf:Keywords>")
PICTURE = re.compile(
    r"<(?i:svg)\b.*?</(?i:svg)>|<(?i:img)\b[^>]*>|(?i:url)\([^)]*\b(?i:data):[^)]*\)", re.S
)


@dataclass(frozen=True)
class Evidence:
    """What a page tells of itself.

    ``identities``: (facility, service, n) of its mastheads; ``results``: fingerprints its sections
    carry; ``figures``: fingerprint of each figure with that of its data, "" when it says none;
    ``fixed``: false when something on the page acts, or may show something else than what stands
    there.
    """

    identities: tuple[tuple[str, str, str], ...]
    results: frozenset[str]
    figures: tuple[tuple[str, str], ...]
    fixed: bool = True


@dataclass(frozen=True)
class Promise:
    """What a page must turn out to hold; ``results``: the fingerprint its sections must carry.

    ``n``: None where it is not shown.
    """

    facility: str
    service: str
    n: int | None
    results: str


def evidence_of(content: bytes) -> Evidence:
    """Read what a page tells of itself, HTML or PDF.

    >>> evidence_of(b"%PDF-1.7").identities
    ()
    """
    if content.startswith(b"%PDF-"):
        return _of_document(content)
    return read_evidence(content.decode(errors="replace"))


def _of_document(content: bytes) -> Evidence:
    said = KEYWORDS.search(content)
    told = parse_qs(unescape(said[1].decode()), keep_blank_values=True) if said else {}
    facility, service, n, results = (
        told.get(name, [""])[0] for name in ("facility", "service", "n", "results")
    )
    if not results:
        return Evidence((), frozenset(), ())
    return Evidence(((facility, service, n),), frozenset({results}), ())


def read_evidence(html: str) -> Evidence:
    """Read what a page tells of itself."""
    pieces = FIGURE.split(html)  # a text, the data and drawing of a figure, a text, ...
    ours = zip(pieces[2::3], pieces[1::3], strict=True)
    texts = "<figure>".join(pieces[::3])
    others = PICTURE.findall(FIXED.sub("", texts))
    return Evidence(
        tuple(
            (unescape(facility), unescape(service), n)
            for facility, service, n in IDENTITY.findall(texts)
        ),
        frozenset(STAMP.findall(html)),
        tuple(
            (of_bytes(drawing.encode()), data)
            for drawing, data in (*ours, *((picture, "") for picture in others))
        ),
        fixed=not is_living(html),
    )


def prove(promise: Promise, evidence: Evidence) -> str:
    """Why a page is not the one that was ordered, in French; "" when it is."""
    promised = (promise.facility, promise.service)
    people = "" if promise.n is None else str(promise.n)
    if not evidence.identities:
        return "la page ne dit pas de quel service elle est : gardez son en-tête dans le carnet"
    for facility, service, n in evidence.identities:
        if (facility, service) != promised:
            return f"la page obtenue est celle de {quote(_name(facility, service))}"
        if n != people:
            return "la page ne dit pas le bon nombre de réponses"
    if evidence.results != {promise.results}:
        return "une partie de la page est faite avec d'autres résultats que ceux du service"
    if not evidence.fixed:
        return ACTS
    return ""


class Figures:
    """Figures already printed: the same figure twice must have been drawn from equal data."""

    def __init__(self) -> None:
        self._seen: dict[bytes, bytes] = {}

    def refuse(self, results: str, figures: Iterable[Sequence[str]]) -> str:
        """Take note of a page's figures; says why when one is another page's, else ""."""
        for figure, data in figures:
            drawn = bytes.fromhex(data or results)[:8]
            if self._seen.setdefault(bytes.fromhex(figure)[:8], drawn) != drawn:
                return "une figure de la page est celle d'un autre service"
        return ""


def _name(facility: str, service: str) -> str:
    return ", ".join(name for name in (service, facility) if name) or "la campagne entière"
