"""Reads about people: the actor behind a session token, names, standing in a region."""

from collections import defaultdict

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import AccountSession, Person, Residency, RoleGrant
from civicvote.domain.accounts.tokens import token_hash
from civicvote.domain.notifications.models import Notification
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Role


def actor_of_session(token: str) -> Actor | None:
    """The person who opened the session, with roles and valid residencies; None if it was ended. Two statements."""
    person = db.session.execute(
        sa.select(Person.id, Person.display_name, Person.locale, _unread_count())
        .join(AccountSession, AccountSession.person_id == Person.id)
        .where(AccountSession.token_hash == token_hash(token), AccountSession.ended_at.is_(None))
    ).first()
    if person is None:
        return None
    return _actor(*person)


def actor_of_person(person_id: int) -> Actor | None:
    """The same for a person by id, for commands and jobs."""
    person = db.session.get(Person, person_id)
    return _actor(person.id, person.display_name, person.locale, 0) if person else None


def _unread_count() -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .where(Notification.person_id == Person.id, Notification.read_at.is_(None))
        .correlate(Person)
        .scalar_subquery()
    )


def _actor(person_id: int, name: str, locale: str, unread_count: int) -> Actor:
    standing = db.session.execute(
        sa.union_all(
            sa.select(RoleGrant.region_id, sa.cast(RoleGrant.role, sa.String).label("role")).where(
                RoleGrant.person_id == person_id
            ),
            sa.select(Residency.region_id, sa.literal("")).where(
                Residency.person_id == person_id,
                sa.or_(Residency.valid_until_on.is_(None), Residency.valid_until_on >= clock.today()),
            ),
        )
    ).all()
    roles: dict[int, set[Role]] = defaultdict(set)
    for region_id, role in standing:
        if role:
            roles[region_id].add(Role(role))
    return Actor(
        person_id=person_id,
        name=name,
        locale=locale,
        roles={region_id: frozenset(held) for region_id, held in roles.items()},
        residencies=frozenset(region_id for region_id, role in standing if not role),
        unread_count=unread_count,
    )
