"""The same request twice is one ballot. What is kept of a request tells nobody what it chose.

The record holds SHA-256 of the key, and an HMAC of (key, request) under a secret of the server. A plain hash of the
request would do for comparing, but choices are few and could be guessed from it.
"""

import hashlib
import hmac
import json

from civicvote.domain.polls.errors import IdempotencyKeyUnusable

_SHORTEST, _LONGEST = 16, 200


def mac_key_from(secret: str | bytes) -> bytes:
    """The key for cast records, derived from the server's secret."""
    return hmac.digest(secret.encode() if isinstance(secret, str) else secret, b"civicvote cast records", "sha256")


def require_usable(key: str) -> None:
    """Raises ``IdempotencyKeyUnusable`` for a key that could meet another one by chance."""
    if not _SHORTEST <= len(key) <= _LONGEST or not key.isascii() or not key.isprintable():
        raise IdempotencyKeyUnusable


def key_hash(key: str) -> str:
    """SHA-256 of the key, hex."""
    return hashlib.sha256(key.encode()).hexdigest()


def request_mac(mac_key: bytes, key: str, *, region_id: int, poll_id: int, voter_id: int, ballot: str) -> str:
    """HMAC-SHA-256 of the key and everything that was asked for, hex. ``ballot`` is its canonical text."""
    request = json.dumps([key, region_id, poll_id, voter_id, ballot], ensure_ascii=False)
    return hmac.new(mac_key, request.encode(), "sha256").hexdigest()


def is_same_request(stored_mac: str, mac: str) -> bool:
    return hmac.compare_digest(stored_mac, mac)
