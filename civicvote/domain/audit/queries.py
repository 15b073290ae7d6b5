"""Reads of the audit: entries for observers, heads for everybody."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.audit import chain
from civicvote.domain.audit.entries import Entry, EntryFilter
from civicvote.domain.audit.heads import Head
from civicvote.domain.audit.models import AuditDayHead, AuditEntry
from civicvote.domain.audit.verbs import verbs_of
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.clock import CIVIC_ZONE
from civicvote.kernel.paging import BadCursor, Page, page_of, read_cursor, write_cursor
from civicvote.kernel.permissions import Permission

PAGE_SIZE = 30

#: How many different people a region's filter offers, the ones with the lowest ids (the oldest accounts) first.
MOST_ACTORS = 200

_COLUMNS = (
    AuditEntry.sequence,
    AuditEntry.at,
    AuditEntry.actor_id,
    AuditEntry.verb,
    AuditEntry.subject,
    AuditEntry.detail,
    AuditEntry.previous_hash,
    AuditEntry.entry_hash,
)


def entries(actor: Actor, region_id: int, *, wanted: EntryFilter, cursor: str | None = None) -> Page[Entry]:
    """A page of the region's entries, the newest first, each held against its hash. One statement.

    Raises ``NotPermitted``."""
    require(actor, Permission.AUDIT_READ, region_id)
    query = _filtered(region_id, wanted)
    if after := read_cursor(cursor, 1):
        query = query.where(AuditEntry.sequence < after[0])
    rows = db.session.execute(query.order_by(AuditEntry.sequence.desc()).limit(PAGE_SIZE + 1))
    found = [_entry(region_id, row) for row in rows]
    return page_of(found, PAGE_SIZE, cursor=lambda entry: write_cursor(entry.sequence))


def all_entries(actor: Actor, region_id: int, *, wanted: EntryFilter) -> Iterator[Entry]:
    """The same for a file: every entry that fits, oldest first, a few thousand in memory at a time."""
    require(actor, Permission.AUDIT_READ, region_id)
    query = _filtered(region_id, wanted).order_by(AuditEntry.sequence).execution_options(yield_per=2000)
    for row in db.session.execute(query):
        yield _entry(region_id, row)


def _filtered(region_id: int, wanted: EntryFilter) -> sa.Select[*tuple[Any, ...]]:
    query = sa.select(*_COLUMNS).where(AuditEntry.region_id == region_id)
    if wanted.group:
        query = query.where(AuditEntry.verb.in_(verbs_of(wanted.group)))
    if wanted.actor_id:
        query = query.where(AuditEntry.actor_id == wanted.actor_id)
    if wanted.subject:
        query = query.where(AuditEntry.subject == wanted.subject)
    if wanted.from_on:
        query = query.where(AuditEntry.at >= _midnight(wanted.from_on))
    if wanted.until_on:
        query = query.where(AuditEntry.at < _midnight(wanted.until_on + timedelta(days=1)))
    return query


def _midnight(day_on: date) -> datetime:
    return datetime.combine(day_on, time(), CIVIC_ZONE).astimezone(UTC)


def _entry(region_id: int, row: sa.Row[*tuple[Any, ...]]) -> Entry:
    computed_hash = chain.entry_hash(
        region_id=region_id,
        sequence=row.sequence,
        at=chain.canonical_moment(row.at),
        actor_id=row.actor_id,
        verb=row.verb,
        subject=row.subject,
        detail=row.detail,
        previous_hash=row.previous_hash,
    )
    return Entry(
        sequence=row.sequence,
        at=row.at,
        actor_id=row.actor_id,
        spelled=row.verb,
        subject=row.subject,
        detail=row.detail,
        entry_hash=row.entry_hash,
        fits=computed_hash == row.entry_hash,
    )


def actor_ids(region_id: int) -> list[int]:
    """Who stands in the region's audit, at most ``MOST_ACTORS``. One statement, from the index alone."""
    return list(
        db.session.scalars(
            sa.select(AuditEntry.actor_id)
            .where(AuditEntry.region_id == region_id, AuditEntry.actor_id.is_not(None))
            .distinct()
            .order_by(AuditEntry.actor_id)
            .limit(MOST_ACTORS)
        )
    )


def published_heads(region_id: int, *, cursor: str | None = None) -> Page[Head]:
    """A page of the heads of days, the newest first."""
    query = _heads(region_id).order_by(AuditDayHead.day_on.desc())
    if after := read_cursor(cursor, 1):
        try:
            query = query.where(AuditDayHead.day_on < date.fromordinal(after[0]))
        except (ValueError, OverflowError):
            raise BadCursor from None
    rows = [Head(*row) for row in db.session.execute(query.limit(PAGE_SIZE + 1))]
    return page_of(rows, PAGE_SIZE, cursor=lambda head: write_cursor(head.day_on.toordinal()))


def all_published_heads(region_id: int) -> list[Head]:
    """Every head of the region, one a day, oldest first."""
    return [Head(*row) for row in db.session.execute(_heads(region_id).order_by(AuditDayHead.day_on))]


def newest_head(region_id: int) -> Head | None:
    """The head of the last day that was published."""
    row = db.session.execute(_heads(region_id).order_by(AuditDayHead.day_on.desc()).limit(1)).first()
    return Head(*row) if row else None


def _heads(region_id: int) -> sa.Select[date, int, str]:
    return sa.select(AuditDayHead.day_on, AuditDayHead.sequence, AuditDayHead.entry_hash).where(
        AuditDayHead.region_id == region_id
    )
