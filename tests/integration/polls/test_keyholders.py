"""Keyholders: enough of them open the ballots, fewer and the server don't, and nothing is frozen before a trial."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civicvote.db import database_clock, db
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.lifecycle.services import advance_phases
from civicvote.domain.polls.box import keyholder_files, keys, sealing
from civicvote.domain.polls.errors import PollAlreadyFrozen
from civicvote.domain.polls.errors_sealing import (
    KeyholderFileUnusable,
    KeyholdersNeeded,
    KeyholdersNotReady,
    KeyholdersUnusable,
    KeyholderTwice,
    KeyholderUnknown,
    NoKeyholders,
    NotKeyholder,
    PassphraseTooShort,
    PassphraseWrong,
    PollKeyMade,
    PollKeyNotMade,
    SecondFactorMissing,
    TooFewShares,
    TrialMissing,
)
from civicvote.domain.polls.models import KeyCeremony, Keyholder
from civicvote.domain.polls.queries_keyholders import ceremony_of
from civicvote.domain.polls.services import (
    Opening,
    close_and_count,
    count_poll,
    count_with_shares,
    make_keyholder_file,
    make_poll_key,
    name_keyholders,
    open_trial,
    publish_poll,
)
from civicvote.domain.polls.states import KeyFate, OpenedAt, PollState
from civicvote.kernel import ids
from civicvote.kernel.actor import NotPermitted
from tests.factories.keyholders import freeze_with_keyholders, hold, make_holders, with_factor
from tests.factories.people import actor_for, make_person
from tests.factories.polls import freeze, make_agenda_draft
from tests.integration.polls.conftest import VOTES, votes_in, where


def test_two_of_three_open_the_box_and_it_is_counted(held):
    open_poll, holders = held
    open_poll.close()
    for pair in ([0, 1], [2, 0]):
        with db.session.begin_nested() as savepoint:
            outcome = count_with_shares(
                actor=open_poll.officer, **where(open_poll), openings=[holders[each].opening for each in pair]
            )
            assert votes_in(outcome) == VOTES
            savepoint.rollback()
    outcome = count_with_shares(
        actor=open_poll.officer, **where(open_poll), openings=[holders[1].opening, holders[2].opening]
    )
    assert votes_in(outcome) == VOTES
    assert open_poll.poll.state is PollState.COUNTED
    entry = json.loads(db.session.scalars(sa.select(AuditEntry.detail).where(AuditEntry.verb == "poll:count")).one())
    assert entry["keyholders"] == [2, 3]
    assert entry["key"] == KeyFate.SHARES_DELETED
    assert entry["opened_at"] == OpenedAt.SERVER
    assert "ballots_hash" not in entry
    assert set(db.session.scalars(sa.select(Keyholder.sealed_share))) == {None}
    publish_poll(actor=open_poll.officer, **where(open_poll), key_folder=open_poll.key_folder)


def test_one_of_them_opens_nothing_however_often_the_file_is_given(held):
    open_poll, holders = held
    open_poll.close()
    for openings in ([], [holders[0].opening], [holders[0].opening] * 3):
        with pytest.raises(TooFewShares):
            count_with_shares(actor=open_poll.officer, **where(open_poll), openings=openings)
    assert open_poll.poll.state is PollState.CLOSED


def test_the_server_alone_opens_nothing(held):
    open_poll, _ = held
    assert not keys.exists(open_poll.key_folder, open_poll.poll.id)
    open_poll.close()
    for actor in (None, open_poll.officer):
        with pytest.raises(KeyholdersNeeded):
            count_poll(actor=actor, **where(open_poll), key_folder=open_poll.key_folder)


def test_no_table_holds_a_share_or_the_key_in_the_open(held):
    """Whoever has the whole database, and one keyholder's file with its passphrase, still has too little."""
    _, holders = held
    ceremony = db.session.scalars(sa.select(KeyCeremony)).one()
    sealed_shares = [bytes(share) for share in db.session.scalars(sa.select(Keyholder.sealed_share))]
    file = keyholder_files.read(holders[0].file)
    own = keyholder_files.open_share(file, passphrase=holders[0].passphrase, sealed_share=sealed_shares[0])
    assert len(own.split()) == 33
    for sealed in sealed_shares:
        assert own.encode() not in sealed
    for sealed in sealed_shares[1:]:
        with pytest.raises(keyholder_files.NoKeyholderFile):
            keyholder_files.open_share(file, passphrase=holders[0].passphrase, sealed_share=sealed)
    with pytest.raises(sealing.Unopenable):
        sealing.Opener(sealing.new_key_pair().private).unseal(bytes(ceremony.trial_sealed))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (lambda first, second: [first, replace(second, passphrase="etwas ganz anderes")], PassphraseWrong),
        (lambda first, second: [first, Opening(b"{}", second.passphrase)], KeyholderFileUnusable),
        (lambda first, second: [Opening(b"", ""), Opening(b"[]", "")], KeyholderFileUnusable),
    ],
)
def test_a_wrong_passphrase_or_file_is_told_by_its_place(held, change, refusal):
    open_poll, holders = held
    open_poll.close()
    openings = change(holders[0].opening, holders[1].opening)
    with pytest.raises(refusal) as raised:
        count_with_shares(actor=open_poll.officer, **where(open_poll), openings=openings)
    assert raised.value.params["place"] == 2


