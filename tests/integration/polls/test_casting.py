"""Casting: one envelope a voter, the same request once, the clock of the database, the roll."""

import secrets
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civicvote.db import database_clock, db
from civicvote.domain.accounts.models import Residency
from civicvote.domain.polls.ballots import choices
from civicvote.domain.polls.box import keys, sealed_ballot, sealing
from civicvote.domain.polls.errors import (
    IdempotencyKeyReused,
    IdempotencyKeyUnusable,
    NotOnRoll,
    PollClosed,
    PollNotOpenYet,
    UnknownPoll,
)
from civicvote.domain.polls.models import CastRecord, Envelope, Poll, RollEntry
from civicvote.domain.polls.states import Channel
from civicvote.domain.rounds.models import RoundPhase
from civicvote.domain.tally.ballot_rules import CostSumTooHigh, TooFewChoices, TooManyChoices, UnknownOption
from civicvote.kernel.phases import Phase
from tests.factories.people import actor_for, make_person, make_resident
from tests.factories.places import make_region
from tests.factories.polls import cast, freeze, make_agenda_draft, make_budget_draft


def envelopes(open_poll) -> list[Envelope]:
    return list(db.session.scalars(sa.select(Envelope).where(Envelope.poll_id == open_poll.poll.id)))


def unsealed(open_poll, envelope: Envelope) -> str:
    opener = sealing.Opener(keys.load(open_poll.key_folder, open_poll.poll.id))
    ballot = sealed_ballot.read(opener.unseal(bytes(envelope.sealed)))
    return choices.write(ballot.choices, open_poll.poll.ballot_type)


def test_a_ballot_is_in_the_box_with_its_receipt_and_a_mark_on_the_roll(open_agenda):
    voter = open_agenda.voters[0]

    receipt = cast(voter, open_agenda.poll, "tree", "lamp")

    (envelope,) = envelopes(open_agenda)
    assert envelope.voter_id == voter.id
    assert envelope.receipt == receipt.code == sealing.receipt_of(envelope.sealed)
    assert unsealed(open_agenda, envelope) == '["lamp","tree"]'
    mark = db.session.get_one(RollEntry, (open_agenda.region.id, open_agenda.poll.id, voter.id))
    assert mark.channel is Channel.WEB


def test_a_later_ballot_replaces_the_earlier_one(open_agenda):
    voter = open_agenda.voters[0]
    first = cast(voter, open_agenda.poll, "tree")
    second = cast(voter, open_agenda.poll, "bench")

    (envelope,) = envelopes(open_agenda)
    assert first != second
    assert envelope.receipt == second.code
    assert unsealed(open_agenda, envelope) == '["bench"]'


def test_the_same_request_under_the_same_key_gives_the_same_receipt_and_seals_nothing_new(open_agenda):
    voter, key = open_agenda.voters[0], secrets.token_urlsafe(24)
    first = cast(voter, open_agenda.poll, "tree", "lamp", key=key)
    sealed = envelopes(open_agenda)[0].sealed

    assert cast(voter, open_agenda.poll, "lamp", "tree", key=key) == first
    db.session.expire_all()
    assert envelopes(open_agenda)[0].sealed == sealed


def test_another_request_under_the_same_key_is_refused_and_the_first_ballot_stays(open_agenda):
    voter, key = open_agenda.voters[0], secrets.token_urlsafe(24)
    cast(voter, open_agenda.poll, "tree", key=key)

    with pytest.raises(IdempotencyKeyReused):
        cast(voter, open_agenda.poll, "lamp", key=key)
    assert unsealed(open_agenda, envelopes(open_agenda)[0]) == '["tree"]'


def test_an_acknowledged_ballot_is_acknowledged_again_after_closing(open_agenda):
    voter, key = open_agenda.voters[0], secrets.token_urlsafe(24)
    first = cast(voter, open_agenda.poll, "tree", key=key)
    open_agenda.close()

    assert cast(voter, open_agenda.poll, "tree", key=key) == first
    with pytest.raises(PollClosed):
        cast(voter, open_agenda.poll, "tree")


def test_the_same_key_of_two_voters_is_two_ballots(open_agenda):
    key = secrets.token_urlsafe(24)
    for voter in open_agenda.voters[:2]:
        cast(voter, open_agenda.poll, "tree", key=key)
    assert len(envelopes(open_agenda)) == 2


@pytest.mark.parametrize("key", ["", "short", "x" * 201, "열쇠" * 10, "a\nb" * 10])
def test_a_key_that_could_meet_another_by_chance_is_refused(open_agenda, key):
    with pytest.raises(IdempotencyKeyUnusable):
        cast(open_agenda.voters[0], open_agenda.poll, "tree", key=key or " ")


def test_the_record_holds_neither_the_key_nor_the_choice(open_agenda):
    key = secrets.token_urlsafe(24)
    cast(open_agenda.voters[0], open_agenda.poll, "tree", key=key)

    record = db.session.scalars(sa.select(CastRecord)).one()
    stored = " ".join(str(getattr(record, column.key)) for column in sa.inspect(CastRecord).columns)
    assert key not in stored
    assert "tree" not in stored


