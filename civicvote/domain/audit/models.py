"""Append-only, hash-chained record of acts, one chain a region. Triggers refuse UPDATE and DELETE."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, LongText


class AuditEntry(Base):
    __tablename__ = "audit_entries"
    __table_args__ = (sa.Index(None, "region_id", "actor_id"), sa.Index(None, "region_id", "subject"))

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    verb: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(80))
    detail: Mapped[LongText]
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    entry_hash: Mapped[str] = mapped_column(sa.String(64))


class AuditHead(Base):
    """The end of a region's chain; its row is the lock under which the next entry is appended."""

    __tablename__ = "audit_heads"

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    sequence: Mapped[int]
    entry_hash: Mapped[str] = mapped_column(sa.String(64))


class AuditDayHead(Base):
    """The end of a region's chain at the end of a day, as it was published: whoever noted it can tell a rewritten past.

    ``day_on`` is the Korean calendar day that the head closes.
    """

    __tablename__ = "audit_day_heads"

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    day_on: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    sequence: Mapped[int]
    entry_hash: Mapped[str] = mapped_column(sa.String(64))
    published_at: Mapped[datetime]
