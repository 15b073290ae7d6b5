"""Sealing a ballot that somebody began, so that only the same signed-in session reads it again.

The key is BLAKE2b of the session's token, which stands in the browser's cookie; the server keeps the token's SHA-256
alone, from which the key can't be had. XSalsa20-Poly1305 (libsodium's secret box), a fresh nonce each time, and one
length for all ballots of a poll. What this does not protect from: a server that is changed to take the key while the
person's request is under way; the same holds of the moment of casting (docs/decisions/0053).
"""

import hashlib
import struct

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

_LENGTH = struct.Struct(">I")
_PURPOSE = b"ballot draft"


class NotThisSession(Exception):
    """The draft was sealed in another session, or changed."""


def key_from(token: str, poll_id: int) -> bytes:
    """The key of this session for this poll. ``token``: what the session's cookie holds, 256 random bits."""
    salt = poll_id.to_bytes(16, "big")
    return hashlib.blake2b(token.encode(), digest_size=SecretBox.KEY_SIZE, salt=salt, person=_PURPOSE).digest()


def seal(text: str, *, key: bytes, longest: int) -> bytes:
    """``longest``: bytes that no text of this poll is longer than; all drafts of the poll are equally long."""
    content = text.encode()
    padded = (_LENGTH.pack(len(content)) + content).ljust(_LENGTH.size + longest, b"\0")
    return bytes(SecretBox(key).encrypt(padded))


def unseal(sealed: bytes, *, key: bytes) -> str:
    """The text within. Raises ``NotThisSession``."""
    try:
        padded = SecretBox(key).decrypt(sealed)
    except CryptoError as error:
        raise NotThisSession from error
    (length,) = _LENGTH.unpack_from(padded)
    return padded[_LENGTH.size :][:length].decode()
