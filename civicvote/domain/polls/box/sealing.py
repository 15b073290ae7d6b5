"""Sealing a ballot so that nobody reads it before closing, by its content or by its length.

The text is padded to a length that depends on the poll's rules alone, then sealed to the poll's public key with
libsodium's sealed box (X25519, XSalsa20-Poly1305, a fresh ephemeral key each time), so equal ballots look different.
"""

import hashlib
import struct
from dataclasses import dataclass

from nacl.encoding import HexEncoder
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

_LENGTH = struct.Struct(">I")


class Unopenable(Exception):
    """The bytes were not sealed to this key, were changed, or hold no padded text."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """X25519 keys, hexadecimal."""

    public: str
    private: str


def new_key_pair() -> KeyPair:
    private = PrivateKey.generate()
    return KeyPair(private.public_key.encode(HexEncoder).decode(), private.encode(HexEncoder).decode())


def content_size(longest: int) -> int:
    """Bytes before sealing. ``longest``: bytes of the longest text of the poll (``sealed_ballot.longest``)."""
    return _LENGTH.size + longest


def seal(text: str, *, public_key: str, size: int) -> bytes:
    """``text`` sealed; always ``size`` + 48 bytes. ``ValueError`` where it is longer than ``size`` has room for."""
    content = text.encode()
    if _LENGTH.size + len(content) > size:
        raise ValueError("the ballot is longer than any ballot of this poll")
    padded = (_LENGTH.pack(len(content)) + content).ljust(size, b"\0")
    return bytes(SealedBox(PublicKey(public_key.encode(), HexEncoder)).encrypt(padded))


class Opener:
    """Opens what was sealed to one key."""

    def __init__(self, private_key: str) -> None:
        self._box = SealedBox(PrivateKey(private_key.encode(), HexEncoder))

    def unseal(self, sealed: bytes) -> str:
        """The text within. Raises ``Unopenable``."""
        try:
            padded = self._box.decrypt(sealed)
            (length,) = _LENGTH.unpack_from(padded)
            content, rest = padded[_LENGTH.size :][:length], padded[_LENGTH.size + length :]
            if len(content) != length or rest.strip(b"\0"):
                raise Unopenable
            return content.decode()
        except (CryptoError, struct.error, UnicodeDecodeError) as error:
            raise Unopenable from error


def receipt_of(sealed: bytes) -> str:
    """The voter's receipt: SHA-256 of the sealed bytes, hex. It tells that a ballot is in the box, not what it says."""
    return hashlib.sha256(sealed).hexdigest()
