"""Keys made from two secrets of the installation, one for each purpose, and what is done with them.

``secret_key`` signs and seals what may be made anew (cookies, links in mails, authenticator secrets); ``identity_key``
marks identities and must never change, or nobody would be recognised any more.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox


class SecretUnreadable(Exception):
    """What was sealed can't be opened: it was changed, or sealed under another key."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The secrets of the running installation. Neither is ever printed."""

    secret_key: str = field(repr=False)
    identity_key: str = field(repr=False)

    def mac(self, purpose: str, text: str) -> str:
        """HMAC-SHA-256 under the secret key, as 52 characters of lower-case base32."""
        digest = hmac.digest(_derived(self.secret_key, purpose), text.encode(), "sha256")
        return base64.b32encode(digest).decode().rstrip("=").lower()

    def mac_fits(self, purpose: str, text: str, mac: str) -> bool:
        """Whether ``mac`` is the one of ``text``, compared in constant time."""
        return hmac.compare_digest(self.mac(purpose, text).encode(), mac.encode())

    def identity_hash(self, kind: str, text: str) -> str:
        """HMAC-SHA-256 (hex) under the identity key: the only trace of an identity that is stored."""
        return hmac.new(_derived(self.identity_key, kind), text.encode(), "sha256").hexdigest()

    def seal(self, purpose: str, secret: bytes) -> bytes:
        """``secret`` sealed under the secret key (XSalsa20-Poly1305, random nonce)."""
        return bytes(SecretBox(_derived(self.secret_key, purpose)).encrypt(secret))

    def unseal(self, purpose: str, sealed: bytes) -> bytes:
        """The secret again. Raises ``SecretUnreadable``."""
        try:
            return SecretBox(_derived(self.secret_key, purpose)).decrypt(sealed)
        except CryptoError as error:
            raise SecretUnreadable from error


def _derived(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose (HKDF's expand step, RFC 5869, on a key that is random already)."""
    return hmac.digest(hashlib.sha256(secret.encode()).digest(), f"civicvote {purpose}\x01".encode(), "sha256")
