"""Walking a region's chain: every row is read as the database holds it, without models, and hashed again."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.audit import chain
from civicvote.domain.audit.faults import BrokenLink, Fault
from civicvote.domain.audit.guards import GUARDS
from civicvote.domain.audit.heads import Head
from civicvote.domain.audit.models import AuditDayHead, AuditEntry, AuditHead

_ROWS_AT_ONCE = 2000


class ChainWalk:
    """Iterate for the broken links of a region's chain; ``entries`` and ``head`` say how far the walk has come.

    Besides the hashes it compares the heads of days that were published, and ``kept`` ones from outside, with the
    chain: a past that was made anew with hashes that fit is told by the first day whose head differs.
    """

    def __init__(self, region_id: int, *, kept: Iterable[Head] = ()) -> None:
        self.region_id = region_id
        self.entries = 0
        self.head = chain.GENESIS
        self._kept = list(kept)

    def __iter__(self) -> Iterator[BrokenLink]:
        # The end is read before the entries: others may append while we walk, and what they append is looked at too.
        end = _end_of(self.region_id)
        days = sorted([*_published_heads(self.region_id), *self._kept], key=lambda day: (day.sequence, day.day_on))
        days.reverse()
        expected, reached_end = 1, end == (0, chain.GENESIS)
        rows = iter(_rows(self.region_id))
        while True:
            try:
                row = next(rows, None)
            except sa.exc.DatabaseError:
                yield BrokenLink(self.region_id, expected - 1, Fault.UNREADABLE)
                return
            if row is None:
                break
            sequence, at, actor_id, verb, subject, detail, previous_hash, stored_hash = row
            computed_hash = chain.entry_hash(
                region_id=self.region_id,
                sequence=sequence,
                at=at,
                actor_id=actor_id,
                verb=verb,
                subject=subject,
                detail=detail,
                previous_hash=previous_hash,
            )
            if sequence != expected or previous_hash != self.head:
                yield BrokenLink(self.region_id, sequence, Fault.PLACE, at, verb)
            elif stored_hash != computed_hash:
                yield BrokenLink(self.region_id, sequence, Fault.CONTENT, at, verb)
            while days and days[-1].sequence == sequence:
                day = days.pop()
                if day.entry_hash != stored_hash:
                    yield BrokenLink(self.region_id, sequence, Fault.DAY_HEAD, at, verb, day.day_on)
                    days.clear()  # every later day differs too
            reached_end = reached_end or (sequence, stored_hash) == end
            self.entries, self.head, expected = self.entries + 1, stored_hash, sequence + 1
        if days:
            yield BrokenLink(self.region_id, days[-1].sequence, Fault.DAY_HEAD, day_on=days[-1].day_on)
        if not reached_end or expected - 1 > _end_of(self.region_id)[0]:
            yield BrokenLink(self.region_id, expected - 1, Fault.END)


def broken_links(region_id: int) -> list[BrokenLink]:
    """What is broken in a region's chain; nothing when the chain is whole."""
    return list(ChainWalk(region_id))


def regions_with_a_chain() -> list[int]:
    """The regions that a head or an entry names, oldest first."""
    heads = sa.select(AuditHead.region_id)
    entries = sa.select(AuditEntry.region_id).distinct()
    found = sa.union(heads, entries).subquery()
    return list(db.session.scalars(sa.select(found.c.region_id).order_by(found.c.region_id)))


def _end_of(region_id: int) -> tuple[int, str]:
    """Sequence and hash of the region's last entry, as its head says."""
    row = db.session.execute(
        sa.select(AuditHead.sequence, AuditHead.entry_hash).where(AuditHead.region_id == region_id)
    ).first()
    return (row.sequence, row.entry_hash) if row else (0, chain.GENESIS)


def _published_heads(region_id: int) -> list[Head]:
    rows = db.session.execute(
        sa.select(AuditDayHead.day_on, AuditDayHead.sequence, AuditDayHead.entry_hash)
        .where(AuditDayHead.region_id == region_id)
        .order_by(AuditDayHead.day_on)
    )
    return [Head(*row) for row in rows]


def _rows(region_id: int) -> Iterator[tuple[Any, ...]]:
    """Sequence, moment, actor, verb, subject, detail, previous hash, hash. On SQLite texts come as bytes: one that is
    no text any more, or a moment that is none, must end as a broken link and not as an error."""
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"

    def column(of: sa.orm.InstrumentedAttribute[Any]) -> sa.ColumnElement[Any]:
        return sa.cast(of, sa.LargeBinary) if is_sqlite else sa.type_coerce(of, of.type)

    found = db.session.execute(
        sa.select(
            AuditEntry.sequence,
            column(AuditEntry.at),
            AuditEntry.actor_id,
            column(AuditEntry.verb),
            column(AuditEntry.subject),
            column(AuditEntry.detail),
            column(AuditEntry.previous_hash),
            column(AuditEntry.entry_hash),
        )
        .where(AuditEntry.region_id == region_id)
        .order_by(AuditEntry.sequence)
        .execution_options(yield_per=_ROWS_AT_ONCE)
    )
    if not is_sqlite:
        for sequence, at, *rest in found:
            yield sequence, chain.canonical_moment(at), *rest
        return
    for sequence, at, actor_id, *texts in found:
        moment, *read = (text.decode(errors="replace") for text in (at, *texts))
        yield sequence, _moment(moment), actor_id, *read


def _moment(text: str) -> str:
    """SQLite's text of a moment as it is hashed; as it stands where it is none."""
    try:
        return chain.canonical_moment(datetime.fromisoformat(text).replace(tzinfo=UTC))
    except ValueError:
        return text


def missing_guards() -> list[str]:
    """The triggers that should be on this database and are not there, or are switched off."""
    dialect = db.session.get_bind().dialect.name
    present = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if dialect == "sqlite"
        else "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND relnamespace = current_schema()::regnamespace"
    )
    found: dict[str, str] = dict(db.session.execute(sa.text(present)).all())
    return [name for name, table in GUARDS[dialect].items() if found.get(name) != table]
