"""Close an account: what is the person's goes, what is the public's stays under a name that tells nothing."""

from datetime import timedelta

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.closing import new_pseudonym
from civicvote.domain.accounts.models import (
    AccountLink,
    AccountSession,
    Authenticator,
    Passkey,
    Person,
    ProviderSignIn,
    RecoveryCode,
    Residency,
    RoleGrant,
)
from civicvote.domain.accounts.services import take_role
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import enqueue_mail, forget_messages, rename_author
from civicvote.kernel import clock

#: Whose rows go with the account: how it was entered.
_WAYS_IN = (AccountLink, AccountSession, Authenticator, Passkey, ProviderSignIn, RecoveryCode)


def close_account(*, person_id: int) -> str:
    """Close the account for good; the pseudonym under which its public acts stay.

    Roles are withdrawn on the record. Address, name, password, sessions, second factors, provider links, messages and
    waiting mails go, and what residencies say about the person. One last mail says that it was done. Raises
    ``LastAdministrator``, and then nothing is changed.
    """
    person = db.session.get_one(Person, person_id, with_for_update=True)
    _withdraw_roles(person_id)
    for kind in _WAYS_IN:
        db.session.execute(sa.delete(kind).where(kind.person_id == person_id))
    db.session.execute(sa.delete(AccountLink).where(AccountLink.email == person.email))
    _empty_residencies(person_id)
    pseudonym = new_pseudonym(person.locale)
    forget_messages(person_id=person_id, address=person.email)
    rename_author(person_id=person_id, name=pseudonym)
    enqueue_mail(address=person.email, locale=person.locale, kind=NotificationKind.ACCOUNT_CLOSED, params={})
    person.email = person.password_hash = None
    person.display_name = pseudonym
    person.closed_at = clock.now()
    db.session.flush()
    return pseudonym


def _withdraw_roles(person_id: int) -> None:
    held = db.session.execute(
        sa.select(RoleGrant.region_id, RoleGrant.role)
        .where(RoleGrant.person_id == person_id)
        .order_by(RoleGrant.region_id, RoleGrant.role)
    ).all()
    for region_id, role in held:
        take_role(actor_id=person_id, region_id=region_id, person_id=person_id, role=role)


def _empty_residencies(person_id: int) -> None:
    """They end yesterday, so that no later roll holds the person; what they say of the person goes."""
    db.session.execute(
        sa.update(Residency)
        .where(Residency.person_id == person_id)
        .values(
            valid_until_on=clock.today() - timedelta(days=1),
            evidence="",
            district_code=None,
            birth_year=None,
            born_on=None,
            guardian_consented_at=None,
        )
    )
