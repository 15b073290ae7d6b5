"""Tell a person: on the site at once, by mail through the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.models import Notification, OutboxMessage
from civicvote.domain.notifications.retries import LEASE, MOST_ATTEMPTS, wait_after
from civicvote.kernel import clock, ids

_LEAVE = sa.insert(Notification)


def notify(*, person_id: int, kind: NotificationKind, params: dict[str, Any], path: str = "") -> Notification:
    """Leave a message on the person's page. ``path`` is a path of this site without the language prefix."""
    message = Notification(
        person_id=person_id, id=ids.new_id(), kind=kind, params=params, path=path, created_at=clock.now()
    )
    db.session.add(message)
    db.session.flush()
    return message


def notify_each(*, kinds: Mapping[int, NotificationKind], params: Mapping[str, Any], path: str = "") -> None:
    """Leave a message about one and the same thing with each person (by id), of the kind that it is for them.

    One statement, and none for nobody."""
    rows = [
        {
            "person_id": person_id,
            "id": ids.new_id(),
            "kind": kind,
            "params": dict(params),
            "path": path,
            "created_at": clock.now(),
        }
        for person_id, kind in kinds.items()
    ]
    if rows:
        db.session.connection().execute(_LEAVE, rows)


def notify_all(*, people: sa.Select[int], kind: NotificationKind, params: Mapping[str, Any], path: str = "") -> None:
    """Leave the same message with everybody whom ``people`` selects (one column, no one twice). One statement.

    The messages share one id, since a message's key holds its person."""
    chosen = people.subquery()
    columns = Notification.__table__.c
    rows = sa.select(
        chosen.c[0],
        sa.literal(ids.new_id(), columns.id.type),
        sa.literal(kind, columns.kind.type),
        sa.literal(dict(params), columns.params.type),
        sa.literal(path, columns.path.type),
        sa.literal(clock.now(), columns.created_at.type),
    )
    names = ("person_id", "id", "kind", "params", "path", "created_at")
    db.session.execute(sa.insert(Notification).from_select(names, rows))


def enqueue_mail(
    *, address: str | None, locale: str, kind: NotificationKind, params: dict[str, Any], path: str = ""
) -> OutboxMessage | None:
    """Put a mail into the outbox; it leaves after the commit, or never if there is none.

    Without an address (an account that was closed or has none) there is nobody to write to: None."""
    if address is None:
        return None
    message = OutboxMessage(
        id=ids.new_id(),
        address=address,
        locale=locale,
        kind=kind,
        params=params,
        path=path,
        created_at=clock.now(),
        due_at=clock.now(),
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


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail taken from the outbox, as a value that outlives the transaction in which it was taken."""

    id: int
    address: str
    locale: str
    kind: NotificationKind
    params: dict[str, Any]
    path: str
    attempts: int


def take_mail() -> Mail | None:
    """Take the oldest mail that is due, for ``LEASE``; None when none is. Parallel workers take different ones."""
    message = db.session.scalars(
        sa.select(OutboxMessage)
        .where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.due_at <= clock.now(),
            OutboxMessage.attempts < MOST_ATTEMPTS,
        )
        .order_by(OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if message is None:
        return None
    message.attempts += 1
    message.due_at = clock.now() + LEASE
    db.session.flush()
    return Mail(
        id=message.id,
        address=message.address,
        locale=message.locale,
        kind=message.kind,
        params=message.params,
        path=message.path,
        attempts=message.attempts,
    )


def mark_sent(*, mail_id: int) -> None:
    message = db.session.get_one(OutboxMessage, mail_id)
    message.sent_at, message.last_error = clock.now(), ""


def mark_failed(*, mail_id: int, error: str) -> None:
    """Keep the error and try again later, each time after a longer wait."""
    message = db.session.get_one(OutboxMessage, mail_id)
    message.last_error = error[:1000]
    message.due_at = clock.now() + wait_after(message.attempts)


def forget_messages(*, person_id: int, address: str | None) -> None:
    """Delete a person's messages and every mail to the address, sent or waiting."""
    db.session.execute(sa.delete(Notification).where(Notification.person_id == person_id))
    db.session.execute(sa.delete(OutboxMessage).where(OutboxMessage.address == address))


#: Messages whose ``author`` is another person, by ``author_id``.
_NAMING = (
    NotificationKind.COMMENT_ON_PROPOSAL,
    NotificationKind.REPLY_TO_COMMENT,
    NotificationKind.CO_AUTHOR_INVITED,
    NotificationKind.CO_AUTHOR_ANSWERED,
    NotificationKind.CO_AUTHOR_REMOVED,
)


def rename_author(*, person_id: int, name: str) -> None:
    """Other people's messages about what this person wrote name them anew. Reads every such message: for rare acts."""
    about = sa.select(Notification).where(
        Notification.kind.in_(_NAMING),
        Notification.params["author_id"].as_string() == str(person_id),
    )
    for message in db.session.scalars(about.order_by(Notification.person_id, Notification.id)):
        message.params = message.params | {"author": name}
    db.session.flush()
