"""Agenda items: proposals that residents selected."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key


class AgendaItem(Base):
    """``rank`` is its place in the agenda poll, 1 for the most votes."""

    __tablename__ = "agenda_items"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "round_id"], ["rounds.region_id", "rounds.id"]),
        sa.ForeignKeyConstraint(["region_id", "proposal_id"], ["proposals.region_id", "proposals.id"]),
        sa.Index(None, "region_id", "round_id", "rank"),
        sa.Index("ix_agenda_items_proposal", "region_id", "proposal_id", unique=True),
    )

    region_id: Mapped[Key]
    id: Mapped[Key]
    round_id: Mapped[int]
    proposal_id: Mapped[int]
    poll_id: Mapped[int]
    rank: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(120))
    selected_at: Mapped[datetime]
