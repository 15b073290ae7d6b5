"""Materialised paths of comments: fixed-width segments, so that the order by path is depth first, oldest first.

A segment is an id in 13 digits of base 32. Ids stay below 2**63, so a segment never begins with a digit above 7.
"""

from dataclasses import dataclass

from civicvote.kernel import ids

SEGMENT = 13
MAX_DEPTH = 3
#: Behind a path: a text that sorts behind every reply below it and before everything that follows.
BEHIND_REPLIES = "8"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a comment hangs: below ``parent_id`` (None for a root), ``depth`` replies deep."""

    parent_id: int | None
    depth: int
    path: str


def position(comment_id: int, parent_path: str = "") -> Position:
    """The place of a new comment below the one with ``parent_path``; deeper replies attach at depth 3, as siblings."""
    above = parent_path[: MAX_DEPTH * SEGMENT]
    return Position(
        parent_id=ids.decode(above[-SEGMENT:]) if above else None,
        depth=len(above) // SEGMENT,
        path=above + segment(comment_id),
    )


def segment(comment_id: int) -> str:
    return ids.encode(comment_id).rjust(SEGMENT, "0")


def ancestors(path: str) -> list[int]:
    """The ids above the comment, from the root down."""
    return [ids.decode(path[start : start + SEGMENT]) for start in range(0, len(path) - SEGMENT, SEGMENT)]


def root_path(path: str) -> str:
    return path[:SEGMENT]


def behind_subtree(path: str) -> str:
    """A text that sorts behind every reply below ``path`` and before everything that follows it."""
    return path + BEHIND_REPLIES
