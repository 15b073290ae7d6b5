"""Append-only, hash-chained record of acts, one chain a region. Triggers refuse UPDATE and DELETE."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, LongText


class AuditEntry(Base):
    __tablename__ = "audit_entries"

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
