"""Fingerprints: the SHA-256 that says whether two things are the same."""

import hashlib
import json
from pathlib import Path


def of_bytes(content: bytes) -> str:
    """The fingerprint of bytes.

    >>> of_bytes(b"")[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256(content).hexdigest()


def of_file(path: Path) -> str:
    """The fingerprint of a file, read in pieces. Raises ``OSError`` when it cannot be read."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def of_values(*values: object) -> str:
    """The fingerprint of plain values (texts, numbers, lists and dictionaries of them).

    The order of a dictionary does not count.

    >>> of_values({"a": 1, "b": 2.5}) == of_values({"b": 2.5, "a": 1})
    True
    """
    return of_bytes(json.dumps(values, sort_keys=True, ensure_ascii=False).encode())
