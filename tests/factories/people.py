"""People of a test: made directly, with a password hash that nobody needs to wait for."""

from itertools import count

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import AccountSession, Person, Residency, RoleGrant
from civicvote.domain.accounts.queries import actor_of_person
from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.domain.accounts.services import SESSION_LIFETIME
from civicvote.domain.accounts.tokens import new_token, token_hash
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Role

_numbers = count(1)


def make_person(name: str | None = None, *, email: str | None = None, locale: str = "ko") -> Person:
    number = next(_numbers)
    person = Person(
        id=ids.new_id(),
        email=email or f"person{number}@example.org",
        display_name=name or f"주민 {number}",
        password_hash="!",
        locale=locale,
        created_at=clock.now(),
    )
    db.session.add(person)
    db.session.flush()
    return person


def make_resident(region_id: int, name: str | None = None) -> Person:
    """A person whose residency in the region a clerk confirmed."""
    person = make_person(name)
    db.session.add(
        Residency(
            region_id=region_id,
            person_id=person.id,
            residency_class=ResidencyClass.ADDRESS,
            assurance=Assurance.IN_PERSON,
            confirmed_by_id=person.id,
            confirmed_at=clock.now(),
        )
    )
    db.session.flush()
    return person


def make_officer(region_id: int, *roles: Role, name: str | None = None) -> Person:
    person = make_person(name)
    for role in roles:
        db.session.add(RoleGrant(region_id=region_id, person_id=person.id, role=role, granted_at=clock.now()))
    db.session.flush()
    return person


def actor_for(person: Person) -> Actor:
    """The actor as a request of this person would have it."""
    actor = actor_of_person(person.id)
    assert actor is not None
    return actor


def session_token_for(person: Person, *, with_second_factor: bool = True) -> str:
    """A session that the person opened somewhere, and in which they showed a second factor just now (or did not)."""
    token = new_token()
    session = AccountSession(
        token_hash=token_hash(token),
        id=ids.new_id(),
        person_id=person.id,
        created_at=clock.now(),
        expires_at=clock.now() + SESSION_LIFETIME,
        second_factor_at=clock.now() if with_second_factor else None,
    )
    db.session.add(session)
    db.session.commit()
    return token


def show_second_factor(person: Person) -> None:
    """All sessions of the person have shown a second factor just now: for tests that travel on in time."""
    db.session.execute(
        sa.update(AccountSession).where(AccountSession.person_id == person.id).values(second_factor_at=clock.now())
    )
    db.session.commit()
