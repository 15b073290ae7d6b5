"""Identifiers: 63-bit, ordered by time, made in the application so that a row is known before it is stored."""

import secrets
import threading
import time

_EPOCH_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z
_RANDOM_BITS = 22
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32: no i, l, o, u
_VALUES = {character: value for value, character in enumerate(_ALPHABET)} | {"i": 1, "l": 1, "o": 0}

_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """A new positive integer below 2**63: milliseconds since 2024 above 22 random bits, increasing in a process."""
    global _last
    candidate = ((time.time_ns() // 1_000_000 - _EPOCH_MS) << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
    with _lock:
        _last = max(candidate, _last + 1)
        return _last


def encode(identifier: int) -> str:
    """The form that stands in addresses: Crockford base 32 without leading zeros."""
    digits = []
    while identifier:
        identifier, digit = divmod(identifier, 32)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits)) or "0"


def decode(text: str) -> int:
    """The number that ``encode`` wrote. ``ValueError`` where ``text`` is none of its forms."""
    value = 0
    for character in text.lower():
        if character not in _VALUES:
            raise ValueError(f"not an identifier: {text!r}")
        value = value * 32 + _VALUES[character]
    if not text or value >= 1 << 63:
        raise ValueError(f"not an identifier: {text!r}")
    return value
