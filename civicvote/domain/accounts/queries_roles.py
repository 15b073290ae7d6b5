"""Who holds the roles that carry a permission, for those who have to tell them something."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person, RoleGrant
from civicvote.kernel.permissions import ROLE_PERMISSIONS, Permission


def holders_of(permission: Permission, region_id: int) -> sa.Select[int]:
    """Selects the ids of everybody in the region whose roles carry the permission, nobody twice."""
    roles = [role for role, carried in ROLE_PERMISSIONS.items() if permission in carried]
    return sa.select(RoleGrant.person_id).where(RoleGrant.region_id == region_id, RoleGrant.role.in_(roles)).distinct()


def officers_with(permission: Permission, region_id: int) -> list[Person]:
    """The same people, by id. One statement."""
    holders = holders_of(permission, region_id)
    return list(db.session.scalars(sa.select(Person).where(Person.id.in_(holders)).order_by(Person.id)))


def department_of(person_id: int, region_id: int) -> str:
    """The department that a person's role in the region names; empty where none does."""
    found = db.session.scalars(
        sa.select(RoleGrant.department)
        .where(RoleGrant.region_id == region_id, RoleGrant.person_id == person_id, RoleGrant.department != "")
        .order_by(RoleGrant.role)
        .limit(1)
    )
    return found.first() or ""
