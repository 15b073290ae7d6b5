"""Reads of threads: more replies, one comment in its context, its edits. Pages of roots: ``queries_pages``.

Every page costs the same number of statements, whatever the size of the thread.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.threads import policy
from civicvote.domain.threads.comment_paths import MAX_DEPTH, ancestors, behind_subtree, root_path
from civicvote.domain.threads.errors import UnknownComment, UnknownThread
from civicvote.domain.threads.models import Comment, CommentRevision, Thread
from civicvote.domain.threads.queries_views import CommentView, Reader, as_read_by, comments_for, fold, read
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.text_difference import Piece, differences

MORE_REPLIES = 20
#: How many are shown on each side of a reply that a link leads to.
NEIGHBOURS = 2
#: Each edit is compared word by word, so a page holds few.
EDITS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class CommentInContext:
    """``before`` and ``after``: what stands next to a reply in reading order; for roots the thread has pages."""

    comment: CommentView
    ancestors: list[CommentView]
    before: list[CommentView]
    after: list[CommentView]
    replies: list[CommentView]
    more_replies: int


def _comments(reader: Reader, region_id: int, thread_id: int) -> sa.Select[*tuple[Any, ...]]:
    return comments_for(reader).where(Comment.region_id == region_id, Comment.thread_id == thread_id)


def thread_by_id(region_id: int, thread_id: int) -> Thread:
    """Raises ``UnknownThread``."""
    thread = db.session.get(Thread, (region_id, thread_id))
    if thread is None:
        raise UnknownThread
    return thread


def _below(reader: Reader, region_id: int, thread_id: int, path: str) -> sa.Select[*tuple[Any, ...]]:
    return (
        _comments(reader, region_id, thread_id)
        .where(Comment.path > path, Comment.path < behind_subtree(path))
        .order_by(Comment.path)
    )


def replies_below(
    reader: Reader, region_id: int, thread_id: int, comment_id: int, *, cursor: str | None = None
) -> Page[CommentView]:
    """The replies below a comment at any depth, in reading order. The cursor names the last one that was read."""
    comment = _position_of(region_id, thread_id, comment_id)
    statement = _below(reader, region_id, thread_id, comment.path)
    if keys := read_cursor(cursor, 1):
        statement = statement.where(Comment.path > _position_of(region_id, thread_id, keys[0]).path)
    rows = fold(read(reader, region_id, statement.limit(MORE_REPLIES + 1)))
    return page_of(rows, MORE_REPLIES, cursor=lambda last: write_cursor(last.id))


def _position_of(region_id: int, thread_id: int, comment_id: int) -> Comment:
    comment = db.session.get(Comment, (region_id, comment_id))
    if comment is None or comment.thread_id != thread_id:
        raise UnknownComment
    return comment


def comment_in_context(reader: Reader, region_id: int, thread_id: int, comment_id: int) -> CommentInContext:
    """A comment, whole; those it answers from the root down, what stands next to it, and the first replies below it.

    Raises ``UnknownComment``. Three statements at most.
    """
    path = _position_of(region_id, thread_id, comment_id).path
    *line, comment = read(reader, region_id, _by_ids(reader, region_id, [*ancestors(path), comment_id]))
    above = fold(line)
    around = fold(read(reader, region_id, _by_ids(reader, region_id, _ids_around(region_id, thread_id, path))))
    replies = [each for each in around if each.path.startswith(path)]
    shown = {each.id for each in above}
    before = [each for each in around if each.path < path and each.id not in shown]
    after = [each for each in around if each.path >= behind_subtree(path)]
    return CommentInContext(comment, above, before[-NEIGHBOURS:], after, replies, comment.reply_count - len(replies))


def _by_ids(reader: Reader, region_id: int, wanted: Any) -> sa.Select[*tuple[Any, ...]]:
    """In reading order. Without the thread: with it, SQLite walks the whole thread for the order instead."""
    return comments_for(reader).where(Comment.region_id == region_id, Comment.id.in_(wanted)).order_by(Comment.path)


def _ids_around(region_id: int, thread_id: int, path: str) -> sa.CompoundSelect[Any]:
    """The first replies below ``path``, and ``NEIGHBOURS`` before and behind those within the same root's branch.

    Before it there may be up to two more, which it answers."""
    branch = root_path(path)
    places = (Comment.region_id == region_id, Comment.thread_id == thread_id)
    ranges = [
        (Comment.path.asc(), MORE_REPLIES, (Comment.path > path, Comment.path < behind_subtree(path))),
        (Comment.path.desc(), NEIGHBOURS + MAX_DEPTH - 1, (Comment.path > branch, Comment.path < path)),
        (
            Comment.path.asc(),
            NEIGHBOURS,
            (Comment.path > behind_subtree(path), Comment.path < behind_subtree(branch)),
        ),
    ]
    found = [
        sa.select(sa.select(Comment.id).where(*places, *within).order_by(order).limit(most).subquery().c.id)
        for order, most, within in ranges
    ]
    return sa.union_all(*found)


def posted_view(reader: Reader, comment: Comment, author_name: str) -> CommentView:
    """A comment that the reader has just written, without asking the database again."""
    return as_read_by(reader, comment.region_id, comment, author_name, clock.now())


def comment_view(reader: Reader, region_id: int, thread_id: int, comment_id: int) -> CommentView:
    """One comment as this reader gets it. Raises ``UnknownComment``."""
    rows = read(reader, region_id, _comments(reader, region_id, thread_id).where(Comment.id == comment_id))
    if not rows:
        raise UnknownComment
    return rows[0]


def own_comment(actor: Actor, region_id: int, thread_id: int, comment_id: int) -> Comment:
    """The actor's comment, to change it. Raises ``UnknownComment`` for those of others too."""
    comment = _position_of(region_id, thread_id, comment_id)
    if comment.author_id != actor.person_id:
        raise UnknownComment
    return comment


