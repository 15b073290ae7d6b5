"""The signature under a file of unsealed ballots: only who joined the poll's private key can have made it.

The Ed25519 key is derived from that private key, so it needs no ceremony of its own and is shared out with it: its seed
is the keyed BLAKE2b of nothing under the private key, with a personal tag that no other use has.
"""

import hashlib
from collections.abc import Iterable

from nacl import bindings
from nacl.encoding import HexEncoder
from nacl.exceptions import BadSignatureError, CryptoError
from nacl.signing import SigningKey, VerifyKey

_TAG = b"civicvote unseal"
_HALF = 32


def verify_key_for(private_key: str) -> str:
    """The public half, hex. ``private_key``: the poll's, hex."""
    return _signing_key(private_key).verify_key.encode(HexEncoder).decode()


def sign(content: bytes, *, private_key: str) -> str:
    """The signature, hex; the same for the same content."""
    return _signing_key(private_key).sign(content).signature.hex()


def is_signed(content: bytes, signature: str, *, verify_key: str) -> bool:
    try:
        VerifyKey(verify_key.encode(), HexEncoder).verify(content, bytes.fromhex(signature))
    except (BadSignatureError, ValueError):
        return False
    return True


def is_signed_in_pieces(pieces: Iterable[bytes], signature: str, *, verify_key: str) -> bool:
    """The same of content that is too large to hold in memory at once, as libsodium's own check of a whole one does it.

    RFC 8032, section 5.1.7: with R and S the halves of the signature, A the key and k = SHA-512(R, A, content), the
    point S·B - k·A must be R, and S must be less than the order of the group."""
    try:
        signed, key = bytes.fromhex(signature), bytes.fromhex(verify_key)
    except ValueError:
        return False
    if len(signed) != 2 * _HALF or len(key) != _HALF:
        return False
    commitment, response = signed[:_HALF], signed[_HALF:]
    told = hashlib.sha512(commitment + key)
    for piece in pieces:
        told.update(piece)
    challenge = bindings.crypto_core_ed25519_scalar_reduce(told.digest())
    if bindings.crypto_core_ed25519_scalar_reduce(response + bytes(_HALF)) != response:
        return False
    try:
        point = bindings.crypto_core_ed25519_sub(
            bindings.crypto_scalarmult_ed25519_base_noclamp(response),
            bindings.crypto_scalarmult_ed25519_noclamp(challenge, key),
        )
    except CryptoError:
        return False
    return bool(point == commitment)


def _signing_key(private_key: str) -> SigningKey:
    seed = hashlib.blake2b(key=bytes.fromhex(private_key), digest_size=32, person=_TAG).digest()
    return SigningKey(seed)
