"""Append entries to a region's chain."""

from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.audit import chain
from civicvote.domain.audit.errors import REASON_LENGTH, ReasonTooShort
from civicvote.domain.audit.models import AuditEntry, AuditHead
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.kernel import clock
from civicvote.kernel.markup import clean_text
from civicvote.kernel.personal_data import refuse_personal_numbers


def record(
    *, region_id: int, actor_id: int | None, verb: AuditVerb, subject: str, detail: dict[str, Any] | None = None
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
        at=chain.canonical_moment(entry.at),
        actor_id=entry.actor_id,
        verb=entry.verb,
        subject=entry.subject,
        detail=entry.detail,
        previous_hash=entry.previous_hash,
    )


def record_personal_read(
    *, region_id: int, actor_id: int, what: str, reason: str, detail: dict[str, Any] | None = None
) -> AuditEntry:
    """Enter that personal data is read, and why, before it is read. ``what`` names the list (``residents``, ``roll``).

    Raises ``ReasonTooShort``, ``PersonalNumber``."""
    words = " ".join(clean_text(reason).split())
    if len(words) < REASON_LENGTH:
        raise ReasonTooShort(length=REASON_LENGTH)
    refuse_personal_numbers(words, field="reason")
    return record(
        region_id=region_id,
        actor_id=actor_id,
        verb=AuditVerb.PERSONAL_DATA_EXPORT,
        subject=f"list:{what}",
        detail={"reason": words, **(detail or {})},
    )
