"""Reads of opinion questions: lists by key, one question with what it is about, its statements and its map."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civicvote.db import db
from civicvote.domain.opinions.errors import UnknownQuestion, UnknownStatement
from civicvote.domain.opinions.models import (
    OpinionParticipant,
    OpinionQuestion,
    OpinionSnapshot,
    OpinionStatement,
)
from civicvote.domain.opinions.policy import LEAST_SHOWN_GROUP
from civicvote.domain.opinions.states import QuestionState, StatementState
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.states import RoundState
from civicvote.kernel.actor import Actor, can, require
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.permissions import Permission
from civicvote.kernel.visibility import Visibility

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """What a list shows of a question; ``proposal_title`` where it is about a proposal."""

    id: int
    title: str
    state: QuestionState
    opened_at: datetime
    closes_at: datetime | None
    closed_at: datetime | None
    participant_count: int
    statement_count: int
    proposal_title: str | None


_ROW = (
    sa.select(
        OpinionQuestion.id,
        OpinionQuestion.title,
        OpinionQuestion.state,
        OpinionQuestion.opened_at,
        OpinionQuestion.closes_at,
        OpinionQuestion.closed_at,
        OpinionQuestion.participant_count,
        OpinionQuestion.statement_count,
        Proposal.title.label("proposal_title"),
    )
    .outerjoin(
        Proposal,
        (Proposal.region_id == OpinionQuestion.region_id) & (Proposal.id == OpinionQuestion.proposal_id),
    )
    .outerjoin(Round, (Round.region_id == OpinionQuestion.region_id) & (Round.id == OpinionQuestion.round_id))
    .where(
        OpinionQuestion.region_id == sa.bindparam("region_id"),
        sa.or_(OpinionQuestion.proposal_id.is_(None), Proposal.visibility == Visibility.VISIBLE),
        sa.or_(OpinionQuestion.round_id.is_(None), Round.state == RoundState.ANNOUNCED),
    )
    .order_by(OpinionQuestion.id.desc())
)


# Built once: every page of a proposal asks this.
_ABOUT = _ROW.where(OpinionQuestion.proposal_id == sa.bindparam("proposal_id")).limit(sa.bindparam("most"))


def list_questions(
    region_id: int, *, round_id: int | None = None, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[QuestionRow]:
    """Questions of a region, or of one of its rounds, the newest first. One statement."""
    statement = _ROW.limit(size + 1)
    if round_id is not None:
        statement = statement.where(OpinionQuestion.round_id == round_id)
    if last := read_cursor(cursor, 1):
        statement = statement.where(OpinionQuestion.id < last[0])
    rows = [QuestionRow(**row._mapping) for row in db.session.execute(statement, {"region_id": region_id})]
    return page_of(rows, size, cursor=lambda row: write_cursor(row.id))


def questions_about(region_id: int, proposal_id: int, *, most: int = 3) -> list[QuestionRow]:
    """The newest questions about a proposal. One statement."""
    values = {"region_id": region_id, "proposal_id": proposal_id, "most": most}
    return [QuestionRow(**row._mapping) for row in db.session.execute(_ABOUT, values)]


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with what it is about; ``round`` is None for a topic of its own."""

    question: OpinionQuestion
    round: Round | None
    proposal: Proposal | None


def question_view(actor: Actor | None, region_id: int, question_id: int) -> QuestionView:
    """Raises ``UnknownQuestion``, also where the proposal that it is about is hidden or withdrawn: then facilitators
    alone read on. One statement, the round's phases included."""
    row = (
        db.session.execute(
            sa.select(OpinionQuestion, Round, Proposal)
            .outerjoin(Round, (Round.region_id == OpinionQuestion.region_id) & (Round.id == OpinionQuestion.round_id))
            .outerjoin(
                Proposal,
                (Proposal.region_id == OpinionQuestion.region_id) & (Proposal.id == OpinionQuestion.proposal_id),
            )
            .options(joinedload(Round.phases))
            .where(OpinionQuestion.region_id == region_id, OpinionQuestion.id == question_id)
        )
        .unique()
        .first()
    )
    if row is None:
        raise UnknownQuestion
    view = QuestionView(*row)
    if not _is_public(view) and not can(actor, Permission.OPINION_MANAGE, region_id):
        raise UnknownQuestion
    return view


def _is_public(view: QuestionView) -> bool:
    if view.round is not None and view.round.state is not RoundState.ANNOUNCED:
        return False
    return view.proposal is None or view.proposal.visibility is Visibility.VISIBLE


