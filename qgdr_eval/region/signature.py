"""Signatures in minisign's format: its program verifies what is signed here, without us."""

import os
import stat
import sys
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

from qgdr_eval.french import quote, typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.writing import Unwritable

ENDING = ".minisig"
"""What the name of a signature adds to that of its file, as the program expects it."""

KEY_ID = slice(2, 10)  # after the algorithm, as in a public key
READ_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO
MISSING = "écrivez « pip install qgdr-eval[region] » : cette commande a besoin de py-minisign"


def key_of(path: Path, password: Callable[[], str]) -> "Key":
    """The secret key of a file, made when it is not there, with rights for its owner alone.

    ``password``: asked for when the key is one that minisign's program made with a password.

    Raises:
        Refused: the file is no key, others can read it, or the password is wrong.
    """
    _library()
    from minisign import Error, KeyPair, SecretKey

    if not path.exists():
        _write_key(path, bytes(KeyPair.generate().secret_key) + b"\n")
        return key_of(path, password)
    if sys.platform != "win32" and path.stat().st_mode & READ_BY_OTHERS:
        what = "d'autres que vous peuvent lire cette clé"
        raise _refused(path, what, f"retirez-leur ce droit : {quote(f'chmod 600 {path}')}")
    try:
        secret = SecretKey.from_bytes(path.read_bytes())
    except ValueError:
        what = "ce fichier n'est pas une clé secrète au format minisign"
        raise _refused(path, what, "donnez un autre nom : la clé sera faite") from None
    try:
        if secret.is_encrypted():
            secret.decrypt(password())
    except Error:
        raise _refused(path, "ce n'est pas le mot de passe de cette clé", "recommencez") from None
    return Key(secret)


class Key:
    """A secret key that can sign; ``public``: the line to give to whoever verifies."""

    def __init__(self, secret: object) -> None:
        self._secret = secret
        self.public: str = secret.get_public_key().to_base64().decode()  # type: ignore[attr-defined]

    def sign(self, content: bytes, comment: str) -> bytes:
        """The signature of a content, as its file holds it; ``comment`` is signed with it."""
        made = self._secret.sign(content, trusted_comment=comment)  # type: ignore[attr-defined]
        return bytes(made) + b"\n"


def signer(signature: bytes) -> bytes:
    """The identifier of the key that a signature says it is of, empty when it is no signature."""
    try:
        return b64decode(signature.splitlines()[1], validate=True)[KEY_ID]
    except (ValueError, IndexError):
        return b""


def key_id(public: str) -> bytes:
    """The identifier of a public key.

    >>> key_id("RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3").hex()
    '1fe8b442180f62e7'
    """
    return b64decode(public)[KEY_ID]


def is_signed(content: bytes, signature: bytes, public: str) -> bool:
    """Whether a signature is that of a content by the owner of a public key, comment included."""
    _library()
    from minisign import PublicKey, Signature

    try:
        PublicKey.from_base64(public).verify(content, Signature.from_bytes(signature))
    except ValueError:
        return False
    return True


def is_public_key(text: str) -> bool:
    """Whether a text is a public key in minisign's format.

    >>> is_public_key("RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3")
    True
    >>> is_public_key("RWQf6")
    False
    """
    try:
        key = b64decode(text, validate=True)
    except ValueError:
        return False
    return len(key) == 42 and key[:2] == b"Ed"


def _library() -> None:
    try:
        import minisign  # noqa: F401
    except ImportError:
        what = "il manque la bibliothèque des signatures"
        raise Refused([Problem("py-minisign", None, "", what, typography(MISSING))]) from None


def _write_key(path: Path, content: bytes) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(content)
    except OSError as error:
        raise Unwritable(path, error) from None


def _refused(path: Path, what: str, cure: str) -> Refused:
    return Refused([Problem(str(path), None, "", typography(what), typography(cure))])
