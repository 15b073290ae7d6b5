"""After the vote: closing, unsealing, reconciling, counting, publishing, and the key's end."""

import json
import secrets
from collections import Counter
from datetime import timedelta
from fractions import Fraction

import pytest
import sqlalchemy as sa

from civicvote.db import database_clock, db
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.audit.queries_chain import broken_links
from civicvote.domain.polls.ballots.shape import RESIDENTS, BallotShape
from civicvote.domain.polls.box import keys, sealing
from civicvote.domain.polls.errors import (
    AlreadyPublished,
    CountsDoNotAddUp,
    KeyMissing,
    NotClosed,
    NotCounted,
    OutcomeNotPublished,
    PollClosed,
    PollNotFrozen,
    RecountDiffers,
    SealBroken,
    StillOpen,
)
from civicvote.domain.polls.models import Envelope, Outcome, Poll, RollEntry, Turnout, UnsealedBallot
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.polls.queries import published_outcome
from civicvote.domain.polls.queries_counting import count_stored, stored_hash
from civicvote.domain.polls.roll.electorates import COMMITTEE, electorates_from
from civicvote.domain.polls.services import (
    close_poll,
    count_poll,
    destroy_leftover_keys,
    publish_poll,
)
from civicvote.domain.polls.services_counting import rules_of, store_ballots
from civicvote.domain.polls.services_electorates import name_electors
from civicvote.domain.polls.states import Channel, PollState
from civicvote.domain.tally.parts_explained import ElectoratesExplained
from civicvote.kernel import clock
from civicvote.kernel.actor import NotPermitted
from tests.factories.people import actor_for, make_person, make_resident
from tests.factories.places import make_region
from tests.factories.polls import administrator, cast, freeze, make_agenda_draft
from tests.integration.polls.conftest import OpenPoll


def fill(open_poll) -> None:
    ballots = [("lamp", "tree"), ("lamp",), ("bench", "tree"), ("lamp", "ramp")]
    for voter, choices in zip(open_poll.voters, ballots, strict=False):
        cast(voter, open_poll.poll, *choices)


def arguments(open_poll) -> dict:
    return {"region_id": open_poll.region.id, "poll_id": open_poll.poll.id}


def publish(open_poll) -> Poll:
    return publish_poll(actor=open_poll.officer, **arguments(open_poll), key_folder=open_poll.key_folder)


def test_every_ballot_in_the_box_is_counted_and_the_outcome_says_why(open_agenda):
    fill(open_agenda)

    outcome = open_agenda.close_and_count()

    record = outcome_format.read(outcome.result)
    assert record.selected == ("lamp", "tree")
    assert {verdict.option: verdict.votes for verdict in record.verdicts} == {
        "lamp": 3,
        "tree": 2,
        "bench": 1,
        "ramp": 1,
    }
    assert record.voters == record.valid_ballots == 4
    assert record.checks == {
        "envelopes": 4,
        "roll_marks": 4,
        "unsealed_ballots": 4,
        "choices": 7,
        "ballot_sizes": 7,
    }
    stored = db.session.scalars(sa.select(UnsealedBallot.choices)).all()
    assert Counter(stored) == Counter(['["lamp","tree"]', '["lamp"]', '["bench","tree"]', '["lamp","ramp"]'])
    turnout = db.session.execute(sa.select(Turnout.channel, Turnout.ballots)).all()
    assert turnout == [(Channel.WEB, 4)]


def test_a_budget_poll_is_counted_within_its_envelope(open_budget):
    for voter, choices in zip(
        open_budget.voters, [("road", "book"), ("road",), ("park", "book"), ("bike",)], strict=False
    ):
        cast(voter, open_budget.poll, *choices)
    record = outcome_format.read(open_budget.close_and_count().result)
    assert set(record.selected) == {"road", "book"}
    assert record.total_cost == record.budget == 100_000_000


def test_an_unsealed_ballot_carries_no_voter_no_time_and_a_key_of_chance(open_agenda):
    fill(open_agenda)
    open_agenda.close_and_count()

    assert {column.key for column in sa.inspect(UnsealedBallot).columns} == {
        "region_id",
        "poll_id",
        "key",
        "choices",
        "electorate",
        "style",
    }
    stored = db.session.scalars(sa.select(UnsealedBallot.key)).all()
    assert len(set(stored)) == 4
    assert all(len(key) == 32 and int(key, 16) >= 0 for key in stored)