def newest_snapshot(region_id: int, question_id: int) -> OpinionSnapshot | None:
    """The map as it was last computed. One statement."""
    return db.session.scalars(
        sa.select(OpinionSnapshot)
        .where(OpinionSnapshot.region_id == region_id, OpinionSnapshot.question_id == question_id)
        .order_by(OpinionSnapshot.id.desc())
        .limit(1)
    ).first()


def counts_by_number(snapshot: OpinionSnapshot | None) -> dict[int, dict[str, int]]:
    """Agrees, disagrees and seen of each statement when the map was computed, not now: a page that counted along would
    tell what the last person said. Empty while fewer than ``LEAST_SHOWN_GROUP`` people have answered."""
    if snapshot is None or snapshot.result["people"] < LEAST_SHOWN_GROUP:
        return {}
    return {each["statement"]: each for each in snapshot.result["counts"]}


def people_who_answered(question: OpinionQuestion) -> int:
    """Participants with an answer; who took all of theirs back is not among them. One statement."""
    return (
        db.session.scalar(
            sa.select(sa.func.count()).where(
                OpinionParticipant.region_id == question.region_id,
                OpinionParticipant.question_id == question.id,
                OpinionParticipant.vote_count > 0,
            )
        )
        or 0
    )


def statements_in(region_id: int, question_id: int, numbers: set[int]) -> dict[int, OpinionStatement]:
    """Accepted statements by number. One statement, or none."""
    if not numbers:
        return {}
    found = db.session.scalars(
        sa.select(OpinionStatement).where(
            OpinionStatement.region_id == region_id,
            OpinionStatement.question_id == question_id,
            OpinionStatement.number.in_(sorted(numbers)),
            OpinionStatement.state == StatementState.ACCEPTED,
        )
    )
    return {statement.number: statement for statement in found}


def numbers_of(result: dict[str, Any]) -> set[int]:
    """The statements that stand in the lists of a map."""
    listed = [*result["consensus"]["agree"], *result["consensus"]["disagree"], *result["informed"]]
    for group in result["groups"]:
        listed += group["representative"]
    return {each["statement"] for each in listed}


def accepted_statements(
    region_id: int, question_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[OpinionStatement]:
    """All statements with their counts, in order of their numbers. One statement."""
    statement = sa.select(OpinionStatement).where(
        OpinionStatement.region_id == region_id,
        OpinionStatement.question_id == question_id,
        OpinionStatement.state == StatementState.ACCEPTED,
    )
    if last := read_cursor(cursor, 1):
        statement = statement.where(OpinionStatement.number > last[0])
    rows = db.session.scalars(statement.order_by(OpinionStatement.number).limit(size + 1)).all()
    return page_of(list(rows), size, cursor=lambda row: write_cursor(row.number))


def seeds_of(question: OpinionQuestion) -> list[str]:
    """The statements that a question began with."""
    return list(
        db.session.scalars(
            sa.select(OpinionStatement.text)
            .where(
                OpinionStatement.region_id == question.region_id,
                OpinionStatement.question_id == question.id,
                OpinionStatement.is_seed,
            )
            .order_by(OpinionStatement.number)
        )
    )


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A statement that waits for a facilitator, with its question."""

    id: int
    text: str
    created_at: datetime
    question_id: int
    question_title: str


def waiting_statements(
    actor: Actor, region_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[WaitingRow]:
    """What facilitators have to decide, the oldest first. Raises ``NotPermitted``. One statement."""
    require(actor, Permission.OPINION_MANAGE, region_id)
    statement = (
        sa.select(
            OpinionStatement.id,
            OpinionStatement.text,
            OpinionStatement.created_at,
            OpinionQuestion.id.label("question_id"),
            OpinionQuestion.title.label("question_title"),
        )
        .join(
            OpinionQuestion,
            (OpinionQuestion.region_id == OpinionStatement.region_id)
            & (OpinionQuestion.id == OpinionStatement.question_id),
        )
        .where(OpinionStatement.region_id == region_id, OpinionStatement.state == StatementState.WAITING)
    )
    if last := read_cursor(cursor, 1):
        statement = statement.where(OpinionStatement.id > last[0])
    rows = [
        WaitingRow(**row._mapping)
        for row in db.session.execute(statement.order_by(OpinionStatement.id).limit(size + 1))
    ]
    return page_of(rows, size, cursor=lambda row: write_cursor(row.id))


def quotable_statement(actor: Actor | None, region_id: int, statement_id: int) -> tuple[str, OpinionQuestion]:
    """The words of an accepted statement and its question, to be quoted elsewhere. Raises ``UnknownStatement``,
    ``UnknownQuestion``."""
    statement = db.session.get(OpinionStatement, (region_id, statement_id))
    if statement is None or statement.state is not StatementState.ACCEPTED:
        raise UnknownStatement
    return statement.text, question_view(actor, region_id, statement.question_id).question
