"""Reads about sign-ins through providers."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person, ProviderSignIn
from civicvote.kernel.actor import Actor


def person_of_subject(provider: str, subject: str) -> int | None:
    """Who signs in with this identity; None where nobody does."""
    return db.session.scalar(
        sa.select(ProviderSignIn.person_id).where(
            ProviderSignIn.provider == provider, ProviderSignIn.subject == subject
        )
    )


@dataclass(frozen=True, slots=True)
class LinkedProvider:
    """A provider that the person signs in with. What it calls the person is nobody's business, not even theirs."""

    provider: str
    created_at: datetime
    last_used_at: datetime


def linked_providers(actor: Actor) -> list[LinkedProvider]:
    """The actor's own, the earliest first; one a provider, so no more than the installation has or had."""
    rows = db.session.execute(
        sa.select(ProviderSignIn.provider, ProviderSignIn.created_at, ProviderSignIn.last_used_at)
        .where(ProviderSignIn.person_id == actor.person_id)
        .order_by(ProviderSignIn.created_at, ProviderSignIn.provider)
    )
    return [LinkedProvider(*row) for row in rows]


def has_password(person_id: int) -> bool:
    """Whether the account can be opened with mail address and password."""
    password_hash = sa.select(Person.password_hash).where(Person.id == person_id, Person.email.is_not(None))
    return db.session.scalar(password_hash) is not None
