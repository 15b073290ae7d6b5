"""Opinion questions: statements on which people agree, disagree or pass, and what was computed of them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key, LongText, ShortText
from civicvote.domain.opinions.states import QuestionHost, QuestionState, StatementState


class OpinionQuestion(Base):
    """``source`` names where an imported conversation came from, with its licence; ``vote_count`` counts changes too,
    so that a snapshot knows whether anything happened since."""

    __tablename__ = "opinion_questions"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "round_id"], ["rounds.region_id", "rounds.id"]),
        sa.ForeignKeyConstraint(["region_id", "proposal_id"], ["proposals.region_id", "proposals.id"]),
        sa.Index("ix_opinion_questions_round", "region_id", "round_id", "id"),
        sa.Index("ix_opinion_questions_proposal", "region_id", "proposal_id", "id"),
        sa.Index("ix_opinion_questions_newest", "region_id", "id"),
    )

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    id: Mapped[Key]
    host: Mapped[QuestionHost]
    round_id: Mapped[int | None]
    proposal_id: Mapped[int | None]
    title: Mapped[ShortText]
    introduction: Mapped[LongText] = mapped_column(default="")
    introduction_html: Mapped[LongText] = mapped_column(default="")
    source: Mapped[LongText] = mapped_column(default="")
    state: Mapped[QuestionState] = mapped_column(default=QuestionState.OPEN)
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    statement_count: Mapped[int] = mapped_column(default=0)
    participant_count: Mapped[int] = mapped_column(default=0)
    vote_count: Mapped[int] = mapped_column(default=0)


class OpinionStatement(Base):
    """``number`` counts within the question; an imported statement keeps the number of its source."""

    __tablename__ = "opinion_statements"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "question_id"], ["opinion_questions.region_id", "opinion_questions.id"]),
        sa.Index("ix_opinion_statements_question", "region_id", "question_id", "number", unique=True),
        sa.Index("ix_opinion_statements_waiting", "region_id", "state", "id"),
        sa.Index(None, "author_id"),
    )

    region_id: Mapped[Key]
    id: Mapped[Key]
    question_id: Mapped[int]
    number: Mapped[int]
    text: Mapped[LongText]
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    is_seed: Mapped[bool] = mapped_column(default=False)
    state: Mapped[StatementState]
    reason: Mapped[LongText] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    decided_at: Mapped[datetime | None]
    agree_count: Mapped[int] = mapped_column(default=0)
    disagree_count: Mapped[int] = mapped_column(default=0)
    pass_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class OpinionParticipant(Base):
    """Somebody who answered, by a number within the question; imported participants are nobody's account, and nobody's
    are those who left and those of questions that were closed long ago.

    ``is_eligible``: once somebody voted often enough to be placed, they stay placed."""

    __tablename__ = "opinion_participants"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "question_id"], ["opinion_questions.region_id", "opinion_questions.id"]),
        sa.Index("ix_opinion_participants_person", "region_id", "question_id", "person_id", unique=True),
        sa.Index(None, "person_id"),
    )

    region_id: Mapped[Key]
    question_id: Mapped[Key]
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    vote_count: Mapped[int] = mapped_column(default=0)
    is_eligible: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime]


class OpinionVote(Base):
    """``value``: agree 1, disagree -1, pass 0; the last vote of a participant on a statement holds."""

    __tablename__ = "opinion_votes"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["region_id", "question_id", "participant"],
            ["opinion_participants.region_id", "opinion_participants.question_id", "opinion_participants.number"],
        ),
        sa.ForeignKeyConstraint(
            ["region_id", "statement_id"], ["opinion_statements.region_id", "opinion_statements.id"]
        ),
        sa.Index("ix_opinion_votes_statement", "region_id", "statement_id"),
        sa.CheckConstraint("value IN (-1, 0, 1)", name="agree_disagree_or_pass"),
    )

    region_id: Mapped[Key]
    question_id: Mapped[Key]
    participant: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    statement_id: Mapped[Key]
    value: Mapped[int] = mapped_column(sa.SmallInteger)
    voted_at: Mapped[datetime]


class OpinionSnapshot(Base):
    """What was computed of a question; ``vote_count`` is the question's at that moment, ``result`` holds no person."""

    __tablename__ = "opinion_snapshots"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "question_id"], ["opinion_questions.region_id", "opinion_questions.id"]),
        sa.Index("ix_opinion_snapshots_newest", "region_id", "question_id", "id"),
    )

    region_id: Mapped[Key]
    id: Mapped[Key]
    question_id: Mapped[int]
    vote_count: Mapped[int]
    result: Mapped[dict[str, Any]]
    computed_at: Mapped[datetime]
