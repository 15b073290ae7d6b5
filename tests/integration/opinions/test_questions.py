"""Opinion questions through their services: who opens, who answers when, and that every counter is exact."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.findable.models import Findable
from civicvote.domain.lifecycle.services_closing import leave
from civicvote.domain.notifications.models import Notification
from civicvote.domain.opinions.errors import (
    ClosesTooEarly,
    DuplicateStatement,
    QuestionAnswered,
    QuestionClosed,
    RefusalNeedsReason,
    StatementDecided,
    StatementTooLong,
    StatementTooShort,
    TooFewSeeds,
    TooManySeeds,
    TooManyWaiting,
    UnknownStatement,
)
from civicvote.domain.opinions.models import OpinionParticipant, OpinionQuestion, OpinionStatement, OpinionVote
from civicvote.domain.opinions.services import close_overdue_questions, close_question, edit_question, open_question
from civicvote.domain.opinions.services_answering import answer_statement
from civicvote.domain.opinions.services_statements import add_statement, decide_statement
from civicvote.domain.opinions.states import Answer, QuestionHost, QuestionState, StatementState
from civicvote.domain.regions.models import Region
from civicvote.domain.reporting.queries_person import everything_about
from civicvote.domain.rounds.errors import PhaseClosed
from civicvote.kernel import clock
from civicvote.kernel.actor import NotPermitted
from civicvote.kernel.permissions import Role
from civicvote.kernel.personal_data import PersonalNumber
from civicvote.kernel.phases import Phase
from tests.factories.opinions import SEEDS, make_question, statements_of
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_proposal


@pytest.fixture
def region(session: Session) -> Region:
    return make_region()


def counters(question: OpinionQuestion) -> list[tuple[int, int, int]]:
    return [(each.agree_count, each.disagree_count, each.pass_count) for each in statements_of(question)]


def recounted(session: Session, question: OpinionQuestion) -> list[tuple[int, int, int]]:
    """The counters that the votes themselves give."""
    counted = []
    for statement in statements_of(question):
        values = session.scalars(
            sa.select(OpinionVote.value).where(
                OpinionVote.region_id == question.region_id, OpinionVote.statement_id == statement.id
            )
        ).all()
        counted.append((values.count(1), values.count(-1), values.count(0)))
    return counted


def open_with(region: Region, **changed: Any) -> OpinionQuestion:
    given: dict[str, Any] = {
        "actor": actor_for(make_officer(region.id, Role.MODERATOR)),
        "region_id": region.id,
        "title": "밤 공원을 어떻게 쓸까요?",
        "introduction": "",
        "seeds": "\n".join(SEEDS),
        "closes_at": clock.now() + timedelta(days=1),
    }
    return open_question(**{**given, **changed})


def test_a_moderator_opens_a_question_and_it_stands_in_audit_and_search(session: Session, region: Region) -> None:
    question = make_question(region)
    assert (question.host, question.state, question.statement_count) == (QuestionHost.TOPIC, QuestionState.OPEN, 3)
    assert [(each.number, each.is_seed, each.state) for each in statements_of(question)] == [
        (number, True, StatementState.ACCEPTED) for number in (1, 2, 3)
    ]
    assert "<strong>먼저</strong>" in question.introduction_html
    verbs = session.scalars(sa.select(AuditEntry.verb).where(AuditEntry.region_id == region.id)).all()
    assert verbs == [AuditVerb.OPINION_OPEN]
    found = session.scalars(sa.select(Findable).where(Findable.subject_id == question.id)).one()
    assert found.kind is FindableKind.OPINION_QUESTION


def test_residents_open_none(session: Session, region: Region) -> None:
    with pytest.raises(NotPermitted):
        open_with(region, actor=actor_for(make_person()))


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"seeds": "하나만 있습니다.\n둘만 있습니다."}, TooFewSeeds),
        ({"seeds": "\n".join(f"생각 {number}번입니다." for number in range(51))}, TooManySeeds),
        ({"seeds": "같은 말입니다.\n다른 말입니다.\n같은  말입니다!"}, DuplicateStatement),
        ({"seeds": "\n".join([*SEEDS, "가" * 141])}, StatementTooLong),
        ({"seeds": "\n".join([*SEEDS, "네"])}, StatementTooShort),
        ({"seeds": "\n".join([*SEEDS, "제 번호는 850101-1234567"])}, PersonalNumber),
        ({"closes_at": clock.now() - timedelta(seconds=1)}, ClosesTooEarly),
    ],
)
def test_what_is_refused_when_opening(session: Session, region: Region, changed: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        open_with(region, **changed)


def test_a_proposals_question_follows_its_round(session: Session, region: Region) -> None:
    round_ = make_round(region)
    question = make_question(region, proposal=make_proposal(round_))
    assert (question.host, question.round_id) == (QuestionHost.PROPOSAL, round_.id)


def test_answers_are_counted_changed_and_taken_back_exactly(session: Session, region: Region) -> None:
    question = make_question(region)
    first, second, _third = statements_of(question)
    people = [actor_for(make_person()) for _ in range(3)]
    for actor, answers in zip(
        people,
        [
            [(first, Answer.AGREE), (second, Answer.PASS), (first, Answer.DISAGREE)],
            [(first, Answer.AGREE), (first, Answer.AGREE), (second, Answer.DISAGREE), (second, None)],
            [(second, Answer.AGREE)],
        ],
        strict=True,
    ):
        for statement, answer in answers:
            answer_statement(actor=actor, question=question, statement_id=statement.id, answer=answer)
            assert counters(question) == recounted(session, question)
    assert counters(question) == [(1, 1, 0), (1, 0, 1), (0, 0, 0)]
    participants = session.scalars(
        sa.select(OpinionParticipant)
        .where(OpinionParticipant.question_id == question.id)
        .order_by(OpinionParticipant.number)
        .execution_options(populate_existing=True)
    ).all()
    assert [(each.number, each.vote_count) for each in participants] == [(1, 2), (2, 1), (3, 1)]
    session.refresh(question)
    assert question.participant_count == 3
    assert question.vote_count == 7, "counts changes, but not the answer that was given twice"


def test_a_round_between_the_phases_takes_no_answers(session: Session, region: Region) -> None:
    question = make_question(region, round=make_round(region, Phase.AGENDA_VOTE))
    with pytest.raises(PhaseClosed):
        answer_statement(
            actor=actor_for(make_person()),
            question=question,
            statement_id=statements_of(question)[0].id,
            answer=Answer.AGREE,
        )


def test_closing_ends_it_and_is_audited(session: Session, region: Region) -> None:
    moderator = make_officer(region.id, Role.MODERATOR)
    question = make_question(region, moderator=moderator)
    statement = statements_of(question)[0]
    close_question(actor=actor_for(moderator), question=question)
    for act in (
        lambda: answer_statement(
            actor=actor_for(make_person()), question=question, statement_id=statement.id, answer=Answer.AGREE
        ),
        lambda: add_statement(actor=actor_for(make_person()), question=question, text="이제 와서 하는 말입니다."),
        lambda: close_question(actor=actor_for(moderator), question=question),
    ):
        with pytest.raises(QuestionClosed):
            act()
    assert counters(question)[0] == (0, 0, 0)
    verbs = session.scalars(
        sa.select(AuditEntry.verb).where(AuditEntry.region_id == region.id).order_by(AuditEntry.sequence)
    ).all()
    assert verbs == [AuditVerb.OPINION_OPEN, AuditVerb.OPINION_CLOSE]


def test_time_closes_too_and_the_job_writes_it_down(session: Session, region: Region) -> None:
    question = make_question(region, days=1)
    later = clock.now() + timedelta(days=2)
    with clock.frozen_at(later):
        with pytest.raises(QuestionClosed):
            answer_statement(
                actor=actor_for(make_person()),
                question=question,
                statement_id=statements_of(question)[0].id,
                answer=Answer.AGREE,
            )
        assert close_overdue_questions(moment=later) == 1
        assert close_overdue_questions(moment=later) == 0
    session.refresh(question)
    assert (question.state, question.closed_at) == (QuestionState.CLOSED, question.closes_at)


def test_a_question_is_changed_until_the_first_answer(session: Session, region: Region) -> None:
    moderator = make_officer(region.id, Role.MODERATOR)
    question = make_question(region, moderator=moderator)
    add_statement(actor=actor_for(make_person()), question=question, text="주민이 먼저 보탠 말입니다.")
    changed = {"title": "새 질문입니다", "introduction": "", "closes_at": clock.now() + timedelta(days=3)}
    seeds = "\n".join([*SEEDS[1:], "새로 넣은 문장입니다.", "하나 더 넣습니다."])
    edit_question(actor=actor_for(moderator), question=question, seeds=seeds, **changed)
    assert [(each.text, each.state) for each in statements_of(question)] == [
        ("주민이 먼저 보탠 말입니다.", StatementState.WAITING),
        *((text, StatementState.ACCEPTED) for text in seeds.splitlines()),
    ]
    assert question.statement_count == 4
    statement = statements_of(question)[1]
    answer_statement(actor=actor_for(make_person()), question=question, statement_id=statement.id, answer=Answer.PASS)
    with pytest.raises(QuestionAnswered):
        edit_question(actor=actor_for(moderator), question=question, seeds=seeds, **changed)


def test_a_statement_waits_is_taken_in_and_its_author_is_told(session: Session, region: Region) -> None:
    moderator = actor_for(make_officer(region.id, Role.MODERATOR))
    question, author = make_question(region), make_person()
    statement = add_statement(actor=actor_for(author), question=question, text=" 나무를   더\n심자. ")
    assert (statement.text, statement.state) == ("나무를 더 심자.", StatementState.WAITING)
    with pytest.raises(UnknownStatement):
        answer_statement(
            actor=actor_for(make_person()), question=question, statement_id=statement.id, answer=Answer.AGREE
        )
    decided = {"actor": moderator, "slug": region.slug, "region_id": region.id, "statement_id": statement.id}
    decide_statement(**decided, accept=True)
    session.refresh(question)
    assert question.statement_count == 4
    told = session.scalars(sa.select(Notification).where(Notification.person_id == author.id)).one()
    assert (told.params["outcome"], told.params["text"]) == ("accepted", "나무를 더 심자.")
    with pytest.raises(StatementDecided):
        decide_statement(**decided, accept=True)


def test_a_refusal_needs_a_reason_and_an_accepted_statement_can_be_taken_out(session: Session, region: Region) -> None:
    moderator = actor_for(make_officer(region.id, Role.MODERATOR))
    question = make_question(region)
    statement = statements_of(question)[0]
    answer_statement(actor=actor_for(make_person()), question=question, statement_id=statement.id, answer=Answer.AGREE)
    decided = {"actor": moderator, "slug": region.slug, "region_id": region.id, "statement_id": statement.id}
    with pytest.raises(RefusalNeedsReason):
        decide_statement(**decided, accept=False, reason=" ")
    decide_statement(**decided, accept=False, reason="같은 말이 있습니다.")
    session.refresh(question)
    assert question.statement_count == 2
    with pytest.raises(UnknownStatement):
        answer_statement(
            actor=actor_for(make_person()), question=question, statement_id=statement.id, answer=Answer.AGREE
        )


def test_what_was_said_already_is_told(session: Session, region: Region) -> None:
    question, actor = make_question(region), actor_for(make_person())
    with pytest.raises(DuplicateStatement) as refused:
        add_statement(actor=actor, question=question, text="조명은 밤 10시에  꺼야 한다!")
    assert refused.value.params["text"] == SEEDS[1]
    for number in range(10):
        add_statement(actor=actor, question=question, text=f"보태는 말 {number}번입니다.")
    with pytest.raises(TooManyWaiting):
        add_statement(actor=actor, question=question, text="열한 번째 말입니다.")


def test_who_leaves_leaves_answers_without_a_name_and_takes_waiting_statements(
    session: Session, region: Region
) -> None:
    question, person = make_question(region), make_person()
    actor = actor_for(person)
    answer_statement(actor=actor, question=question, statement_id=statements_of(question)[0].id, answer=Answer.AGREE)
    add_statement(actor=actor, question=question, text="아직 아무도 읽지 않은 말입니다.")
    about = everything_about(person.id)
    assert [row["value"] for row in about["opinion_answers"]] == [1]
    assert len(about["opinion_questions_answered"]) == len(about["opinion_statements"]) == 1
    leave(person_id=person.id)
    participant = session.scalars(
        sa.select(OpinionParticipant)
        .where(OpinionParticipant.question_id == question.id)
        .execution_options(populate_existing=True)
    ).one()
    assert participant.person_id is None
    assert counters(question)[0] == (1, 0, 0)
    assert session.scalar(sa.select(sa.func.count()).where(OpinionStatement.author_id == person.id)) == 0
