"""When two spellings are the same word: capitals, accents, apostrophes and blanks do not count."""

import re
import unicodedata
from functools import lru_cache

import numpy as np
import pandas as pd

# What a keyboard, a word processor or a spreadsheet puts around a value without anybody seeing it.
BLANKS = "".join(chr(c) for c in range(0x3001) if chr(c).isspace()) + "\u200b\u2060\ufeff"
_SAME = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "´": "'",
        "`": "'",
        "′": "'",
        "–": "-",
        "—": "-",
        "‑": "-",
        "‐": "-",
        "−": "-",
        "œ": "oe",
        "æ": "ae",
    }
)
_WHOLE = re.compile(r"([+-]?)0*([0-9]{1,9})(?:[.,]0*)?")


@lru_cache(maxsize=10_000)  # the same names and labels come back on every row and file
def plain(text: str) -> str:
    """A text without what people type differently: capitals, accents, blanks, curly apostrophes.

    >>> plain("Plutôt  D’accord ") == plain("plutot d'accord")
    True
    """
    return "".join(c for c in unaccented(text) if unicodedata.category(c) not in _BLANK)


def unaccented(text: str) -> str:
    """A text in small letters without accents nor what nobody sees; blanks stay.

    >>> unaccented("Élève\u00ad, CŒUR\u00a0!")
    'eleve, coeur !'
    """
    spread = unicodedata.normalize("NFKD", text.casefold().translate(_SAME))
    return "".join(c for c in spread if unicodedata.category(c) not in _UNSEEN)


_UNSEEN = {"Mn", "Cf"}
_BLANK = {"Zs", "Zl", "Zp", "Cc"}


def answer_key(text: str) -> str:
    """The key an answer is looked up by: a whole number as such, any other text as `plain`.

    >>> answer_key("4,0"), answer_key("04"), answer_key(" Oui "), answer_key("4,5")
    ('4', '4', 'oui', '4,5')
    """
    key = plain(text)
    whole = _WHOLE.fullmatch(key)
    return str(int(whole[1] + whole[2])) if whole else key


def stripped(column: pd.Series) -> pd.Series:
    """A categorical column of texts without the blanks around them, cut once per distinct text."""
    texts = [text.strip(BLANKS) for text in column.cat.categories]
    codes, kept = pd.factorize(np.array(texts, dtype=object))
    return pd.Series(
        pd.Categorical.from_codes(
            np.asarray(codes)[column.cat.codes.to_numpy()], categories=pd.Index(kept, dtype="str")
        )
    )


def first_spellings(texts: list[str]) -> dict[str, str]:
    """For each `plain` key, the first spelling met.

    >>> first_spellings(["Urgences", "URGENCES", "Bloc"])
    {'urgences': 'Urgences', 'bloc': 'Bloc'}
    """
    spellings: dict[str, str] = {}
    for text in texts:
        spellings.setdefault(plain(text), text)
    return spellings
