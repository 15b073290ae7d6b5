"""Writes of opinion questions by facilitators: open, edit, close."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.findable.services import Row, findable_row, write_findables
from civicvote.domain.opinions.errors import (
    ClosesTooEarly,
    QuestionAnswered,
    QuestionClosed,
    QuestionHostTakenAway,
    UnknownQuestion,
)
from civicvote.domain.opinions.models import OpinionQuestion, OpinionStatement
from civicvote.domain.opinions.policy import is_running
from civicvote.domain.opinions.states import QuestionHost, QuestionState, StatementState
from civicvote.domain.opinions.texts import clean_question, clean_seeds
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.policy import require_visible
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.rounds.models import Round
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.markup import render, text_of
from civicvote.kernel.permissions import Permission


def open_question(
    *,
    actor: Actor,
    region_id: int,
    title: str,
    introduction: str,
    seeds: str,
    closes_at: datetime | None,
    round: Round | None = None,
    proposal: Proposal | None = None,
) -> OpinionQuestion:
    """Ask about a proposal (whose round it then follows), a round, or a topic of its own. ``seeds``: one a line.

    Raises ``ClosesTooEarly``, ``QuestionHostTakenAway``, ``ProposalTakenAway`` and what ``texts`` refuses.
    """
    require(actor, Permission.OPINION_MANAGE, region_id)
    if proposal is not None:
        require_visible(proposal)
        if proposal.state is ProposalState.MERGED:
            raise QuestionHostTakenAway
    line, text = clean_question(title, introduction)
    statements = clean_seeds(seeds)
    now = clock.now()
    _require_time(closes_at, now)
    question = OpinionQuestion(
        region_id=region_id,
        id=ids.new_id(),
        host=QuestionHost.PROPOSAL if proposal else QuestionHost.ROUND if round else QuestionHost.TOPIC,
        round_id=proposal.round_id if proposal else round.id if round else None,
        proposal_id=proposal.id if proposal else None,
        title=line,
        introduction=text,
        introduction_html=render(text),
        state=QuestionState.OPEN,
        opened_by_id=actor.person_id,
        opened_at=now,
        closes_at=closes_at,
        statement_count=len(statements),
    )
    db.session.add(question)
    db.session.flush()
    _sow(question, statements, now)
    let_be_found(question)
    record(
        region_id=region_id,
        actor_id=actor.person_id,
        verb=AuditVerb.OPINION_OPEN,
        subject=f"opinion_question:{question.id}",
        detail={"title": line, "statements": len(statements)},
    )
    return question


def _require_time(closes_at: datetime | None, now: datetime) -> None:
    if closes_at is not None and closes_at <= now:
        raise ClosesTooEarly


def _sow(question: OpinionQuestion, statements: Sequence[str], now: datetime, *, first: int = 1) -> None:
    db.session.add_all(
        OpinionStatement(
            region_id=question.region_id,
            id=ids.new_id(),
            question_id=question.id,
            number=number,
            text=text,
            is_seed=True,
            state=StatementState.ACCEPTED,
            created_at=now,
        )
        for number, text in enumerate(statements, first)
    )
    db.session.flush()


def let_be_found(question: OpinionQuestion) -> None:
    """Put title and introduction into the search; again after they changed."""
    write_findables(rows=[findable_question(question)])


def findable_question(question: OpinionQuestion) -> Row:
    """Its row of the index."""
    return findable_row(
        region_id=question.region_id,
        kind=FindableKind.OPINION_QUESTION,
        subject_id=question.id,
        title=question.title,
        text=text_of(question.introduction_html),
        occurred_at=question.opened_at,
        round_id=question.round_id,
        host_id=question.proposal_id or 0,
    )


def locked_question(region_id: int, question_id: int) -> OpinionQuestion:
    """The question, locked until the end of the transaction. Raises ``UnknownQuestion``."""
    question = db.session.get(OpinionQuestion, (region_id, question_id), with_for_update=True, populate_existing=True)
    if question is None:
        raise UnknownQuestion
    return question


def edit_question(
    *, actor: Actor, question: OpinionQuestion, title: str, introduction: str, seeds: str, closes_at: datetime | None
) -> OpinionQuestion:
    """Change everything, until the first answer. Raises ``QuestionAnswered``, ``QuestionClosed`` and what
    ``open_question`` refuses."""
    require(actor, Permission.OPINION_MANAGE, question.region_id)
    question = locked_question(question.region_id, question.id)
    _require_running(question)
    if question.participant_count:
        raise QuestionAnswered
    line, text = clean_question(title, introduction)
    statements = clean_seeds(seeds)
    now = clock.now()
    _require_time(closes_at, now)
    db.session.execute(
        sa.delete(OpinionStatement).where(
            OpinionStatement.region_id == question.region_id,
            OpinionStatement.question_id == question.id,
            OpinionStatement.is_seed,
        )
    )
    kept = db.session.execute(
        sa.select(OpinionStatement.number, OpinionStatement.state).where(
            OpinionStatement.region_id == question.region_id, OpinionStatement.question_id == question.id
        )
    ).all()
    _sow(question, statements, now, first=max((each.number for each in kept), default=0) + 1)
    question.title, question.introduction, question.introduction_html = line, text, render(text)
    question.closes_at = closes_at
    question.statement_count = len(statements) + sum(each.state is StatementState.ACCEPTED for each in kept)
    db.session.flush()
    let_be_found(question)
    return question


def _require_running(question: OpinionQuestion) -> None:
    if not is_running(question):
        raise QuestionClosed


def close_question(*, actor: Actor, question: OpinionQuestion) -> OpinionQuestion:
    """End it before its time. Raises ``QuestionClosed``."""
    require(actor, Permission.OPINION_MANAGE, question.region_id)
    question = locked_question(question.region_id, question.id)
    _require_running(question)
    _close(question, clock.now(), actor.person_id)
    return question


def close_overdue_questions(*, moment: datetime) -> int:
    """Write down the end of questions whose time is over; they take no answers since that moment anyway."""
    overdue = db.session.scalars(
        sa.select(OpinionQuestion)
        .where(OpinionQuestion.state == QuestionState.OPEN, OpinionQuestion.closes_at <= moment)
        .order_by(OpinionQuestion.region_id, OpinionQuestion.id)
        .limit(100)
        .with_for_update(skip_locked=True)
    ).all()
    for question in overdue:
        _close(question, question.closes_at or moment, None)
    return len(overdue)


def _close(question: OpinionQuestion, moment: datetime, actor_id: int | None) -> None:
    question.state, question.closed_at = QuestionState.CLOSED, moment
    db.session.flush()
    record(
        region_id=question.region_id,
        actor_id=actor_id,
        verb=AuditVerb.OPINION_CLOSE,
        subject=f"opinion_question:{question.id}",
        detail={"participants": question.participant_count},
    )
