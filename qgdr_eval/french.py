"""Numbers and words as French readers expect them: half-up rounding, decimal comma, thin spaces."""

import datetime
import difflib
import math
import re
from collections.abc import Iterable
from functools import lru_cache

NARROW = "\u202f"  # narrow no-break space: before % ; : ! ? and inside « »
NO_BREAK = "\u00a0"
BETWEEN_TAGS = re.compile(r">([^<>]+)<")
MINUS = "\u2212"
MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)


def round_half_up(value: float, decimals: int = 0) -> float:
    """Round as people do by hand: 54.5 gives 55 and −0.5 gives −1 (away from zero).

    The value is first cut to nine decimals so that 0.545 × 100 = 54.50000000000001 or
    54.49999999999999 both count as 54.5.

    >>> round_half_up(54.5), round_half_up(-2.5), round_half_up(77.749999999999986, 1)
    (55.0, -3.0, 77.8)
    """
    if math.isnan(value):
        return value
    scaled = round(abs(value) * 10**decimals, 9)
    whole = math.floor(scaled) + (scaled % 1 >= 0.5)
    return math.copysign(whole / 10**decimals, value) + 0.0


def number(value: float, decimals: int = 0) -> str:
    """Write a number with a decimal comma, a narrow space between thousands and a true minus.

    >>> number(1234.5, 1), number(-3), number(float("nan"))
    ('1\\u202f234,5', '\\u22123', '–')
    """
    if value is None or math.isnan(value):
        return "–"
    text = f"{abs(round_half_up(value, decimals)):,.{decimals}f}"
    sign = MINUS if round_half_up(value, decimals) < 0 else ""
    return sign + text.replace(",", NARROW).replace(".", ",")


def percent(value: float, decimals: int = 0) -> str:
    """Write a 0–100 score as a percentage.

    >>> percent(54.5), percent(54.5, 1)
    ('55\\u202f%', '54,5\\u202f%')
    """
    return number(value, decimals) + (f"{NARROW}%" if number(value) != "–" else "")


def interval(low: float, high: float) -> str:
    """Write an interval in whole points.

    >>> interval(40.4, 71.5)
    '[40\\u202f; 72]'
    """
    return f"[{number(low)}{NARROW}; {number(high)}]"


def signed(value: float) -> str:
    """Write a difference in points with its sign.

    >>> signed(4.5), signed(-4.5), signed(0.2)
    ('+5', '\\u22125', '0')
    """
    return ("+" if round_half_up(value) > 0 else "") + number(value)


def count(n: int, singular: str, plural: str | None = None) -> str:
    """Write a number of things, singular below two as French wants.

    >>> [count(n, "cheval", "chevaux").replace(NO_BREAK, " ") for n in (0, 1, 2)]
    ['0 cheval', '1 cheval', '2 chevaux']
    """
    word = singular if abs(n) < 2 else (plural or singular + "s")
    return f"{number(n)}{NO_BREAK}{word}"


def date(iso: str) -> str:
    """Write an ISO date in full.

    >>> date("2026-03-01"), date("2026-03-31")
    ('1er mars 2026', '31 mars 2026')
    """
    day = datetime.date.fromisoformat(iso)
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def quote(text: object) -> str:
    """Put a text between French quotation marks."""
    return f"«{NARROW}{text}{NARROW}»"


def listed(texts: Iterable[str], last: str = "et") -> str:
    """Join texts as a sentence does.

    >>> listed(["a", "b", "c"])
    'a, b et c'
    """
    *first, end = list(texts) or [""]
    return f"{', '.join(first)} {last} {end}" if first else end


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Suggest the nearest known word, or list the known ones.

    >>> did_you_mean("titel", ["title", "id"]).replace("\u202f", " ")
    'vouliez-vous dire « title » ?'
    """
    words = [str(word) for word in known]
    near = difflib.get_close_matches(str(given), words, n=1, cutoff=0.6)
    if near:
        return typography(f"vouliez-vous dire « {near[0]} » ?")
    shown = words if len(words) <= 12 else [*words[:12], "…"]
    return typography(f"valeurs admises : {', '.join(shown)}")


def typography(text: str) -> str:
    """Set the narrow no-break spaces French wants before ; : ! ? % and inside « ».

    >>> typography("« oui » : 5 % ?") == "«\\u202foui\\u202f»\\u202f: 5\\u202f%\\u202f?"
    True
    """
    text = re.sub(r" (?=[;:!?%»])", NARROW, text)
    return re.sub(r"(?<=«) ", NARROW, text)


UP_TO_TEN = "zéro un deux trois quatre cinq six sept huit neuf dix".split()


def set_type(html: str) -> str:
    """Set French spaces and apostrophes in the text of a page, never in its attributes.

    >>> set_type('<p title="l\\'un : deux">l\\'un : deux</p>')
    '<p title="l\\'un : deux">l’un\\u202f: deux</p>'
    """
    return BETWEEN_TAGS.sub(lambda text: f">{set_text(text[1])}<", html)


@lru_cache(maxsize=4096)
def set_text(text: str) -> str:
    """Set French spaces and apostrophes in a text that is read as it stands.

    >>> set_text("l'un : deux") == "l’un\u202f: deux"
    True
    """
    return typography(text).replace("&#39;", "’").replace("'", "’")


def capitalized(text: str) -> str:
    """A text with the capital that begins a sentence, its other letters as they are.

    >>> capitalized("zone ARS")
    'Zone ARS'
    """
    return text[:1].upper() + text[1:]


def in_words(n: int, feminine: bool = False) -> str:
    """Write a small number in words.

    >>> in_words(1, feminine=True), in_words(3), in_words(12)
    ('une', 'trois', '12')
    """
    if n == 1 and feminine:
        return "une"
    return UP_TO_TEN[n] if n <= 10 else number(n)