def test_the_schedule_does_not_close_before_the_time_and_an_officer_only_with_a_reason(open_agenda):
    with pytest.raises(StillOpen):
        close_poll(actor=None, **arguments(open_agenda))
    with pytest.raises(StillOpen):
        close_poll(actor=open_agenda.officer, **arguments(open_agenda), reason="  ")
    assert open_agenda.poll.state is PollState.FROZEN

    close_poll(actor=open_agenda.officer, **arguments(open_agenda), reason="투표소 정전으로 일정 변경")

    assert open_agenda.poll.state is PollState.CLOSED
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "poll:close")).one()
    assert json.loads(entry.detail)["reason"] == "투표소 정전으로 일정 변경"
    with pytest.raises(PollClosed):
        close_poll(actor=open_agenda.officer, **arguments(open_agenda), reason="again")
    with pytest.raises(PollClosed):
        cast(open_agenda.voters[0], open_agenda.poll, "lamp")


def test_the_closing_time_is_that_of_the_poll_not_of_a_late_job(open_agenda):
    open_agenda.close()
    assert open_agenda.poll.closed_at == open_agenda.poll.closes_at


def test_who_was_confirmed_since_freezing_is_on_the_roll_when_it_closes(open_agenda):
    late = make_resident(open_agenda.region.id)
    open_agenda.close()
    assert db.session.get(RollEntry, (open_agenda.region.id, open_agenda.poll.id, late.id)) is not None


def test_each_step_has_its_turn_and_its_officer(open_agenda, key_folder):
    stranger = actor_for(open_agenda.voters[0])
    for act in (
        lambda: close_poll(actor=stranger, **arguments(open_agenda), reason="x"),
        lambda: count_poll(actor=stranger, **arguments(open_agenda), key_folder=key_folder),
        lambda: publish_poll(actor=stranger, **arguments(open_agenda), key_folder=key_folder),
    ):
        with pytest.raises(NotPermitted):
            act()
    with pytest.raises(NotClosed):
        count_poll(actor=open_agenda.officer, **arguments(open_agenda), key_folder=key_folder)
    with pytest.raises(NotCounted):
        publish(open_agenda)
    draft = make_agenda_draft(open_agenda.region)
    with pytest.raises(PollNotFrozen):
        close_poll(actor=open_agenda.officer, region_id=draft.region_id, poll_id=draft.id, reason="x")


def test_the_outcome_is_nobodys_before_it_is_published(open_agenda):
    fill(open_agenda)
    open_agenda.close_and_count()
    with pytest.raises(OutcomeNotPublished):
        published_outcome(open_agenda.region.id, open_agenda.poll.id)

    publish(open_agenda)

    assert published_outcome(open_agenda.region.id, open_agenda.poll.id).selected == ("lamp", "tree")
    with pytest.raises(AlreadyPublished):
        publish(open_agenda)
    verbs = db.session.scalars(
        sa.select(AuditEntry.verb).where(AuditEntry.region_id == open_agenda.region.id).order_by(AuditEntry.sequence)
    ).all()
    assert verbs[-4:] == ["poll:freeze", "poll:close", "poll:count", "poll:publish"]
    assert not list(broken_links(open_agenda.region.id))


def test_the_key_outlives_the_count_until_the_commit_and_no_longer(open_agenda):
    fill(open_agenda)
    open_agenda.close_and_count()
    with db.session.begin_nested():
        db.session.execute(sa.select(1))
    assert keys.exists(open_agenda.key_folder, open_agenda.poll.id)

    db.session.commit()

    assert not keys.exists(open_agenda.key_folder, open_agenda.poll.id)
    publish(open_agenda)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "poll:publish")).one()
    assert json.loads(entry.detail)["key_is_gone"] is True


