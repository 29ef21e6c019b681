"""Cards: one per person asked, drawn by chance; a code is at once a right to answer and no name."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qgdr_eval.french import typography
from qgdr_eval.problems import Problem, Refused

ALPHABET = "23456789ACDEFGHJKMNPQRTUVWXY"  # no two of them are taken for each other, even by hand
MISREAD = str.maketrans("BSZ", "852")  # what looks like a character of a code, and is none
SIZE, GROUP = 12, 4  # characters of a code, the last of which checks the others; shown by four
MODULUS, RADIX = 29, 2  # a prime just above the alphabet's length; two is a primitive root of it
EXAMPLE = "2345ACDEWXYC"  # a code as one is shown, which no card has but by chance
SPARE = 2  # cards printed beyond the head count of a service
# To try codes against a stolen store costs this much each: some 10 ms, 4 MB (RFC 7914).
COST = {"n": 2**12, "r": 8, "p": 1}
INCOMPLETE = "ce code n'est pas complet, ou une lettre est fausse"

Codes = Mapping[tuple[str, str], list[str]]
"""The codes of each unit, facility then service, in the order they are printed, by chance."""


@dataclass(frozen=True)
class Card:
    """What a campaign knows of a card; none of the four gives another, nor the code.

    ``root``: what a code gives with the salt of the campaign, in 10 ms and no less; the browser of
    who answers keeps it in the code's place as long as its window is open.
    ``mark``: what is kept of it, 32 hexadecimal characters; ``draft``: where its draft is kept;
    ``sheet``: where the paper handed in with it is, while it is typed; ``key``: what both are
    encrypted with, 32 bytes.

    >>> Card(bytes(32)) == Card(bytes(32)), len(Card(bytes(32)).mark)
    (True, 32)
    """

    root: bytes = field(repr=False)

    @property
    def mark(self) -> str:
        """What is kept of the card."""
        return self._part(b"mark").hex()[:32]

    @property
    def draft(self) -> str:
        """Where its draft is kept."""
        return self._part(b"draft").hex()[:32]

    @property
    def sheet(self) -> str:
        """Where the paper handed in with it is kept, while it is typed."""
        return self._part(b"sheet").hex()[:32]

    @property
    def key(self) -> bytes:
        """What its draft and its sheet are encrypted with."""
        return self._part(b"key")

    def _part(self, use: bytes) -> bytes:
        return hmac.digest(self.root, use, "sha256")


def new_code() -> str:
    """A code nobody can guess: all those that `is_sound` are as likely, some 2 to the 52.8.

    >>> len(new_code()), is_sound(new_code())
    (12, True)
    """
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(SIZE - 1))
        check = (1 - RADIX * _remainder(code)) % MODULUS
        if check < len(ALPHABET):  # one in 29 has none, and is drawn again
            return code + ALPHABET[check]


def is_sound(code: str) -> bool:
    """Whether a code is whole: twelve characters of the alphabet, the last of which checks.

    The check is a pure system of ISO/IEC 7064:2003 with one check character, as its MOD 37-2, for
    this alphabet: the sum of value × 2^place is 1 modulo 29. All twelve weights differ and 29 is a
    prime: one character taken for another is always found, and so are two exchanged, adjacent or
    not. Of codes wrong in another way one in 29 passes.

    >>> is_sound("2345ACDEWXYC"), is_sound("2345ACDFWXYC"), is_sound("2354ACDEWXYC")
    (True, False, False)
    """
    return len(code) == SIZE and set(code) <= set(ALPHABET) and _remainder(code) == 1


def _remainder(code: str) -> int:
    total = 0
    for character in code:
        total = (RADIX * total + ALPHABET.index(character)) % MODULUS
    return total


def spaced(code: str) -> str:
    """A code as it is printed.

    >>> spaced("2345ACDEWXYC")
    '2345 ACDE WXYC'
    """
    return " ".join(code[at : at + GROUP] for at in range(0, SIZE, GROUP))


def read_code(typed: str) -> str:
    """A code as it was typed: in small letters, with spaces or dashes, a Z for a 2.

    >>> read_code(" z345-acde wxyc")
    '2345ACDEWXYC'

    Raises:
        Refused: it cannot be a code: its last character checks the others.
    """
    kept = "".join(character for character in typed if character.isalnum())
    code = kept.upper().translate(MISREAD)
    if not is_sound(code):
        cure = f"relisez votre carte, et recopiez ses {SIZE} caractères, comme {spaced(EXAMPLE)}"
        raise Refused([Problem("code", None, "", typography(INCOMPLETE), typography(cure))])
    return code


def card_of(code: str, salt: bytes) -> Card:
    """The card of a code in the campaign of this salt.

    >>> card = card_of("2345ACDEWXYC", b"sel")
    >>> card == card_of("2345ACDEWXYC", b"sel"), card == card_of("2345ACDEWXYC", b"autre")
    (True, False)
    """
    return Card(hashlib.scrypt(code.encode(), salt=salt, dklen=32, **COST))


def shuffled(codes: Sequence[str]) -> list[str]:
    """The same codes in an order that tells nothing."""
    order = list(codes)
    secrets.SystemRandom().shuffle(order)
    return order
