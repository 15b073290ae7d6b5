"""End sessions and renew them."""

from datetime import datetime

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.errors import SessionGone
from civicvote.domain.accounts.models import AccountSession
from civicvote.domain.accounts.services import SESSION_LIFETIME
from civicvote.domain.accounts.tokens import new_token, token_hash
from civicvote.kernel import clock, ids


def renew_session(*, token: str) -> str:
    """A new token for the same sign-in: a copy of the old cookie is worth nothing from here on."""
    old = db.session.get_one(AccountSession, token_hash(token), with_for_update=True)
    renewed = new_token()
    db.session.add(
        AccountSession(
            token_hash=token_hash(renewed),
            id=ids.new_id(),
            person_id=old.person_id,
            device=old.device,
            created_at=old.created_at,
            expires_at=clock.now() + SESSION_LIFETIME,
            second_factor_at=old.second_factor_at,
        )
    )
    old.ended_at = clock.now()
    db.session.flush()
    return renewed


def end_one_session(*, person_id: int, session_id: int) -> None:
    """End one session of the person. Raises ``SessionGone``."""
    ended = db.session.execute(
        sa.update(AccountSession)
        .where(AccountSession.id == session_id, *_open_of(person_id))
        .values(ended_at=clock.now())
        .returning(AccountSession.id)
    ).all()
    if not ended:
        raise SessionGone


def end_sessions(*, person_id: int, but: str | None = None) -> int:
    """End every session of the person (``but`` the one of this token); how many."""
    query = sa.update(AccountSession).where(*_open_of(person_id))
    if but is not None:
        query = query.where(AccountSession.token_hash != token_hash(but))
    return len(db.session.execute(query.values(ended_at=clock.now()).returning(AccountSession.id)).all())


def _open_of(person_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    now: datetime = clock.now()
    return (
        AccountSession.person_id == person_id,
        AccountSession.ended_at.is_(None),
        AccountSession.expires_at > now,
    )
