"""Pages of a thread: roots in the order that the reader chose, each with its first replies. Two statements a page."""

from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

import sqlalchemy as sa

from civicvote.domain.threads import queries_roots
from civicvote.domain.threads.comment_paths import root_path
from civicvote.domain.threads.models import Comment
from civicvote.domain.threads.ordering import CommentOrder
from civicvote.domain.threads.queries_roots import BEST, ROOTS_A_PAGE, Root, given
from civicvote.domain.threads.queries_views import CommentView, Reader, comments_of, fold, read
from civicvote.domain.threads.stance import Stance
from civicvote.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class Branch:
    """A root comment with its first replies in reading order, and how many more there are.

    ``best``: the side for which it is shown as the most helpful comment."""

    root: CommentView
    replies: list[CommentView]
    more_replies: int
    best: Stance | None = None


def branches(
    reader: Reader,
    region_id: int,
    thread_id: int,
    *,
    order: CommentOrder = CommentOrder.HELPFUL,
    cursor: str | None = None,
) -> Page[Branch]:
    """A page of roots, each with its first replies, oldest first. Two statements. Raises ``BadCursor``."""
    roots, next_cursor = _IN_ORDER[order](reader, {"region_id": region_id, "thread_id": thread_id}, cursor)
    return Page(_with_replies(reader, region_id, roots), next_cursor)


_IN_ORDER = {
    CommentOrder.HELPFUL: queries_roots.most_helpful,
    CommentOrder.NEWEST: queries_roots.newest,
    CommentOrder.DISCUSSED: queries_roots.most_discussed,
}


def branches_since(reader: Reader, region_id: int, thread_id: int, *, since: int) -> Page[Branch]:
    """The newest roots with ids above ``since``; the cursor leads on in the order of the newest, past ``since`` too."""
    thread = {"region_id": region_id, "thread_id": thread_id}
    roots, next_cursor = queries_roots.newest(reader, thread, above=since)
    return Page(_with_replies(reader, region_id, roots), next_cursor)


def _with_replies(reader: Reader, region_id: int, roots: list[Root]) -> list[Branch]:
    replies = _first_replies(reader, region_id, roots)
    # Roots first, then the replies of each: in this order they are taken apart again.
    folded = iter(fold([*(root.view for root in roots), *chain.from_iterable(replies.values())]))
    shown = [(root, next(folded)) for root in roots]
    found = {path: [next(folded) for _ in each] for path, each in replies.items()}
    return [_branch(root, view, found.get(view.path, [])) for root, view in shown]


def _branch(root: Root, view: CommentView, replies: list[CommentView]) -> Branch:
    return Branch(view, replies, max(0, view.reply_count - len(replies)), BEST.get(root.section))


@cache
def _by_ids(*, is_signed_in: bool) -> sa.Select[Any]:
    return (
        comments_of(is_signed_in=is_signed_in)
        .where(Comment.region_id == given("region_id"), Comment.id.in_(sa.bindparam("ids", expanding=True)))
        .order_by(Comment.path)
    )


def _first_replies(reader: Reader, region_id: int, roots: list[Root]) -> dict[str, list[CommentView]]:
    """The first replies of each root by the root's path, in reading order. One statement."""
    ids = [each for root in roots for each in root.first_replies]
    if not ids:
        return {}
    # Few lengths of the list, so few statements for the database to know: filled up with the last id.
    ids += ids[-1:] * (-len(ids) % ROOTS_A_PAGE)
    found: dict[str, list[CommentView]] = {}
    statement = _by_ids(is_signed_in=reader.actor is not None)
    for reply in read(reader, region_id, statement, {"region_id": region_id, "ids": ids}):
        found.setdefault(root_path(reply.path), []).append(reply)
    return found
