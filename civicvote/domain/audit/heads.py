"""Heads of days: the last hash of a region's chain at the end of each Korean day, and the text in which they are kept.

Whoever keeps such a text outside of this site can prove later that the chain was rewritten: a past made anew has other
hashes from the first changed entry on.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from civicvote.domain.audit.errors import HeadsUnreadable

_LINE = re.compile(r"(\S+) (\d{4}-\d{2}-\d{2}) (\d{1,18}) ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Head:
    """The chain at the end of ``day_on`` (Korean): so many entries, this hash."""

    day_on: date
    sequence: int
    entry_hash: str


def write_heads(slug: str, heads: Iterable[Head]) -> Iterator[str]:
    """One line a day: region, day, number of entries, hash."""
    for head in heads:
        yield f"{slug} {head.day_on.isoformat()} {head.sequence} {head.entry_hash}\n"


def read_heads(text: str) -> dict[str, list[Head]]:
    """What ``write_heads`` wrote, by region; empty lines and lines that begin with # are skipped.

    Raises ``HeadsUnreadable``."""
    found: dict[str, list[Head]] = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        parts = _LINE.fullmatch(line.strip())
        if parts is None:
            raise HeadsUnreadable
        try:
            head = Head(date.fromisoformat(parts[2]), int(parts[3]), parts[4])
        except ValueError:
            raise HeadsUnreadable from None
        found.setdefault(parts[1], []).append(head)
    return found
