"""The ladder climbed: reached once, kept, told to those who owe; a forum fixed; what is owed, in order."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.models import Notification, OutboxMessage
from civicvote.domain.proposals.errors import (
    ForumDateUnlikely,
    ForumDetailUnusable,
    ProposalTakenAway,
    StepNotReached,
)
from civicvote.domain.proposals.models import Proposal, ReachedStep
from civicvote.domain.proposals.news import News
from civicvote.domain.proposals.queries_ladder import owed_answers, support_of
from civicvote.domain.proposals.services import endorse, withdraw_endorsement
from civicvote.domain.proposals.services_following import follow
from civicvote.domain.proposals.services_ladder import fix_forum, reach_steps
from civicvote.domain.proposals.states import LadderStep, ProposalState
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.kernel import clock
from civicvote.kernel.actor import NotPermitted
from civicvote.kernel.permissions import Role
from civicvote.kernel.visibility import Visibility
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_many_proposals, make_proposal
from tests.factories.voices import make_endorsements, make_owed


@pytest.fixture
def region(session: Session) -> Region:
    return make_region()


@pytest.fixture
def round_(region: Region) -> Round:
    made = make_round(region)
    made.rules = {"ladder_department_answers": 3, "ladder_forum": 5, "ladder_mayor_answers": 8}
    return made


@pytest.fixture
def proposal(round_: Round) -> Proposal:
    return make_proposal(round_, make_person("느티나무"))


def _steps(proposal: Proposal) -> list[LadderStep]:
    return [
        row.step
        for row in db.session.scalars(sa.select(ReachedStep).order_by(ReachedStep.id))
        if row.proposal_id == proposal.id
    ]


def _messages(person: Person) -> list[tuple[NotificationKind, str]]:
    rows = db.session.scalars(
        sa.select(Notification).where(Notification.person_id == person.id).order_by(Notification.id)
    )
    return [(row.kind, row.params.get("news") or row.params.get("step") or "") for row in rows]


def test_the_endorsement_that_fills_a_step_reaches_it(proposal: Proposal) -> None:
    make_endorsements(proposal, 1)
    endorse(actor=actor_for(make_person()), proposal=proposal)
    assert _steps(proposal) == []
    endorse(actor=actor_for(make_person()), proposal=proposal)
    assert _steps(proposal) == [LadderStep.DEPARTMENT_ANSWERS]
    row = db.session.query(ReachedStep).one()
    assert (row.endorsement_count, row.fulfilled_at) == (3, None)


def test_a_step_stays_reached_and_is_told_once_however_often_it_is_crossed(region: Region, proposal: Proposal) -> None:
    reviewer = make_officer(region.id, Role.REVIEWER)
    make_endorsements(proposal, 2)
    undecided = actor_for(make_person())
    for _ in range(3):
        endorse(actor=undecided, proposal=proposal)
        withdraw_endorsement(actor=undecided, proposal=proposal)
    assert proposal.endorsement_count == 2
    assert _steps(proposal) == [LadderStep.DEPARTMENT_ANSWERS]
    assert _messages(reviewer) == [(NotificationKind.ANSWER_OWED, "department_answers")]


def test_those_who_owe_hear_by_message_and_mail_the_author_and_followers_by_message(
    region: Region, proposal: Proposal
) -> None:
    reviewer, administrator = (make_officer(region.id, role) for role in (Role.REVIEWER, Role.ADMINISTRATOR))
    both = make_officer(region.id, Role.REVIEWER, Role.ADMINISTRATOR)
    moderator, elsewhere = make_officer(region.id, Role.MODERATOR), make_officer(make_region().id, Role.REVIEWER)
    follower = make_person()
    for person in (follower, both):
        follow(actor=actor_for(person), proposal=proposal)
    make_endorsements(proposal, 2)
    endorse(actor=actor_for(make_person()), proposal=proposal)
    owed = [(NotificationKind.ANSWER_OWED, "department_answers")]
    assert [_messages(person) for person in (reviewer, administrator, both)] == [owed] * 3
    assert _messages(moderator) == _messages(elsewhere) == []
    author = db.session.get_one(Person, proposal.author_id)
    told = [(NotificationKind.FOLLOWED_PROPOSAL, News.DEPARTMENT_OWES)]
    assert _messages(follower) == _messages(author) == told
    mails = set(db.session.scalars(sa.select(OutboxMessage.address)))
    assert mails == {reviewer.email, administrator.email, both.email}


def test_a_leap_reaches_every_step_on_its_way_and_only_what_is_new(proposal: Proposal, round_: Round) -> None:
    make_endorsements(proposal, 6)
    assert reach_steps(proposal=proposal, round=round_) == [LadderStep.DEPARTMENT_ANSWERS, LadderStep.FORUM]
    assert reach_steps(proposal=proposal, round=round_) == []
    make_endorsements(proposal, 2)
    assert reach_steps(proposal=proposal, round=round_) == [LadderStep.MAYOR_ANSWERS]


def test_a_round_without_a_ladder_owes_nothing(proposal: Proposal, round_: Round) -> None:
    round_.rules = {"ladder_department_answers": 0, "ladder_forum": 0, "ladder_mayor_answers": 0}
    make_endorsements(proposal, 5000 // 100)
    endorse(actor=actor_for(make_person()), proposal=proposal)
    assert _steps(proposal) == []


def test_endorsing_costs_as_much_as_before_unless_it_fills_a_step(proposal: Proposal, count_queries: Any) -> None:
    make_endorsements(proposal, 3)
    actor = actor_for(make_person())
    db.session.commit()
    with count_queries() as queries:
        endorse(actor=actor, proposal=proposal)
    ladder = [each for each in queries if "reached_steps" in each]
    assert ladder == []


def test_a_forum_is_fixed_by_those_who_answer_with_day_place_and_note(region: Region, proposal: Proposal) -> None:
    reviewer = actor_for(make_officer(region.id, Role.REVIEWER))
    make_owed(proposal, LadderStep.FORUM)
    author = db.session.get_one(Person, proposal.author_id)
    day = clock.today() + timedelta(days=20)
    step = fix_forum(actor=reviewer, proposal=proposal, held_on=day, place=" 시청 2층 ", note="**누구나** 오십시오.")
    assert (step.held_on, step.place, step.fulfilled_at is not None) == (day, "시청 2층", True)
    assert "<strong>누구나</strong>" in step.note_html
    assert _messages(author) == [(NotificationKind.FOLLOWED_PROPOSAL, News.FORUM_FIXED)]
    first = step.fulfilled_at
    fix_forum(actor=reviewer, proposal=proposal, held_on=day + timedelta(days=1), place="시청 3층", note="")
    assert (step.place, step.fulfilled_at) == ("시청 3층", first)
    entries = db.session.scalars(sa.select(AuditEntry.verb).where(AuditEntry.region_id == region.id)).all()
    assert list(entries) == ["voice:forum", "voice:forum"]


def test_a_forum_needs_its_step_a_right_a_likely_day_and_a_place(region: Region, proposal: Proposal) -> None:
    reviewer = actor_for(make_officer(region.id, Role.REVIEWER))
    day = clock.today()
    given: dict[str, Any] = {"proposal": proposal, "held_on": day, "place": "시청", "note": ""}
    with pytest.raises(StepNotReached):
        fix_forum(actor=reviewer, **given)
    make_owed(proposal, LadderStep.FORUM)
    with pytest.raises(NotPermitted):
        fix_forum(actor=actor_for(make_officer(region.id, Role.EXPERT)), **given)
    for held_on in (None, day + timedelta(days=400)):
        with pytest.raises(ForumDateUnlikely):
            fix_forum(actor=reviewer, **{**given, "held_on": held_on})
    with pytest.raises(ForumDetailUnusable):
        fix_forum(actor=reviewer, **{**given, "place": "  "})
    proposal.visibility = Visibility.HIDDEN
    db.session.flush()
    with pytest.raises(ProposalTakenAway):
        fix_forum(actor=reviewer, **given)
    assert db.session.query(ReachedStep).one().fulfilled_at is None


def test_what_is_owed_stands_by_the_time_it_waits_and_only_what_readers_see(region: Region, round_: Round) -> None:
    oldest, newer, hidden, merged, answered = (make_proposal(round_) for _ in range(5))
    for proposal in (oldest, newer, hidden, merged):
        make_owed(proposal, days=3)
    make_owed(answered).fulfilled_at = clock.now()
    hidden.visibility, merged.state = Visibility.HIDDEN, ProposalState.MERGED
    make_owed(oldest, LadderStep.FORUM)
    db.session.flush()
    owed = owed_answers(region.id).items
    assert [(each.proposal.id, each.step.step) for each in owed] == [
        (oldest.id, LadderStep.DEPARTMENT_ANSWERS),
        (newer.id, LadderStep.DEPARTMENT_ANSWERS),
        (oldest.id, LadderStep.FORUM),
    ]
    assert owed[0].days_waited == 3


@pytest.mark.parametrize("number", [60, 2000])
def test_what_is_owed_is_one_statement_a_page_and_complete(
    region: Region, round_: Round, count_queries: Any, number: int
) -> None:
    make_many_proposals(round_, make_person(), number)
    for proposal in db.session.query(Proposal).order_by(Proposal.id):
        make_owed(proposal)
    seen, cursor = [], None
    while True:
        with count_queries() as queries:
            page = owed_answers(region.id, cursor=cursor, size=200)
        assert len(queries) == 1
        seen += [each.step.id for each in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == number == len(set(seen))
    assert seen == sorted(seen)


def test_the_readers_support_and_the_steps_are_one_statement(proposal: Proposal, count_queries: Any) -> None:
    actor = actor_for(make_person())
    follow(actor=actor, proposal=proposal)
    for step in LadderStep:
        make_owed(proposal, step)
    with count_queries() as queries:
        support = support_of(actor, proposal.region_id, proposal.id)
        visitor = support_of(None, proposal.region_id, proposal.id)
    assert len(queries) == 2
    assert (support.endorses, support.follows, support.is_co_author) == (False, True, False)
    assert (visitor.endorses, visitor.follows) == (False, False)
    assert [row.step for row in support.steps] == [row.step for row in visitor.steps] == list(LadderStep)
