"""Accounts that are opened through a provider: signing in and up, linking and unlinking.

Of what a provider says about a person only its word for them (the subject) is stored here.
"""

from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person, ProviderSignIn
from civicvote.domain.accounts.providers import (
    AddressTaken,
    LinkedElsewhere,
    OnlyWayIn,
    ProvidedIdentity,
    ProviderAlreadyLinked,
    ProviderNotLinked,
)
from civicvote.domain.accounts.services import usable_name
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import enqueue_mail, notify
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor

_MY_PROVIDERS = "/me/providers"


def note_sign_in(*, identity: ProvidedIdentity) -> None:
    """The account was opened with this identity now, as its list of providers says."""
    link = db.session.get_one(ProviderSignIn, (identity.provider, identity.subject))
    link.last_used_at = clock.now()


def sign_up_by_provider(*, identity: ProvidedIdentity, display_name: str, locale: str) -> Person:
    """An account for somebody whom a provider knows and nobody here does, without a password.

    It gets the mail address that the provider vouches for, if any. Raises ``NameNotUsable``, ``AddressTaken``,
    ``LinkedElsewhere``.
    """
    person = Person(
        id=ids.new_id(),
        email=identity.email,
        display_name=usable_name(display_name),
        password_hash=None,
        locale=locale,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except sa.exc.IntegrityError:
        raise AddressTaken from None
    _store_link(identity, person.id)
    return person


def link_provider(*, actor: Actor, identity: ProvidedIdentity, name_ko: str, name_en: str) -> None:
    """From now on the actor also signs in with this identity; told to them, by mail too.

    Again with the same identity changes nothing. Raises ``LinkedElsewhere``, ``ProviderAlreadyLinked``.
    """
    links = _locked_links(actor)
    mine = next((link for link in links if link.provider == identity.provider), None)
    if mine is not None:
        if mine.subject != identity.subject:
            raise ProviderAlreadyLinked
        return
    _store_link(identity, actor.person_id)
    _tell(actor, NotificationKind.PROVIDER_LINKED, name_ko, name_en)


def unlink_provider(*, actor: Actor, provider: str, name_ko: str, name_en: str) -> None:
    """The actor no longer signs in with this provider; told to them, by mail too.

    Raises ``ProviderNotLinked``, and ``OnlyWayIn`` where there is neither a password nor another provider."""
    links = _locked_links(actor)
    link = next((each for each in links if each.provider == provider), None)
    if link is None:
        raise ProviderNotLinked
    person = db.session.get_one(Person, actor.person_id)
    if len(links) == 1 and not (person.email and person.password_hash):
        raise OnlyWayIn
    db.session.delete(link)
    db.session.flush()
    _tell(actor, NotificationKind.PROVIDER_UNLINKED, name_ko, name_en)


def _locked_links(actor: Actor) -> list[ProviderSignIn]:
    """The actor's links, one change of them at a time: two unlinkings at once must not leave none."""
    db.session.scalars(sa.select(Person.id).where(Person.id == actor.person_id).with_for_update(key_share=True)).one()
    links = sa.select(ProviderSignIn).where(ProviderSignIn.person_id == actor.person_id)
    ordered = links.order_by(ProviderSignIn.provider, ProviderSignIn.subject)
    return list(db.session.scalars(ordered.execution_options(populate_existing=True)))


def _store_link(identity: ProvidedIdentity, person_id: int) -> None:
    link = ProviderSignIn(
        provider=identity.provider,
        subject=identity.subject,
        person_id=person_id,
        created_at=clock.now(),
        last_used_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(link)
    except sa.exc.IntegrityError:
        raise LinkedElsewhere from None


def _tell(actor: Actor, kind: NotificationKind, name_ko: str, name_en: str) -> None:
    params: dict[str, Any] = {"provider_ko": name_ko, "provider_en": name_en}
    person = db.session.get_one(Person, actor.person_id)
    notify(person_id=person.id, kind=kind, params=params, path=_MY_PROVIDERS)
    enqueue_mail(address=person.email, locale=person.locale, kind=kind, params=params, path=_MY_PROVIDERS)
