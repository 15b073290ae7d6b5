"""Append entries to a region's chain and walk it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.audit import chain
from civicvote.domain.audit.models import AuditEntry, AuditHead
from civicvote.kernel import clock


def record(
    *, region_id: int, actor_id: int | None, verb: str, subject: str, detail: dict[str, Any] | None = None
) -> AuditEntry:
    """Append one act. ``verb`` reads ``resource:action``, ``subject`` ``kind:id``; ``detail`` holds plain JSON values.

    The region's head row is locked first, so entries of parallel requests queue and the chain never forks.
    """
    head = db.session.get(AuditHead, region_id, with_for_update=True)
    if head is None:
        head = _first_head(region_id)
    entry = AuditEntry(
        region_id=region_id,
        sequence=head.sequence + 1,
        at=clock.now(),
        actor_id=actor_id,
        verb=verb,
        subject=subject,
        detail=chain.canonical(detail or {}),
        previous_hash=head.entry_hash,
    )
    entry.entry_hash = _hash_of(entry)
    head.sequence, head.entry_hash = entry.sequence, entry.entry_hash
    db.session.add(entry)
    db.session.flush()
    return entry


def _first_head(region_id: int) -> AuditHead:
    try:
        with db.session.begin_nested():
            db.session.add(AuditHead(region_id=region_id, sequence=0, entry_hash=chain.GENESIS))
    except sa.exc.IntegrityError:
        pass  # another request began this region's chain first; its row is read and locked below
    return db.session.execute(
        sa.select(AuditHead).where(AuditHead.region_id == region_id).with_for_update()
    ).scalar_one()


def _hash_of(entry: AuditEntry) -> str:
    return chain.entry_hash(
        region_id=entry.region_id,
        sequence=entry.sequence,
        at=entry.at,
        actor_id=entry.actor_id,
        verb=entry.verb,
        subject=entry.subject,
        detail=entry.detail,
        previous_hash=entry.previous_hash,
    )


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """An entry whose content, hash or place in the chain is not what was recorded."""

    region_id: int
    sequence: int


def broken_links(region_id: int) -> Iterator[BrokenLink]:
    """Walk a region's chain and yield each entry that does not fit; nothing when the chain is whole."""
    previous_hash, expected = chain.GENESIS, 1
    entries = db.session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.region_id == region_id)
        .order_by(AuditEntry.sequence)
        .execution_options(yield_per=1000)
    )
    for entry in entries:
        fits = entry.sequence == expected and entry.previous_hash == previous_hash
        if not fits or entry.entry_hash != _hash_of(entry):
            yield BrokenLink(region_id, entry.sequence)
        previous_hash, expected = entry.entry_hash, entry.sequence + 1
    head = db.session.get(AuditHead, region_id)
    if head is not None and (head.sequence != expected - 1 or head.entry_hash != previous_hash):
        yield BrokenLink(region_id, head.sequence)
