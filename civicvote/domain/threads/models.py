"""Threads and their comments. A thread does not know what it is about; whoever it belongs to holds its id."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key, LongText
from civicvote.domain.threads.stance import Stance
from civicvote.kernel.lots import draw_lot
from civicvote.kernel.visibility import Visibility


class Thread(Base):
    """``group_id`` names the list in which this thread is ranked by its number of comments (a round, usually)."""

    __tablename__ = "threads"
    __table_args__ = (sa.Index(None, "region_id", "group_id", "comment_count", "id"),)

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    id: Mapped[Key]
    group_id: Mapped[int | None]
    comment_count: Mapped[int] = mapped_column(default=0)
    for_count: Mapped[int] = mapped_column(default=0)
    against_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


def _index_of_roots(name: str, *columns: str, among: str = "") -> sa.Index:
    return _index_among(name, *columns, among=f"depth = 0 AND {among}" if among else "depth = 0")


def _index_among(name: str, *columns: str, among: str) -> sa.Index:
    only = sa.text(among)
    return sa.Index(name, "region_id", "thread_id", *columns, sqlite_where=only, postgresql_where=only)


class Comment(Base):
    """``path`` is the materialised path: the encoded ids of the ancestors and of the comment, 13 characters each,
    so that the order by path is depth first and oldest first. ``body_html`` is rendered and sanitised at writing."""

    __tablename__ = "comments"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "thread_id"], ["threads.region_id", "threads.id"]),
        sa.Index("ix_comments_path", "region_id", "thread_id", "path", unique=True),
        # One for each order of a thread, and of its roots only: a reply stands in none of them.
        _index_of_roots("ix_comments_roots", "id"),
        _index_of_roots("ix_comments_discussed", "reply_count", "id"),
        _index_of_roots("ix_comments_ranked", "rank", "id", among="rank > 0"),
        _index_of_roots("ix_comments_best", "stance", "rank", "id", among="rank > 0"),
        _index_of_roots("ix_comments_drawn", "lot", "id", among="rank = 0"),
        # What came after a moment: a root is found among the roots, a reply here.
        _index_among("ix_comments_replies", "id", among="depth > 0"),
        sa.Index(None, "author_id"),
        sa.CheckConstraint("depth BETWEEN 0 AND 3", name="depth_within_three_replies"),
    )

    region_id: Mapped[Key]
    id: Mapped[Key]
    thread_id: Mapped[int]
    parent_id: Mapped[int | None]
    depth: Mapped[int] = mapped_column(sa.SmallInteger)
    path: Mapped[str] = mapped_column(sa.String(13 * 4))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    author_role: Mapped[str] = mapped_column(sa.String(32), default="")
    stance: Mapped[Stance] = mapped_column(default=Stance.NEUTRAL)
    body: Mapped[LongText]
    body_html: Mapped[LongText]
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.VISIBLE)
    reply_count: Mapped[int] = mapped_column(default=0)
    up_count: Mapped[int] = mapped_column(default=0, server_default="0")
    down_count: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Wilson's lower bound in billionths once there are enough ratings (``rating.rank_of``), 0 before.
    rank: Mapped[int] = mapped_column(default=0, server_default="0")
    lot: Mapped[int] = mapped_column(default=draw_lot, server_default="1")
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]


class CommentRevision(Base):
    """What a comment said before an edit that readers are told about."""

    __tablename__ = "comment_revisions"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "comment_id"], ["comments.region_id", "comments.id"]),)

    region_id: Mapped[Key]
    comment_id: Mapped[Key]
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[LongText]
    replaced_at: Mapped[datetime]


class CommentRating(Base):
    """A reader finds a comment helpful (1) or not (-1)."""

    __tablename__ = "comment_ratings"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "comment_id"], ["comments.region_id", "comments.id"]),
        sa.Index(None, "person_id"),
        sa.CheckConstraint("value IN (-1, 1)", name="up_or_down"),
    )

    region_id: Mapped[Key]
    comment_id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    value: Mapped[int] = mapped_column(sa.SmallInteger)
    rated_at: Mapped[datetime]


class CommentDraft(Base):
    """What somebody began to write in a thread: one text below each comment (``parent_id``), or 0 for the thread."""

    __tablename__ = "comment_drafts"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "thread_id"], ["threads.region_id", "threads.id"]),)

    region_id: Mapped[Key]
    thread_id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True, index=True)
    parent_id: Mapped[Key]
    stance: Mapped[Stance]
    body: Mapped[LongText]
    saved_at: Mapped[datetime]
