"""The secret of a campaign: what keeps fingerprints of its answers from being guessed back."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses.codes import MISSING

LENGTH = 32  # hexadecimal characters of a print: 128 bits


@dataclass(frozen=True)
class Key:
    """Makes keyed prints (HMAC-SHA256). ``secret``: 64 hexadecimal characters.

    >>> Key("0" * 64).of("a") == Key("1" * 64).of("a")
    False
    """

    secret: str

    def of(self, *texts: str) -> str:
        """The print of some texts, in their order."""
        return self._print("\x1f".join(texts).encode())

    def whole(self, fingerprint: str) -> str:
        """A fingerprint that only a holder of the secret can make again, as long as a plain one."""
        secret = bytes.fromhex(self.secret)
        return hmac.new(secret, fingerprint.encode(), hashlib.sha256).hexdigest()

    def of_returns(self, responses: pd.DataFrame, items: Sequence[str]) -> list[str]:
        """The print of what each row of a responses frame answers to ``items``, in that order.

        Two returns with the same answers have the same print: no figure tells one from the other.
        """
        codes = [responses[code].to_numpy(dtype="<i2", na_value=MISSING) for code in items]
        rows = np.ascontiguousarray(np.stack(codes, axis=1)) if codes else np.empty((0, 0))
        return [self._print(b"return\x1f" + row.tobytes()) for row in rows]

    def _print(self, content: bytes) -> str:
        return hmac.new(bytes.fromhex(self.secret), content, hashlib.sha256).hexdigest()[:LENGTH]


def read_key(path: Path) -> Key | None:
    """The key kept in a file, None when there is no such file.

    Raises:
        Refused: the file holds no key.
    """
    try:
        secret = path.read_text("ascii").strip()
        if len(bytes.fromhex(secret)) != hashlib.sha256().digest_size:
            raise ValueError(secret)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError:
        name = f"{path.parent.name}/{path.name}"
        what = "ce fichier devrait contenir la clé secrète des publications, 64 chiffres de 0 à f"
        cure = "rétablissez-le d'une sauvegarde"
        raise Refused([Problem(name, None, "", what, cure)]) from None
    return Key(secret)


def new_key() -> Key:
    """A key nobody can guess."""
    return Key(secrets.token_hex(32))


def write_key(path: Path, key: Key) -> Key:
    """Keep a new key, for its owner alone.

    Returns the key that stands there: another command may have been first. Raises ``OSError``
    when nothing can be written there.
    """
    path.parent.mkdir(exist_ok=True)
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(f"{key.secret}\n")
    return read_key(path) or key
