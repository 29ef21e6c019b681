"""A draft: what a person answered so far, that only the code of a card reads."""

import json
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from qgdr_eval.asking.sealing.cards import Card
from qgdr_eval.asking.sealing.seal import FORMAT, LENGTH, to_json

NONCE = 12  # bytes, random at each writing
USE = b"qgdr draft"

Kept = Mapping[str, int | str]
"""Codes by item, and the class of the last question."""


def close_draft(answers: Kept, card: Card, room: int) -> bytes:
    """The box of a draft: as long whatever it holds.

    ``room``: bytes of a return, which is longer than its draft.

    >>> card = Card(bytes(32))
    >>> box = close_draft({"Q1": 4}, card, 1024)
    >>> open_draft(box, card), len(box) == len(close_draft({}, card, 1024))
    ({'Q1': 4}, True)
    """
    plain = to_json({"format": FORMAT, "answers": dict(answers)})
    filled = len(plain).to_bytes(LENGTH, "big") + plain.ljust(room, b"\0")
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(card.key).encrypt(nonce, filled, USE)


def open_draft(box: bytes | None, card: Card) -> dict[str, int | str] | None:
    """What a draft holds; None when it was altered, or written by a later kit.

    >>> open_draft(None, Card(bytes(32))), open_draft(b"x" * 99, Card(bytes(32)))
    ({}, None)
    """
    if box is None:
        return {}
    try:
        filled = AESGCM(card.key).decrypt(box[:NONCE], box[NONCE:], USE)
        length = int.from_bytes(filled[:LENGTH], "big")
        content = json.loads(filled[LENGTH : LENGTH + length])
    except (InvalidTag, ValueError):
        return None
    known = isinstance(content, dict) and content.get("format") == FORMAT
    return content["answers"] if known else None


def merged(before: Kept, changes: Mapping[str, int | str | None]) -> dict[str, int | str]:
    """A draft with some answers changed, and those that are None taken back.

    Two windows of one person change each what was answered there, and nothing else.

    >>> merged({"Q1": 4, "Q2": 2}, {"Q2": None, "Q3": 1})
    {'Q1': 4, 'Q3': 1}
    """
    both = {**before, **changes}
    return {item: code for item, code in both.items() if code is not None}
