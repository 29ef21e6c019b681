"""Sealing: an answer becomes a box of constant length that its keeper cannot open.

Boxes are HPKE in base mode (RFC 9180): DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, which
browsers do as well (`offline.js`). A box is sealed to the public key of one campaign, for one use;
the private key opens it, and nobody else, the server that keeps it included.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

FORMAT = 1  # inside each box: a kit that does not know it says so
POINT = 65  # bytes of a public key, uncompressed, that a box begins with
TAG = 16  # bytes that AES-GCM adds
LENGTH = 4  # bytes that say how long the content is, before what fills the box
STEP = 1024  # bytes: the room of a box is a multiple of it
SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256, FIPS 186-4


class CannotOpen(Exception):
    """A box is cut, altered, sealed to another key or for another use, or of a later format."""


@dataclass(frozen=True)
class Seal:
    """What seals: the public key of a campaign, and what the boxes are for.

    ``use``: bound to each box, so that a remark is never taken for a return, nor a campaign for
    another; ``room``: bytes of content that each box has, used or not.

    >>> pair = new_pair()
    >>> seal = Seal(pair.public, "answers essai", 1024)
    >>> box = seal.close({"answers": {"Q1": 4}})
    >>> pair.open(box, seal.use)["answers"], len(box) == seal.length
    ({'Q1': 4}, True)
    """

    public: bytes
    use: str
    room: int

    @property
    def length(self) -> int:
        """Bytes of every box, whatever it holds."""
        return POINT + LENGTH + self.room + TAG

    def close(self, content: Mapping[str, Any]) -> bytes:
        """A box with this content.

        Raises:
            ValueError: the content is longer than the room of a box.
        """
        plain = to_json({"format": FORMAT, **content})
        if len(plain) > self.room:
            raise ValueError(f"{len(plain)} bytes for a box of {self.room}")
        filled = len(plain).to_bytes(LENGTH, "big") + plain.ljust(self.room, b"\0")
        key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, self.public)
        return SUITE.encrypt(filled, key, info=self.use.encode())


@dataclass(frozen=True)
class Pair:
    """A key pair: ``public`` seals, 65 bytes; ``private`` opens, 32 bytes, shown nowhere."""

    public: bytes
    private: bytes = field(repr=False)

    def open(self, box: bytes, use: str) -> dict[str, Any]:
        """What a box holds.

        Raises:
            CannotOpen: nothing can be read of it, or not by this kit.
        """
        key = ec.derive_private_key(int.from_bytes(self.private, "big"), CURVE)
        try:
            filled = SUITE.decrypt(box, key, info=use.encode())
            length = int.from_bytes(filled[:LENGTH], "big")
            content = json.loads(filled[LENGTH : LENGTH + length])
        except (InvalidTag, ValueError) as error:
            raise CannotOpen from error
        if not isinstance(content, dict) or content.pop("format", None) != FORMAT:
            raise CannotOpen("format")
        return content


def new_pair() -> Pair:
    """A pair nobody can guess.

    >>> len(new_pair().public)
    65
    """
    return pair_of(ec.generate_private_key(CURVE).private_numbers().private_value)


def pair_of(secret: int) -> Pair:
    """The pair of a private number.

    Raises:
        ValueError: no key has this number.
    """
    if not 0 < secret < ORDER:
        raise ValueError("no private key of P-256")
    point = ec.derive_private_key(secret, CURVE).public_key()
    form = serialization.PublicFormat.UncompressedPoint
    public = point.public_bytes(serialization.Encoding.X962, form)
    return Pair(public, secret.to_bytes(32, "big"))


def room_for(longest: Mapping[str, Any]) -> int:
    """The room of the boxes that must hold this content, the longest there may be.

    >>> room_for({"answers": {"Q1": 4}})
    1024
    """
    needed = len(to_json({"format": FORMAT, **longest}))
    return STEP * -(-needed // STEP)


def print_of(public: bytes) -> str:
    """A public key as people compare it: 16 hexadecimal characters.

    >>> len(print_of(new_pair().public))
    16
    """
    return hashlib.sha256(public).hexdigest()[:16]


def to_json(content: Mapping[str, Any]) -> bytes:
    """Content as bytes, the same for the same content."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
