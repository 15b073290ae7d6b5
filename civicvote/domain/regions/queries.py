"""Reads about regions and institutions."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civicvote.db import db
from civicvote.domain.regions.kinds import FigureKind, InstitutionKind, RegionKind
from civicvote.domain.regions.models import Institution, InstitutionMembership, Region, RegionFigure
from civicvote.kernel.errors import NotFound
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor

PAGE_SIZE = 20

#: The Ministry's guide counts the platforms up to this year; later ones are known from the press.
GUIDE_YEAR = 2020


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
    code: str | None


# Built once: making a statement anew costs more than the database needs to answer it, and every page asks this.
_SCOPE = sa.select(
    Region.id, Region.slug, Region.name_ko, Region.name_en, Region.currency, Region.currency_exponent, Region.code
).where(Region.slug == sa.bindparam("slug"))


def region_scope(slug: str) -> RegionScope:
    """The region behind an address. Raises ``UnknownRegion``."""
    row = db.session.execute(_SCOPE, {"slug": slug}).first()
    if row is None:
        raise UnknownRegion
    return RegionScope(*row)


def slugs_of(region_ids: Iterable[int]) -> dict[int, str]:
    """The address parts of regions by id, in order of their ids; of a region that does not exist its number."""
    wanted = sorted(region_ids)
    rows = db.session.execute(sa.select(Region.id, Region.slug).where(Region.id.in_(wanted)))
    found: dict[int, str] = dict(rows.all())
    return {region_id: found.get(region_id, str(region_id)) for region_id in wanted}


def takes_part(region_id: int, institution_id: int) -> bool:
    """Whether the institution is one of the region's."""
    return db.session.get(InstitutionMembership, (region_id, institution_id)) is not None


def institutions_to_choose(region_id: int) -> list[Institution]:
    """All institutions of the region by name, for a form that offers them; one statement."""
    return list(
        db.session.scalars(
            sa.select(Institution)
            .join(InstitutionMembership, InstitutionMembership.institution_id == Institution.id)
            .where(InstitutionMembership.region_id == region_id)
            .order_by(Institution.name_ko, Institution.id)
        )
    )


def region_details(region_id: int) -> Region:
    """The whole row of a region that exists."""
    return db.session.get_one(Region, region_id)


def regions_above(region_id: int) -> list[Region]:
    """The regions that contain this one, the widest first; one statement whatever the depth."""
    climb = (sa.select(Region.id, Region.parent_id, sa.literal(0).label("height")).where(Region.id == region_id)).cte(
        "climb", recursive=True
    )
    above = aliased(Region)
    climb = climb.union_all(
        sa.select(above.id, above.parent_id, climb.c.height + 1).join(climb, above.id == climb.c.parent_id)
    )
    return list(
        db.session.scalars(
            sa.select(Region)
            .join(climb, Region.id == climb.c.id)
            .where(climb.c.height > 0)
            .order_by(climb.c.height.desc())
        )
    )


@dataclass(frozen=True, slots=True)
class Platform:
    """A regional platform with what is known of it: figures by (kind, year), institutions named in the sources."""

    region: Region
    figures: dict[tuple[FigureKind, int], RegionFigure]
    institution_count: int


@dataclass(frozen=True, slots=True)
class Hub:
    """The country's figures (empty before any facts were loaded) and its platforms in order of their codes."""

    country: Region | None
    figures: dict[tuple[FigureKind, int], RegionFigure]
    of_the_guide: list[Platform]
    later: list[Platform]

    @property
    def agenda_items(self) -> int:
        """The sum of the regions' agenda items of ``GUIDE_YEAR``; the country's own figure is published apart."""
        key = FigureKind.AGENDA_ITEMS, GUIDE_YEAR
        return sum(each.figures[key].value for each in self.of_the_guide if key in each.figures)


