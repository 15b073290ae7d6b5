"""Names by id, and the list of a region's residents for a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.addresses import masked_address
from civicvote.domain.accounts.models import Person, Residency
from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.permissions import Permission


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """The shown names by id; whoever does not exist is left out. One statement."""
    rows = db.session.execute(sa.select(Person.id, Person.display_name).where(Person.id.in_(set(person_ids))))
    return dict(rows.all())


@dataclass(frozen=True, slots=True)
class Resident:
    """A line of the list. ``email`` is masked unless it was asked for; None where the account has none."""

    display_name: str
    email: str | None
    residency_class: ResidencyClass
    assurance: Assurance
    confirmed_at: datetime
    valid_until_on: date | None
    excluded_as: ExcludedGroup | None


def resident_count(actor: Actor, region_id: int) -> int:
    """How many lines the list has. Raises ``NotPermitted``."""
    require(actor, Permission.PERSONAL_DATA_EXPORT, region_id)
    count = sa.select(sa.func.count()).select_from(Residency).where(Residency.region_id == region_id)
    return db.session.scalar(count) or 0


def residents(actor: Actor, region_id: int, *, with_mail: bool) -> Iterator[Resident]:
    """Everybody whose residency in the region was confirmed, first confirmed first, a few thousand in memory at a time.

    Whoever calls this has entered the reason in the audit. Raises ``NotPermitted``."""
    require(actor, Permission.PERSONAL_DATA_EXPORT, region_id)
    rows = db.session.execute(
        sa.select(
            Person.display_name,
            Person.email,
            Residency.residency_class,
            Residency.assurance,
            Residency.confirmed_at,
            Residency.valid_until_on,
            Residency.excluded_as,
        )
        .join(Residency, Residency.person_id == Person.id)
        .where(Residency.region_id == region_id)
        .order_by(Residency.confirmed_at, Person.id)
        .execution_options(yield_per=2000)
    )
    for row in rows:
        yield Resident(
            display_name=row.display_name,
            email=row.email if with_mail or not row.email else masked_address(row.email),
            residency_class=row.residency_class,
            assurance=row.assurance,
            confirmed_at=row.confirmed_at,
            valid_until_on=row.valid_until_on,
            excluded_as=row.excluded_as,
        )
