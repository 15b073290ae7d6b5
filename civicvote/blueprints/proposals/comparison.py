"""A proposal's versions side by side: each edit as words taken out and words put in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Protocol

from civicvote.kernel.text_difference import Piece, differences


class Texts(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def body(self) -> str: ...


class Version(Texts, Protocol):
    @property
    def number(self) -> int: ...
    @property
    def replaced_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Step:
    """The edit that made version ``number``, newest first in a list; a text that did not change has no pieces."""

    number: int
    at: datetime
    title: list[Piece]
    summary: list[Piece]
    body: list[Piece]


def steps_of(current: Texts, versions: Sequence[Version]) -> list[Step]:
    """The edits that led to ``current``, newest first. ``versions`` are the earlier ones, oldest first."""
    pairs: list[tuple[Version, Texts]] = [*pairwise(versions)] if len(versions) > 1 else []
    if versions:
        pairs.append((versions[-1], current))
    steps = [
        Step(
            number=before.number + 1,
            at=before.replaced_at,
            title=_changes(before.title, after.title),
            summary=_changes(before.summary, after.summary),
            body=_changes(before.body, after.body),
        )
        for before, after in pairs
    ]
    return steps[::-1]


def _changes(old: str, new: str) -> list[Piece]:
    return [] if old == new else differences(old, new)
