"""Identifiers: 63-bit, ordered by time, made in the application so that a row is known before it is stored."""

import secrets
import threading
from datetime import datetime

from civicvote.kernel import clock

_EPOCH_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z
_RANDOM_BITS = 22
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32: no i, l, o, u
#: Two digits at a time: a page of comments writes a hundred identifiers.
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_MOST_CHARACTERS = 13  # 63 bits
_VALUES = {character: value for value, character in enumerate(_ALPHABET)} | {"i": 1, "l": 1, "o": 0}

_lock = threading.Lock()
_last_moment = -1
_last_id = 0


def new_id() -> int:
    """A new positive integer below 2**63: milliseconds since 2024 above 22 bits that start at random and then count.

    Within a millisecond of one process ids increase; two processes share one only by a chance of 2**-22.
    """
    global _last_moment, _last_id
    moment = int(clock.now().timestamp() * 1000) - _EPOCH_MS
    with _lock:
        if moment == _last_moment:
            _last_id += 1
        else:
            _last_moment = moment
            _last_id = (moment << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS - 1)
        return _last_id


def id_of_moment(moment: datetime, low: int) -> int:
    """The identifier that ``new_id`` could have made at ``moment`` (aware): for rows in bulk whose past is given.

    ``low`` fills the 22 bits below the millisecond."""
    milliseconds = int(moment.timestamp() * 1000) - _EPOCH_MS
    return (milliseconds << _RANDOM_BITS) | (low & ((1 << _RANDOM_BITS) - 1))


def encode(identifier: int) -> str:
    """The form that stands in addresses: Crockford base 32 without leading zeros."""
    pairs = []
    while identifier:
        identifier, pair = divmod(identifier, 1024)
        pairs.append(_PAIRS[pair])
    return "".join(reversed(pairs)).lstrip("0") or "0"


def decode(text: str) -> int:
    """The number that ``encode`` wrote. ``ValueError`` where ``text`` is none of its forms."""
    if len(text) > _MOST_CHARACTERS:  # reading it would take time that grows with its square
        raise ValueError("not an identifier: too long")
    value = 0
    for character in text.lower():
        if character not in _VALUES:
            raise ValueError(f"not an identifier: {text!r}")
        value = value * 32 + _VALUES[character]
    if not text or value >= 1 << 63:
        raise ValueError(f"not an identifier: {text!r}")
    return value
