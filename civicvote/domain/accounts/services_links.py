"""Give out links by mail, and take each once."""

from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.errors import LinkUnusable
from civicvote.domain.accounts.links import LIFETIMES, LinkPurpose
from civicvote.domain.accounts.models import AccountLink
from civicvote.domain.accounts.queries_account import WaitingLink, is_usable
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import enqueue_mail
from civicvote.kernel import clock, ids


def mail_link(
    *,
    purpose: LinkPurpose,
    email: str,
    locale: str,
    kind: NotificationKind,
    person_id: int | None = None,
    payload: dict[str, Any] | None = None,
    params: dict[str, Any] | None = None,
) -> int:
    """A new link, and the mail to ``email`` that will carry it; the link's id. The outbox holds the id only."""
    link = AccountLink(
        id=ids.new_id(),
        purpose=purpose,
        person_id=person_id,
        email=email,
        payload=payload or {},
        created_at=clock.now(),
        expires_at=clock.now() + LIFETIMES[purpose],
    )
    db.session.add(link)
    db.session.flush()
    carried = {"link_purpose": purpose.value, "link_id": link.id}
    enqueue_mail(address=email, locale=locale, kind=kind, params=(params or {}) | carried)
    return link.id


def take_link(*, purpose: LinkPurpose, link_id: int) -> WaitingLink:
    """Use the link up, and with it every other one of the same purpose to the same address.

    Two clicks at once queue here, and the second finds it used. Raises ``LinkUnusable``."""
    link = db.session.get(AccountLink, link_id, with_for_update=True, populate_existing=True)
    if link is None or not is_usable(link, purpose):
        raise LinkUnusable
    taken = WaitingLink(link.id, link.person_id, link.email, dict(link.payload))
    _use_up(AccountLink.purpose == purpose, AccountLink.email == link.email)
    return taken


def use_up_links_of(person_id: int) -> None:
    """No link that the person was sent works any more."""
    _use_up(AccountLink.person_id == person_id)


def _use_up(*which: sa.ColumnElement[bool]) -> None:
    """Mark links as used; what they carried (a name, a password's hash) goes."""
    db.session.execute(
        sa.update(AccountLink)
        .where(*which, AccountLink.used_at.is_(None))
        .values(used_at=clock.now(), payload={})
        .execution_options(synchronize_session="fetch")
    )
