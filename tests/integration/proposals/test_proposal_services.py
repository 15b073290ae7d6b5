"""Proposals with a database: rules of the round, endorsements, messages."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.notifications.models import Notification
from civicvote.domain.proposals.errors import ProposalSettled, ProposalTakenAway, TooManyProposals, UnknownField
from civicvote.domain.proposals.models import Endorsement, Proposal, ProposalVersion
from civicvote.domain.proposals.queries import round_of_thread
from civicvote.domain.proposals.queries_list import list_proposals
from civicvote.domain.proposals.services import (
    comment_on_proposal,
    edit_proposal,
    endorse,
    set_proposal_state,
    set_proposal_visibility,
    withdraw_endorsement,
    withdraw_proposal,
)
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.errors import PhaseClosed
from civicvote.domain.rounds.models import Round
from civicvote.kernel import clock
from civicvote.kernel.visibility import Visibility
from tests.factories.people import actor_for, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import BODY, SUMMARY, TITLE, make_proposal, thread_of


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def round_(region: Region) -> Round:
    return make_round(region)


def _later(days: int) -> Any:
    return clock.frozen_at(clock.now() + timedelta(days=days))


def test_a_proposal_needs_a_field_of_its_round(round_: Round) -> None:
    with pytest.raises(UnknownField):
        make_proposal(round_, field_key="space")


def test_one_person_posts_as_many_as_the_round_allows(round_: Round) -> None:
    round_.rules = {"proposals_per_person": 2}
    author = make_person()
    first = make_proposal(round_, author)
    make_proposal(round_, author)
    with pytest.raises(TooManyProposals):
        make_proposal(round_, author)
    withdraw_proposal(actor=actor_for(author), proposal=first)
    make_proposal(round_, author)
    make_proposal(round_)


def test_the_phase_decides_what_may_be_done(region: Region, round_: Round) -> None:
    author, reader = make_person(), actor_for(make_person())
    proposal = make_proposal(round_, author)
    texts = {"title": "고친 제목입니다", "summary": SUMMARY, "body": BODY, "field_key": "safety"}
    with _later(10):  # review
        endorse(actor=reader, proposal=proposal)
        with pytest.raises(PhaseClosed):
            make_proposal(round_)
        with pytest.raises(PhaseClosed):
            edit_proposal(actor=actor_for(author), proposal=proposal, based_on=1, **texts)
    with _later(30):  # agenda vote
        with pytest.raises(PhaseClosed):
            withdraw_endorsement(actor=reader, proposal=proposal)
        comment_on_proposal(
            actor=reader, slug=region.slug, proposal=proposal, thread=thread_of(proposal), body="투표 중의 댓글"
        )
    with _later(200), pytest.raises(PhaseClosed):
        comment_on_proposal(
            actor=reader, slug=region.slug, proposal=proposal, thread=thread_of(proposal), body="늦은 댓글"
        )
    assert (proposal.title, proposal.endorsement_count) == (TITLE, 1)


def test_endorsement_counts_match_the_table(round_: Round) -> None:
    proposal = make_proposal(round_)
    people = [actor_for(make_person()) for _ in range(3)]
    assert [endorse(actor=person, proposal=proposal) for person in (*people, people[0])] == [True, True, True, False]
    assert withdraw_endorsement(actor=people[1], proposal=proposal)
    assert not withdraw_endorsement(actor=people[1], proposal=proposal)
    stored = db.session.scalar(sa.select(sa.func.count()).select_from(Endorsement))
    assert (proposal.endorsement_count, stored) == (2, 2)


def test_what_is_on_a_ballot_or_hidden_does_not_change_under_peoples_hands(round_: Round) -> None:
    author = make_person()
    proposal = make_proposal(round_, author)
    set_proposal_state(region_id=proposal.region_id, proposal_ids=[proposal.id], state=ProposalState.ON_BALLOT)
    with pytest.raises(ProposalSettled):
        withdraw_proposal(actor=actor_for(author), proposal=proposal)
    set_proposal_visibility(region_id=proposal.region_id, proposal_id=proposal.id, visibility=Visibility.HIDDEN)
    with pytest.raises(ProposalTakenAway):
        endorse(actor=actor_for(make_person()), proposal=proposal)
    assert list_proposals(round_.region_id, round_.id).items == []


def test_an_edit_of_place_or_field_alone_is_a_version_and_no_change_is_none(round_: Round) -> None:
    author = make_person()
    proposal = make_proposal(round_, author)
    texts = {"title": TITLE, "summary": SUMMARY, "body": BODY}
    edit_proposal(actor=actor_for(author), proposal=proposal, based_on=1, field_key="welfare", place="새 장소", **texts)
    kept = db.session.query(ProposalVersion).one()
    assert (proposal.version, proposal.field_key, proposal.place) == (2, "welfare", "새 장소")
    assert (kept.number, kept.field_key, kept.place, kept.editor_id) == (1, "safety", "중앙로", author.id)
    edit_proposal(actor=actor_for(author), proposal=proposal, based_on=2, field_key="welfare", place="새 장소", **texts)
    assert (proposal.version, db.session.query(ProposalVersion).count()) == (2, 1)


def test_each_person_concerned_gets_one_message_and_nobody_about_oneself(region: Region, round_: Round) -> None:
    author, speaker, listener = make_person(), make_person("말한이"), make_person()
    proposal = make_proposal(round_, author)

    def say(person: Any, parent: Any = None) -> Any:
        return comment_on_proposal(
            actor=actor_for(person),
            slug=region.slug,
            proposal=proposal,
            thread=thread_of(proposal),
            body="말",
            parent_id=parent.id if parent else None,
        )

    root = say(speaker)
    say(listener, root)
    answer = say(author, root)
    say(speaker, answer)
    say(author)
    told = Counter((message.person_id, message.kind.value) for message in db.session.scalars(sa.select(Notification)))
    assert told == {
        (author.id, "comment_on_proposal"): 2,
        (speaker.id, "reply_to_comment"): 2,
        (author.id, "reply_to_comment"): 1,
    }


def test_a_thread_leads_to_the_round_that_opens_it(round_: Round) -> None:
    proposal: Proposal = make_proposal(round_)
    assert round_of_thread(round_.region_id, proposal.thread_id).id == round_.id
