"""Regions as a tree by administrative code, the institutions that take part, and published figures."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civicvote.db import Base, Key, LongText, ShortText
from civicvote.domain.regions.kinds import DistrictLevel, FigureKind, InstitutionKind, RegionKind


class Region(Base):
    __tablename__ = "regions"

    id: Mapped[Key]
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("regions.id"), index=True)
    code: Mapped[str | None] = mapped_column(sa.String(10), unique=True)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name_ko: Mapped[ShortText]
    name_en: Mapped[ShortText]
    kind: Mapped[RegionKind]
    platform_since: Mapped[int | None]
    platform_source: Mapped[str | None] = mapped_column(sa.String(200))
    currency: Mapped[str] = mapped_column(sa.String(3), default="KRW")
    currency_exponent: Mapped[int] = mapped_column(default=0)

    parent: Mapped["Region | None"] = relationship(remote_side="Region.id")


class RegionFigure(Base):
    """A figure that somebody published about a region and a year, with its source."""

    __tablename__ = "region_figures"

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    kind: Mapped[FigureKind] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int]
    source: Mapped[LongText]


class Institution(Base):
    __tablename__ = "institutions"

    id: Mapped[Key]
    kind: Mapped[InstitutionKind]
    name_ko: Mapped[ShortText]
    name_en: Mapped[str | None] = mapped_column(sa.String(200))


class InstitutionMembership(Base):
    """An institution takes part in a region's platform."""

    __tablename__ = "institution_memberships"
    __table_args__ = (sa.Index(None, "institution_id"),)

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    institution_id: Mapped[int] = mapped_column(sa.ForeignKey("institutions.id"), primary_key=True)
    source: Mapped[LongText]

    institution: Mapped[Institution] = relationship()


class District(Base):
    """An administrative district (행정구역) by its ten-digit code, with the days of its creation and abolition.

    Codes are those of the Ministry's table; ``parent_code`` is the city or county of a dong, the province of a city.
    """

    __tablename__ = "districts"
    __table_args__ = (sa.Index(None, "parent_code", "code"),)

    code: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(sa.String(10))
    level: Mapped[DistrictLevel]
    name_ko: Mapped[ShortText]
    created_on: Mapped[date | None]
    abolished_on: Mapped[date | None]
