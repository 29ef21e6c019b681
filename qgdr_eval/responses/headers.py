"""What the header of a column says: an item's code, a text, both; damaged or cut on the way."""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from qgdr_eval.tables.spelling import unaccented

LONGEST = 2000  # characters looked at
BORDERS = 6  # last places where a header is cut into an introduction and a question
ALIKE = 3  # headers of one length, the greatest of all, before they look cut there
MANY = 0.3  # share of the headers of one length, whatever it is, before they look cut there
# Words of a column that stands beside an answer: its comment, its other answer, how long it took.
ASIDE = {"comment", "commentaire", "commentaires", "other", "autre", "time", "temps"}
_TWICE = re.compile(  # UTF-8 read as Windows-1252: « é » has become « Ã© »
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6-\u02dc\u2013-\u2122]{1,3}"
)
_TAGS = re.compile(r"<[^<>]{1,300}>")
_LOST = re.compile(r"(?<=\w)[^\w\s'’\-./,;:()\[\]<>]+(?=\w)")  # what stands for a letter: « tr?s »
_ELLIPSIS = re.compile(r"(?:…|\.{2,})\W*$")
_LEAD = re.compile(  # « 12) », « G01Q02[SQ001]. », « Q3 - », « submitdate. »
    r"^\s*(?:[^\W\d]{0,16}[\w\[\]]{0,24}\d[\w\[\]]{0,24}\s*(?:[.):]|\s[-–—]\s)\s*|\w{1,24}\.\s+)(?=\S)"
)
_RANK = re.compile(r"^(?:(?:q|question|item|n|no) ?)?[0-9]{1,3} (?:[0-9]{1,2} )?(?=\w)")
_BRACKETS = re.compile(r"^(.*?)\s*[\[(]([^\[\]]*?)[\])]?\s*$", re.DOTALL)
_BORDER = re.compile(r"->|[/|:]| [-–—] |[.?!]\s+(?=\S)")
_TELLING = {  # words that turn a sentence round, or say who speaks
    "fr": "ne n pas jamais sans aucun aucune rien ni non peu moins plus trop je j".split(),
    "en": "not t no never without nothing little less more too i".split(),
}


@dataclass(frozen=True)
class Part:
    """Words of a header, or of one part of it; ``cut``: they may be the start of a longer text."""

    words: str
    cut: bool


def wording(text: str) -> str:
    """The words of a header or of a question, without what people and tools write differently.

    Tags, entities, capitals, accents and punctuation do not count, nor UTF-8 read as Windows-1252.

    >>> wording("<b>L&#039;équipe</b>\\u00a0: prête ?"), wording("prÃªte"), wording("pr?te")
    ('l equipe prete', 'prete', 'prte')
    """
    seen = _TAGS.sub(" ", html.unescape(_repaired(text[:LONGEST])))
    return " ".join(re.sub(r"[\W_]+", " ", unaccented(_LOST.sub("", seen))).split())


def parts_of(header: str, cut: bool) -> frozenset[Part]:
    """Every way of reading a header: whole, without its number, each side of a border, in brackets.

    >>> sorted(part.words for part in parts_of("À quelle fréquence ? [On range]", False))
    ['a quelle frequence', 'a quelle frequence on range', 'on range']
    """
    end = header[:LONGEST].rstrip()
    return frozenset(
        Part(words, bool(_ELLIPSIS.search(text)) or (cut and end.endswith(text.rstrip())))
        for text in _readings(end)
        for words in _unnumbered(wording(text))
        if words
    )


def _readings(header: str) -> Iterator[str]:
    for text in dict.fromkeys((header, _LEAD.sub("", header))):
        yield text
        yield from (text[border.end() :] for border in [*_BORDER.finditer(text)][-BORDERS:])
        if found := _BRACKETS.match(text):
            yield from found.groups()


def _unnumbered(words: str) -> set[str]:
    return {words, _RANK.sub("", words)}


def cut_headers(headers: Sequence[str]) -> set[str]:
    """Headers that look cut: as long as many others, or as the longest of all with two others.

    Letters are counted, or bytes, or letters before UTF-8 was read as Windows-1252.

    >>> sorted(cut_headers(["un texte long", "un autre text", "encore un tex", "court"]))
    ['encore un tex', 'un autre text', 'un texte long']
    """
    measures: tuple[Callable[[str], int], ...] = (
        len,
        lambda text: len(text.encode("utf-8", "replace")),
        lambda text: len(_repaired(text)),
    )
    return {name for measure in measures for name in _stopped(headers, measure)}


