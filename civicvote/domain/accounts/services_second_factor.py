"""Second factors of a person: set up, show, take away. Each change is told by mail and audited where roles are held.

``token`` is the session's: a factor is shown by one browser, for one browser.
"""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.addresses import normal_address
from civicvote.domain.accounts.errors import UnknownAccount
from civicvote.domain.accounts.models import AccountSession, Authenticator, Passkey, Person, RecoveryCode
from civicvote.domain.accounts.queries import actor_of_person
from civicvote.domain.accounts.queries_second_factor import held_factors, waiting_secret
from civicvote.domain.accounts.second_factor import (
    FactorChange,
    LastSecondFactor,
    NotHeld,
    SetUpOver,
    WrongCode,
    WrongRecoveryCode,
    accepted_step,
    new_recovery_codes,
    new_secret,
    recovery_mac,
    sealing_purpose,
    waiting_purpose,
)
from civicvote.domain.accounts.tokens import token_hash
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import enqueue_mail
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from civicvote.kernel.keys import KeyRing

PATH = "/account/second-factor"


def prepare_authenticator(*, actor: Actor, token: str, keys: KeyRing) -> None:
    """Make a secret that waits in this session for its first code. One that is in use stays in use until then."""
    lock_person(actor.person_id)
    row = db.session.get(Authenticator, actor.person_id)
    if row is None:
        row = Authenticator(person_id=actor.person_id)
        db.session.add(row)
    row.new_secret = keys.seal(waiting_purpose(actor.person_id, token_hash(token)), new_secret().encode())
    row.created_at = clock.now()
    db.session.flush()


def confirm_authenticator(*, actor: Actor, token: str, keys: KeyRing, code: str) -> list[str]:
    """The first code of a new secret puts it in use, in the place of the one before.

    Returns recovery codes where the person had none. Raises ``SetUpOver``, ``WrongCode``."""
    lock_person(actor.person_id)
    secret = waiting_secret(actor.person_id, token=token, keys=keys)
    if secret is None:
        raise SetUpOver
    row = db.session.get_one(Authenticator, actor.person_id)
    step = accepted_step(secret, code, now=clock.now(), last_step=0)
    change = FactorChange.AUTHENTICATOR_REPLACED if row.secret else FactorChange.AUTHENTICATOR_ADDED
    row.secret = keys.seal(sealing_purpose(actor.person_id), secret.encode())
    row.new_secret, row.confirmed_at, row.last_step = None, clock.now(), step
    if change is FactorChange.AUTHENTICATOR_REPLACED:
        forget_other_showings(actor=actor, token=token)
    return factor_added(actor=actor, token=token, keys=keys, change=change)


def show_authenticator(*, actor: Actor, token: str, keys: KeyRing, code: str) -> None:
    """A code of the authenticator in use; none works twice. Raises ``WrongCode``, ``CodeUsed``."""
    row = db.session.get(Authenticator, actor.person_id, with_for_update=True, populate_existing=True)
    if row is None or row.secret is None:
        raise WrongCode
    secret = keys.unseal(sealing_purpose(actor.person_id), row.secret).decode()
    row.last_step = accepted_step(secret, code, now=clock.now(), last_step=row.last_step)
    mark_shown(token=token)


def show_recovery_code(*, actor: Actor, token: str, keys: KeyRing, code: str) -> None:
    """One of the codes on paper; it is spent. Raises ``WrongRecoveryCode``."""
    mac = recovery_mac(keys, actor.person_id, code)
    row = db.session.get(RecoveryCode, (actor.person_id, mac), with_for_update=True, populate_existing=True)
    if row is None or row.used_at is not None:
        raise WrongRecoveryCode
    row.used_at = clock.now()
    mark_shown(token=token)
    tell_change(actor=actor, change=FactorChange.RECOVERY_CODE_USED)


def remove_authenticator(*, actor: Actor, token: str) -> None:
    """Raises ``NotHeld``, ``LastSecondFactor``."""
    lock_person(actor.person_id)
    row = db.session.get(Authenticator, actor.person_id)
    if row is None or row.secret is None:
        raise NotHeld
    db.session.delete(row)
    factor_removed(actor=actor, token=token, change=FactorChange.AUTHENTICATOR_REMOVED)


