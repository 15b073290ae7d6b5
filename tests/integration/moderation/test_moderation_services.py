"""Moderation with a database: reports, claims, decisions, what is told and recorded."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.moderation.errors import (
    AlreadyReported,
    CaseAlreadyDecided,
    CaseClaimed,
    NothingToRestore,
    OwnContribution,
    UnknownSubject,
)
from civicvote.domain.moderation.kinds import CaseState, DecisionAction, ReportReason, SubjectKind
from civicvote.domain.moderation.models import Decision, ModerationCase
from civicvote.domain.moderation.queries import hiding_of, public_log, queue, week_figures
from civicvote.domain.moderation.services import claim_case, decide_case, report_content
from civicvote.domain.notifications.models import Notification, OutboxMessage
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.regions.models import Region
from civicvote.domain.threads.models import Thread
from civicvote.domain.threads.services import post_comment
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor, NotPermitted
from civicvote.kernel.permissions import Role
from civicvote.kernel.visibility import Visibility
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_proposal, thread_of


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def proposal(region: Region) -> Proposal:
    return make_proposal(make_round(region))


@pytest.fixture
def thread(proposal: Proposal) -> Thread:
    return thread_of(proposal)


@pytest.fixture
def moderator(region: Region) -> Actor:
    return actor_for(make_officer(region.id, Role.MODERATOR))


def _report(subject: Any, kind: SubjectKind, actor: Actor | None = None) -> ModerationCase:
    return report_content(
        actor=actor or actor_for(make_person()),
        region_id=subject.region_id,
        kind=kind,
        subject_id=subject.id,
        reason=ReportReason.ABUSE,
    )


def _decide(case: ModerationCase, actor: Actor, action: DecisionAction) -> Decision:
    return decide_case(
        actor=actor,
        slug="testville",
        region_id=case.region_id,
        case_id=case.id,
        action=action,
        reason=ReportReason.ABUSE,
        facts="이웃을 모욕하는 표현입니다.",
    )


def test_reports_gather_in_one_case_and_one_person_counts_once(proposal: Proposal) -> None:
    reporter = actor_for(make_person())
    case = _report(proposal, SubjectKind.PROPOSAL, reporter)
    assert _report(proposal, SubjectKind.PROPOSAL).id == case.id
    with pytest.raises(AlreadyReported):
        _report(proposal, SubjectKind.PROPOSAL, reporter)
    assert case.report_count == 2


def test_nobody_reports_or_judges_their_own_words(region: Region, thread: Thread, moderator: Actor) -> None:
    own = post_comment(actor=moderator, thread=thread, body="내 말")
    with pytest.raises(OwnContribution):
        _report(own, SubjectKind.COMMENT, moderator)
    case = _report(own, SubjectKind.COMMENT)
    for act in (
        lambda: claim_case(actor=moderator, region_id=region.id, case_id=case.id),
        lambda: _decide(case, moderator, DecisionAction.KEEP),
    ):
        with pytest.raises(OwnContribution):
            act()
    assert db.session.query(Decision).count() == 0


def test_only_moderators_of_the_region_decide(proposal: Proposal) -> None:
    case = _report(proposal, SubjectKind.PROPOSAL)
    elsewhere = actor_for(make_officer(make_region().id, Role.MODERATOR))
    for actor in (actor_for(make_person()), elsewhere):
        with pytest.raises(NotPermitted):
            _decide(case, actor, DecisionAction.HIDE)
    assert proposal.visibility is Visibility.VISIBLE


def test_hiding_tells_the_author_keeps_the_counts_and_is_audited(
    region: Region, thread: Thread, moderator: Actor
) -> None:
    author = make_person()
    comment = post_comment(actor=actor_for(author), thread=thread, body="심한 말")
    case = _report(comment, SubjectKind.COMMENT)
    _decide(case, moderator, DecisionAction.HIDE)
    db.session.expire_all()
    assert (comment.visibility, comment.body, thread.comment_count) == (Visibility.HIDDEN, "심한 말", 0)
    message, mail = db.session.query(Notification).one(), db.session.query(OutboxMessage).one()
    assert (message.person_id, mail.address) == (author.id, author.email)
    assert message.params == {
        "what": "comment",
        "excerpt": "심한 말",
        "reason": "abuse",
        "facts": "이웃을 모욕하는 표현입니다.",
    }
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert (entry.verb, entry.actor_id, entry.subject) == (
        "content:hide",
        moderator.person_id,
        f"comment:{comment.id}",
    )
    with pytest.raises(UnknownSubject):
        _report(comment, SubjectKind.COMMENT)


def test_keeping_tells_nobody_and_a_new_report_opens_the_case_again(
    region: Region, proposal: Proposal, moderator: Actor
) -> None:
    case = _report(proposal, SubjectKind.PROPOSAL)
    _decide(case, moderator, DecisionAction.KEEP)
    assert db.session.query(Notification).count() == 0
    assert queue(moderator, region.id).items == []
    _report(proposal, SubjectKind.PROPOSAL)
    assert [row.id for row in queue(moderator, region.id).items] == [case.id]
    assert case.state is CaseState.OPEN


def test_the_second_decision_is_a_conflict(region: Region, proposal: Proposal, moderator: Actor) -> None:
    case = _report(proposal, SubjectKind.PROPOSAL)
    _decide(case, moderator, DecisionAction.KEEP)
    second = actor_for(make_officer(region.id, Role.MODERATOR))
    with pytest.raises(CaseAlreadyDecided):
        _decide(case, second, DecisionAction.HIDE)
    assert proposal.visibility is Visibility.VISIBLE
    with pytest.raises(NothingToRestore):
        _decide(case, second, DecisionAction.RESTORE)


def test_a_claim_keeps_others_out_for_fifteen_minutes(region: Region, proposal: Proposal, moderator: Actor) -> None:
    case = _report(proposal, SubjectKind.PROPOSAL)
    claim_case(actor=moderator, region_id=region.id, case_id=case.id)
    second = actor_for(make_officer(region.id, Role.MODERATOR))
    with pytest.raises(CaseClaimed) as refused:
        _decide(case, second, DecisionAction.HIDE)
    assert refused.value.params["name"] == moderator.name
    with clock.frozen_at(clock.now() + timedelta(minutes=15)):
        _decide(case, second, DecisionAction.HIDE)
    assert proposal.visibility is Visibility.HIDDEN


def test_restoring_brings_it_back_and_the_log_tells_both(region: Region, proposal: Proposal, moderator: Actor) -> None:
    case = _report(proposal, SubjectKind.PROPOSAL)
    _decide(case, moderator, DecisionAction.HIDE)
    hiding = hiding_of(region.id, SubjectKind.PROPOSAL, proposal.id)
    assert hiding is not None
    assert hiding.reason is ReportReason.ABUSE
    _decide(case, moderator, DecisionAction.RESTORE)
    assert proposal.visibility is Visibility.VISIBLE
    assert [entry.action for entry in public_log(region.id).items] == [DecisionAction.RESTORE, DecisionAction.HIDE]
    kinds = [message.kind.value for message in db.session.scalars(sa.select(Notification).order_by(Notification.id))]
    assert kinds == ["content_hidden", "content_restored"]


def test_the_weeks_figures_count_decisions_and_waits(region: Region, proposal: Proposal, moderator: Actor) -> None:
    case = _report(proposal, SubjectKind.PROPOSAL)
    with clock.frozen_at(clock.now() + timedelta(hours=5)):
        _decide(case, moderator, DecisionAction.HIDE)
        figures = week_figures(region.id)
    assert (figures.decided, figures.hidden, figures.kept, figures.median_hours) == (1, 1, 0, 5)
    with clock.frozen_at(clock.now() + timedelta(days=8)):
        assert week_figures(region.id).decided == 0
