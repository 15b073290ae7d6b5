"""Reads about letters and about the districts that lists name."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.regions.models import Region
from civicvote.domain.verification.districts import Districts
from civicvote.domain.verification.letters import UnknownLetterBatch
from civicvote.domain.verification.models import LetterBatch, LetterCode
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.permissions import Permission

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class BatchView:
    """Letters made together, and what became of them. Open: neither used, nor withdrawn, nor too old."""

    id: int
    made_at: datetime
    made_by: str
    reason: str
    letter_count: int
    used_count: int
    withdrawn_count: int
    expired_count: int

    @property
    def open_count(self) -> int:
        return self.letter_count - self.used_count - self.withdrawn_count - self.expired_count


def letter_batches(actor: Actor, region_id: int, *, cursor: str | None) -> Page[BatchView]:
    """The batches of a region, the latest first. Raises ``NotPermitted``. Two statements."""
    require(actor, Permission.LETTER_ISSUE, region_id)
    query = _batches(region_id)
    if after := read_cursor(cursor, 1):
        query = query.where(LetterBatch.id < after[0])
    batches = _with_counts(region_id, query.order_by(LetterBatch.id.desc()).limit(PAGE_SIZE + 1))
    return page_of(batches, PAGE_SIZE, cursor=lambda batch: write_cursor(batch.id))


def letter_batch(actor: Actor, region_id: int, batch_id: int) -> BatchView:
    """One batch. Raises ``UnknownLetterBatch``, ``NotPermitted``."""
    require(actor, Permission.LETTER_ISSUE, region_id)
    found = _with_counts(region_id, _batches(region_id).where(LetterBatch.id == batch_id))
    if not found:
        raise UnknownLetterBatch
    return found[0]


_Batches = sa.Select[int, datetime, str, str, int]


def _batches(region_id: int) -> _Batches:
    return (
        sa.select(
            LetterBatch.id, LetterBatch.made_at, Person.display_name, LetterBatch.reason, LetterBatch.letter_count
        )
        .join(Person, Person.id == LetterBatch.made_by_id)
        .where(LetterBatch.region_id == region_id)
    )


def _with_counts(region_id: int, query: _Batches) -> list[BatchView]:
    rows = db.session.execute(query).all()
    unused = sa.and_(LetterCode.used_at.is_(None), LetterCode.withdrawn_at.is_(None))
    counts = {
        batch_id: (used, withdrawn, expired)
        for batch_id, used, withdrawn, expired in db.session.execute(
            sa.select(
                LetterCode.batch_id,
                sa.func.count().filter(LetterCode.used_at.is_not(None)),
                sa.func.count().filter(LetterCode.withdrawn_at.is_not(None)),
                sa.func.count().filter(unused, LetterCode.expires_at <= clock.now()),
            )
            .where(LetterCode.region_id == region_id, LetterCode.batch_id.in_([row.id for row in rows]))
            .group_by(LetterCode.batch_id)
            .order_by(LetterCode.batch_id)
        )
    }
    views = []
    for row in rows:
        used, withdrawn, expired = counts.get(row.id, (0, 0, 0))
        views.append(BatchView(*row, used_count=used, withdrawn_count=withdrawn, expired_count=expired))
    return views


def districts_of(region_id: int) -> Districts:
    """The districts within the region, by name and by code. Two statements."""
    below = (
        sa.select(Region.id, Region.name_ko, Region.code)
        .where(Region.parent_id == region_id)
        .cte("below", recursive=True)
    )
    below = below.union_all(
        sa.select(Region.id, Region.name_ko, Region.code).join(below, Region.parent_id == below.c.id)
    )
    found = db.session.execute(
        sa.select(below.c.name_ko, below.c.code).where(below.c.code.is_not(None)).order_by(below.c.code.desc())
    )
    named = {key: code for name, code in found for key in (name, code)}
    return Districts(db.session.scalar(sa.select(Region.code).where(Region.id == region_id)), named)
