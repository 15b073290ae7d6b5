"""What happens at the same moment, on PostgreSQL, where both really run at once: decisions, endorsements, replies."""

from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from civicvote.db import db, unit_of_work
from civicvote.domain.moderation.errors import CaseAlreadyDecided
from civicvote.domain.moderation.kinds import DecisionAction, ReportReason, SubjectKind
from civicvote.domain.moderation.models import Decision
from civicvote.domain.moderation.services import decide_case, report_content
from civicvote.domain.proposals.models import Endorsement, Proposal
from civicvote.domain.proposals.services import endorse
from civicvote.domain.threads.models import Comment, Thread
from civicvote.domain.threads.services import post_comment, set_comment_visibility
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Role
from civicvote.kernel.visibility import Visibility
from tests.factories.at_once import at_once
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_proposal, thread_of

pytestmark = pytest.mark.postgres
RACES = 8


def test_of_two_moderators_at_once_the_second_is_told(app_with_connections: Flask) -> None:
    app = app_with_connections
    for _ in range(RACES):
        with app.app_context(), unit_of_work():
            region = make_region()
            proposal = make_proposal(make_round(region))
            case = report_content(
                actor=actor_for(make_person()),
                region_id=region.id,
                kind=SubjectKind.PROPOSAL,
                subject_id=proposal.id,
                reason=ReportReason.SPAM,
            )
            moderators = [actor_for(make_officer(region.id, Role.MODERATOR)) for _each in range(2)]
            region_id, case_id = region.id, case.id
        decide = partial(
            decide_case,
            slug="testville",
            region_id=region_id,
            case_id=case_id,
            reason=ReportReason.SPAM,
            facts="광고입니다.",
        )
        errors = at_once(
            app,
            partial(decide, actor=moderators[0], action=DecisionAction.HIDE),
            partial(decide, actor=moderators[1], action=DecisionAction.KEEP),
        )
        assert [type(error) for error in errors] == [CaseAlreadyDecided]
        with app.app_context():
            decided = sa.select(sa.func.count()).select_from(Decision).where(Decision.case_id == case_id)
            assert db.session.scalar(decided) == 1


def test_endorsements_at_once_are_all_counted_and_each_person_once(app_with_connections: Flask) -> None:
    app = app_with_connections
    with app.app_context(), unit_of_work():
        proposal = make_proposal(make_round(make_region()))
        key = (proposal.region_id, proposal.id)
        people = [actor_for(make_person()) for _each in range(4)]

    def like(actor: Actor) -> None:
        endorse(actor=actor, proposal=db.session.get_one(Proposal, key))

    assert at_once(app, *(partial(like, actor) for actor in people * 2)) == []
    with app.app_context():
        stored = sa.select(sa.func.count()).select_from(Endorsement).where(Endorsement.proposal_id == key[1])
        assert db.session.scalar(stored) == 4
        assert db.session.get_one(Proposal, key).endorsement_count == 4


def _reply(actor: Actor, key: tuple[int, int], parent_id: int) -> None:
    post_comment(actor=actor, thread=db.session.get_one(Thread, key), body="답", parent_id=parent_id)


def test_replies_and_hiding_at_once_keep_the_counts_and_never_wait_in_a_ring(app_with_connections: Flask) -> None:
    app = app_with_connections
    for _ in range(RACES):
        with app.app_context(), unit_of_work():
            proposal, actor = make_proposal(make_round(make_region())), actor_for(make_person())
            root = post_comment(actor=actor, thread=thread_of(proposal), body="처음")
            region_id, thread_id, root_id = proposal.region_id, proposal.thread_id, root.id

        reply = partial(_reply, actor, (region_id, thread_id), root_id)
        hide = partial(set_comment_visibility, region_id=region_id, comment_id=root_id, visibility=Visibility.HIDDEN)
        errors = at_once(app, reply, hide, reply)
        posted = 2 - len(errors)
        assert {type(error).__name__ for error in errors} <= {"CommentTakenAway"}
        with app.app_context():
            assert db.session.get_one(Thread, (region_id, thread_id)).comment_count == posted
            assert db.session.get_one(Comment, (region_id, root_id)).reply_count == posted
