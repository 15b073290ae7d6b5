"""Publishing the head of each day that is over."""

from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.audit.heads import Head
from civicvote.domain.audit.models import AuditDayHead, AuditEntry, AuditHead
from civicvote.kernel import clock
from civicvote.kernel.clock import CIVIC_ZONE

_DAY = timedelta(days=1)


def publish_heads(*, region_id: int) -> int:
    """Publish the region's heads for the Korean days that are over and were not published yet; how many.

    A day without entries repeats the head of the day before, so that a missing day is always a fault. Run it as often
    as you like: the region's head is locked, so entries that are being appended are waited for."""
    db.session.execute(sa.select(AuditHead.sequence).where(AuditHead.region_id == region_id).with_for_update()).first()
    now = clock.now()
    heads = list(_heads_until(clock.today(), region_id))
    db.session.add_all(
        AuditDayHead(
            region_id=region_id,
            day_on=head.day_on,
            sequence=head.sequence,
            entry_hash=head.entry_hash,
            published_at=now,
        )
        for head in heads
    )
    db.session.flush()
    return len(heads)


def _heads_until(today: date, region_id: int) -> Iterator[Head]:
    """What is to be published. The order of the chain decides, not the clocks: an entry that says an earlier day than
    the one before it belongs to that one's day."""
    published = db.session.execute(
        sa.select(AuditDayHead.day_on, AuditDayHead.sequence, AuditDayHead.entry_hash)
        .where(AuditDayHead.region_id == region_id)
        .order_by(AuditDayHead.day_on.desc())
        .limit(1)
    ).first()
    day_on, sequence, entry_hash = (published.day_on + _DAY, *published[1:]) if published else (None, 0, "")
    query = (
        sa.select(AuditEntry.sequence, AuditEntry.at, AuditEntry.entry_hash)
        .where(AuditEntry.region_id == region_id, AuditEntry.sequence > sequence)
        .order_by(AuditEntry.sequence)
        .execution_options(yield_per=2000)
    )
    with db.session.execute(query) as rows:  # today's entries are left unread: PostgreSQL's cursor must be closed
        for row in rows:
            entered_on = row.at.astimezone(CIVIC_ZONE).date()
            day_on = day_on or entered_on
            while day_on < min(entered_on, today):
                yield Head(day_on, sequence, entry_hash)
                day_on += _DAY
            if entered_on >= today:
                break
            sequence, entry_hash = row.sequence, row.entry_hash
    while day_on and day_on < today:
        yield Head(day_on, sequence, entry_hash)
        day_on += _DAY
