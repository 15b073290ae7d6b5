"""The protocol: what happened, from the chain, with the fingerprints and lines to sign."""

import json

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.outcomes.services import compare_rules
from civicvote.domain.polls.services import publish_poll
from civicvote.kernel import ids
from civicvote.kernel.permissions import Role
from tests.factories.outcomes import address_of
from tests.factories.people import make_officer
from tests.factories.polls import cast


@pytest.fixture
def published(open_budget):
    for voter, choice in zip(open_budget.voters, ["road", "road", "park"], strict=False):
        cast(voter, open_budget.poll, choice)
    open_budget.close_and_count()
    compare_rules(region_id=open_budget.region.id, poll_id=open_budget.poll.id)
    publish_poll(
        actor=open_budget.officer,
        region_id=open_budget.region.id,
        poll_id=open_budget.poll.id,
        key_folder=open_budget.key_folder,
    )
    db.session.commit()
    return open_budget


def entries_of(poll) -> list[AuditEntry]:
    of_poll = sa.select(AuditEntry).where(AuditEntry.subject == f"poll:{ids.encode(poll.id)}")
    return list(db.session.scalars(of_poll.order_by(AuditEntry.sequence)))


def test_it_names_turnout_hashes_and_each_act_with_its_entry(published, client):
    client.get(address_of(published.region, published.poll, "protocol"))
    text = client.text()
    entries = {entry.verb: entry for entry in entries_of(published.poll)}
    for verb in ("poll:freeze", "poll:close", "poll:count", "poll:publish"):
        assert entries[verb].entry_hash in text
    assert published.poll.frozen_hash in text
    assert published.poll.receipts_root in text
    assert json.loads(entries["poll:close"].detail)["roll_hash"] in text
    assert "3 (60.0 %)" in text
    assert text.count("서명") >= 5


def test_in_english_too(published, client):
    client.get("/en" + address_of(published.region, published.poll, "protocol"))
    assert "Who did what, and when" in client.text()
    assert "by the schedule" in client.text()


def test_names_of_officers_are_for_observers(published, client, sign_in):
    client.get(address_of(published.region, published.poll, "protocol"))
    name = "담당자 이름 확인"
    published_by = entries_of(published.poll)[-1].actor_id
    db.session.get_one(Person, published_by).display_name = name
    db.session.commit()
    client.get(address_of(published.region, published.poll, "protocol"))
    assert name not in client.text()
    observer = sign_in(make_officer(published.region.id, Role.OBSERVER))
    observer.get(address_of(published.region, published.poll, "protocol"))
    assert name in observer.text()


def test_there_is_none_before_publication(open_budget, client):
    assert client.get(address_of(open_budget.region, open_budget.poll, "protocol")).status_code in {404, 409}
