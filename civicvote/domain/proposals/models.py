"""Proposals, their earlier versions and their endorsements."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key, LongText, ShortText
from civicvote.domain.proposals.states import ProposalState
from civicvote.kernel.visibility import Visibility


class Proposal(Base):
    """``endorsement_count`` is kept with the row and checked against the endorsements by a test."""

    __tablename__ = "proposals"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "round_id"], ["rounds.region_id", "rounds.id"]),
        sa.ForeignKeyConstraint(["region_id", "thread_id"], ["threads.region_id", "threads.id"]),
        sa.Index("ix_proposals_newest", "region_id", "round_id", "visibility", "id"),
        sa.Index("ix_proposals_endorsed", "region_id", "round_id", "visibility", "endorsement_count", "id"),
        sa.Index("ix_proposals_thread", "region_id", "thread_id", unique=True),
        sa.Index(None, "author_id"),
    )

    region_id: Mapped[Key]
    id: Mapped[Key]
    round_id: Mapped[int]
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    thread_id: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(120))
    summary: Mapped[ShortText]
    body: Mapped[LongText]
    body_html: Mapped[LongText]
    field_key: Mapped[str] = mapped_column(sa.String(40))
    place: Mapped[str] = mapped_column(sa.String(80), default="")
    state: Mapped[ProposalState] = mapped_column(default=ProposalState.SUBMITTED)
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.VISIBLE)
    endorsement_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    submitted_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]


class ProposalVersion(Base):
    """What a proposal said before an edit; public."""

    __tablename__ = "proposal_versions"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "proposal_id"], ["proposals.region_id", "proposals.id"]),)

    region_id: Mapped[Key]
    proposal_id: Mapped[Key]
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(sa.String(120))
    summary: Mapped[ShortText]
    body: Mapped[LongText]
    replaced_at: Mapped[datetime]


class ProposalFile(Base):
    """A picture or paper that belongs to a proposal, in the author's order. ``caption`` says what there is to see."""

    __tablename__ = "proposal_files"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "proposal_id"], ["proposals.region_id", "proposals.id"]),
        sa.ForeignKeyConstraint(["region_id", "upload_id"], ["uploads.region_id", "uploads.id"]),
    )

    region_id: Mapped[Key]
    proposal_id: Mapped[Key]
    upload_id: Mapped[Key]
    position: Mapped[int]
    caption: Mapped[ShortText] = mapped_column(default="")


class Endorsement(Base):
    """공감: a person likes a proposal. It never decides anything."""

    __tablename__ = "endorsements"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "proposal_id"], ["proposals.region_id", "proposals.id"]),
        sa.Index(None, "person_id"),
    )

    region_id: Mapped[Key]
    proposal_id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    created_at: Mapped[datetime]