def test_a_count_that_is_rolled_back_leaves_the_key_and_can_be_done_again(open_agenda):
    fill(open_agenda)
    open_agenda.close()
    db.session.commit()
    region_id, poll_id = open_agenda.region.id, open_agenda.poll.id
    act = {"actor": open_agenda.officer, "region_id": region_id, "poll_id": poll_id}
    count_poll(**act, key_folder=open_agenda.key_folder)
    db.session.rollback()
    db.session.execute(sa.select(1))
    db.session.commit()
    assert keys.exists(open_agenda.key_folder, poll_id)
    assert db.session.scalars(sa.select(UnsealedBallot)).all() == []

    count_poll(**act, key_folder=open_agenda.key_folder)
    db.session.commit()
    assert not keys.exists(open_agenda.key_folder, poll_id)


def test_a_key_left_behind_by_a_dead_process_is_swept_and_one_that_is_needed_is_not(open_agenda, open_budget):
    fill(open_agenda)
    open_agenda.close_and_count()
    db.session.commit()
    keys.store(open_agenda.key_folder, open_agenda.poll.id, "0" * 64)

    assert destroy_leftover_keys(key_folder=open_agenda.key_folder) == 1

    assert not keys.exists(open_agenda.key_folder, open_agenda.poll.id)
    assert keys.exists(open_budget.key_folder, open_budget.poll.id)


def test_without_the_key_nothing_is_counted(open_agenda):
    fill(open_agenda)
    open_agenda.close()
    keys.destroy(open_agenda.key_folder, open_agenda.poll.id)
    with pytest.raises(KeyMissing):
        count_poll(actor=None, **arguments(open_agenda), key_folder=open_agenda.key_folder)
    assert open_agenda.poll.state is PollState.CLOSED


def _another_seal(open_poll, text: str, size: int) -> dict:
    sealed = sealing.seal(text, public_key=open_poll.poll.public_key, size=size)
    return {"sealed": sealed, "receipt": sealing.receipt_of(sealed)}


@pytest.mark.parametrize(
    "tamper",
    [
        lambda open_poll, size: {"receipt": "0" * 64},
        lambda open_poll, size: {"sealed": b"x" * 120, "receipt": sealing.receipt_of(b"x" * 120)},
        lambda open_poll, size: _another_seal(open_poll, '["lamp","tree","bench"]', size),
        lambda open_poll, size: _another_seal(open_poll, '["moon"]', size),
        lambda open_poll, size: _another_seal(open_poll, "{", size),
    ],
    ids=["receipt", "bytes", "too many choices", "unknown option", "no ballot"],
)
def test_an_envelope_that_was_tampered_with_stops_the_count(open_agenda, tamper):
    fill(open_agenda)
    open_agenda.close()
    voter_id = open_agenda.voters[0].id
    size = len(db.session.scalars(sa.select(Envelope.sealed)).first()) - 48
    db.session.execute(
        sa.update(Envelope).where(Envelope.voter_id == voter_id).values(**tamper(open_agenda, size)),
    )
    receipt = db.session.scalar(sa.select(Envelope.receipt).where(Envelope.voter_id == voter_id))
    with pytest.raises(SealBroken) as raised:
        count_poll(actor=None, **arguments(open_agenda), key_folder=open_agenda.key_folder)
    assert raised.value.params == {"receipt": receipt}


@pytest.mark.parametrize("change", ["one mark more", "one mark less", "another channel"])
def test_marks_that_are_off_by_one_stop_the_count(open_agenda, change):
    fill(open_agenda)
    open_agenda.close()
    channel = {"one mark more": Channel.WEB, "one mark less": None, "another channel": Channel.BOOTH}[change]
    voter = open_agenda.voters[4 if change == "one mark more" else 0]
    db.session.execute(sa.update(RollEntry).where(RollEntry.voter_id == voter.id).values(channel=channel))
    with pytest.raises(CountsDoNotAddUp):
        count_poll(actor=None, **arguments(open_agenda), key_folder=open_agenda.key_folder)


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("DELETE FROM unsealed_ballots WHERE choices = '[\"lamp\"]'", CountsDoNotAddUp),
        ("DELETE FROM envelopes WHERE voter_id = :voter", CountsDoNotAddUp),
        ('UPDATE unsealed_ballots SET choices = \'["lamp","lamp"]\' WHERE choices = \'["lamp"]\'', CountsDoNotAddUp),
        ("UPDATE unsealed_ballots SET choices = '[\"ramp\"]' WHERE choices = '[\"lamp\"]'", RecountDiffers),
    ],
)
def test_nothing_is_published_that_does_not_add_up_or_counts_to_something_else(open_agenda, statement, refusal):
    fill(open_agenda)
    open_agenda.close_and_count()
    db.session.execute(sa.text(statement), {"voter": open_agenda.voters[0].id} if ":voter" in statement else {})
    with pytest.raises(refusal):
        publish(open_agenda)
    assert open_agenda.poll.state is PollState.COUNTED


