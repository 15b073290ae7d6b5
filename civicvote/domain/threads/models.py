"""Threads and their comments. A thread does not know what it is about; whoever it belongs to holds its id."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key, LongText
from civicvote.domain.threads.stance import Stance
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


class Comment(Base):
    """``path`` is the materialised path: the encoded ids of the ancestors and of the comment, 13 characters each,
    so that the order by path is depth first and oldest first. ``body_html`` is rendered and sanitised at writing."""

    __tablename__ = "comments"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "thread_id"], ["threads.region_id", "threads.id"]),
        sa.Index("ix_comments_roots", "region_id", "thread_id", "depth", "id"),
        sa.Index("ix_comments_path", "region_id", "thread_id", "path", unique=True),
        sa.Index("ix_comments_children", "region_id", "parent_id", "id"),
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
