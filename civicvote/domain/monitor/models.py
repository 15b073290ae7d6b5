"""What a cast leaves for the observers, and the networks of the city that they are pointed to.

A trace knows neither the voter nor the choice. Its marks are keyed by the poll's ``PollWatch``; once that is gone, at
publication, they say no more than which traces are alike.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key


class PollWatch(Base):
    """``salt`` (hex) of a poll's marks, from freezing to publication; without the site's secret it gives nothing."""

    __tablename__ = "poll_watches"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "poll_id"], ["polls.region_id", "polls.id"]),)

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    salt: Mapped[str] = mapped_column(sa.String(64))


class CastTrace(Base):
    """A ballot that came, under a random key that tells no order. ``cast_at`` is the minute, no more.

    ``is_change``: the voter had a ballot in the box already. ``device_mark`` is empty where the browser brought none.
    """

    __tablename__ = "cast_traces"
    __table_args__ = (sa.ForeignKeyConstraint(["region_id", "poll_id"], ["polls.region_id", "polls.id"]),)

    region_id: Mapped[Key]
    poll_id: Mapped[Key]
    key: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    cast_at: Mapped[datetime]
    network_mark: Mapped[str] = mapped_column(sa.String(64))
    device_mark: Mapped[str] = mapped_column(sa.String(64), default="")
    is_change: Mapped[bool]


class StaffNetwork(Base):
    """A range of addresses (CIDR) from which the city's own people reach the site, and what it is called."""

    __tablename__ = "staff_networks"

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    network: Mapped[str] = mapped_column(sa.String(43), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
