"""Reads for the person who answers: the next statement, what was answered, where that places them."""

import random
from dataclasses import dataclass

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.opinions.models import OpinionParticipant, OpinionQuestion, OpinionStatement, OpinionVote
from civicvote.domain.opinions.positions import position_of
from civicvote.domain.opinions.routing import Candidate, next_statement
from civicvote.domain.opinions.snapshots import Json
from civicvote.domain.opinions.states import Answer, StatementState
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor

PAGE_SIZE = 20

#: Which statement comes next is a draw, not a secret.
_chance = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Standing:
    """How far somebody is: ``votes`` by statements' numbers, of ``total`` accepted statements ``left`` are unseen."""

    votes: dict[int, int]
    total: int
    left: list[Candidate]

    @property
    def answered(self) -> int:
        return self.total - len(self.left)

    def next_id(self) -> int | None:
        """A statement drawn by priority among the unseen; None when all are answered."""
        return next_statement(self.left, _chance)


def standing_of(question: OpinionQuestion, person_id: int, result: Json | None) -> Standing:
    """One statement, however many were answered. ``result``: the map, which says how much a statement divides."""
    own = (
        sa.select(OpinionVote.statement_id, OpinionVote.value)
        .join(
            OpinionParticipant,
            (OpinionParticipant.region_id == OpinionVote.region_id)
            & (OpinionParticipant.question_id == OpinionVote.question_id)
            & (OpinionParticipant.number == OpinionVote.participant),
        )
        .where(
            OpinionVote.region_id == question.region_id,
            OpinionVote.question_id == question.id,
            OpinionParticipant.person_id == person_id,
        )
        .subquery()
    )
    rows = db.session.execute(
        sa.select(
            OpinionStatement.id,
            OpinionStatement.number,
            OpinionStatement.agree_count,
            OpinionStatement.disagree_count,
            OpinionStatement.pass_count,
            own.c.value,
        )
        .outerjoin(own, own.c.statement_id == OpinionStatement.id)
        .where(
            OpinionStatement.region_id == question.region_id,
            OpinionStatement.question_id == question.id,
            OpinionStatement.state == StatementState.ACCEPTED,
        )
        .order_by(OpinionStatement.number)
    ).all()
    divides = dict(zip(result["statements"], result["extremities"], strict=True)) if result else {}
    return Standing(
        votes={row.number: row.value for row in rows if row.value is not None},
        total=len(rows),
        left=[
            Candidate(
                statement_id=row.id,
                agrees=row.agree_count,
                passes=row.pass_count,
                seen=row.agree_count + row.disagree_count + row.pass_count,
                extremity=divides.get(row.number, 0.0),
            )
            for row in rows
            if row.value is None
        ],
    )


def own_position(standing: Standing, result: Json) -> tuple[float, float] | None:
    """A dot product of one's own votes with the stored map; None as long as there are too few of them."""
    if len(standing.votes) < result["votes_needed"]:
        return None
    return position_of(
        standing.votes, statements=result["statements"], means=result["means"], loadings=result["loadings"]
    )


def statement_to_answer(question: OpinionQuestion, statement_id: int) -> OpinionStatement | None:
    """An accepted statement of the question, or None."""
    statement = db.session.get(OpinionStatement, (question.region_id, statement_id))
    if statement is None or statement.question_id != question.id or statement.state is not StatementState.ACCEPTED:
        return None
    return statement


@dataclass(frozen=True, slots=True)
class AnswerRow:
    id: int
    number: int
    text: str
    answer: Answer


def own_answers(
    question: OpinionQuestion, person_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[AnswerRow]:
    """What somebody answered, in the order of the statements. One statement."""
    statement = (
        sa.select(OpinionStatement.id, OpinionStatement.number, OpinionStatement.text, OpinionVote.value)
        .join(
            OpinionVote,
            (OpinionVote.region_id == OpinionStatement.region_id) & (OpinionVote.statement_id == OpinionStatement.id),
        )
        .join(
            OpinionParticipant,
            (OpinionParticipant.region_id == OpinionVote.region_id)
            & (OpinionParticipant.question_id == OpinionVote.question_id)
            & (OpinionParticipant.number == OpinionVote.participant),
        )
        .where(
            OpinionStatement.region_id == question.region_id,
            OpinionStatement.question_id == question.id,
            OpinionStatement.state == StatementState.ACCEPTED,
            OpinionParticipant.person_id == person_id,
        )
    )
    if last := read_cursor(cursor, 1):
        statement = statement.where(OpinionStatement.number > last[0])
    rows = [
        AnswerRow(row.id, row.number, row.text, Answer.of(row.value))
        for row in db.session.execute(statement.order_by(OpinionStatement.number).limit(size + 1))
    ]
    return page_of(rows, size, cursor=lambda row: write_cursor(row.number))


@dataclass(frozen=True, slots=True)
class OwnStatement:
    text: str
    state: StatementState
    reason: str


def own_statements(question: OpinionQuestion, person_id: int, *, most: int = 20) -> list[OwnStatement]:
    """What somebody added and what became of it, the newest first. One statement."""
    rows = db.session.execute(
        sa.select(OpinionStatement.text, OpinionStatement.state, OpinionStatement.reason)
        .where(
            OpinionStatement.region_id == question.region_id,
            OpinionStatement.question_id == question.id,
            OpinionStatement.author_id == person_id,
        )
        .order_by(OpinionStatement.id.desc())
        .limit(most)
    )
    return [OwnStatement(*row) for row in rows]