def comments_by_ids(region_id: int, comment_ids: list[int]) -> dict[int, Comment]:
    """Comments whatever their visibility, for those who decide about it."""
    found = db.session.scalars(
        sa.select(Comment).where(Comment.region_id == region_id, Comment.id.in_(comment_ids)).order_by(Comment.id)
    )
    return {comment.id: comment for comment in found}


@dataclass(frozen=True, slots=True)
class CommentEdit:
    """One public edit, word by word. ``number`` counts them from the first."""

    number: int
    at: datetime
    pieces: list[Piece]


def edits_of(
    actor: Actor | None, region_id: int, comment_id: int, *, cursor: str | None = None, size: int = EDITS_SHOWN
) -> Page[CommentEdit]:
    """The public edits of a comment, newest first; none where the reader may not read it. The cursor is the number of
    the last one. Two statements, one where the comment was read already."""
    comment = db.session.get(Comment, (region_id, comment_id))
    if comment is None or not policy.can_read(
        actor, region_id=region_id, author_id=comment.author_id, visibility=comment.visibility
    ):
        return Page([])
    query = (
        sa.select(CommentRevision.number, CommentRevision.replaced_at, CommentRevision.body)
        .where(CommentRevision.region_id == region_id, CommentRevision.comment_id == comment_id)
        .order_by(CommentRevision.number.desc())
        .limit(size + 2)
    )
    if seen := read_cursor(cursor, 1):
        query = query.where(CommentRevision.number <= seen[0])
    earlier = db.session.execute(query).all()
    after = [row.body for row in earlier] if seen else [comment.body, *(row.body for row in earlier)]
    before = earlier[1:] if seen else earlier[: size + 1]
    edits = [
        CommentEdit(row.number, row.replaced_at, differences(row.body, text))
        for row, text in zip(before, after, strict=False)
    ]
    return page_of(edits, size, cursor=lambda edit: write_cursor(edit.number))