def make_recovery_codes(*, actor: Actor, keys: KeyRing) -> list[str]:
    """Ten new codes; the earlier ones are worth nothing any more. They are returned once and stored as MACs.

    Raises ``NotHeld`` where there is no factor that they could stand in for."""
    lock_person(actor.person_id)
    if not held_factors(actor.person_id).any:
        raise NotHeld
    _forget_recovery_codes(actor)
    codes = new_recovery_codes()
    db.session.add_all(
        RecoveryCode(
            person_id=actor.person_id, code_mac=recovery_mac(keys, actor.person_id, code), created_at=clock.now()
        )
        for code in codes
    )
    tell_change(actor=actor, change=FactorChange.RECOVERY_CODES_MADE)
    return codes


def reset_second_factors(*, email: str) -> None:
    """Take everything away from a person who lost it all: the operator's last resort, after they made sure who asks.

    Raises ``UnknownAccount``."""
    person = db.session.scalars(sa.select(Person).where(Person.email == normal_address(email))).first()
    if person is None:
        raise UnknownAccount
    for table in (Authenticator, Passkey, RecoveryCode):
        db.session.execute(sa.delete(table).where(table.person_id == person.id))
    db.session.execute(
        sa.update(AccountSession).where(AccountSession.person_id == person.id).values(second_factor_at=None)
    )
    actor = actor_of_person(person.id)
    assert actor is not None, "the person was just read"
    tell_change(actor=actor, change=FactorChange.RESET)


def mark_shown(*, token: str) -> None:
    """This session has shown a second factor now."""
    db.session.execute(
        sa.update(AccountSession)
        .where(AccountSession.token_hash == token_hash(token))
        .values(second_factor_at=clock.now())
    )


def forget_other_showings(*, actor: Actor, token: str) -> None:
    """What other sessions showed counts no more: they show what is in use now."""
    db.session.execute(
        sa.update(AccountSession)
        .where(AccountSession.person_id == actor.person_id, AccountSession.token_hash != token_hash(token))
        .values(second_factor_at=None)
    )


def factor_added(*, actor: Actor, token: str, keys: KeyRing, change: FactorChange) -> list[str]:
    """What follows a new factor: it counts as shown, and the first one brings recovery codes, which are returned."""
    db.session.flush()
    mark_shown(token=token)
    tell_change(actor=actor, change=change)
    return [] if held_factors(actor.person_id).recovery_codes else make_recovery_codes(actor=actor, keys=keys)


def factor_removed(*, actor: Actor, token: str, change: FactorChange) -> None:
    """What follows a removal; the caller has locked the person. Raises ``LastSecondFactor``."""
    db.session.flush()
    if not held_factors(actor.person_id).any:
        if any(actor.roles.values()):
            raise LastSecondFactor
        _forget_recovery_codes(actor)
    forget_other_showings(actor=actor, token=token)
    tell_change(actor=actor, change=change)


def tell_change(*, actor: Actor, change: FactorChange) -> None:
    """A mail to the person, and an entry in the audit of each region in which they hold a role."""
    person = db.session.get_one(Person, actor.person_id)
    enqueue_mail(
        address=person.email,
        locale=person.locale,
        kind=NotificationKind.SECOND_FACTOR_CHANGED,
        params={"change": change.value},
        path=PATH,
    )
    for region_id in sorted(region_id for region_id, roles in actor.roles.items() if roles):
        record(
            region_id=region_id,
            actor_id=None if change is FactorChange.RESET else actor.person_id,
            verb=AuditVerb.SECOND_FACTOR_CHANGE,
            subject=f"person:{actor.person_id}",
            detail={"change": change.value},
        )


def lock_person(person_id: int) -> None:
    """Changes of one person's factors queue here, so that two removals can't each leave the last one to the other."""
    db.session.get_one(Person, person_id, with_for_update=True)


def _forget_recovery_codes(actor: Actor) -> None:
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == actor.person_id))
