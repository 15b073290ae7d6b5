"""The districts in the database: loaded once or many times, read as they stood on a day."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.cli.regions import DISTRICTS
from civicvote.domain.regions.districts import DistrictFact, read_districts
from civicvote.domain.regions.models import District
from civicvote.domain.regions.queries_districts import district_words, districts_of, standing_district
from civicvote.domain.regions.services_districts import load_districts

TODAY = date(2026, 11, 1)


@pytest.fixture
def facts() -> list[DistrictFact]:
    return read_districts(DISTRICTS.read_text("utf-8").splitlines())


def test_loading_twice_changes_nothing_and_a_correction_comes_in(session: Session, facts: list[DistrictFact]) -> None:
    assert load_districts(facts) == len(facts)
    assert load_districts(facts) == 0
    assert load_districts([replace(facts[0], name_ko="서울")]) == 1
    session.expire_all()
    assert session.get_one(District, facts[0].code).name_ko == "서울"
    assert session.scalar(sa.select(sa.func.count()).select_from(District)) == len(facts)


def test_a_region_has_its_cities_in_order_and_their_dongs_by_name(session: Session, facts: list[DistrictFact]) -> None:
    load_districts(facts)
    gwangju = districts_of("2900000000", TODAY)
    assert [city.name_ko for city in gwangju] == ["동구", "서구", "남구", "북구", "광산구"]
    names = [dong.name_ko for dong in gwangju[0].dongs]
    assert names == sorted(names)
    assert "지산1동" in names
    assert sum(len(city.dongs) for city in gwangju) == 97
    [gangseo] = districts_of("1150000000", TODAY)
    assert gangseo.name_ko == "강서구"
    assert districts_of(None, TODAY) == []


def test_a_divided_city_stands_as_its_parts(session: Session, facts: list[DistrictFact]) -> None:
    load_districts(facts)
    cities = {city.name_ko: city for city in districts_of("4300000000", TODAY)}
    assert "청주시" not in cities
    assert cities["청주시 상당구"].whole_code == "4311000000"
    assert cities["증평군"].whole_code == cities["증평군"].code


def test_only_what_stands_on_the_day_is_offered(session: Session, facts: list[DistrictFact]) -> None:
    load_districts(facts)
    before, after = date(2023, 6, 30), date(2023, 7, 1)
    assert "군위군" not in [city.name_ko for city in districts_of("2700000000", before)]
    assert "군위군" in [city.name_ko for city in districts_of("2700000000", after)]
    assert standing_district("4700000000", "4772025000", before)
    assert not standing_district("4700000000", "4772025000", after)
    assert not standing_district("4700000000", "2772025000", after), "it lies in another region"


def test_a_name_says_the_city_first_even_of_a_district_that_stands_no_more(
    session: Session, facts: list[DistrictFact]
) -> None:
    load_districts(facts)
    assert district_words(["2911000000", "4772025000", "4311152500"]) == {
        "2911000000": "동구",
        "4772025000": "군위군 군위읍",
        "4311152500": "청주시 상당구 중앙동",
    }
