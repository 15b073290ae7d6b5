"""Reads of a person's messages."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.notifications.models import Notification
from civicvote.kernel.actor import Actor
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor

PAGE_SIZE = 20


def messages_of(actor: Actor, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[Notification]:
    """The actor's own messages, the newest first."""
    query = sa.select(Notification).where(Notification.person_id == actor.person_id)
    if after := read_cursor(cursor, 1):
        query = query.where(Notification.id < after[0])
    rows = list(db.session.scalars(query.order_by(Notification.id.desc()).limit(size + 1)))
    return page_of(rows, size, cursor=lambda message: write_cursor(message.id))


def unread_messages(actor: Actor, *, size: int) -> list[Notification]:
    """The actor's newest messages that were not read yet, at most ``size``."""
    return list(
        db.session.scalars(
            sa.select(Notification)
            .where(Notification.person_id == actor.person_id, Notification.read_at.is_(None))
            .order_by(Notification.id.desc())
            .limit(size)
        )
    )
