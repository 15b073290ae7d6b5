"""The audit chain: appended in order, whole until a byte changes, closed against change by the database itself."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.db import db
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.audit.services import BrokenLink, broken_links, record
from tests.factories.places import make_region


@pytest.mark.usefixtures("session")
def test_entries_follow_each_other_and_the_chain_is_whole() -> None:
    region, other = make_region(), make_region()
    for number in range(5):
        record(region_id=region.id, actor_id=7, verb="poll:freeze", subject="poll:1", detail={"번호": number})
    record(region_id=other.id, actor_id=None, verb="round:enter", subject="round:2")
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.region_id == region.id).order_by(AuditEntry.sequence)
    ).all()
    assert [entry.sequence for entry in entries] == [1, 2, 3, 4, 5]
    assert entries[1].previous_hash == entries[0].entry_hash
    db.session.expire_all()
    assert list(broken_links(region.id)) == []
    assert list(broken_links(other.id)) == []


def test_a_changed_entry_is_named(session: Session) -> None:
    region = make_region()
    for number in range(4):
        record(region_id=region.id, actor_id=7, verb="role:grant", subject="person:1", detail={"number": number})
    drop = (
        "DROP TRIGGER audit_entries_no_update"
        if session.get_bind().dialect.name == "sqlite"
        else ("ALTER TABLE audit_entries DISABLE TRIGGER USER")
    )
    session.execute(sa.text(drop))
    session.execute(
        sa.text("UPDATE audit_entries SET detail = :d WHERE region_id = :r AND sequence = 3"),
        {"d": '{"number":9}', "r": region.id},
    )
    session.expire_all()
    assert list(broken_links(region.id)) == [BrokenLink(region.id, 3)]


@pytest.mark.parametrize("change", ["UPDATE audit_entries SET verb = 'x:y'", "DELETE FROM audit_entries"])
def test_the_database_refuses_to_change_what_was_recorded(session: Session, change: str) -> None:
    region = make_region()
    record(region_id=region.id, actor_id=7, verb="role:grant", subject="person:1")
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.execute(sa.text(change))