def _stopped(headers: Sequence[str], measure: Callable[[str], int]) -> set[str]:
    """Headers of one length, or one less when a blank was at the end."""
    sizes = {name: measure(name) for name in headers}
    crowd = Counter(size for length in sizes.values() for size in (length, length + 1))
    longest = max(sizes.values(), default=0)
    ends = {
        size
        for size, many in crowd.items()
        if many >= ALIKE and (size == longest or many >= MANY * len(sizes))
    }
    return {name for name, size in sizes.items() if {size, size + 1} & ends}


def _repaired(text: str) -> str:
    return _TWICE.sub(_once, text).replace("\x92", "'")


def _once(found: re.Match[str]) -> str:
    for encoding in ("cp1252", "latin-1"):
        try:
            return found[0].encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return found[0]


def contradicts(part: Part, text: str, language: str) -> bool:
    """Whether words deny what a text says, count otherwise or speak for another.

    Part and text are as `wording` gives them. Only French and English denials are known.

    >>> contradicts(Part("nous ne disons rien", False), "nous disons tout", "fr")
    True
    """
    header_words, question_words = part.words.split(), text.split()
    if part.cut and len(part.words) < len(text):  # the last word may be half a word
        header_words, question_words = header_words[:-1], text[: len(part.words)].split()[:-1]
    return _telling(header_words, language) != _telling(question_words, language)


def _telling(words: list[str], language: str) -> Counter[str]:
    known = _TELLING.get(language, ())
    return Counter(word for word in words if word in known or word.isdecimal())


@dataclass(frozen=True)
class Borne:
    """A code that a header bears: the item's, whether it is all the header says, and the rest."""

    code: str
    alone: bool
    rest: str


class Codes:
    """The codes of an instrument, as headers bear them: whole words, at an end or in brackets.

    >>> codes = Codes(["CS01", "E1"])
    >>> [[one.code for one in codes.in_(text)] for text in ("CULT[cs1]. Texte", "E1.2", "Un E1 de")]
    [['CS01'], [], []]
    """

    def __init__(self, codes: Sequence[str]) -> None:
        alike = Counter(map(_canonical, codes))
        self._known = {_canonical(code): code for code in codes if alike[_canonical(code)] == 1}
        words = "|".join(sorted(map(_pattern, self._known.values()), key=len, reverse=True))
        self._word = re.compile(
            rf"(?<![^\W_])(?<!\d[.\-])(?:{words or '(?!)'})(?![^\W_])(?![.\-]\d)", re.IGNORECASE
        )

    def in_(self, header: str) -> list[Borne]:
        """The codes a header bears, each once."""
        found: dict[str, Borne] = {}
        for word in self._word.finditer(header[:LONGEST]):
            before, after = header[: word.start()], header[word.end() :]
            if _stands_out(before, after, any(map(str.isdigit, word[0]))):
                code = self._known[_canonical(word[0])]
                alone = not (before + after).strip()
                found.setdefault(code, Borne(code, alone, f"{before} {after}"))
        return list(found.values())


def _stands_out(before: str, after: str, numbered: bool) -> bool:
    """Whether a word stands where tools put codes, and not inside a sentence."""
    left, right = before.strip(), after.strip(" ])")
    if before.endswith(("[", "(")) and after.startswith(("]", ")")):
        return True
    if wording(f"{before} {after}") in _BESIDE:
        return True
    if not left:
        return not right or numbered or after.lstrip().startswith(_ENDS)
    path = before.endswith(_STARTS)
    return (path or left.endswith(_STARTS)) if not right else path and after.startswith(_ENDS)


_BESIDE = {"", "item", "question", "critere", "q", "n", "no", "code"}
_STARTS = ("_", "/", ".", ":", ">", "-", "–", "—", "[", "(")
_ENDS = ("_", "/", ".", ":", "-", "–", "—", "[", "]", ")")


def _canonical(code: str) -> str:
    """A code without capitals nor zeros before its numbers: « cs1 » and « CS-01 » are CS01."""
    numbers = re.sub(r"[0-9]+", lambda number: str(int(number[0])), code.casefold())
    return re.sub(r"(?<=[^\W\d_]{2})[ _-](?=\d)", "", numbers)


def _pattern(code: str) -> str:
    return re.sub(
        r"(?P<after>(?<=[^\W\d_]{2}))?[0-9]+",
        lambda found: f"{'' if found['after'] is None else '[ _-]?'}0*{int(found[0])}",
        re.escape(code),
    )