def test_publishing_compares_with_what_was_counted_and_counts_nothing(open_agenda, monkeypatch):
    """A count of a hundred thousand ballots is no work for a request."""
    fill(open_agenda)
    open_agenda.close_and_count()
    monkeypatch.setattr("civicvote.domain.polls.queries_counting._stored_texts", lambda _poll: pytest.fail("counted"))
    publish(open_agenda)
    assert open_agenda.poll.state is PollState.PUBLISHED


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE unsealed_ballots SET key = 'another' WHERE choices = '[\"lamp\"]'",
        "UPDATE unsealed_ballots SET style = '1111010100' WHERE choices = '[\"lamp\"]'",
        "UPDATE outcomes SET result = replace(CAST(result AS TEXT), '\"tree\"', '\"bench\"')",
    ],
    ids=["key", "style", "outcome"],
)
def test_what_was_counted_is_what_is_published_to_the_last_character(open_agenda, change):
    fill(open_agenda)
    open_agenda.close_and_count()
    if db.session.get_bind().dialect.name == "postgresql":
        change = change.replace(
            "= replace(CAST(result AS TEXT), '\"tree\"', '\"bench\"')",
            "= CAST(replace(CAST(result AS TEXT), '\"tree\"', '\"bench\"') AS JSON)",
        )
    assert db.session.execute(sa.text(change)).rowcount == 1
    db.session.expire_all()
    with pytest.raises(RecountDiffers):
        publish(open_agenda)


def _count_as_it_was_once(open_poll) -> None:
    """Counted by a programme that recorded no hash of what it stored."""
    poll = open_poll.poll
    rules = rules_of(poll)
    texts = ['["lamp","tree"]', '["lamp"]', '["bench","tree"]', '["lamp","ramp"]']
    store_ballots(poll, ((text, RESIDENTS, "") for text in texts))
    poll.state = PollState.COUNTED
    result = count_stored(poll, rules).to_json()
    key = {"region_id": poll.region_id, "poll_id": poll.id}
    db.session.add(Outcome(**key, rule=rules.counting_rule, result=result, computed_at=clock.now()))
    db.session.flush()


def test_an_outcome_without_a_recorded_hash_is_counted_again(open_agenda):
    fill(open_agenda)
    open_agenda.close()
    _count_as_it_was_once(open_agenda)
    with db.session.begin_nested() as savepoint:
        db.session.execute(sa.text("UPDATE unsealed_ballots SET choices = '[\"ramp\"]' WHERE choices = '[\"lamp\"]'"))
        with pytest.raises(RecountDiffers):
            publish(open_agenda)
        savepoint.rollback()
    publish(open_agenda)
    assert published_outcome(open_agenda.region.id, open_agenda.poll.id).selected == ("lamp", "tree")


def test_the_recorded_hash_gives_no_ballot_away(open_agenda):
    """The same ballots in two polls: with the random keys in it, nobody can try out what was chosen."""
    fill(open_agenda)
    open_agenda.close_and_count()
    result = db.session.scalars(sa.select(Outcome.result)).one()
    recorded = json.loads(db.session.scalars(sa.select(AuditEntry.detail).where(AuditEntry.verb == "poll:count")).one())
    assert recorded["stored_hash"] == stored_hash(open_agenda.poll, result)
    for ballot in db.session.scalars(sa.select(UnsealedBallot)):
        db.session.execute(
            sa.update(UnsealedBallot).where(UnsealedBallot.key == ballot.key).values(key=secrets.token_hex(16))
        )
    assert recorded["stored_hash"] != stored_hash(open_agenda.poll, result)


