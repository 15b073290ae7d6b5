"""The person behind a request as a plain value, so that policies need neither a database nor a framework."""

from dataclasses import dataclass, field
from datetime import datetime

from civicvote.kernel.errors import Forbidden
from civicvote.kernel.permissions import ROLE_PERMISSIONS, SIGNED_IN_PERMISSIONS, Permission, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person: who, with which roles and confirmed residencies, by region id.

    ``second_factor_at``: when the session behind the request last showed a second factor.
    """

    person_id: int
    name: str
    locale: str = "ko"
    roles: dict[int, frozenset[Role]] = field(default_factory=dict)
    residencies: frozenset[int] = frozenset()
    unread_count: int = 0
    second_factor_at: datetime | None = None

    def roles_in(self, region_id: int) -> frozenset[Role]:
        return self.roles.get(region_id, frozenset())

    def is_resident_of(self, region_id: int) -> bool:
        return region_id in self.residencies


def can(actor: Actor | None, permission: Permission, region_id: int) -> bool:
    """Whether the actor's standing in the region carries the permission; things have policies of their own."""
    if actor is None:
        return False
    if permission in SIGNED_IN_PERMISSIONS:
        return True
    return any(permission in ROLE_PERMISSIONS[role] for role in actor.roles_in(region_id))


class NotPermitted(Forbidden):
    code = "not_permitted"


def require(actor: Actor | None, permission: Permission, region_id: int) -> Actor:
    """The actor, or ``NotPermitted``."""
    if actor is None or not can(actor, permission, region_id):
        raise NotPermitted(permission=permission)
    return actor
