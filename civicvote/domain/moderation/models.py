"""Reports of residents, the cases they make, and the decisions of moderators."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key, LongText
from civicvote.domain.moderation.kinds import CaseState, DecisionAction, ReportReason, SubjectKind


class ModerationCase(Base):
    """All reports about one contribution, which has one case. ``claimed_by_id`` works on it until ``claimed_until``."""

    __tablename__ = "moderation_cases"
    __table_args__ = (
        sa.Index("ix_moderation_cases_queue", "region_id", "state", "opened_at", "id"),
        sa.Index("ix_moderation_cases_subject", "region_id", "subject_kind", "subject_id", unique=True),
    )

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    id: Mapped[Key]
    subject_kind: Mapped[SubjectKind]
    subject_id: Mapped[int]
    state: Mapped[CaseState] = mapped_column(default=CaseState.OPEN)
    report_count: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    claimed_by_id: Mapped[int | None]
    claimed_until: Mapped[datetime | None]


class Report(Base):
    __tablename__ = "reports"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "case_id"], ["moderation_cases.region_id", "moderation_cases.id"]),
    )

    region_id: Mapped[Key]
    case_id: Mapped[Key]
    reporter_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    reason: Mapped[ReportReason]
    note: Mapped[LongText] = mapped_column(default="")
    created_at: Mapped[datetime]


class Decision(Base):
    """A moderator's decision with its statement of reasons; the newest one holds. ``waited_since`` is when the case
    that it ended had been opened."""

    __tablename__ = "moderation_decisions"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "case_id"], ["moderation_cases.region_id", "moderation_cases.id"]),
        sa.Index(None, "region_id", "case_id"),
    )

    region_id: Mapped[Key]
    id: Mapped[Key]
    case_id: Mapped[int]
    moderator_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    action: Mapped[DecisionAction]
    reason: Mapped[ReportReason | None]
    facts: Mapped[LongText]
    waited_since: Mapped[datetime]
    decided_at: Mapped[datetime]
