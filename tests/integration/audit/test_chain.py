"""The audit chain: appended in order, whole until a byte changes, closed against change by the database itself."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.db import db
from civicvote.domain.audit import chain
from civicvote.domain.audit.faults import BrokenLink, Fault
from civicvote.domain.audit.guards import GUARDS
from civicvote.domain.audit.heads import Head
from civicvote.domain.audit.models import AuditDayHead, AuditEntry, AuditHead
from civicvote.domain.audit.queries_chain import ChainWalk, broken_links, missing_guards
from civicvote.domain.audit.services import record
from civicvote.domain.audit.services_heads import publish_heads
from civicvote.domain.regions.models import Region
from civicvote.kernel import clock
from tests.factories.places import make_region


def make_chain(length: int) -> Region:
    region = make_region()
    for number in range(length):
        record(region_id=region.id, actor_id=7, verb="role:grant", subject="person:1", detail={"번호": number})
    return region


def unguard(session: Session, table: str = "audit_entries") -> None:
    if session.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            session.execute(sa.text(f"DROP TRIGGER {table}_no_{change}"))
    else:
        session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


def tamper(session: Session, region: Region, sequence: int, **values: object) -> None:
    session.execute(
        sa.update(AuditEntry)
        .where(AuditEntry.region_id == region.id, AuditEntry.sequence == sequence)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def faults(region: Region) -> list[tuple[int, Fault]]:
    return [(link.sequence, link.fault) for link in broken_links(region.id)]


@pytest.mark.usefixtures("session")
def test_entries_follow_each_other_and_the_chain_is_whole() -> None:
    region, other = make_chain(5), make_region()
    record(region_id=other.id, actor_id=None, verb="round:enter", subject="round:2")
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.region_id == region.id).order_by(AuditEntry.sequence)
    ).all()
    assert [entry.sequence for entry in entries] == [1, 2, 3, 4, 5]
    assert entries[1].previous_hash == entries[0].entry_hash
    db.session.expire_all()
    walk = ChainWalk(region.id)
    assert list(walk) == []
    assert (walk.entries, walk.head) == (5, entries[-1].entry_hash)
    assert broken_links(other.id) == []


def test_an_entry_on_a_full_second_is_hashed_as_it_is_read_again(session: Session) -> None:
    """A moment without microseconds is written differently by ISO 8601 and by SQLite."""
    region = make_region()
    with clock.frozen_at(clock.now().replace(microsecond=0)):
        record(region_id=region.id, actor_id=None, verb="round:enter", subject="round:1")
    session.expire_all()
    assert broken_links(region.id) == []


@pytest.mark.parametrize(
    "change",
    [
        {"detail": '{"번호":9}'},
        {"verb": "role:withdraw"},
        {"subject": "person:2"},
        {"actor_id": 8},
        {"actor_id": None},
        {"at": clock.now() - timedelta(days=1)},
        {"entry_hash": "f" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_entry_is_named_with_what_it_says_now(session: Session, change: dict[str, object]) -> None:
    region = make_chain(4)
    assert broken_links(region.id) == []
    unguard(session)
    tamper(session, region, 3, **change)
    link = broken_links(region.id)[0]
    assert (link.region_id, link.sequence, link.fault) == (region.id, 3, Fault.CONTENT)
    assert link.verb == change.get("verb", "role:grant")


def rehash(session: Session, region: Region, sequence: int) -> str:
    """What somebody would do who knows how the hashes are made; the new hash."""
    entry = session.get_one(AuditEntry, (region.id, sequence), populate_existing=True)
    return chain.entry_hash(
        region_id=region.id,
        sequence=sequence,
        at=chain.canonical_moment(entry.at),
        actor_id=entry.actor_id,
        verb=entry.verb,
        subject=entry.subject,
        detail=entry.detail,
        previous_hash=entry.previous_hash,
    )


def test_an_entry_changed_together_with_its_hash_is_told_by_the_next_one(session: Session) -> None:
    region = make_chain(4)
    unguard(session)
    tamper(session, region, 2, detail='{"번호":9}')
    tamper(session, region, 2, entry_hash=rehash(session, region, 2))
    assert faults(region) == [(3, Fault.PLACE)]


def rewrite_from(session: Session, region: Region, sequence: int, *, last: int) -> None:
    """Make the past anew from an entry on, with hashes that fit, the head included."""
    tamper(session, region, sequence, detail='{"번호":9}')
    previous = ""
    for number in range(sequence, last + 1):
        if previous:
            tamper(session, region, number, previous_hash=previous)
        previous = rehash(session, region, number)
        tamper(session, region, number, entry_hash=previous)
    session.execute(sa.update(AuditHead).where(AuditHead.region_id == region.id).values(entry_hash=previous))


def chain_of_days(days: int) -> Region:
    """Two entries a day at noon, Korean time, the last ones yesterday; the heads published."""
    region = make_region()
    noon = clock.now().replace(hour=3, minute=0, second=0, microsecond=0)
    for day in range(days, 0, -1):
        with clock.frozen_at(noon - timedelta(days=day)):
            for _ in range(2):
                record(region_id=region.id, actor_id=7, verb="role:grant", subject="person:1", detail={"day": day})
    with clock.frozen_at(noon):
        assert publish_heads(region_id=region.id) == days
    return region


def test_a_rewritten_past_whose_hashes_fit_is_named_by_the_first_day_whose_head_differs(session: Session) -> None:
    region = chain_of_days(4)
    assert broken_links(region.id) == []
    unguard(session)
    rewrite_from(session, region, 4, last=8)
    days = list(session.scalars(sa.select(AuditDayHead.day_on).where(AuditDayHead.region_id == region.id)))
    assert [(link.sequence, link.fault, link.day_on) for link in broken_links(region.id)] == [
        (4, Fault.DAY_HEAD, sorted(days)[1])
    ]


def test_heads_that_somebody_kept_outside_tell_it_even_when_the_published_ones_were_rewritten_too(
    session: Session,
) -> None:
    region = chain_of_days(3)
    rows = session.execute(
        sa.select(AuditDayHead.day_on, AuditDayHead.sequence, AuditDayHead.entry_hash)
        .where(AuditDayHead.region_id == region.id)
        .order_by(AuditDayHead.day_on)
    )
    kept = [Head(*row) for row in rows]
    unguard(session)
    unguard(session, "audit_day_heads")
    rewrite_from(session, region, 3, last=6)
    hashes = dict(
        session.execute(
            sa.select(AuditEntry.sequence, AuditEntry.entry_hash).where(AuditEntry.region_id == region.id)
        ).all()
    )
    for head in kept:
        session.execute(
            sa.update(AuditDayHead)
            .where(AuditDayHead.region_id == region.id, AuditDayHead.day_on == head.day_on)
            .values(entry_hash=hashes[head.sequence])
        )
    assert broken_links(region.id) == []
    found = list(ChainWalk(region.id, kept=kept))
    assert [(link.fault, link.day_on) for link in found] == [(Fault.DAY_HEAD, kept[1].day_on)]


def test_a_removed_entry_leaves_a_gap_and_a_cut_off_end_is_told_by_the_head(session: Session) -> None:
    gap, cut = make_chain(4), make_chain(4)
    unguard(session)
    session.execute(sa.delete(AuditEntry).where(AuditEntry.region_id == gap.id, AuditEntry.sequence == 2))
    session.execute(sa.delete(AuditEntry).where(AuditEntry.region_id == cut.id, AuditEntry.sequence > 2))
    session.expire_all()
    assert faults(gap) == [(3, Fault.PLACE)]
    assert faults(cut) == [(2, Fault.END)]


def test_an_entry_appended_behind_the_heads_back_is_told(session: Session) -> None:
    region = make_chain(2)
    unguard(session)
    session.execute(sa.update(AuditHead).where(AuditHead.region_id == region.id).values(sequence=1))
    session.expire_all()
    assert faults(region) == [(2, Fault.END)]


def test_a_day_published_for_entries_that_are_gone_is_told(session: Session) -> None:
    region = make_chain(2)
    day = date(2026, 1, 5)
    session.add(
        AuditDayHead(region_id=region.id, day_on=day, sequence=9, entry_hash="a" * 64, published_at=clock.now())
    )
    session.flush()
    assert broken_links(region.id) == [BrokenLink(region.id, 9, Fault.DAY_HEAD, day_on=day)]


@pytest.mark.parametrize("change", ["UPDATE audit_entries SET verb = 'x:y'", "DELETE FROM audit_entries"])
def test_the_database_refuses_to_change_what_was_recorded(session: Session, change: str) -> None:
    make_chain(1)
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.execute(sa.text(change))


@pytest.mark.parametrize("change", ["UPDATE audit_day_heads SET sequence = 0", "DELETE FROM audit_day_heads"])
def test_the_database_refuses_to_change_heads_that_were_published(session: Session, change: str) -> None:
    chain_of_days(1)
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.execute(sa.text(change))


def test_the_guards_of_a_migrated_database_are_the_ones_that_are_looked_for(session: Session) -> None:
    dialect = session.get_bind().dialect.name
    triggers = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if dialect == "sqlite"
        else "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    )
    # What can be found may change: the triggers there refuse nothing, they keep the index of search.
    guards = {name: table for name, table in session.execute(sa.text(triggers)) if table != "findables"}
    assert guards == GUARDS[dialect]
    assert missing_guards() == []


def test_a_guard_that_was_dropped_or_switched_off_is_missed(session: Session) -> None:
    unguard(session)
    missing = missing_guards()
    assert missing
    assert missing == [name for name in GUARDS[session.get_bind().dialect.name] if name.startswith("audit_entries_")]
