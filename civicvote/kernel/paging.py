"""Paging by key: a page is what follows a cursor in a total order, so that it costs the same wherever it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from civicvote.kernel import ids
from civicvote.kernel.errors import Invalid

T = TypeVar("T")


class BadCursor(Invalid):
    code = "bad_cursor"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """``next_cursor`` continues behind the last item; None on the last page."""

    items: list[T]
    next_cursor: str | None = None


def write_cursor(*keys: int) -> str:
    """The sort keys of the last item, most significant first, each from 0 below 2**63."""
    return ".".join(ids.encode(key) for key in keys)


def read_cursor(text: str | None, length: int) -> tuple[int, ...] | None:
    """The keys that ``write_cursor`` wrote, or None without a cursor. Raises ``BadCursor``."""
    if not text:
        return None
    try:
        keys = tuple(ids.decode(part) for part in text.split("."))
    except ValueError:
        raise BadCursor from None
    if len(keys) != length:
        raise BadCursor
    return keys


def page_of(rows: list[T], size: int, *, cursor: Callable[[T], str]) -> Page[T]:
    """The page made of ``size`` + 1 fetched rows: the one too many only says that there is more."""
    if len(rows) <= size:
        return Page(rows)
    kept = rows[:size]
    return Page(kept, cursor(kept[-1]))
