"""Reads of all votes of a question as a matrix: for the job and the download, never for a page."""

from collections.abc import Iterator

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.opinions.matrix import VoteMatrix
from civicvote.domain.opinions.models import OpinionParticipant, OpinionStatement, OpinionVote
from civicvote.domain.opinions.states import StatementState


def vote_matrix(region_id: int, question_id: int, *, with_refused: bool = True) -> VoteMatrix:
    """Rows by participants' numbers, columns by statements' numbers. The column of a statement that was refused after
    people had voted on it is zeros, or left out."""
    counted = (StatementState.ACCEPTED, StatementState.REFUSED) if with_refused else (StatementState.ACCEPTED,)
    votes = db.session.execute(
        sa.select(OpinionVote.participant, OpinionStatement.number, OpinionVote.value)
        .join(
            OpinionStatement,
            (OpinionStatement.region_id == OpinionVote.region_id) & (OpinionStatement.id == OpinionVote.statement_id),
        )
        .where(
            OpinionVote.region_id == region_id,
            OpinionVote.question_id == question_id,
            OpinionStatement.state.in_(counted),
        )
    ).all()
    statements = db.session.execute(
        sa.select(OpinionStatement.number, OpinionStatement.state)
        .where(
            OpinionStatement.region_id == region_id,
            OpinionStatement.question_id == question_id,
            OpinionStatement.state != StatementState.WAITING,
        )
        .order_by(OpinionStatement.number)
    ).all()
    voted = {number for _, number, _ in votes}
    columns = [each.number for each in statements if each.state is StatementState.ACCEPTED or each.number in voted]
    matrix = VoteMatrix.of(((who, number, value) for who, number, value in votes), statements=columns)
    return matrix.without([each.number for each in statements if each.state is StatementState.REFUSED])


def refused_numbers(region_id: int, question_id: int) -> frozenset[int]:
    """The numbers of statements that stand in no list."""
    return frozenset(
        db.session.scalars(
            sa.select(OpinionStatement.number).where(
                OpinionStatement.region_id == region_id,
                OpinionStatement.question_id == question_id,
                OpinionStatement.state == StatementState.REFUSED,
            )
        )
    )


def placed_numbers(region_id: int, question_id: int) -> list[int]:
    """Participants who were placed before, and so are for good."""
    return list(
        db.session.scalars(
            sa.select(OpinionParticipant.number).where(
                OpinionParticipant.region_id == region_id,
                OpinionParticipant.question_id == question_id,
                OpinionParticipant.is_eligible,
            )
        )
    )


def exported_statements(region_id: int, question_id: int) -> Iterator[tuple[str, ...]]:
    """Rows of comments.csv: the accepted statements, without their authors."""
    rows = db.session.execute(
        sa.select(
            OpinionStatement.number,
            OpinionStatement.agree_count,
            OpinionStatement.disagree_count,
            OpinionStatement.text,
        )
        .where(
            OpinionStatement.region_id == region_id,
            OpinionStatement.question_id == question_id,
            OpinionStatement.state == StatementState.ACCEPTED,
        )
        .order_by(OpinionStatement.number)
    )
    for row in rows:
        yield str(row.number), str(row.agree_count), str(row.disagree_count), "1", row.text
