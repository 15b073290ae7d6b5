"""Passkeys: a challenge is kept with the session, answered once within minutes, and spent whether it fits or not."""

import secrets

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import AccountSession, Passkey
from civicvote.domain.accounts.passkeys import (
    CHALLENGE_LIFETIME,
    MOST_PASSKEYS,
    PasskeyKnown,
    PasskeyRefused,
    RelyingParty,
    TooManyPasskeys,
    answering_passkey,
    created_passkey,
    creation_options,
    new_sign_count,
    request_options,
    usable_passkey_name,
)
from civicvote.domain.accounts.queries_second_factor import passkeys_of
from civicvote.domain.accounts.second_factor import FactorChange, NotHeld
from civicvote.domain.accounts.services_second_factor import factor_added, factor_removed, lock_person, mark_shown
from civicvote.domain.accounts.tokens import token_hash
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.keys import KeyRing

_CHALLENGE_BYTES = 32


def ask_for_new_passkey(*, actor: Actor, token: str, site: RelyingParty) -> str:
    """Options for the browser to make a passkey with; their challenge waits with the session."""
    known = [each.credential_id for each in passkeys_of(actor.person_id)]
    return creation_options(
        site, challenge=_new_challenge(token), person_id=actor.person_id, person_name=actor.name, known=known
    )


def ask_for_passkey(*, actor: Actor, token: str, site: RelyingParty) -> str:
    """Options for the browser to show one of the person's passkeys with."""
    known = [each.credential_id for each in passkeys_of(actor.person_id)]
    return request_options(site, challenge=_new_challenge(token), known=known)


def add_passkey(*, actor: Actor, token: str, site: RelyingParty, keys: KeyRing, name: str, answer: str) -> list[str]:
    """Keep what the browser made. Returns recovery codes where the person had none.

    Raises ``PasskeyNameMissing``, ``PasskeyRefused``, ``PasskeyKnown``, ``TooManyPasskeys``."""
    shown_name = usable_passkey_name(name)
    lock_person(actor.person_id)
    if len(passkeys_of(actor.person_id)) >= MOST_PASSKEYS:
        raise TooManyPasskeys(most=MOST_PASSKEYS)
    made = created_passkey(site, answer, challenge=_take_challenge(token))
    passkey = Passkey(
        id=ids.new_id(),
        person_id=actor.person_id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=shown_name,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(passkey)
    except sa.exc.IntegrityError:
        raise PasskeyKnown from None
    return factor_added(actor=actor, token=token, keys=keys, change=FactorChange.PASSKEY_ADDED)


def show_passkey(*, actor: Actor, token: str, site: RelyingParty, answer: str) -> None:
    """One of the person's own passkeys signed the session's challenge. Raises ``PasskeyRefused``."""
    challenge = _take_challenge(token)
    passkey = db.session.scalars(
        sa.select(Passkey)
        .where(Passkey.person_id == actor.person_id, Passkey.credential_id == answering_passkey(answer))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if passkey is None:
        raise PasskeyRefused
    passkey.sign_count = new_sign_count(
        site, answer, challenge=challenge, public_key=passkey.public_key, sign_count=passkey.sign_count
    )
    passkey.last_used_at = clock.now()
    mark_shown(token=token)


def remove_passkey(*, actor: Actor, token: str, passkey_id: int) -> None:
    """Raises ``NotHeld``, ``LastSecondFactor``."""
    lock_person(actor.person_id)
    passkey = db.session.get(Passkey, passkey_id)
    if passkey is None or passkey.person_id != actor.person_id:
        raise NotHeld
    db.session.delete(passkey)
    factor_removed(actor=actor, token=token, change=FactorChange.PASSKEY_REMOVED)


def _new_challenge(token: str) -> bytes:
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    session = _session(token)
    session.challenge, session.challenge_at = challenge, clock.now()
    db.session.flush()
    return challenge


def _take_challenge(token: str) -> bytes:
    """The session's challenge, gone with this. Raises ``PasskeyRefused`` where there is none, or it waited too long."""
    session = _session(token)
    challenge, asked_at = session.challenge, session.challenge_at
    session.challenge = session.challenge_at = None
    db.session.flush()
    if challenge is None or asked_at is None or clock.now() - asked_at > CHALLENGE_LIFETIME:
        raise PasskeyRefused
    return challenge


def _session(token: str) -> AccountSession:
    return db.session.get_one(AccountSession, token_hash(token), with_for_update=True, populate_existing=True)