def hub() -> Hub:
    """All platforms with the country's sums. Three statements, however many platforms there are."""
    regions = list(
        db.session.scalars(
            sa.select(Region)
            .where(sa.or_(Region.platform_since.is_not(None), Region.kind == RegionKind.COUNTRY))
            .order_by(Region.code, Region.id)
        )
    )
    figures: dict[int, dict[tuple[FigureKind, int], RegionFigure]] = {region.id: {} for region in regions}
    for figure in db.session.scalars(
        sa.select(RegionFigure).where(RegionFigure.region_id.in_(figures), RegionFigure.year <= GUIDE_YEAR)
    ):
        figures[figure.region_id][figure.kind, figure.year] = figure
    counts: dict[int, int] = dict(
        db.session.execute(
            sa.select(InstitutionMembership.region_id, sa.func.count())
            .where(InstitutionMembership.region_id.in_(figures))
            .group_by(InstitutionMembership.region_id)
        ).all()
    )
    country = next((region for region in regions if region.kind is RegionKind.COUNTRY), None)
    platforms = [
        Platform(region, figures[region.id], counts.get(region.id, 0)) for region in regions if region.platform_since
    ]
    return Hub(
        country=country,
        figures=figures[country.id] if country else {},
        of_the_guide=[each for each in platforms if (each.region.platform_since or 0) <= GUIDE_YEAR],
        later=[each for each in platforms if (each.region.platform_since or 0) > GUIDE_YEAR],
    )


def other_regions(*, cursor: str | None) -> Page[Region]:
    """Regions that are no platform of their own: districts, imported municipalities. Oldest first."""
    after = read_cursor(cursor, 1)
    query = sa.select(Region).where(Region.platform_since.is_(None), Region.kind != RegionKind.COUNTRY)
    if after:
        query = query.where(Region.id > after[0])
    rows = list(db.session.scalars(query.order_by(Region.id).limit(PAGE_SIZE + 1)))
    return page_of(rows, PAGE_SIZE, cursor=lambda region: write_cursor(region.id))


def platform_regions() -> list[Region]:
    """The regions with a platform, in order of their codes: what a person chooses from."""
    return list(
        db.session.scalars(sa.select(Region).where(Region.platform_since.is_not(None)).order_by(Region.code, Region.id))
    )


def figures_of(region_id: int) -> list[RegionFigure]:
    """A region's published figures, the newest year first."""
    return list(
        db.session.scalars(
            sa.select(RegionFigure)
            .where(RegionFigure.region_id == region_id)
            .order_by(RegionFigure.year.desc(), RegionFigure.kind)
        )
    )


def institution_counts(region_id: int) -> dict[InstitutionKind, int]:
    """How many institutions of each kind take part, kinds in their own order; kinds without any are left out."""
    counted: dict[InstitutionKind, int] = dict(
        db.session.execute(
            sa.select(Institution.kind, sa.func.count())
            .join(InstitutionMembership, InstitutionMembership.institution_id == Institution.id)
            .where(InstitutionMembership.region_id == region_id)
            .group_by(Institution.kind)
        ).all()
    )
    return {kind: counted[kind] for kind in InstitutionKind if kind in counted}


@dataclass(frozen=True, slots=True)
class Participant:
    """An institution in a region, with the source that names it."""

    id: int
    kind: InstitutionKind
    name_ko: str
    name_en: str | None
    source: str


def participants(region_id: int, *, cursor: str | None) -> Page[Participant]:
    """The institutions of a region, by kind, then in the order in which they were entered."""
    kinds = list(InstitutionKind)
    rank = sa.case({kind: position for position, kind in enumerate(kinds)}, value=Institution.kind)
    after = read_cursor(cursor, 2)
    query = (
        sa.select(
            Institution.id,
            Institution.kind,
            Institution.name_ko,
            Institution.name_en,
            InstitutionMembership.source,
        )
        .join(InstitutionMembership, InstitutionMembership.institution_id == Institution.id)
        .where(InstitutionMembership.region_id == region_id)
    )
    if after:
        query = query.where(sa.or_(rank > after[0], sa.and_(rank == after[0], Institution.id > after[1])))
    rows = [Participant(*row) for row in db.session.execute(query.order_by(rank, Institution.id).limit(PAGE_SIZE + 1))]
    return page_of(rows, PAGE_SIZE, cursor=lambda each: write_cursor(kinds.index(each.kind), each.id))
