"""Turnout by group, apart from the roll that it was counted from."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key
from civicvote.domain.polls.roll.turnout_groups import Division


class TurnoutGroup(Base):
    """Turnout of a group, as ``roll.turnout_groups`` lets it be shown; what it withholds was never stored.

    Made once, at closing: numbers that were made anew later would give people away by their differences."""

    __tablename__ = "turnout_groups"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "poll_id"], ["polls.region_id", "polls.id"]),)

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    division: Mapped[Division] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    position: Mapped[int]
    on_roll: Mapped[int]
    voted: Mapped[int]
