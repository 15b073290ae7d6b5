"""Orders by chance: every row draws a lot once; each reader, or each day, sees them shuffled in another way."""

import secrets
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import TypeVar

_Item = TypeVar("_Item")

#: A prime, so that multiplying by 1 … PRIME - 1 and taking the rest is a shuffle of 1 … PRIME - 1.
PRIME = 2**31 - 1


def draw_lot() -> int:
    """A number from 1 to ``PRIME`` - 1."""
    return 1 + secrets.randbelow(PRIME - 1)


def shuffled(items: Iterable[_Item], seed: str, name: Callable[[_Item], str]) -> list[_Item]:
    """The items in an order that the seed decides: by SHA-256 of the seed, a zero byte and the item's name."""
    return sorted(items, key=lambda item: sha256(f"{seed}\0{name(item)}".encode()).digest())