@pytest.mark.parametrize("offset", [timedelta(days=-2), timedelta(days=3), timedelta(days=3, microseconds=1)])
def test_the_database_clock_decides_about_opening_and_closing(open_agenda, offset):
    moment = open_agenda.poll.opens_at + timedelta(days=1) + offset
    refusal = PollNotOpenYet if offset < timedelta(0) else PollClosed
    with database_clock(lambda: moment), pytest.raises(refusal):
        cast(open_agenda.voters[0], open_agenda.poll, "tree")
    assert envelopes(open_agenda) == []


def test_the_last_moment_counts_and_the_first_too(open_agenda):
    poll = open_agenda.poll
    for voter, moment in zip(
        open_agenda.voters, [poll.opens_at, poll.closes_at - timedelta(microseconds=1)], strict=False
    ):
        with database_clock(lambda moment=moment: moment):
            cast(voter, poll, "tree")
    assert len(envelopes(open_agenda)) == 2


def test_the_end_of_the_phase_closes_the_poll_before_its_own_time(open_agenda):
    poll = open_agenda.poll
    phase = db.session.get_one(RoundPhase, (poll.region_id, poll.round_id, Phase.AGENDA_VOTE))
    phase.ends_at = poll.closes_at - timedelta(days=1)
    db.session.flush()
    with database_clock(lambda: phase.ends_at), pytest.raises(PollClosed):
        cast(open_agenda.voters[0], poll, "tree")


def test_somebody_who_is_no_confirmed_resident_is_refused_and_nothing_is_stored(open_agenda):
    with pytest.raises(NotOnRoll):
        cast(make_person(), open_agenda.poll, "tree")
    assert envelopes(open_agenda) == []


def test_somebody_confirmed_after_freezing_gets_a_dated_entry_with_the_ballot(open_agenda):
    late = make_resident(open_agenda.region.id)
    moment = open_agenda.poll.opens_at + timedelta(days=2)
    with database_clock(lambda: moment):
        cast(late, open_agenda.poll, "tree")

    entry = db.session.get_one(RollEntry, (open_agenda.region.id, open_agenda.poll.id, late.id))
    assert entry.added_at == moment
    assert entry.channel is Channel.WEB


def test_who_is_on_the_roll_may_vote_even_if_the_residency_ran_out_since(open_agenda):
    actor = actor_for(open_agenda.voters[0])
    without = type(actor)(actor.person_id, actor.name)
    assert not without.residencies
    cast(without, open_agenda.poll, "tree")
    assert len(envelopes(open_agenda)) == 1


def test_a_draft_and_a_poll_of_another_region_take_no_ballots(open_agenda, open_budget):
    draft = make_agenda_draft(open_agenda.region)
    with pytest.raises(UnknownPoll):
        cast(open_agenda.voters[0], draft, "tree")
    elsewhere = Poll(region_id=open_budget.region.id, id=open_agenda.poll.id)
    with pytest.raises(UnknownPoll):
        cast(open_agenda.voters[0], elsewhere, "tree")


@pytest.mark.parametrize(
    ("chosen", "refusal"),
    [([], TooFewChoices), (["lamp", "tree", "bench"], TooManyChoices), (["moon"], UnknownOption)],
)
def test_a_ballot_that_breaks_a_rule_is_refused_and_the_earlier_one_stays(open_agenda, chosen, refusal):
    voter = open_agenda.voters[0]
    cast(voter, open_agenda.poll, "tree")
    with pytest.raises(refusal):
        cast(voter, open_agenda.poll, *chosen)
    assert unsealed(open_agenda, envelopes(open_agenda)[0]) == '["tree"]'


def test_a_budget_ballot_above_the_limit_is_refused_and_one_at_the_limit_is_taken(open_budget):
    voter = open_budget.voters[0]
    with pytest.raises(CostSumTooHigh):
        cast(voter, open_budget.poll, "road", "park")
    cast(voter, open_budget.poll, "road", "book")
    assert unsealed(open_budget, envelopes(open_budget)[0]) == '["book","road"]'


def test_every_envelope_of_a_poll_is_equally_long(open_agenda):
    for voter, chosen in zip(open_agenda.voters, [("lamp",), ("tree", "ramp"), ("bench", "lamp")], strict=False):
        cast(voter, open_agenda.poll, *chosen)
    assert len({len(envelope.sealed) for envelope in envelopes(open_agenda)}) == 1


@pytest.mark.parametrize("options", [4, 60])
def test_a_cast_takes_six_statements_however_many_options_there_are(session, key_folder, count_queries, options):
    region = make_region()
    actor = actor_for(make_resident(region.id))
    offered = [(f"p{number}", f"사업 {number}", 1) for number in range(options)]
    poll = freeze(make_budget_draft(region, options=offered), region, key_folder)
    session.commit()
    target = Poll(region_id=poll.region_id, id=poll.id)
    with count_queries() as statements:
        cast(actor, target, *(key for key, _, _ in offered[: options // 2]))
    assert len(statements) == 6, statements


def test_a_residency_that_was_withdrawn_after_the_page_was_loaded_does_not_help_somebody_onto_the_roll(open_agenda):
    late = make_resident(open_agenda.region.id)
    actor = actor_for(late)
    db.session.execute(sa.delete(Residency).where(Residency.person_id == late.id))
    assert actor.is_resident_of(open_agenda.region.id)
    with pytest.raises(NotOnRoll):
        cast(actor, open_agenda.poll, "tree")
