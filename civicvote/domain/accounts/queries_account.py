"""What a person sees of the own account: the address, the open sessions; and links from mails, before they are used."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.errors import LinkUnusable, SignInNotFresh
from civicvote.domain.accounts.links import LinkPurpose, link_id_of
from civicvote.domain.accounts.models import AccountLink, AccountSession, Person
from civicvote.domain.accounts.tokens import token_hash
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from civicvote.kernel.keys import KeyRing
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor

PAGE_SIZE = 20

#: How recent a sign-in must be to stand for the password of an account that has none.
FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """The account as its owner may see it, as a value that outlives the read."""

    person_id: int
    display_name: str
    email: str | None
    locale: str
    password_hash: str | None
    created_at: datetime

    @property
    def has_password(self) -> bool:
        return self.password_hash is not None


def own_account(actor: Actor) -> OwnAccount:
    person = db.session.get_one(Person, actor.person_id)
    return OwnAccount(
        person_id=person.id,
        display_name=person.display_name,
        email=person.email,
        locale=person.locale,
        password_hash=person.password_hash,
        created_at=person.created_at,
    )


def require_fresh_sign_in(token: str) -> None:
    """Raise ``SignInNotFresh`` unless the session was begun within ``FRESH``."""
    begun_at = db.session.scalar(
        sa.select(AccountSession.created_at).where(AccountSession.token_hash == token_hash(token))
    )
    if begun_at is None or begun_at < clock.now() - FRESH:
        raise SignInNotFresh


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A device that is signed in. ``device`` is empty where its browser did not say."""

    id: int
    device: str
    created_at: datetime
    is_this_one: bool


def open_sessions_of(actor: Actor, *, token: str, cursor: str | None = None) -> Page[OpenSession]:
    """The actor's open sessions, the newest first; ``token`` is the one of this browser."""
    query = sa.select(
        AccountSession.id, AccountSession.device, AccountSession.created_at, AccountSession.token_hash
    ).where(
        AccountSession.person_id == actor.person_id,
        AccountSession.ended_at.is_(None),
        AccountSession.expires_at > clock.now(),
    )
    if after := read_cursor(cursor, 1):
        query = query.where(AccountSession.id < after[0])
    rows = db.session.execute(query.order_by(AccountSession.id.desc()).limit(PAGE_SIZE + 1))
    mine = token_hash(token)
    found = [OpenSession(row.id, row.device, row.created_at, row.token_hash == mine) for row in rows]
    return page_of(found, PAGE_SIZE, cursor=lambda session: write_cursor(session.id))


@dataclass(frozen=True, slots=True)
class WaitingLink:
    """A link from a mail that can still be used, as a value that outlives the read."""

    id: int
    person_id: int | None
    email: str
    payload: dict[str, Any]


def waiting_link(*, purpose: LinkPurpose, token: str, keys: KeyRing) -> WaitingLink:
    """The link that the last part of an address opens. Raises ``LinkUnusable``."""
    link = db.session.get(AccountLink, link_id_of(keys, purpose, token))
    if link is None or not is_usable(link, purpose):
        raise LinkUnusable
    return WaitingLink(link.id, link.person_id, link.email, dict(link.payload))


def is_usable(link: AccountLink, purpose: LinkPurpose) -> bool:
    return link.purpose is purpose and link.used_at is None and link.expires_at > clock.now()
