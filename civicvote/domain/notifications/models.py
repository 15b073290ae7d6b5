"""On-site messages, and the outbox from which mail leaves after the transaction that caused it was committed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key, LongText
from civicvote.domain.notifications.kinds import NotificationKind


class Notification(Base):
    """A message on the person's page. ``params`` fill its sentence; ``path`` is where it leads on the site."""

    __tablename__ = "notifications"
    __table_args__ = (
        sa.Index(
            "ix_notifications_unread",
            "person_id",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[Key]
    kind: Mapped[NotificationKind]
    params: Mapped[dict[str, Any]]
    path: Mapped[str] = mapped_column(sa.String(300), default="")
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class OutboxMessage(Base):
    """A mail that waits. It is rendered in ``locale`` when it is sent.

    ``due_at``: not tried before. Whoever takes it moves this ahead, so that what a dying
    worker held is tried again."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        sa.Index(
            "ix_outbox_messages_waiting",
            "id",
            sqlite_where=sa.text("sent_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    address: Mapped[str] = mapped_column(sa.String(254))
    locale: Mapped[str] = mapped_column(sa.String(2))
    kind: Mapped[NotificationKind]
    params: Mapped[dict[str, Any]]
    path: Mapped[str] = mapped_column(sa.String(300), default="")
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[LongText] = mapped_column(default="")
