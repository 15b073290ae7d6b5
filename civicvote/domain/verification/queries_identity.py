"""Reads for desks and for the person: clashes, consents, one's own standing in a region. Addresses are masked."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civicvote.db import db
from civicvote.domain.accounts.addresses import masked_address
from civicvote.domain.accounts.models import Person, Residency
from civicvote.domain.accounts.residency import (
    Assurance,
    ExcludedGroup,
    ResidencyClass,
    has_run_out,
    runs_out_soon,
)
from civicvote.domain.regions.models import Region
from civicvote.domain.verification.ages import age_on
from civicvote.domain.verification.errors import UnknownClash
from civicvote.domain.verification.kinds import ClashDecision, MarkKind, VerificationChannel
from civicvote.domain.verification.models import GuardianConsent, IdentityClash, IdentityMark
from civicvote.domain.verification.rules import RegionRules
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.permissions import Permission

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class MaskedAccount:
    """One of two accounts that meet, as far as a decision needs it."""

    person_id: int
    display_name: str
    masked_email: str
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Clash:
    """``earlier_channel`` and ``marked_at``: how and when the earlier account got the identity; None where it has lost
    it since. ``kind``: a provider's identifier knows no namesakes."""

    id: int
    kind: MarkKind
    earlier: MaskedAccount
    later: MaskedAccount
    earlier_channel: VerificationChannel | None
    marked_at: datetime | None
    channel: VerificationChannel
    raised_at: datetime
    decision: ClashDecision | None
    reason: str
    decided_at: datetime | None
    decided_by: str | None

    @property
    def is_open(self) -> bool:
        return self.decided_at is None

    @property
    def may_be_namesakes(self) -> bool:
        return self.kind is MarkKind.NAME_AND_BIRTH


def _clashes(region_id: int) -> sa.Select[*tuple[Any, ...]]:
    earlier, later, decider = aliased(Person), aliased(Person), aliased(Person)
    accounts = [
        getattr(person, name)
        for person in (earlier, later)
        for name in ("id", "display_name", "email", "created_at", "closed_at")
    ]
    return (
        sa.select(
            IdentityClash.id,
            IdentityClash.kind,
            IdentityMark.channel,
            IdentityMark.marked_at,
            IdentityClash.channel,
            IdentityClash.raised_at,
            IdentityClash.decision,
            IdentityClash.reason,
            IdentityClash.decided_at,
            decider.display_name,
            *accounts,
        )
        .join(earlier, earlier.id == IdentityClash.earlier_person_id)
        .join(later, later.id == IdentityClash.later_person_id)
        .outerjoin(decider, decider.id == IdentityClash.decided_by_id)
        .outerjoin(
            IdentityMark,
            (IdentityMark.region_id == IdentityClash.region_id)
            & (IdentityMark.kind == IdentityClash.kind)
            & (IdentityMark.identity_hash == IdentityClash.identity_hash)
            & (IdentityMark.person_id == IdentityClash.earlier_person_id),
        )
        .where(IdentityClash.region_id == region_id)
    )


def _clash(row: Any) -> Clash:
    key, kind, earlier_channel, marked_at, *own = row[:10]
    earlier, later = (
        MaskedAccount(account[0], account[1], masked_address(account[2]) if account[2] else "", *account[3:])
        for account in (row[10:15], row[15:20])
    )
    return Clash(key, kind, earlier, later, earlier_channel, marked_at, *own)


def clashes(actor: Actor, region_id: int, *, is_open: bool, cursor: str | None = None) -> Page[Clash]:
    """Clashes that wait, the oldest first, or that were decided, the newest first. One statement.

    Raises ``NotPermitted``."""
    require(actor, Permission.IDENTITY_DECIDE, region_id)
    statement = _clashes(region_id).where(IdentityClash.decided_at.is_(None) == is_open)
    if after := read_cursor(cursor, 1):
        statement = statement.where(IdentityClash.id > after[0] if is_open else IdentityClash.id < after[0])
    order = IdentityClash.id.asc() if is_open else IdentityClash.id.desc()
    found = [_clash(row) for row in db.session.execute(statement.order_by(order).limit(PAGE_SIZE + 1))]
    return page_of(found, PAGE_SIZE, cursor=lambda clash: write_cursor(clash.id))


