"""When somebody leaves: their answers stay, under a number that is nobody's."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.opinions.models import OpinionParticipant, OpinionStatement
from civicvote.domain.opinions.states import StatementState


def forget_participant(*, person_id: int) -> None:
    """Cut the links to the person's answers, and drop statements of theirs that nobody has read yet."""
    db.session.execute(
        sa.update(OpinionParticipant).where(OpinionParticipant.person_id == person_id).values(person_id=None)
    )
    db.session.execute(
        sa.delete(OpinionStatement).where(
            OpinionStatement.author_id == person_id, OpinionStatement.state == StatementState.WAITING
        )
    )
