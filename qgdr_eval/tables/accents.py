"""Texts whose accents were lost on the way: names that cannot be French, and what would read them.

An encoding is asked for, never guessed: two of them may both give words.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from qgdr_eval.french import listed, quote
from qgdr_eval.problems import Problem
from qgdr_eval.tables.faults import fault

CANDIDATES = ("cp1252", "cp850", "mac-roman")  # Windows, DOS, Macintosh
SHOWN = 3
_MOST = 200  # characters of a text that are looked at: enough for a name or an answer
_LETTER = r"[^\W\d_]"
# What Windows makes of the accents of DOS and of a Macintosh, where no French word has it.
_LOST = re.compile(
    rf"{_LETTER}[‚ƒ„†‡ˆ‰Š‹ŽŸ˜™š›žÕ\ufffd]|[‚ƒ„†‡ˆ‰Ž˜š›ž\ufffd]{_LETTER}"
    rf"|{_LETTER}[“”¢¤¥£ßØ×÷Þ][a-z]|[a-z]Œ[a-z]|\sˆ\s"
)
# The same, where a French word may have it: only of a file without any accent of Windows.
_DOUBTFUL = re.compile(rf"\s…\s|{_LETTER}[–—•‘…]{_LETTER}|…{_LETTER}")
_ACCENT = re.compile("[éèêëàâçîïôûùüÉÈÊÀÇ]")
# What UTF-8 becomes when it is taken for something else, and other ways of writing an accent.
_CONVERTED = re.compile(
    r"Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[™œ“”¦]|Â[«»\u00a0°·]|├[®¿¬¡ºÇ]|√[©®†ßîî™]"
    r"|\ufffd|\+A[M-P][A-Za-z0-9+/]-|&(?:#\d{2,4}|[A-Za-z]{1,2}(?:acute|grave|circ|cedil|uml));"
)
# A letter no encoding of the way had: « P?diatrie », « ?quipe »; a question has a blank before.
_ASKED = re.compile(rf"(?:{_LETTER}|^|[\s'’-])\?{_LETTER}")
_MIXED = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ]")  # a capital accent inside a word
_FRENCH = re.compile("[éèêëàâçîïôûùüÉÈÊÀÇ’«»œ]")


def lost_accents(texts: Iterable[str]) -> list[str]:
    """The texts of a file taken for Windows text that no French writer wrote so.

    >>> lost_accents(["P‚diatrie", "Pédiatrie", "l’équipe", "Qualit‚"])
    ['P‚diatrie', 'Qualit‚']
    """
    return [text for text in texts if _LOST.search(text[:_MOST])]


def converted(texts: Iterable[str]) -> list[str]:
    """The texts that were converted once too often.

    >>> converted(["PÃ©diatrie", "Pédiatrie", "P&eacute;diatrie"])
    ['PÃ©diatrie', 'P&eacute;diatrie']
    """
    return [text for text in texts if _CONVERTED.search(text[:_MOST])]


def check_encoding(path: Path, texts: Collection[str]) -> Iterator[Problem]:
    """Ask for the encoding of a file whose accents are none when it is taken for Windows text.

    ``texts``: its distinct cells and names, read as cp1252.
    """
    strange = lost_accents(texts)
    if not strange and not any(_ACCENT.search(text) for text in texts):
        strange = [text for text in texts if _DOUBTFUL.search(text[:_MOST])]
    bytes_ = [text[:40].encode("cp1252", "replace") for text in strange]
    if likely_encodings(bytes_):
        yield ask_encoding(path, bytes_)


def ask_encoding(path: Path, strange: list[bytes]) -> Problem:
    """The problem that shows strange names, each as the likeliest encodings would read them."""
    likely = likely_encodings(strange)
    ways = [f"« encoding: {name} » donne {_read_as(strange, name)}" for name in likely]
    return fault(
        path.name,
        f"les accents ne se lisent pas : {_read_as(strange, 'cp1252')}",
        "enregistrez le fichier en UTF-8, ou dites son encodage dans la campagne, à côté de son "
        f"nom (« responses: {{file: {path.name}, encoding: … }} ») : {' ; '.join(ways)}",
    )


def likely_encodings(strange: list[bytes]) -> list[str]:
    """Those that make French of some texts, best alone; none when no known one does."""
    scores = {name: _french(strange, name) for name in CANDIDATES}
    best = max(scores.values())
    return [name for name in CANDIDATES if scores[name] == best > 0]


def _read_as(strange: list[bytes], encoding: str) -> str:
    return listed(quote(text.decode(encoding, "replace")) for text in strange[:SHOWN])


def _french(strange: list[bytes], encoding: str) -> int:
    """How much an encoding makes French of some texts: its letters, less what no word has."""
    texts = [text.decode(encoding, "replace") for text in strange]
    letters = sum(len(_FRENCH.findall(text)) for text in texts)
    wrong = sum(len(_MIXED.findall(text)) + text.count("\ufffd") for text in texts)
    return letters - 2 * len(lost_accents(texts)) - 2 * wrong


def check_names(file: str, names: Iterable[str]) -> Iterator[Problem]:
    """Refuse names of places and classes that were converted once too often, or lost letters."""
    known = list(dict.fromkeys(names))
    lost = [text for text in known if _ASKED.search(text[:_MOST])]
    strange = [text[:40] for text in dict.fromkeys([*converted(known), *lost])]
    if strange:
        yield fault(
            file,
            f"des accents ont été perdus en route : {listed(map(quote, strange[:SHOWN]))}",
            "exportez de nouveau le fichier, en CSV UTF-8 ou en XLSX, depuis l'outil d'enquête",
        )