def test_files_of_another_poll_are_refused(held, key_folder):
    open_poll, holders = held
    others = freeze_with_keyholders(make_agenda_draft(open_poll.region), open_poll.region, key_folder)
    open_poll.close()
    with pytest.raises(KeyholderFileUnusable):
        count_with_shares(actor=open_poll.officer, **where(open_poll), openings=[holders[0].opening, others[1].opening])


def test_nothing_is_fixed_before_each_keyholder_opened_the_trial_ballot(draft, key_folder):
    region, officer, poll = draft
    people = [make_person() for _ in range(3)]
    name_keyholders(actor=officer, poll=poll, addresses=[person.email for person in people], needed=2)
    with pytest.raises(PollKeyNotMade):
        freeze(poll, region, key_folder)
    with pytest.raises(KeyholdersNotReady):
        make_poll_key(actor=officer, poll=poll)
    holders = [hold(poll, person) for person in people]
    ceremony = make_poll_key(actor=officer, poll=poll)
    with pytest.raises(TrialMissing):
        freeze(poll, region, key_folder)
    with pytest.raises(TooFewShares):
        open_trial(actor=officer, poll=poll, openings=[holders[0].opening])
    assert [each.name for each in ceremony_of(officer, poll).unproved] == [each.display_name for each in people]

    open_trial(actor=officer, poll=poll, openings=[holders[2].opening, holders[0].opening])

    assert poll.trial_unsealed_at is None, "two of three can open, and of the third nobody knows"
    assert [each.number for each in ceremony_of(officer, poll).unproved] == [2]
    with pytest.raises(TrialMissing):
        freeze(poll, region, key_folder)
    open_trial(actor=officer, poll=poll, openings=[holders[0].opening, holders[1].opening])
    entries = db.session.scalars(
        sa.select(AuditEntry.detail).where(AuditEntry.verb == "poll:trial").order_by(AuditEntry.sequence)
    ).all()
    assert [json.loads(entry) for entry in entries] == [
        {"public_key": ceremony.public_key, "keyholders": numbers, "opened_at": OpenedAt.SERVER}
        for numbers in ([1, 3], [1, 2])
    ]
    freeze(poll, region, key_folder)
    assert poll.public_key == ceremony.public_key
    assert not keys.exists(key_folder, poll.id)


def test_a_new_key_is_to_be_proved_by_everybody_again(draft):
    _, officer, poll = draft
    holders = make_holders(poll, officer=officer)
    make_poll_key(actor=officer, poll=poll)
    open_trial(actor=officer, poll=poll, openings=[holder.opening for holder in holders[:2]])
    make_poll_key(actor=officer, poll=poll)
    open_trial(actor=officer, poll=poll, openings=[holder.opening for holder in holders[1:]])
    assert [each.number for each in ceremony_of(officer, poll).unproved] == [1]
    assert poll.trial_unsealed_at is None


def test_a_new_key_or_other_keyholders_need_a_new_trial(draft, key_folder):
    region, officer, poll = draft
    holders = make_holders(poll, officer=officer)
    make_poll_key(actor=officer, poll=poll)
    openings = [holder.opening for holder in holders]
    open_trial(actor=officer, poll=poll, openings=openings)
    make_poll_key(actor=officer, poll=poll)
    with pytest.raises(TrialMissing):
        freeze(poll, region, key_folder)
    open_trial(actor=officer, poll=poll, openings=openings)
    name_keyholders(actor=officer, poll=poll, addresses=[holder.person.email for holder in holders], needed=3)
    with pytest.raises(PollKeyNotMade):
        freeze(poll, region, key_folder)


