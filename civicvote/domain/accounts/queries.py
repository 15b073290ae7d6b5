"""Reads about people: the actor behind a session token, names, standing in a region."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from civicvote.db import UTCDateTime, db
from civicvote.domain.accounts.addresses import masked_address, normal_address
from civicvote.domain.accounts.models import AccountSession, Person, Residency, RoleGrant
from civicvote.domain.accounts.residency import Assurance, ResidencyClass, has_run_out, runs_out_soon
from civicvote.domain.accounts.tokens import token_hash
from civicvote.domain.notifications.models import Notification
from civicvote.domain.regions.models import Institution, Region
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.clock import CIVIC_ZONE
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.permissions import Permission, Role

PAGE_SIZE = 20


# Built once: every signed-in page asks this.
_UNREAD = (
    sa.select(sa.func.count())
    .where(Notification.person_id == Person.id, Notification.read_at.is_(None))
    .correlate(Person)
    .scalar_subquery()
)
_STILL_RESIDENT = sa.or_(Residency.valid_until_on.is_(None), Residency.valid_until_on >= sa.bindparam("today"))
# A row for each pair of a role and a residency, which few people have more than one of.
_OWNER_OF_SESSION = (
    sa.select(
        Person.id,
        Person.display_name,
        Person.locale,
        _UNREAD.label("unread_count"),
        AccountSession.second_factor_at,
        RoleGrant.region_id.label("role_in"),
        RoleGrant.role,
        Residency.region_id.label("resident_in"),
    )
    .join(AccountSession, AccountSession.person_id == Person.id)
    .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
    .outerjoin(Residency, sa.and_(Residency.person_id == Person.id, _STILL_RESIDENT))
    .where(
        AccountSession.token_hash == sa.bindparam("token_hash"),
        AccountSession.ended_at.is_(None),
        AccountSession.expires_at > sa.bindparam("now", type_=UTCDateTime()),
    )
)
_STANDING = sa.union_all(
    sa.select(RoleGrant.region_id, sa.cast(RoleGrant.role, sa.String).label("role")).where(
        RoleGrant.person_id == sa.bindparam("person_id")
    ),
    sa.select(Residency.region_id, sa.literal("")).where(
        Residency.person_id == sa.bindparam("person_id"), _STILL_RESIDENT
    ),
)


def actor_of_session(token: str) -> Actor | None:
    """The person who opened the session, with roles and valid residencies; None if it was ended. One statement."""
    values = {"token_hash": token_hash(token), "now": clock.now(), "today": clock.today()}
    rows = db.session.execute(_OWNER_OF_SESSION, values).all()
    if not rows:
        return None
    person = rows[0]
    return Actor(
        person_id=person.id,
        name=person.display_name,
        locale=person.locale,
        roles=_by_region((row.role_in, row.role) for row in rows if row.role is not None),
        residencies=frozenset(row.resident_in for row in rows if row.resident_in is not None),
        unread_count=person.unread_count,
        second_factor_at=person.second_factor_at,
    )


def actor_of_person(person_id: int) -> Actor | None:
    """The same for a person by id, for commands and jobs."""
    person = db.session.get(Person, person_id)
    if person is None:
        return None
    standing = db.session.execute(_STANDING, {"person_id": person_id, "today": clock.today()}).all()
    return Actor(
        person_id=person.id,
        name=person.display_name,
        locale=person.locale,
        roles=_by_region((region_id, Role(role)) for region_id, role in standing if role),
        residencies=frozenset(region_id for region_id, role in standing if not role),
    )


def _by_region(held: Iterable[tuple[int, Role]]) -> dict[int, frozenset[Role]]:
    roles: dict[int, set[Role]] = defaultdict(set)
    for region_id, role in held:
        roles[region_id].add(role)
    return {region_id: frozenset(found) for region_id, found in roles.items()}


@dataclass(frozen=True, slots=True)
class Credential:
    """What a sign-in is checked against, as a value that outlives the read."""

    person_id: int
    password_hash: str | None


def credential_of(email: str) -> Credential | None:
    """The credential behind an address however it was typed; None where nobody has it."""
    row = db.session.execute(
        sa.select(Person.id, Person.password_hash).where(Person.email == normal_address(email))
    ).first()
    return Credential(*row) if row else None


@dataclass(frozen=True, slots=True)
class Belonging:
    """A person's confirmed residency in a region, as the person may see it."""

    region: Region
    residency_class: ResidencyClass
    assurance: Assurance
    confirmed_at: datetime
    valid_until_on: date | None

    @property
    def has_run_out(self) -> bool:
        return has_run_out(self.valid_until_on, clock.today())

    @property
    def runs_out_soon(self) -> bool:
        return runs_out_soon(self.valid_until_on, clock.today())


