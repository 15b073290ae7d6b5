"""Reads of threads: a page of roots with their first replies, more replies, one comment in its context.

Every page costs the same number of statements, whatever the size of the thread.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.threads import policy
from civicvote.domain.threads.comment_paths import ancestors, behind_subtree
from civicvote.domain.threads.editing import USUAL_TIMES, EditTimes
from civicvote.domain.threads.errors import UnknownComment, UnknownThread
from civicvote.domain.threads.models import Comment, CommentRevision, Thread
from civicvote.domain.threads.stance import Stance
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.text_difference import Piece, differences
from civicvote.kernel.visibility import Visibility

ROOTS_A_PAGE = 20
FIRST_REPLIES = 3
MORE_REPLIES = 20


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment as this reader gets it: without ``body_html`` where the reader may not read it."""

    id: int
    key: str
    depth: int
    path: str
    author_id: int
    author_name: str
    author_role: str
    stance: Stance
    body_html: str
    visibility: Visibility
    reply_count: int
    created_at: datetime
    edited_at: datetime | None
    is_readable: bool
    is_own: bool
    can_edit: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """A root comment with its first replies in reading order, and how many more there are."""

    root: CommentView
    replies: list[CommentView]
    more_replies: int


@dataclass(frozen=True, slots=True)
class CommentInContext:
    comment: CommentView
    ancestors: list[CommentView]
    replies: list[CommentView]
    more_replies: int


_COLUMNS = (
    Comment.id,
    Comment.depth,
    Comment.path,
    Comment.author_id,
    Person.display_name,
    Comment.author_role,
    Comment.stance,
    Comment.body_html,
    Comment.visibility,
    Comment.reply_count,
    Comment.created_at,
    Comment.edited_at,
)


def _comments(region_id: int, thread_id: int) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*_COLUMNS)
        .join(Person, Person.id == Comment.author_id)
        .where(Comment.region_id == region_id, Comment.thread_id == thread_id)
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and how long the host of the thread lets its authors edit."""

    actor: Actor | None
    times: EditTimes = USUAL_TIMES


def _as_read_by(reader: Reader, region_id: int, row: Any, author_name: str, moment: datetime) -> CommentView:
    actor = reader.actor
    standing = {"author_id": row.author_id, "visibility": row.visibility}
    is_readable = policy.can_read(actor, region_id=region_id, **standing)
    return CommentView(
        id=row.id,
        key=ids.encode(row.id),
        depth=row.depth,
        path=row.path,
        author_id=row.author_id,
        author_name=author_name,
        author_role=row.author_role,
        stance=row.stance,
        body_html=row.body_html if is_readable else "",
        visibility=row.visibility,
        reply_count=row.reply_count,
        created_at=row.created_at,
        edited_at=row.edited_at,
        is_readable=is_readable,
        is_own=actor is not None and actor.person_id == row.author_id,
        can_edit=policy.can_edit(actor, created_at=row.created_at, moment=moment, times=reader.times, **standing),
    )


def _read(
    reader: Reader, region_id: int, statement: sa.Select[*tuple[Any, ...]], values: dict[str, Any] | None = None
) -> list[CommentView]:
    moment = clock.now()
    rows = db.session.execute(statement, values)
    return [_as_read_by(reader, region_id, row, row.display_name, moment) for row in rows]


def thread_by_id(region_id: int, thread_id: int) -> Thread:
    """Raises ``UnknownThread``."""
    thread = db.session.get(Thread, (region_id, thread_id))
    if thread is None:
        raise UnknownThread
    return thread


_ROOTS = (
    sa.select(*_COLUMNS)
    .join(Person, Person.id == Comment.author_id)
    .where(
        Comment.region_id == sa.bindparam("region_id"),
        Comment.thread_id == sa.bindparam("thread_id"),
        Comment.depth == 0,
        Comment.id < sa.bindparam("before"),
    )
    .order_by(Comment.id.desc())
    .limit(ROOTS_A_PAGE + 1)
)
_BEHIND_ALL_IDS = 2**63 - 1


def branches(reader: Reader, region_id: int, thread_id: int, *, cursor: str | None = None) -> Page[Branch]:
    """A page of roots, newest first, each with its first replies, oldest first. Two statements."""
    keys = read_cursor(cursor, 1)
    values = {"region_id": region_id, "thread_id": thread_id, "before": keys[0] if keys else _BEHIND_ALL_IDS}
    roots = _read(reader, region_id, _ROOTS, values)
    page = page_of(roots, ROOTS_A_PAGE, cursor=lambda last: write_cursor(last.id))
    replies = _first_replies(reader, region_id, thread_id, [root for root in page.items if root.reply_count])
    return Page(
        [_branch(root, replies.get(root.path, [])) for root in page.items],
        page.next_cursor,
    )


def _branch(root: CommentView, replies: list[CommentView]) -> Branch:
    return Branch(root, replies, max(0, root.reply_count - len(replies)))


def _first_below(place: int) -> sa.Select[int]:
    first = (
        sa.select(Comment.id)
        .where(
            Comment.region_id == sa.bindparam("region_id"),
            Comment.thread_id == sa.bindparam("thread_id"),
            Comment.path > sa.bindparam(f"above_{place}"),
            Comment.path < sa.bindparam(f"behind_{place}"),
        )
        .order_by(Comment.path)
        .limit(FIRST_REPLIES)
        .subquery()
    )
    return sa.select(first.c.id)


# Built once for a full page; a range from "~" to "~" holds nothing.
_FIRST_REPLIES = (
    sa.select(*_COLUMNS)
    .join(Person, Person.id == Comment.author_id)
    .where(
        Comment.region_id == sa.bindparam("region_id"),
        Comment.id.in_(sa.union_all(*(_first_below(place) for place in range(ROOTS_A_PAGE)))),
    )
    .order_by(Comment.path)
)


def _first_replies(
    reader: Reader, region_id: int, thread_id: int, roots: list[CommentView]
) -> dict[str, list[CommentView]]:
    """The first replies of each root by the root's path. One statement: a range of the path index a root."""
    if not roots:
        return {}
    values: dict[str, Any] = {"region_id": region_id, "thread_id": thread_id}
    for place in range(ROOTS_A_PAGE):
        path = roots[place].path if place < len(roots) else ""
        values[f"above_{place}"] = path or "~"
        values[f"behind_{place}"] = behind_subtree(path) if path else "~"
    found: dict[str, list[CommentView]] = {}
    for reply in _read(reader, region_id, _FIRST_REPLIES, values):
        found.setdefault(reply.path[: len(roots[0].path)], []).append(reply)
    return found


