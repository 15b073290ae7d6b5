"""Reads about regions and institutions."""

from dataclasses import dataclass

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.regions.models import Region
from civicvote.kernel.errors import NotFound


class UnknownRegion(NotFound):
    code = "unknown_region"


@dataclass(frozen=True, slots=True)
class RegionScope:
    """What every page below a region needs to know of it."""

    id: int
    slug: str
    name_ko: str
    name_en: str
    currency: str
    currency_exponent: int


def region_scope(slug: str) -> RegionScope:
    """The region behind an address. Raises ``UnknownRegion``."""
    row = db.session.execute(
        sa.select(
            Region.id, Region.slug, Region.name_ko, Region.name_en, Region.currency, Region.currency_exponent
        ).where(Region.slug == slug)
    ).first()
    if row is None:
        raise UnknownRegion
    return RegionScope(*row)
