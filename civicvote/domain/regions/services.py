"""Load the facts about regions and institutions."""

from dataclasses import dataclass

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.regions.facts import Facts, InstitutionFact, RegionFact
from civicvote.domain.regions.models import Institution, InstitutionMembership, Region, RegionFigure
from civicvote.kernel import ids


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many entries the facts held; all of them are stored now."""

    regions: int
    figures: int
    institutions: int
    memberships: int


def load_facts(facts: Facts) -> Loaded:
    """Store the facts, or bring what is stored up to them. Loading twice changes nothing; nothing is ever removed.

    A region is known by its slug, an institution by its Korean name."""
    regions = {region.slug: region for region in db.session.scalars(sa.select(Region))}
    for fact in facts.regions:
        regions[fact.slug] = _store_region(fact, regions)
    db.session.flush()
    institutions = {each.name_ko: each for each in db.session.scalars(sa.select(Institution))}
    for institution in facts.institutions:
        _store_institution(institution, institutions, regions)
    db.session.flush()
    return Loaded(
        regions=len(facts.regions),
        figures=sum(len(fact.figures) for fact in facts.regions),
        institutions=len(facts.institutions),
        memberships=sum(len(fact.regions) for fact in facts.institutions),
    )


def _store_region(fact: RegionFact, regions: dict[str, Region]) -> Region:
    region = regions.get(fact.slug)
    if region is None:
        region = Region(id=ids.new_id(), slug=fact.slug, currency="KRW", currency_exponent=0)
        db.session.add(region)
    region.code = fact.code
    region.parent_id = regions[fact.parent].id if fact.parent else None
    region.kind = fact.kind
    region.name_ko, region.name_en = fact.name_ko, fact.name_en
    region.platform_since, region.platform_source = fact.platform_since, fact.platform_source
    db.session.flush()
    for figure in fact.figures:
        db.session.merge(
            RegionFigure(
                region_id=region.id, kind=figure.kind, year=figure.year, value=figure.value, source=figure.source
            )
        )
    return region


def _store_institution(fact: InstitutionFact, institutions: dict[str, Institution], regions: dict[str, Region]) -> None:
    institution = institutions.get(fact.name_ko)
    if institution is None:
        institution = Institution(id=ids.new_id(), name_ko=fact.name_ko, kind=fact.kind)
        db.session.add(institution)
        institutions[fact.name_ko] = institution
    institution.kind, institution.name_en = fact.kind, fact.name_en
    db.session.flush()
    for slug in fact.regions:
        db.session.merge(
            InstitutionMembership(region_id=regions[slug].id, institution_id=institution.id, source=fact.source)
        )
