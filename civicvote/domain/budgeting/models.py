"""Projects: agenda items made concrete, with cost, place and department."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key, LongText, ShortText
from civicvote.domain.budgeting.states import ProjectState


class Project(Base):
    """``cost_amount`` in the currency's smallest unit."""

    __tablename__ = "projects"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "round_id"], ["rounds.region_id", "rounds.id"]),
        sa.ForeignKeyConstraint(["region_id", "agenda_item_id"], ["agenda_items.region_id", "agenda_items.id"]),
        sa.Index(None, "region_id", "round_id", "id"),
        sa.Index(None, "region_id", "agenda_item_id"),
        sa.CheckConstraint("cost_amount > 0", name="costs_something"),
    )

    region_id: Mapped[Key]
    id: Mapped[Key]
    round_id: Mapped[int]
    agenda_item_id: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(120))
    summary: Mapped[ShortText]
    description: Mapped[LongText] = mapped_column(default="")
    cost_amount: Mapped[int]
    department: Mapped[str] = mapped_column(sa.String(80))
    place: Mapped[str] = mapped_column(sa.String(80), default="")
    state: Mapped[ProjectState] = mapped_column(default=ProjectState.PREPARING)
    created_at: Mapped[datetime]
