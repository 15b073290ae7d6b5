"""Rounds: one yearly cycle in a region, its phases and the fields its proposals fall into."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicvote.db import Base, Key, LongText, ShortText
from civicvote.domain.rounds.states import RoundState
from civicvote.kernel.phases import Phase


class Round(Base):
    """``envelope_amount`` in the currency's smallest unit; ``rules`` is what ``rounds.rules.RoundRules`` reads."""

    __tablename__ = "rounds"

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    id: Mapped[Key]
    year: Mapped[int]
    title_ko: Mapped[ShortText]
    title_en: Mapped[ShortText]
    summary_ko: Mapped[LongText] = mapped_column(default="")
    summary_en: Mapped[LongText] = mapped_column(default="")
    envelope_amount: Mapped[int] = mapped_column(default=0)
    rules: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[RoundState] = mapped_column(default=RoundState.DRAFT)
    created_at: Mapped[datetime]
    #: The last phase whose entry was carried out by ``lifecycle``; what is open never depends on it.
    entered_phase: Mapped[Phase | None]

    phases: Mapped[list["RoundPhase"]] = relationship(
        order_by="RoundPhase.starts_at", cascade="all, delete-orphan", lazy="selectin"
    )
    fields: Mapped[list["RoundField"]] = relationship(
        order_by="RoundField.position", cascade="all, delete-orphan", lazy="select"
    )


class RoundPhase(Base):
    """From ``starts_at`` (inclusive) to ``ends_at`` (exclusive)."""

    __tablename__ = "round_phases"
    __table_args__ = (
        sa.ForeignKeyConstraint(["region_id", "round_id"], ["rounds.region_id", "rounds.id"]),
        sa.CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
    )

    region_id: Mapped[Key]
    round_id: Mapped[Key]
    phase: Mapped[Phase] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class RoundField(Base):
    """A field (분야) of the round, such as safety or environment."""

    __tablename__ = "round_fields"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "round_id"], ["rounds.region_id", "rounds.id"]),)

    region_id: Mapped[Key]
    round_id: Mapped[Key]
    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    position: Mapped[int]
    name_ko: Mapped[ShortText]
    name_en: Mapped[ShortText]


class RoundExtension(Base):
    """An officer moved the end of a phase to later; the public reason stands on the round's page."""

    __tablename__ = "round_extensions"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "round_id"], ["rounds.region_id", "rounds.id"]),)

    region_id: Mapped[Key]
    round_id: Mapped[Key]
    id: Mapped[Key]
    phase: Mapped[Phase]
    old_end_at: Mapped[datetime]
    new_end_at: Mapped[datetime]
    reason: Mapped[LongText]
    officer_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    decided_at: Mapped[datetime]
