"""Accounts, the sessions they open, residencies and roles.

Password hashes come in ready-made: hashing is slow, transactions are short.
"""

import unicodedata
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.addresses import normal_address
from civicvote.domain.accounts.errors import (
    DepartmentMissing,
    InstitutionMissing,
    LastAdministrator,
    NameNotUsable,
    OwnRole,
    RoleAlreadyHeld,
    RoleNotHeld,
    UnknownAccount,
    UnknownInstitution,
)
from civicvote.domain.accounts.models import AccountSession, Person, RoleGrant
from civicvote.domain.accounts.tokens import new_token, token_hash
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import enqueue_mail, notify
from civicvote.domain.regions.queries import region_details, takes_part
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.markup import clean_text
from civicvote.kernel.permissions import Permission, Role
from civicvote.kernel.personal_data import refuse_personal_numbers

NAME_LENGTH = 40

#: After this long a device signs in anew, used or not.
SESSION_LIFETIME = timedelta(days=30)


def usable_name(name: str) -> str:
    """The name as it is shown: one line, single blanks, something to read in it. Raises ``NameNotUsable``."""
    shown = " ".join(clean_text(name).split())
    if not 1 <= len(shown) <= NAME_LENGTH or not any(unicodedata.category(each)[0] in "LN" for each in shown):
        raise NameNotUsable
    refuse_personal_numbers(shown, field="display_name")
    return shown


def open_session(*, person_id: int, device: str = "") -> str:
    """Begin a session on one device; the token, of which only the hash is stored."""
    token = new_token()
    session = AccountSession(
        token_hash=token_hash(token),
        id=ids.new_id(),
        person_id=person_id,
        device=device,
        created_at=clock.now(),
        expires_at=clock.now() + SESSION_LIFETIME,
    )
    db.session.add(session)
    db.session.flush()
    return token


def end_session(*, token: str) -> None:
    """End the session, so that its cookie is worth nothing even where a copy of it exists."""
    db.session.execute(
        sa.update(AccountSession)
        .where(AccountSession.token_hash == token_hash(token), AccountSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def grant_role(
    *, actor: Actor, region_id: int, email: str, role: Role, department: str = "", institution_id: int | None = None
) -> Person:
    """An administrator gives somebody else a role in the region, and they are told.

    A reviewer has a department, a representative an institution of the region; other roles have neither. Raises
    ``UnknownAccount``, ``OwnRole``, ``RoleAlreadyHeld``, ``DepartmentMissing``, ``InstitutionMissing``,
    ``UnknownInstitution``, ``NotPermitted``."""
    require(actor, Permission.ROLE_GRANT, region_id)
    person = _person_by_address(email)
    if person.id == actor.person_id:
        raise OwnRole
    department = clean_text(department).strip() if role is Role.REVIEWER else ""
    institution_id = institution_id if role is Role.REPRESENTATIVE else None
    if role is Role.REVIEWER and not department:
        raise DepartmentMissing
    if role is Role.REPRESENTATIVE:
        _check_institution(region_id, institution_id)
    _store_grant(
        region_id=region_id,
        person=person,
        role=role,
        granted_by_id=actor.person_id,
        department=department,
        institution_id=institution_id,
    )
    _tell_role(person=person, region_id=region_id, role=role, kind=NotificationKind.ROLE_GRANTED)
    return person


def _check_institution(region_id: int, institution_id: int | None) -> None:
    if institution_id is None:
        raise InstitutionMissing
    if not takes_part(region_id, institution_id):
        raise UnknownInstitution


def _tell_role(*, person: Person, region_id: int, role: Role, kind: NotificationKind) -> None:
    region = region_details(region_id)
    told: dict[str, Any] = {"region_ko": region.name_ko, "region_en": region.name_en, "role": role.value}
    path = f"/regions/{region.slug}"
    notify(person_id=person.id, kind=kind, params=told, path=path)
    enqueue_mail(address=person.email, locale=person.locale, kind=kind, params=told, path=path)


def appoint(*, region_id: int, email: str, role: Role) -> Person:
    """Give a role from the command line: how a region gets its first administrator.

    Raises ``UnknownAccount``, ``RoleAlreadyHeld``."""
    person = _person_by_address(email)
    _store_grant(region_id=region_id, person=person, role=role, granted_by_id=None)
    return person


def _store_grant(
    *,
    region_id: int,
    person: Person,
    role: Role,
    granted_by_id: int | None,
    department: str = "",
    institution_id: int | None = None,
) -> None:
    grant = RoleGrant(
        region_id=region_id,
        person_id=person.id,
        role=role,
        granted_by_id=granted_by_id,
        granted_at=clock.now(),
        department=department,
        institution_id=institution_id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(grant)
    except sa.exc.IntegrityError:
        raise RoleAlreadyHeld from None
    record(
        region_id=region_id,
        actor_id=granted_by_id,
        verb=AuditVerb.ROLE_GRANT,
        subject=f"person:{person.id}",
        detail={"role": role.value}
        | ({"department": department} if department else {})
        | ({"institution": str(institution_id)} if institution_id else {}),
    )


def withdraw_role(*, actor: Actor, region_id: int, person_id: int, role: Role) -> None:
    """An administrator takes a role back, their own too as long as another administrator stays. They are told.

    Raises ``RoleNotHeld``, ``LastAdministrator``, ``NotPermitted``."""
    require(actor, Permission.ROLE_GRANT, region_id)
    take_role(actor_id=actor.person_id, region_id=region_id, person_id=person_id, role=role)
    person = db.session.get_one(Person, person_id)
    _tell_role(person=person, region_id=region_id, role=role, kind=NotificationKind.ROLE_WITHDRAWN)


def take_role(*, actor_id: int, region_id: int, person_id: int, role: Role) -> None:
    """Take a role back, on the record. Raises ``RoleNotHeld``, ``LastAdministrator``."""
    # Two administrators who withdraw each other at once queue here, and the second finds the first alone.
    holders = db.session.scalars(
        sa.select(RoleGrant)
        .where(RoleGrant.region_id == region_id, RoleGrant.role == role)
        .order_by(RoleGrant.person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    grant = next((each for each in holders if each.person_id == person_id), None)
    if grant is None:
        raise RoleNotHeld
    if role is Role.ADMINISTRATOR and len(holders) == 1:
        raise LastAdministrator
    db.session.delete(grant)
    db.session.flush()
    record(
        region_id=region_id,
        actor_id=actor_id,
        verb=AuditVerb.ROLE_WITHDRAW,
        subject=f"person:{person_id}",
        detail={"role": role.value},
    )


def _person_by_address(email: str) -> Person:
    person = db.session.scalars(sa.select(Person).where(Person.email == normal_address(email))).first()
    if person is None:
        raise UnknownAccount
    return person