def test_without_keyholders_it_is_the_key_file_again(draft, key_folder):
    region, officer, poll = draft
    make_holders(poll, officer=officer)
    name_keyholders(actor=officer, poll=poll, addresses=[], needed=0)
    freeze(poll, region, key_folder)
    assert keys.exists(key_folder, poll.id)


def test_a_key_without_keyholders_is_made_with_the_rules(draft):
    _, officer, poll = draft
    with pytest.raises(NoKeyholders):
        make_poll_key(actor=officer, poll=poll)


@pytest.mark.parametrize(("count", "needed"), [(1, 1), (3, 1), (3, 4), (10, 5)])
def test_too_few_needed_or_too_many_named_are_refused(draft, count, needed):
    _, officer, poll = draft
    addresses = [make_person().email for _ in range(count)]
    with pytest.raises(KeyholdersUnusable):
        name_keyholders(actor=officer, poll=poll, addresses=addresses, needed=needed)


def test_a_keyholder_has_an_account_and_stands_in_the_list_once(draft):
    _, officer, poll = draft
    first, second = make_person().email, make_person().email
    with pytest.raises(KeyholderUnknown):
        name_keyholders(actor=officer, poll=poll, addresses=[first, "nobody@example.org"], needed=2)
    with pytest.raises(KeyholderTwice):
        name_keyholders(actor=officer, poll=poll, addresses=[first, second, first.upper()], needed=2)
    with pytest.raises(NotPermitted):
        name_keyholders(actor=actor_for(make_person()), poll=poll, addresses=[first, second], needed=2)


def test_a_file_is_for_its_keyholder_with_a_second_factor_and_a_long_passphrase(draft, key_folder):
    region, officer, poll = draft
    people = [make_person() for _ in range(2)]
    name_keyholders(actor=officer, poll=poll, addresses=[person.email for person in people], needed=2)
    act = {"region_id": poll.region_id, "poll_id": poll.id, "passphrase": "lang genug ist das"}
    with pytest.raises(NotKeyholder):
        make_keyholder_file(actor=with_factor(make_person()), **act)
    with pytest.raises(SecondFactorMissing):
        make_keyholder_file(actor=actor_for(people[0]), **act)
    with pytest.raises(PassphraseTooShort):
        make_keyholder_file(actor=with_factor(people[0]), **act | {"passphrase": "kurz"})
    holders = [hold(poll, person) for person in people]
    make_poll_key(actor=officer, poll=poll)
    with pytest.raises(PollKeyMade):
        hold(poll, people[0])
    open_trial(actor=officer, poll=poll, openings=[holder.opening for holder in holders])
    freeze(poll, region, key_folder)
    with pytest.raises(PollAlreadyFrozen):
        hold(poll, people[0])


def test_the_schedule_closes_what_waits_for_keyholders_and_does_not_count_it(held):
    open_poll, _ = held
    moment = open_poll.poll.closes_at + timedelta(hours=1)
    with database_clock(lambda: moment):
        first = advance_phases(key_folder=open_poll.key_folder)
        second = advance_phases(key_folder=open_poll.key_folder)
    assert [(step.verb, step.refused) for step in first if step.subject == f"poll:{open_poll.poll.id}"] == [
        ("poll:close", "")
    ]
    assert not [step for step in second if step.subject.startswith("poll:")]
    assert open_poll.poll.state is PollState.CLOSED


def test_closing_by_hand_closes_and_waits_for_the_keyholders(held):
    open_poll, _ = held
    act = {"actor": open_poll.officer, **where(open_poll), "key_folder": open_poll.key_folder}
    assert close_and_count(**act, reason="정전") is None
    assert open_poll.poll.state is PollState.CLOSED
    with pytest.raises(KeyholdersNeeded):
        close_and_count(**act)


def test_naming_keyholders_and_making_a_file_say_who_in_the_audit(draft):
    _, officer, poll = draft
    holders = make_holders(poll, officer=officer, count=2)
    entries = db.session.execute(
        sa.select(AuditEntry.verb, AuditEntry.actor_id, AuditEntry.detail)
        .where(AuditEntry.verb.in_(["poll:keyholders", "poll:keyholder_file"]))
        .order_by(AuditEntry.sequence)
    ).all()
    people = [ids.encode(holder.person.id) for holder in holders]
    assert json.loads(entries[0].detail)["keyholders"] == people
    assert [(entry.verb, entry.actor_id) for entry in entries[1:]] == [
        ("poll:keyholder_file", holder.person.id) for holder in holders
    ]
    assert [json.loads(entry.detail)["keyholder"] for entry in entries[1:]] == [1, 2]