def clash_details(actor: Actor, region_id: int, clash_id: int) -> Clash:
    """Raises ``UnknownClash``, ``NotPermitted``."""
    require(actor, Permission.IDENTITY_DECIDE, region_id)
    row = db.session.execute(_clashes(region_id).where(IdentityClash.id == clash_id)).first()
    if row is None:
        raise UnknownClash
    return _clash(row)


def waiting_clashes(region_id: int) -> int:
    """How many clashes wait for a decision."""
    statement = sa.select(sa.func.count()).where(
        IdentityClash.region_id == region_id, IdentityClash.decided_at.is_(None)
    )
    return db.session.scalar(statement) or 0


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent that stands, without the guardian's name: reading personal data needs a reason."""

    person_id: int
    display_name: str
    masked_email: str
    relation: str
    consented_at: datetime


def consents(actor: Actor, region_id: int, *, cursor: str | None = None) -> Page[Consent]:
    """The consents that stand. One statement. Raises ``NotPermitted``."""
    require(actor, Permission.RESIDENCY_CONFIRM, region_id)
    statement = (
        sa.select(Person.id, Person.display_name, Person.email, GuardianConsent.relation, GuardianConsent.consented_at)
        .join(Person, Person.id == GuardianConsent.person_id)
        .where(GuardianConsent.region_id == region_id, GuardianConsent.withdrawn_at.is_(None))
    )
    if after := read_cursor(cursor, 1):
        statement = statement.where(GuardianConsent.person_id > after[0])
    rows = db.session.execute(statement.order_by(GuardianConsent.person_id).limit(PAGE_SIZE + 1))
    found = [Consent(row[0], row[1], masked_address(row[2] or ""), row[3], row[4]) for row in rows]
    return page_of(found, PAGE_SIZE, cursor=lambda consent: write_cursor(consent.person_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStanding:
    """How somebody stands in a region. ``is_enough``: by the region's rules the class belongs and is known surely
    enough. ``excluded_as``: the group by which there is no ballot."""

    residency_class: ResidencyClass
    assurance: Assurance
    confirmed_at: datetime
    valid_until_on: date | None
    is_enough: bool
    excluded_as: ExcludedGroup | None
    needs_consent: bool
    has_consent: bool

    @property
    def has_run_out(self) -> bool:
        return has_run_out(self.valid_until_on, clock.today())

    @property
    def runs_out_soon(self) -> bool:
        return runs_out_soon(self.valid_until_on, clock.today())

    @property
    def is_voter(self) -> bool:
        """Where a poll asks for nothing else."""
        return self.is_enough and not self.has_run_out and self.excluded_as is None


def own_standing(actor: Actor, region_id: int, rules: RegionRules) -> OwnStanding | None:
    """The actor's own standing; None without a residency. One statement."""
    residency = db.session.get(Residency, (region_id, actor.person_id))
    if residency is None:
        return None
    today, born_on = clock.today(), residency.born_on
    return OwnStanding(
        residency_class=residency.residency_class,
        assurance=residency.assurance,
        confirmed_at=residency.confirmed_at,
        valid_until_on=residency.valid_until_on,
        is_enough=rules.classes[residency.residency_class].suffices(residency.assurance),
        excluded_as=rules.excluded_group(noted=residency.excluded_as, born_on=born_on, today=today),
        needs_consent=born_on is not None and age_on(today, born_on) < rules.consent_below_age,
        has_consent=residency.guardian_consented_at is not None,
    )


def waits_for_decision(actor: Actor, region_id: int) -> bool:
    """Whether the actor's verification met another account and nobody has decided yet."""
    found = db.session.scalar(
        sa.select(sa.literal(1))
        .where(
            IdentityClash.region_id == region_id,
            IdentityClash.later_person_id == actor.person_id,
            IdentityClash.decided_at.is_(None),
        )
        .limit(1)
    )
    return found is not None


@dataclass(frozen=True, slots=True)
class District:
    code: str
    name_ko: str
    name_en: str


def districts_below(region_id: int) -> list[District]:
    """The regions right below this one that have a code, in the order of their codes."""
    rows = db.session.execute(
        sa.select(Region.code, Region.name_ko, Region.name_en)
        .where(Region.parent_id == region_id, Region.code.is_not(None))
        .order_by(Region.code)
    )
    return [District(code or "", name_ko, name_en) for code, name_ko, name_en in rows]