def residencies_of(actor: Actor) -> list[Belonging]:
    """The actor's own confirmed residencies, those that ran out too, the latest first; at most ``PAGE_SIZE``."""
    rows = db.session.execute(
        sa.select(
            Region,
            Residency.residency_class,
            Residency.assurance,
            Residency.confirmed_at,
            Residency.valid_until_on,
        )
        .join(Residency, Residency.region_id == Region.id)
        .where(Residency.person_id == actor.person_id)
        .order_by(Residency.confirmed_at.desc(), Region.id)
        .limit(PAGE_SIZE)
    )
    return [Belonging(*row) for row in rows]


def regions_of_roles(actor: Actor) -> list[tuple[Region, list[Role]]]:
    """The regions in which the actor holds roles, with the roles in their own order."""
    rows = db.session.scalars(sa.select(Region).where(Region.id.in_(actor.roles)).order_by(Region.code, Region.id))
    return [(region, [role for role in Role if role in actor.roles_in(region.id)]) for region in rows]


def confirmed_today(actor: Actor, region_id: int) -> int:
    """How many residencies this clerk confirmed in the region since midnight, Korean time."""
    midnight = clock.now().astimezone(CIVIC_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    count = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(Residency)
        .where(
            Residency.region_id == region_id,
            Residency.confirmed_by_id == actor.person_id,
            Residency.confirmed_at >= midnight,
        )
    )
    return count or 0


@dataclass(frozen=True, slots=True)
class HeldRole:
    """``department`` of a reviewer; the institution of a representative, in both languages."""

    role: Role
    department: str = ""
    institution_ko: str = ""
    institution_en: str = ""


@dataclass(frozen=True, slots=True)
class RoleHolder:
    """Somebody with roles in a region. The address is masked: reading personal data needs a reason."""

    person_id: int
    display_name: str
    masked_email: str
    roles: tuple[HeldRole, ...]


def role_holders(actor: Actor, region_id: int, *, cursor: str | None) -> Page[RoleHolder]:
    """Who holds roles in the region, for whoever may grant them. Raises ``NotPermitted``. Two statements."""
    require(actor, Permission.ROLE_GRANT, region_id)
    after = read_cursor(cursor, 1)
    holders = sa.select(RoleGrant.person_id).where(RoleGrant.region_id == region_id).distinct()
    if after:
        holders = holders.where(RoleGrant.person_id > after[0])
    people = list(db.session.scalars(holders.order_by(RoleGrant.person_id).limit(PAGE_SIZE + 1)))
    rows = db.session.execute(
        sa.select(
            Person.id,
            Person.display_name,
            Person.email,
            RoleGrant.role,
            RoleGrant.department,
            Institution.name_ko,
            Institution.name_en,
        )
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(Institution, Institution.id == RoleGrant.institution_id)
        .where(RoleGrant.region_id == region_id, Person.id.in_(people))
        .order_by(Person.id, RoleGrant.role)
    ).all()
    held: dict[int, dict[Role, HeldRole]] = defaultdict(dict)
    for row in rows:
        held[row.id][row.role] = HeldRole(row.role, row.department, row.name_ko or "", row.name_en or "")
    named = {row.id: (row.display_name, masked_address(row.email or "")) for row in rows}
    found = [
        RoleHolder(key, *named[key], tuple(held[key][role] for role in Role if role in held[key])) for key in people
    ]
    return page_of(found, PAGE_SIZE, cursor=lambda holder: write_cursor(holder.person_id))


def display_name_of(person_id: int) -> str:
    """The shown name of a person who exists."""
    return db.session.get_one(Person, person_id).display_name
