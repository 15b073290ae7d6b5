"""The file that a keyholder keeps: the private half of a key pair of the holder's own, behind a passphrase.

The share of the poll's key is sealed to the public half, so the sealed share may lie in the database and in backups:
file and passphrase together open it, and the server has neither. Passphrase to key by argon2id, then libsodium's
secret box (XSalsa20-Poly1305). Cost of a guess: 64 MiB and three passes, fixed by the format.
"""

import hashlib
import json
import unicodedata
from dataclasses import dataclass

from nacl import pwhash, utils
from nacl.encoding import HexEncoder
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

KIND = "civicvote keyholder 1"
LEAST_PASSPHRASE = 12
MOST_PASSPHRASE = 200
MOST_BYTES = 4096
_PASSES, _MEMORY = 3, 64 * 1024 * 1024
_SALT = pwhash.argon2id.SALTBYTES


class NoKeyholderFile(Exception):
    """The bytes are none that ``make`` wrote."""


class WrongPassphrase(Exception):
    """It does not open the file, or the file was changed."""


@dataclass(frozen=True, slots=True)
class KeyholderFile:
    """``poll``: the poll's key as in addresses. ``number``: which keyholder. ``public_key``, ``salt``, ``box``: hex."""

    poll: str
    number: int
    public_key: str
    salt: str
    box: str


def make(*, poll: str, number: int, passphrase: str) -> KeyholderFile:
    """A new key pair, the private half behind the passphrase."""
    private = PrivateKey.generate()
    salt = utils.random(_SALT)
    box = SecretBox(_key(passphrase, salt)).encrypt(bytes(private))
    return KeyholderFile(poll, number, private.public_key.encode(HexEncoder).decode(), salt.hex(), box.hex())


def write(file: KeyholderFile) -> str:
    """As it is downloaded."""
    return json.dumps(
        {
            "kind": KIND,
            "poll": file.poll,
            "number": file.number,
            "public_key": file.public_key,
            "salt": file.salt,
            "box": file.box,
        },
        indent=2,
    )


def read(content: bytes) -> KeyholderFile:
    """What ``write`` wrote. Raises ``NoKeyholderFile``."""
    try:
        values = json.loads(content[:MOST_BYTES])
        if not isinstance(values, dict) or values.pop("kind") != KIND:
            raise NoKeyholderFile
        file = KeyholderFile(**values)
        if len(bytes.fromhex(file.salt)) != _SALT or not isinstance(file.number, int):
            raise NoKeyholderFile
        bytes.fromhex(file.box)
        PublicKey(file.public_key.encode(), HexEncoder)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, CryptoError) as error:
        raise NoKeyholderFile from error
    return file


def seal_share(share: str, *, public_key: str) -> bytes:
    """The share, for the holder of the file alone."""
    return bytes(SealedBox(PublicKey(public_key.encode(), HexEncoder)).encrypt(share.encode()))


def open_share(file: KeyholderFile, *, passphrase: str, sealed_share: bytes) -> str:
    """The share. Raises ``WrongPassphrase``, ``NoKeyholderFile`` where the file is another one than the share's."""
    try:
        private = SecretBox(_key(passphrase, bytes.fromhex(file.salt))).decrypt(bytes.fromhex(file.box))
    except (CryptoError, ValueError) as error:
        raise WrongPassphrase from error
    try:
        return SealedBox(PrivateKey(private)).decrypt(sealed_share).decode()
    except (CryptoError, ValueError) as error:
        raise NoKeyholderFile from error


def proof_of(share: str) -> str:
    """16 characters that only who opened the share can tell, and that tell nothing of it."""
    return hashlib.sha256(f"civicvote share {share}".encode()).hexdigest()[:16]


def _key(passphrase: str, salt: bytes) -> bytes:
    """Hangul typed on one machine comes composed and on another in letters: both are the same passphrase."""
    composed = unicodedata.normalize("NFC", passphrase).encode()
    return pwhash.argon2id.kdf(SecretBox.KEY_SIZE, composed, salt, opslimit=_PASSES, memlimit=_MEMORY)
