"""A comment as a reader gets it, and the statement that reads comments for one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.threads import policy
from civicvote.domain.threads.editing import USUAL_TIMES, EditTimes
from civicvote.domain.threads.excerpts import beginnings
from civicvote.domain.threads.models import Comment, CommentRating
from civicvote.domain.threads.stance import Stance
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.visibility import Visibility


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment as this reader gets it: without ``body_html`` where the reader may not read it.

    ``own_rating``: what the reader finds of it, 1 helpful, -1 not, 0 nothing yet. ``excerpt``: how it begins, where
    a page of many has no room for all of it (``fold``)."""

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
    up_count: int
    down_count: int
    own_rating: int
    created_at: datetime
    edited_at: datetime | None
    is_readable: bool
    is_own: bool
    can_edit: bool
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and how long the host of the thread lets its authors edit."""

    actor: Actor | None
    times: EditTimes = USUAL_TIMES


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
    Comment.up_count,
    Comment.down_count,
    Comment.created_at,
    Comment.edited_at,
)
_FOR_VISITORS = sa.select(*_COLUMNS, sa.literal_column("0").label("own_rating")).join(
    Person, Person.id == Comment.author_id
)
_FOR_SIGNED_IN = (
    sa.select(*_COLUMNS, sa.func.coalesce(CommentRating.value, 0).label("own_rating"))
    .join(Person, Person.id == Comment.author_id)
    .outerjoin(
        CommentRating,
        sa.and_(
            CommentRating.region_id == Comment.region_id,
            CommentRating.comment_id == Comment.id,
            CommentRating.person_id == sa.bindparam("reader_id", type_=sa.BigInteger()),
        ),
    )
)


def comments_for(reader: Reader) -> sa.Select[*tuple[Any, ...]]:
    """Comments with their authors, and with what the reader finds of each; to be narrowed. Execute with ``read``."""
    return comments_of(is_signed_in=reader.actor is not None)


def comments_of(*, is_signed_in: bool) -> sa.Select[*tuple[Any, ...]]:
    """The same, for statements that are built once."""
    return _FOR_SIGNED_IN if is_signed_in else _FOR_VISITORS


def as_read_by(reader: Reader, region_id: int, row: Any, author_name: str, moment: datetime) -> CommentView:
    """The view of a row of ``comments_for``, or of a comment that was just written."""
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
        up_count=row.up_count,
        down_count=row.down_count,
        own_rating=getattr(row, "own_rating", 0),
        created_at=row.created_at,
        edited_at=row.edited_at,
        is_readable=is_readable,
        is_own=actor is not None and actor.person_id == row.author_id,
        can_edit=policy.can_edit(actor, created_at=row.created_at, moment=moment, times=reader.times, **standing),
    )


def rows_for(reader: Reader, statement: sa.Select[*tuple[Any, ...]], values: dict[str, Any] | None = None) -> Any:
    """Execute a statement made of ``comments_for``."""
    own = {"reader_id": reader.actor.person_id} if reader.actor else {}
    return db.session.execute(statement, {**(values or {}), **own})


def read(
    reader: Reader, region_id: int, statement: sa.Select[*tuple[Any, ...]], values: dict[str, Any] | None = None
) -> list[CommentView]:
    """The comments of a statement made of ``comments_for``, in its order."""
    moment = clock.now()
    return [as_read_by(reader, region_id, row, row.display_name, moment) for row in rows_for(reader, statement, values)]


def fold(views: Sequence[CommentView]) -> list[CommentView]:
    """The comments of one page, the long ones with how they begin."""
    begun = beginnings([(view.depth, view.body_html) for view in views])
    return [replace(view, excerpt=excerpt) if excerpt else view for view, excerpt in zip(views, begun, strict=True)]
