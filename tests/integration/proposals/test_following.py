"""Following a proposal: who hears what, at what cost, and how one stops."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.lifecycle.services_closing import leave
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.models import Notification, OutboxMessage
from civicvote.domain.proposals.errors import ProposalMerged, ProposalTakenAway
from civicvote.domain.proposals.models import CoAuthor, Follow, Proposal, ReachedStep
from civicvote.domain.proposals.news import News
from civicvote.domain.proposals.services import set_proposal_state, set_proposal_visibility
from civicvote.domain.proposals.services_following import follow, mark_followed_seen, tell_followers, unfollow
from civicvote.domain.proposals.states import CoAuthorState, LadderStep, ProposalState
from civicvote.domain.regions.models import Region
from civicvote.domain.reporting.queries_follows import followed_by
from civicvote.domain.rounds.models import Round
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.kernel import clock, ids
from civicvote.kernel.visibility import Visibility
from tests.factories.merges import merge
from tests.factories.people import actor_for, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_proposal, thread_of
from tests.factories.voices import make_endorsements, make_followers, make_voice


@pytest.fixture
def region(session: Session) -> Region:
    return make_region()


@pytest.fixture
def round_(region: Region) -> Round:
    return make_round(region)


@pytest.fixture
def proposal(round_: Round) -> Proposal:
    return make_proposal(round_)


def _told(kind: NotificationKind = NotificationKind.FOLLOWED_PROPOSAL) -> list[int]:
    return sorted(db.session.scalars(sa.select(Notification.person_id).where(Notification.kind == kind)))


def _tell(proposal: Proposal, *but: int) -> None:
    tell_followers(
        region_id=proposal.region_id,
        proposal_id=proposal.id,
        kind=NotificationKind.FOLLOWED_PROPOSAL,
        params={"title": proposal.title, "news": News.ANSWERED.value},
        path="/regions/somewhere",
        except_person_ids=but,
    )


def test_following_twice_is_following_once_and_stopping_twice_is_fine(proposal: Proposal) -> None:
    actor = actor_for(make_person())
    assert follow(actor=actor, proposal=proposal)
    assert not follow(actor=actor, proposal=proposal)
    assert db.session.query(Follow).count() == 1
    assert unfollow(actor=actor, proposal=proposal)
    assert not unfollow(actor=actor, proposal=proposal)
    assert db.session.query(Follow).count() == 0


def test_what_readers_do_not_see_can_not_be_followed_but_anybody_can_stop(proposal: Proposal) -> None:
    actor = actor_for(make_person())
    follow(actor=actor, proposal=proposal)
    proposal.visibility = Visibility.HIDDEN
    db.session.flush()
    with pytest.raises(ProposalTakenAway):
        follow(actor=actor_for(make_person()), proposal=proposal)
    assert unfollow(actor=actor, proposal=proposal)
    proposal.visibility, proposal.state = Visibility.VISIBLE, ProposalState.MERGED
    db.session.flush()
    with pytest.raises(ProposalMerged):
        follow(actor=actor, proposal=proposal)


def test_followers_author_and_those_who_sign_hear_once_each(proposal: Proposal) -> None:
    follower, signer, invited, stranger = (make_person() for _ in range(4))
    for person, state in ((signer, CoAuthorState.ACCEPTED), (invited, CoAuthorState.INVITED)):
        db.session.add(
            CoAuthor(
                region_id=proposal.region_id,
                proposal_id=proposal.id,
                person_id=person.id,
                state=state,
                invited_at=clock.now(),
            )
        )
    make_followers(proposal, [follower.id, signer.id, proposal.author_id])
    _tell(proposal)
    assert _told() == sorted([follower.id, signer.id, proposal.author_id])
    assert stranger.id not in _told()
    assert db.session.query(OutboxMessage).count() == 0, "no mail for what happens on the site"


def test_author_and_those_who_sign_need_not_follow_and_do_not(proposal: Proposal) -> None:
    signer, invited = make_person(), make_person()
    for person, state in ((signer, CoAuthorState.ACCEPTED), (invited, CoAuthorState.INVITED)):
        db.session.add(
            CoAuthor(
                region_id=proposal.region_id,
                proposal_id=proposal.id,
                person_id=person.id,
                state=state,
                invited_at=clock.now(),
            )
        )
    for own in (db.session.get_one(Person, proposal.author_id), signer):
        assert not follow(actor=actor_for(own), proposal=proposal)
    assert db.session.query(Follow).count() == 0
    assert follow(actor=actor_for(invited), proposal=proposal)


def test_whoever_did_it_is_not_told(proposal: Proposal) -> None:
    follower = make_person()
    make_followers(proposal, [follower.id])
    _tell(proposal, follower.id)
    assert _told() == [proposal.author_id]


def test_a_message_of_many_can_be_read_like_any_other(proposal: Proposal) -> None:
    make_followers(proposal, [make_person().id])
    _tell(proposal)
    message = db.session.query(Notification).filter_by(person_id=proposal.author_id).one()
    assert message.params == {"title": proposal.title, "news": "answered"}
    assert (message.path, message.read_at) == ("/regions/somewhere", None)


@pytest.mark.parametrize("number", [3, 5000])
def test_five_thousand_followers_are_one_statement(proposal: Proposal, count_queries: Any, number: int) -> None:
    people = [
        {
            "id": ids.new_id(),
            "email": f"follower{place}@example.org",
            "display_name": "주민",
            "password_hash": "!",
            "locale": "ko",
            "created_at": clock.now(),
        }
        for place in range(number)
    ]
    db.session.execute(sa.insert(Person), people)
    make_followers(proposal, [int(str(person["id"])) for person in people])
    with count_queries() as queries:
        _tell(proposal)
    assert len(queries) == 1
    assert len(_told()) == number + 1


def test_states_are_told_when_they_change_and_not_again(region: Region, proposal: Proposal) -> None:
    follower = make_person()
    make_followers(proposal, [follower.id])

    def news() -> list[str]:
        rows = db.session.scalars(
            sa.select(Notification).where(Notification.person_id == follower.id).order_by(Notification.id)
        )
        return [row.params["news"] for row in rows]

    for state in (ProposalState.ON_BALLOT, ProposalState.ON_BALLOT, ProposalState.SELECTED, ProposalState.SELECTED):
        set_proposal_state(region_id=region.id, proposal_ids=[proposal.id], state=state)
    assert news() == [News.ON_BALLOT, News.SELECTED]
    author = [row.params["news"] for row in db.session.query(Notification).filter_by(person_id=proposal.author_id)]
    assert author == [News.ON_BALLOT], "the agenda tells authors of their selection in words of its own"


def test_what_becomes_of_a_hidden_proposal_is_told_to_nobody(region: Region, proposal: Proposal) -> None:
    follower = make_person()
    make_followers(proposal, [follower.id])
    set_proposal_visibility(region_id=region.id, proposal_id=proposal.id, visibility=Visibility.HIDDEN)
    set_proposal_state(region_id=region.id, proposal_ids=[proposal.id], state=ProposalState.ON_BALLOT)
    assert _told() == [], "a message would carry the title"
    set_proposal_visibility(region_id=region.id, proposal_id=proposal.id, visibility=Visibility.VISIBLE)
    set_proposal_state(region_id=region.id, proposal_ids=[proposal.id], state=ProposalState.SELECTED)
    assert _told() == [follower.id]


def test_what_is_new_counts_from_following_or_from_having_seen_it(proposal: Proposal) -> None:
    actor = actor_for(make_person())
    thread_of(proposal).comment_count = 4
    db.session.flush()
    follow(actor=actor, proposal=proposal)
    (followed,) = followed_by(actor).items
    assert not followed.has_news
    thread_of(proposal).comment_count = 7
    make_voice(proposal)
    make_voice(proposal, VoiceKind.SUMMARY)
    (followed,) = followed_by(actor).items
    assert followed.has_news
    assert followed.new_comments == 3
    assert followed.answered_at is not None
    assert followed.summarised_at is not None
    mark_followed_seen(actor=actor)
    (followed,) = followed_by(actor).items
    assert not followed.has_news


def test_what_was_merged_is_followed_where_it_leads(round_: Round) -> None:
    actor = actor_for(make_person())
    merged, leading = make_proposal(round_), make_proposal(round_)
    make_followers(merged, [actor.person_id])
    make_followers(leading, [actor.person_id])
    merged.state, merged.merged_into_id = ProposalState.MERGED, leading.id
    db.session.flush()
    assert [each.proposal.id for each in followed_by(actor).items] == [leading.id]


@pytest.mark.parametrize("number", [60, 400])
def test_the_list_is_one_statement_a_page_and_complete(round_: Round, count_queries: Any, number: int) -> None:
    actor = actor_for(make_person())
    author = make_person()
    round_.rules = {"proposals_per_person": 100}
    made = []
    for place in range(number):
        if place % 100 == 0:
            author = make_person()
        made.append(make_proposal(round_, author))
    for proposal in made:
        make_followers(proposal, [actor.person_id])
    seen, cursor = [], None
    while True:
        with count_queries() as queries:
            page = followed_by(actor, cursor=cursor)
        assert len(queries) == 1
        seen += [each.proposal.id for each in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == sorted((proposal.id for proposal in made), reverse=True)


def test_whoever_leaves_follows_nothing_any_more(proposal: Proposal) -> None:
    person = make_person()
    make_followers(proposal, [person.id])
    leave(person_id=person.id)
    assert db.session.query(Follow).count() == 0


def test_followers_of_both_hear_once_that_two_became_one(round_: Round, proposal: Proposal) -> None:
    later = make_proposal(round_, title="도서관 길에 횡단보도를")
    both, one = make_person(), make_person()
    make_followers(proposal, [both.id])
    make_followers(later, [both.id, one.id])
    merge(proposal, later)
    told = db.session.query(Notification).filter_by(kind=NotificationKind.MERGE_NEWS)
    for person in (both, one):
        (message,) = told.filter_by(person_id=person.id)
        assert (message.params["news"], message.params["merged"]) == ("merged", later.title)
    authors = {proposal.author_id, later.author_id}
    assert told.filter(Notification.person_id.in_(authors), Notification.path.contains("/merges/")).count() >= 2
    assert {address for (address,) in db.session.query(OutboxMessage.address)}.isdisjoint({both.email, one.email})


def test_a_merge_climbs_the_ladder(round_: Round, proposal: Proposal) -> None:
    round_.rules = {"ladder_department_answers": 4}
    later = make_proposal(round_, title="도서관 길에 횡단보도를")
    make_endorsements(proposal, 2)
    make_endorsements(later, 3)
    merge(proposal, later)
    (step,) = db.session.query(ReachedStep)
    assert (step.proposal_id, step.step, step.endorsement_count) == (
        proposal.id,
        LadderStep.DEPARTMENT_ANSWERS,
        5,
    )
