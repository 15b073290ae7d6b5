"""The log of what was destroyed because its time was over."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key


class Destruction(Base):
    """One run of one line of the retention table: what was older than ``before_at`` is gone."""

    __tablename__ = "destructions"

    id: Mapped[Key]
    kept: Mapped[str] = mapped_column(sa.String(60))
    before_at: Mapped[datetime]
    destroyed_count: Mapped[int]
    destroyed_at: Mapped[datetime] = mapped_column(index=True)
