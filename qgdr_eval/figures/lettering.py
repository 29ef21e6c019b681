"""Measuring, wrapping and shortening text before it is drawn.

Widths are those of DejaVu Sans, which matplotlib always carries and which is wider than the
fonts a page really uses: what fits here fits there.
"""

import unicodedata
from functools import lru_cache

from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font, LoadFlags

from qgdr_eval.french import typography

FAMILY = "DejaVu Sans"
UNKNOWN = 1.35  # ems given to a character the font lacks (an emoji, mostly)
BIDI = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: object) -> str:
    """One line of drawable text: no control or direction-changing character, single spaces.

    >>> clean("a\\tb\\x00\\n c")
    'a b c'
    """
    return _clean(str(text))


@lru_cache(maxsize=4096)
def _clean(text: str) -> str:
    spaced = "".join(" " if char in "\t\r\n\v\f" else char for char in text)
    kept = (c for c in spaced if unicodedata.category(c) not in {"Cc", "Cs"} and c not in BIDI)
    return " ".join(word for word in "".join(kept).split(" ") if word)


@lru_cache(maxsize=2)
def _font(bold: bool) -> FT2Font:
    weight = "bold" if bold else "normal"
    font = FT2Font(findfont(FontProperties(family=FAMILY, weight=weight)))
    font.set_size(100, 72)
    return font


@lru_cache(maxsize=4096)
def _advance(char: str, bold: bool) -> float:
    font = _font(bold)
    if unicodedata.combining(char):
        return 0.0
    if not font.get_char_index(ord(char)):
        return UNKNOWN
    return font.load_char(ord(char), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 6_553_600


def measure(text: str, size: float, bold: bool = False) -> float:
    """Width of a text in pixels at a font size in pixels.

    >>> measure("55", 12) > measure("5", 12) > 0
    True
    """
    return size * sum(_advance(char, bold) for char in text)


def shorten(text: str, width: float, size: float, bold: bool = False) -> str:
    """Cut a text to a width, with « … » where it is cut.

    >>> shorten("Chirurgie", 500, 12), shorten("Chirurgie", 45, 12)
    ('Chirurgie', 'Chiru…')
    """
    if measure(text, size, bold) <= width:
        return text
    while text and measure(f"{text}…", size, bold) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


@lru_cache(maxsize=2048)
def wrap(
    text: str, width: float, size: float, lines: int | None = None, bold: bool = False
) -> tuple[str, ...]:
    """Break a text at its spaces into lines of a width, at most ``lines`` of them.

    A word wider than a line is broken; the last allowed line ends with « … » when text is left.
    French spaces are set first, so that no line starts with « ? » or « ; ».

    >>> wrap("Travail d'équipe dans le service", 120, 13)
    ("Travail d'équipe", 'dans le service')
    """
    rows = [""]
    for word in _words(typography(clean(text)), width, size, bold):
        longer = f"{rows[-1]} {word}".strip()
        if measure(longer, size, bold) <= width:
            rows[-1] = longer
        else:
            rows.append(word)
    rows = [row for row in rows if row] or [""]
    if lines is None or len(rows) <= lines:
        return tuple(rows)
    last = shorten(" ".join(rows[lines - 1 :]), width, size, bold)
    return (*rows[: lines - 1], last)


def _words(text: str, width: float, size: float, bold: bool) -> list[str]:
    pieces = []
    for word in text.split(" "):
        while len(word) > 1 and measure(word, size, bold) > width:
            fitting = [n for n in range(1, len(word)) if measure(word[:n], size, bold) <= width]
            cut = max(fitting, default=1)
            pieces.append(word[:cut])
            word = word[cut:]
        pieces.append(word)
    return pieces