def test_a_poll_without_ballots_can_be_counted_and_published(open_agenda):
    open_agenda.close_and_count()
    publish(open_agenda)
    record = published_outcome(open_agenda.region.id, open_agenda.poll.id)
    assert record.voters == 0
    assert db.session.scalars(sa.select(Outcome)).one().rule == "approval"


def test_the_early_closing_keeps_the_moment_at_which_it_happened(open_agenda):
    moment = open_agenda.poll.closes_at - timedelta(days=1)
    with database_clock(lambda: moment):
        close_poll(actor=open_agenda.officer, **arguments(open_agenda), reason="이유")
    assert open_agenda.poll.closed_at == moment


def _with_committee(region, key_folder, voting: int) -> OpenPoll:
    """An open poll of twelve residents and a committee of ten, weighed 60 to 40, of whom so many have cast."""
    shape = BallotShape(electorates=electorates_from({RESIDENTS: 60, COMMITTEE: 40}))
    poll = make_agenda_draft(region, ballot=shape, seats=1)
    officer = administrator(region)
    committee = [make_person() for _ in range(10)]
    addresses = [member.email or "" for member in committee]
    name_electors(actor=officer, poll=poll, electorate=COMMITTEE, addresses=addresses)
    residents = [make_resident(region.id) for _ in range(12)]
    freeze(poll, region, key_folder)
    for person in residents:
        cast(person, poll, "lamp")
    for person in committee[:voting]:
        cast(person, poll, "tree")
    return OpenPoll(region, officer, residents, poll, key_folder)


@pytest.mark.parametrize(
    ("voting", "stored", "scores"),
    [
        (9, {RESIDENTS: 21}, (Fraction(100 * 12, 21), Fraction(100 * 9, 21))),
        (10, {RESIDENTS: 12, COMMITTEE: 10}, (Fraction(60), Fraction(40))),
    ],
)
def test_nine_voters_of_an_electorate_are_counted_with_the_residents(session, key_folder, voting, stored, scores):
    """Weighed apart, their votes could be computed from the scores and the numbers of ballots that are published."""
    open_poll = _with_committee(make_region(), key_folder, voting)
    outcome = open_poll.close_and_count()
    electorates = Counter(db.session.scalars(sa.select(UnsealedBallot.electorate)))
    assert electorates == stored
    record = outcome_format.read(outcome.result)
    assert isinstance(record.explanation, ElectoratesExplained)
    assert {part.key: part.voters for part in record.explanation.parts if part.voters} == stored
    assert sum(part.weight_used for part in record.explanation.parts) == 100
    by_option = {verdict.option: verdict.score for verdict in record.verdicts}
    assert (by_option["lamp"], by_option["tree"]) == scores
    publish(open_poll)


def test_a_small_electorate_is_compared_with_the_roll_before_it_is_counted_with_others(session, key_folder):
    open_poll = _with_committee(make_region(), key_folder, 8)
    open_poll.close()
    # One more of the residents' marks and one fewer of the committee's: together they would still add up.
    marked = db.session.scalar(
        sa.select(RollEntry.voter_id)
        .where(RollEntry.electorate == COMMITTEE, RollEntry.channel.is_not(None))
        .order_by(RollEntry.voter_id)
        .limit(1)
    )
    resident = make_resident(open_poll.region.id)
    db.session.add(
        RollEntry(
            region_id=open_poll.region.id,
            poll_id=open_poll.poll.id,
            voter_id=resident.id,
            added_at=clock.now(),
            channel=Channel.WEB,
            electorate=RESIDENTS,
        )
    )
    db.session.execute(sa.update(RollEntry).where(RollEntry.voter_id == marked).values(channel=None))
    db.session.flush()
    with pytest.raises(CountsDoNotAddUp):
        count_poll(actor=None, **arguments(open_poll), key_folder=open_poll.key_folder)


def test_ballots_that_changed_their_electorate_stop_the_count(session, key_folder):
    open_poll = _with_committee(make_region(), key_folder, 10)
    open_poll.close_and_count()
    db.session.execute(
        sa.text("UPDATE unsealed_ballots SET electorate = :to WHERE choices = :choices"),
        {"to": RESIDENTS, "choices": '["tree"]'},
    )
    with pytest.raises(CountsDoNotAddUp):
        publish(open_poll)
