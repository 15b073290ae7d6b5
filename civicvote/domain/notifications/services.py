"""Tell a person: on the site at once, by mail through the outbox."""

from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.models import Notification, OutboxMessage
from civicvote.kernel import clock, ids


def notify(*, person_id: int, kind: NotificationKind, params: dict[str, Any], path: str = "") -> Notification:
    """Leave a message on the person's page. ``path`` is a path of this site without the language prefix."""
    message = Notification(
        person_id=person_id, id=ids.new_id(), kind=kind, params=params, path=path, created_at=clock.now()
    )
    db.session.add(message)
    db.session.flush()
    return message


def enqueue_mail(
    *, address: str, locale: str, kind: NotificationKind, params: dict[str, Any], path: str = ""
) -> OutboxMessage:
    """Put a mail into the outbox; it leaves after the commit, or never if there is none."""
    message = OutboxMessage(
        id=ids.new_id(),
        address=address,
        locale=locale,
        kind=kind,
        params=params,
        path=path,
        created_at=clock.now(),
    )
    db.session.add(message)
    db.session.flush()
    return message


def mark_all_read(*, person_id: int) -> None:
    db.session.execute(
        sa.update(Notification)
        .where(Notification.person_id == person_id, Notification.read_at.is_(None))
        .values(read_at=clock.now())
    )
