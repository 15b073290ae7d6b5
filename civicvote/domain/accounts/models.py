"""People, the sessions they opened, where they are resident and which roles they hold."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key
from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.kernel.permissions import Role


class Person(Base):
    __tablename__ = "people"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    display_name: Mapped[str] = mapped_column(sa.String(40))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    locale: Mapped[str] = mapped_column(sa.String(2), default="ko")
    created_at: Mapped[datetime]


class AccountSession(Base):
    """A sign-in on one device. Only the token's SHA-256 is stored."""

    __tablename__ = "account_sessions"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Residency(Base):
    """A person belongs to a region, as somebody confirmed on a day."""

    __tablename__ = "residencies"
    __table_args__ = (sa.Index(None, "person_id"),)

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    residency_class: Mapped[ResidencyClass]
    assurance: Mapped[Assurance]
    confirmed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    confirmed_at: Mapped[datetime]
    valid_until_on: Mapped[date | None] = mapped_column(sa.Date)
    evidence: Mapped[str] = mapped_column(sa.String(200), default="")


class RoleGrant(Base):
    __tablename__ = "role_grants"
    __table_args__ = (sa.Index(None, "person_id"),)

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    granted_at: Mapped[datetime]
