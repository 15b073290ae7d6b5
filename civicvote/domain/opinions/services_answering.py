"""Answers of participants. Locks are taken in one order everywhere: question, participant, statement."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.opinions.errors import QuestionClosed, UnknownStatement
from civicvote.domain.opinions.models import OpinionParticipant, OpinionQuestion, OpinionStatement, OpinionVote
from civicvote.domain.opinions.policy import is_running
from civicvote.domain.opinions.services import locked_question
from civicvote.domain.opinions.states import Answer, StatementState
from civicvote.domain.rounds.policy import require_open
from civicvote.domain.rounds.queries import announced_round
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.permissions import Permission

_COUNTERS = {
    Answer.AGREE: OpinionStatement.agree_count,
    Answer.DISAGREE: OpinionStatement.disagree_count,
    Answer.PASS: OpinionStatement.pass_count,
}


def answer_statement(*, actor: Actor, question: OpinionQuestion, statement_id: int, answer: Answer | None) -> None:
    """Say something to a statement, something else than before, or take it back (None). Counters follow exactly.

    The question's row is locked first: answers to one question queue, so that nobody answers after its closing, nobody
    is counted twice, and two tabs of one person leave one answer. Raises ``PhaseClosed``, ``QuestionClosed``,
    ``UnknownStatement``.
    """
    question = _open_question(actor, question, Permission.OPINION_VOTE)
    statement = db.session.get(OpinionStatement, (question.region_id, statement_id))
    if (
        statement is None
        or statement.question_id != question.id
        or (statement.state is not StatementState.ACCEPTED and answer is not None)
    ):
        raise UnknownStatement
    participant = _standing(actor, question)
    if participant is None:
        if answer is None:
            return  # who has said nothing takes nothing back, and is nobody yet
        participant = _join(actor, question)
    key = (question.region_id, question.id, participant.number, statement_id)
    vote = db.session.get(OpinionVote, key, populate_existing=True)
    before = Answer.of(vote.value) if vote else None
    if before is answer:
        return
    if vote is None:
        assert answer is not None
        vote = OpinionVote(region_id=question.region_id, question_id=question.id, participant=participant.number)
        vote.statement_id = statement_id
        db.session.add(vote)
    if answer is None:
        db.session.delete(vote)
    else:
        vote.value, vote.voted_at = answer.value_in_matrix, clock.now()
    participant.vote_count += (before is None) - (answer is None)
    question.vote_count += 1
    db.session.flush()
    _count(question.region_id, statement_id, before, answer)


def _open_question(actor: Actor, question: OpinionQuestion, permission: Permission) -> OpinionQuestion:
    require(actor, permission, question.region_id)
    if question.round_id is not None:
        require_open(announced_round(question.region_id, question.round_id), permission)
    question = locked_question(question.region_id, question.id)
    if not is_running(question):
        raise QuestionClosed
    return question


def _standing(actor: Actor, question: OpinionQuestion) -> OpinionParticipant | None:
    return db.session.scalars(
        sa.select(OpinionParticipant)
        .where(
            OpinionParticipant.region_id == question.region_id,
            OpinionParticipant.question_id == question.id,
            OpinionParticipant.person_id == actor.person_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def _join(actor: Actor, question: OpinionQuestion) -> OpinionParticipant:
    question.participant_count += 1
    participant = OpinionParticipant(
        region_id=question.region_id,
        question_id=question.id,
        number=question.participant_count,
        person_id=actor.person_id,
        vote_count=0,
        joined_at=clock.now(),
    )
    db.session.add(participant)
    db.session.flush()
    return participant


def _count(region_id: int, statement_id: int, before: Answer | None, after: Answer | None) -> None:
    change = {}
    for answer, column in _COUNTERS.items():
        if difference := (answer is after) - (answer is before):
            change[column.key] = column + difference
    db.session.execute(
        sa.update(OpinionStatement)
        .where(OpinionStatement.region_id == region_id, OpinionStatement.id == statement_id)
        .values(change)
        .execution_options(synchronize_session="fetch")
    )
