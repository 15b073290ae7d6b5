"""Reads about a person's second factors; secrets leave only to be shown once, and codes in a demonstration."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Authenticator, Passkey, RecoveryCode
from civicvote.domain.accounts.second_factor import SET_UP, sealing_purpose, unused_code, waiting_purpose
from civicvote.domain.accounts.tokens import token_hash
from civicvote.kernel import clock
from civicvote.kernel.keys import KeyRing, SecretUnreadable


@dataclass(frozen=True, slots=True)
class HeldFactors:
    """What a person can show."""

    has_authenticator: bool
    passkeys: int
    recovery_codes: int

    @property
    def any(self) -> bool:
        """Recovery codes stand in for a factor that was lost; alone they are none."""
        return self.has_authenticator or self.passkeys > 0


def held_factors(person_id: int) -> HeldFactors:
    """One statement."""
    in_use = sa.exists().where(Authenticator.person_id == person_id, Authenticator.secret.is_not(None))
    passkeys = sa.select(sa.func.count()).where(Passkey.person_id == person_id)
    codes = sa.select(sa.func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return HeldFactors(
        *db.session.execute(sa.select(in_use, passkeys.scalar_subquery(), codes.scalar_subquery())).one()
    )


def authenticator_since(person_id: int) -> datetime | None:
    """When the authenticator in use showed its first code."""
    return db.session.scalar(
        sa.select(Authenticator.confirmed_at).where(
            Authenticator.person_id == person_id, Authenticator.secret.is_not(None)
        )
    )


def passkeys_of(person_id: int) -> list[Passkey]:
    """The person's passkeys, the oldest first; there are at most ``MOST_PASSKEYS``."""
    return list(db.session.scalars(sa.select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)))


def waiting_secret(person_id: int, *, token: str, keys: KeyRing) -> str | None:
    """The secret that waits for its first code, to be shown to its person in the session that made it; None once it is
    in use or too old."""
    row = db.session.get(Authenticator, person_id)
    if row is None or row.new_secret is None or clock.now() - row.created_at > SET_UP:
        return None
    try:
        return keys.unseal(waiting_purpose(person_id, token_hash(token)), row.new_secret).decode()
    except SecretUnreadable:
        return None  # another session's: whoever else has the password learns nothing from it


def demonstration_code(person_id: int, *, keys: KeyRing) -> str | None:
    """A code of the person's authenticator that would be accepted now. For the demonstration, which needs no phone."""
    row = db.session.get(Authenticator, person_id)
    if row is None or row.secret is None:
        return None
    secret = keys.unseal(sealing_purpose(person_id), row.secret).decode()
    return unused_code(secret, now=clock.now(), last_step=row.last_step)
