"""Statements that participants add, and what facilitators decide about them."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import notify
from civicvote.domain.opinions.errors import (
    QuestionClosed,
    RefusalNeedsReason,
    StatementDecided,
    TooManyWaiting,
    UnknownStatement,
)
from civicvote.domain.opinions.models import OpinionQuestion, OpinionStatement
from civicvote.domain.opinions.paths import question_path
from civicvote.domain.opinions.policy import is_running
from civicvote.domain.opinions.services import locked_question
from civicvote.domain.opinions.states import StatementState
from civicvote.domain.opinions.texts import LONGEST_REASON, MOST_WAITING, clean_statement, refuse_duplicate
from civicvote.domain.rounds.policy import require_open
from civicvote.domain.rounds.queries import announced_round
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.markup import clean_text
from civicvote.kernel.permissions import Permission
from civicvote.kernel.personal_data import refuse_personal_numbers


def add_statement(*, actor: Actor, question: OpinionQuestion, text: str) -> OpinionStatement:
    """Say something to which others may answer; it waits for a facilitator.

    Raises ``PhaseClosed``, ``QuestionClosed``, ``DuplicateStatement``, ``TooManyWaiting`` and what
    ``clean_statement`` refuses.
    """
    require(actor, Permission.OPINION_STATE, question.region_id)
    if question.round_id is not None:
        require_open(announced_round(question.region_id, question.round_id), Permission.OPINION_STATE)
    line = clean_statement(text)
    question = locked_question(question.region_id, question.id)
    if not is_running(question):
        raise QuestionClosed
    known = db.session.execute(
        sa.select(
            OpinionStatement.number, OpinionStatement.text, OpinionStatement.state, OpinionStatement.author_id
        ).where(OpinionStatement.region_id == question.region_id, OpinionStatement.question_id == question.id)
    ).all()
    refuse_duplicate(line, [each.text for each in known if each.state is not StatementState.REFUSED])
    waiting = [each for each in known if each.state is StatementState.WAITING and each.author_id == actor.person_id]
    if len(waiting) >= MOST_WAITING:
        raise TooManyWaiting(most=MOST_WAITING)
    statement = OpinionStatement(
        region_id=question.region_id,
        id=ids.new_id(),
        question_id=question.id,
        number=max((each.number for each in known), default=0) + 1,
        text=line,
        author_id=actor.person_id,
        state=StatementState.WAITING,
        created_at=clock.now(),
    )
    db.session.add(statement)
    db.session.flush()
    return statement


def decide_statement(
    *, actor: Actor, slug: str, region_id: int, statement_id: int, accept: bool, reason: str = ""
) -> OpinionStatement:
    """Accept a statement that waits, or refuse it with a reason; one that was accepted can be taken out later, and
    then counts for nothing. The author is told.

    Raises ``UnknownStatement``, ``StatementDecided``, ``RefusalNeedsReason``, ``PersonalNumber``.
    """
    require(actor, Permission.OPINION_MANAGE, region_id)
    question_id = db.session.scalar(
        sa.select(OpinionStatement.question_id).where(
            OpinionStatement.region_id == region_id, OpinionStatement.id == statement_id
        )
    )
    if question_id is None:
        raise UnknownStatement
    question = locked_question(region_id, question_id)
    statement = db.session.get_one(
        OpinionStatement, (region_id, statement_id), with_for_update=True, populate_existing=True
    )
    decidable = {StatementState.WAITING} if accept else {StatementState.WAITING, StatementState.ACCEPTED}
    if statement.state not in decidable:
        raise StatementDecided
    words = _reason(reason, accept)
    was_counted = statement.state is StatementState.ACCEPTED
    statement.state = StatementState.ACCEPTED if accept else StatementState.REFUSED
    statement.reason, statement.decided_by_id, statement.decided_at = words, actor.person_id, clock.now()
    question.statement_count += int(accept) - int(was_counted)
    question.vote_count += 1  # the map has to be computed anew
    db.session.flush()
    record(
        region_id=region_id,
        actor_id=actor.person_id,
        verb=AuditVerb.OPINION_STATEMENT,
        subject=f"opinion_question:{question.id}",
        detail={"statement": statement.number, "accepted": accept, "reason": words},
    )
    _tell_author(actor, slug, question, statement)
    return statement


def _reason(text: str, accept: bool) -> str:
    if accept:
        return ""
    words = " ".join(clean_text(text).split())[:LONGEST_REASON]
    if len(words) < 2:
        raise RefusalNeedsReason
    refuse_personal_numbers(words, field="reason")
    return words


def _tell_author(actor: Actor, slug: str, question: OpinionQuestion, statement: OpinionStatement) -> None:
    if statement.author_id is None or statement.author_id == actor.person_id:
        return
    notify(
        person_id=statement.author_id,
        kind=NotificationKind.OPINION_STATEMENT_DECIDED,
        params={
            "outcome": statement.state.value,
            "text": statement.text,
            "title": question.title,
            "facts": statement.reason,
        },
        path=question_path(slug, question.id),
    )
