"""Accounts, residencies and roles with a database."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.domain.accounts.errors import (
    LastAdministrator,
    OwnRole,
    RoleAlreadyHeld,
    RoleNotHeld,
)
from civicvote.domain.accounts.models import RoleGrant
from civicvote.domain.accounts.queries import actor_of_session, credential_of
from civicvote.domain.accounts.services import (
    appoint,
    end_session,
    grant_role,
    open_session,
    withdraw_role,
)
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.audit.queries_chain import broken_links
from civicvote.domain.regions.models import Region
from civicvote.domain.regions.queries import RegionScope, region_scope
from civicvote.kernel.actor import NotPermitted
from civicvote.kernel.permissions import Role
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region


@pytest.fixture
def region(session: Session) -> Region:
    return make_region()


@pytest.fixture
def scope(region: Region) -> RegionScope:
    return region_scope(region.slug)


def test_an_address_is_found_however_it_is_typed(session: Session) -> None:
    person = make_person(email="hana@example.org")
    credential = credential_of(" ＨＡＮＡ@EXAMPLE.org")
    assert credential is not None
    assert (credential.person_id, credential.password_hash) == (person.id, "!")


def test_an_ended_session_is_nobody(session: Session) -> None:
    person = make_person()
    token, other = open_session(person_id=person.id), open_session(person_id=person.id)
    end_session(token=token)
    assert actor_of_session(token) is None
    assert actor_of_session(other) is not None


def test_roles_are_given_to_others_once_and_withdrawn_on_the_record(session: Session, region: Region) -> None:
    administrator, person = make_officer(region.id, Role.ADMINISTRATOR), make_person()
    actor = actor_for(administrator)
    grant_role(actor=actor, region_id=region.id, email=person.email, role=Role.MODERATOR)
    assert actor_for(person).roles_in(region.id) == {Role.MODERATOR}
    with pytest.raises(RoleAlreadyHeld):
        grant_role(actor=actor, region_id=region.id, email=person.email, role=Role.MODERATOR)
    with pytest.raises(OwnRole):
        grant_role(actor=actor, region_id=region.id, email=administrator.email, role=Role.CLERK)
    withdraw_role(actor=actor, region_id=region.id, person_id=person.id, role=Role.MODERATOR)
    with pytest.raises(RoleNotHeld):
        withdraw_role(actor=actor, region_id=region.id, person_id=person.id, role=Role.MODERATOR)
    verbs = session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.sequence)).all()
    assert verbs == ["role:grant", "role:withdraw"]
    assert list(broken_links(region.id)) == []


def test_only_administrators_of_the_region_give_roles(session: Session, region: Region) -> None:
    person = make_person()
    for officer in (make_officer(region.id, Role.CLERK), make_officer(make_region().id, Role.ADMINISTRATOR)):
        with pytest.raises(NotPermitted):
            grant_role(actor=actor_for(officer), region_id=region.id, email=person.email, role=Role.CLERK)


def test_the_last_administrator_stays_but_one_of_two_may_go(session: Session, region: Region) -> None:
    first, second = make_officer(region.id, Role.ADMINISTRATOR), make_officer(region.id, Role.ADMINISTRATOR)
    actor = actor_for(first)
    withdraw_role(actor=actor, region_id=region.id, person_id=second.id, role=Role.ADMINISTRATOR)
    with pytest.raises(LastAdministrator):
        withdraw_role(actor=actor, region_id=region.id, person_id=first.id, role=Role.ADMINISTRATOR)
    assert session.scalars(sa.select(RoleGrant.person_id)).all() == [first.id]


def test_the_command_line_appoints_the_first_administrator(session: Session, region: Region) -> None:
    person = make_person()
    appoint(region_id=region.id, email=person.email, role=Role.ADMINISTRATOR)
    assert actor_for(person).roles_in(region.id) == {Role.ADMINISTRATOR}
    assert session.scalars(sa.select(AuditEntry)).one().actor_id is None