def _below(region_id: int, thread_id: int, path: str) -> sa.Select[*tuple[Any, ...]]:
    return (
        _comments(region_id, thread_id)
        .where(Comment.path > path, Comment.path < behind_subtree(path))
        .order_by(Comment.path)
    )


def replies_below(
    reader: Reader, region_id: int, thread_id: int, comment_id: int, *, cursor: str | None = None
) -> Page[CommentView]:
    """The replies below a comment at any depth, in reading order. The cursor names the last one that was read."""
    comment = _position_of(region_id, thread_id, comment_id)
    statement = _below(region_id, thread_id, comment.path)
    if keys := read_cursor(cursor, 1):
        statement = statement.where(Comment.path > _position_of(region_id, thread_id, keys[0]).path)
    rows = _read(reader, region_id, statement.limit(MORE_REPLIES + 1))
    return page_of(rows, MORE_REPLIES, cursor=lambda last: write_cursor(last.id))


def _position_of(region_id: int, thread_id: int, comment_id: int) -> Comment:
    comment = db.session.get(Comment, (region_id, comment_id))
    if comment is None or comment.thread_id != thread_id:
        raise UnknownComment
    return comment


def comment_in_context(reader: Reader, region_id: int, thread_id: int, comment_id: int) -> CommentInContext:
    """A comment, those it answers from the root down, and the first replies below it. Raises ``UnknownComment``."""
    position = _position_of(region_id, thread_id, comment_id)
    above_ids = [*ancestors(position.path), comment_id]
    line = _read(
        reader, region_id, _comments(region_id, thread_id).where(Comment.id.in_(above_ids)).order_by(Comment.path)
    )
    comment = line[-1]
    replies = (
        _read(reader, region_id, _below(region_id, thread_id, comment.path).limit(MORE_REPLIES))
        if comment.reply_count
        else []
    )
    return CommentInContext(comment, line[:-1], replies, comment.reply_count - len(replies))


def posted_view(reader: Reader, comment: Comment, author_name: str) -> CommentView:
    """A comment that the reader has just written, without asking the database again."""
    return _as_read_by(reader, comment.region_id, comment, author_name, clock.now())


def comment_view(reader: Reader, region_id: int, thread_id: int, comment_id: int) -> CommentView:
    """One comment as this reader gets it. Raises ``UnknownComment``."""
    rows = _read(reader, region_id, _comments(region_id, thread_id).where(Comment.id == comment_id))
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
    """One public edit, word by word."""

    at: datetime
    pieces: list[Piece]


def edits_of(actor: Actor | None, region_id: int, comment_id: int) -> list[CommentEdit]:
    """The public edits of a comment, newest first; none where the reader may not read it."""
    comment = db.session.get(Comment, (region_id, comment_id))
    if comment is None or not policy.can_read(
        actor, region_id=region_id, author_id=comment.author_id, visibility=comment.visibility
    ):
        return []
    newest_first = db.session.scalars(
        sa.select(CommentRevision)
        .where(CommentRevision.region_id == region_id, CommentRevision.comment_id == comment_id)
        .order_by(CommentRevision.number.desc())
    )
    edits, after = [], comment.body
    for revision in newest_first:
        edits.append(CommentEdit(revision.replaced_at, differences(revision.body, after)))
        after = revision.body
    return edits
