"""The facts in the database, loaded once or many times."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.cli.regions import FACTS
from civicvote.domain.regions.facts import Facts, read_facts
from civicvote.domain.regions.kinds import FigureKind, InstitutionKind
from civicvote.domain.regions.models import Institution, InstitutionMembership, Region, RegionFigure
from civicvote.domain.regions.queries import (
    hub,
    institution_counts,
    participants,
    region_scope,
    regions_above,
)
from civicvote.domain.regions.services import load_facts


@pytest.fixture
def facts() -> Facts:
    return read_facts(FACTS.read_text("utf-8"))


def _rows(session: Session) -> list[int | None]:
    tables = (Region, RegionFigure, Institution, InstitutionMembership)
    return [session.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables]


def test_loading_twice_changes_nothing(session: Session, facts: Facts) -> None:
    load_facts(facts)
    ids = set(session.scalars(sa.select(Region.id)))
    before = _rows(session)
    load_facts(facts)
    assert before == _rows(session) == [16, 24, 58, 59]
    assert ids == set(session.scalars(sa.select(Region.id)))


def test_loading_again_brings_a_changed_fact_in(session: Session, facts: Facts) -> None:
    load_facts(facts)
    country = facts.regions[0]
    corrected = replace(country, figures=(replace(country.figures[0], value=292), *country.figures[1:]))
    load_facts(replace(facts, regions=(corrected, *facts.regions[1:])))
    assert hub().figures[FigureKind.INSTITUTIONS, 2019].value == 292


def test_hub_has_the_eight_platforms_in_order_of_their_codes(session: Session, facts: Facts) -> None:
    load_facts(facts)
    found = hub()
    assert [each.region.slug for each in found.of_the_guide] == [
        "daegu",
        "gwangju",
        "daejeon",
        "chungbuk",
        "chungnam",
        "jeonnam",
        "gyeongnam",
        "gangwon",
    ]
    assert found.agenda_items == found.figures[FigureKind.AGENDA_ITEMS, 2020].value == 122
    assert {each.region.slug for each in found.later} == {"busan", "ulsan", "gyeongbuk", "jeonbuk", "jeju"}


def test_a_district_lies_below_its_city_and_the_country(session: Session, facts: Facts) -> None:
    load_facts(facts)
    above = regions_above(region_scope("seoul-gangseo").id)
    assert [each.slug for each in above] == ["korea", "seoul"]


def test_institutions_come_by_kind_and_page_by_key(session: Session, facts: Facts) -> None:
    load_facts(facts)
    daejeon = region_scope("daejeon").id
    assert institution_counts(daejeon) == {
        InstitutionKind.PUBLIC_INSTITUTION: 14,
        InstitutionKind.UNIVERSITY_OR_EXPERT: 1,
        InstitutionKind.CIVIL_SOCIETY: 2,
    }
    for number in range(30):
        session.add(Institution(id=number + 1, kind=InstitutionKind.COMPANY, name_ko=f"회사 {number}"))
        session.flush()
        session.add(InstitutionMembership(region_id=daejeon, institution_id=number + 1, source="시험"))
    session.flush()
    seen, cursor = [], None
    while True:
        page = participants(daejeon, cursor=cursor)
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len({each.id for each in seen}) == len(seen) == 47
    order = [list(InstitutionKind).index(each.kind) for each in seen]
    assert order == sorted(order)
