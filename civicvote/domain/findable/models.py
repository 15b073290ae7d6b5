"""What readers can search: one row for each public text, written by the room that owns it, in the same transaction."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key, LongText
from civicvote.domain.findable.kinds import FindableKind


class Findable(Base):
    """``host_id`` is the thread or the proposal without which the text can't be read, 0 for none; ``thread_id`` the
    thread that hangs below this text, 0 for none. A hosted text is found only while its host is.

    ``title_tokens`` and ``tokens`` (of title and text) are what ``kernel.tokens.indexed_tokens`` makes of them: the
    database keeps its index by triggers from these (FTS5 on SQLite, a GIN index of a tsvector on PostgreSQL).
    ``slice`` is PostgreSQL's: a trigger counts 4,096 new entries into each, for want of an index that knows the newest.
    ``subject_id`` is unique, since it is the rowid of FTS5 and its order is that of time."""

    __tablename__ = "findables"
    __table_args__ = (
        sa.Index("ix_findables_subject", "subject_id", unique=True),
        sa.Index("ix_findables_thread", "region_id", "thread_id"),
    )

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    kind: Mapped[FindableKind] = mapped_column(primary_key=True)
    subject_id: Mapped[Key]
    round_id: Mapped[int | None]
    host_id: Mapped[int] = mapped_column(default=0)
    thread_id: Mapped[int] = mapped_column(default=0)
    slice: Mapped[int] = mapped_column(server_default="0")
    title: Mapped[LongText] = mapped_column(default="")
    text: Mapped[LongText]
    title_tokens: Mapped[LongText]
    tokens: Mapped[LongText]
    occurred_at: Mapped[datetime]


class FindableFormat(Base):
    """In which format the index was made, all of it; no row where it never was, as after an upgrade."""

    __tablename__ = "findable_formats"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[datetime]
