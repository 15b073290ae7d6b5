"""The facts file of the project, and what its reader refuses."""

import json
from typing import Any

import pytest

from civicvote.cli.regions import FACTS
from civicvote.domain.regions.facts import BadFacts, Facts, read_facts
from civicvote.domain.regions.kinds import FigureKind, InstitutionKind


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read_facts(FACTS.read_text("utf-8"))


def test_eight_platforms_of_the_guide_with_the_year_each_began(facts: Facts) -> None:
    began = {each.slug: each.platform_since for each in facts.regions if (each.platform_since or 9999) <= 2020}
    assert began == {
        "gwangju": 2019,
        "chungbuk": 2019,
        "daejeon": 2019,
        "gyeongnam": 2019,
        "daegu": 2019,
        "gangwon": 2019,
        "jeonnam": 2020,
        "chungnam": 2020,
    }


def test_the_countrys_figures_and_the_regions_sum(facts: Facts) -> None:
    country = next(each for each in facts.regions if each.slug == "korea")
    assert {(figure.kind, figure.year): figure.value for figure in country.figures} == {
        (FigureKind.INSTITUTIONS, 2019): 272,
        (FigureKind.INSTITUTIONS, 2020): 475,
        (FigureKind.AGENDA_ITEMS, 2019): 72,
        (FigureKind.AGENDA_ITEMS, 2020): 122,
    }
    regional = [
        figure.value
        for each in facts.regions
        if each is not country
        for figure in each.figures
        if (figure.kind, figure.year) == (FigureKind.AGENDA_ITEMS, 2020)
    ]
    assert len(regional) == 8
    assert sum(regional) == 122


def test_codes_are_the_current_ones(facts: Facts) -> None:
    codes = {each.slug: each.code for each in facts.regions}
    assert codes["gwangju"] == "2900000000"
    assert codes["gangwon"] == "5100000000", "since June 2023"
    assert codes["jeonbuk"] == "5200000000", "since January 2024"


def test_memberships_of_several_regions_the_country_and_a_district(facts: Facts) -> None:
    found = {each.name_ko: each for each in facts.institutions}
    assert len(facts.institutions) == 58
    assert found["한국도로공사"].regions == ("daegu", "gyeongbuk")
    assert found["인천항만공사"].regions == ("korea",)
    assert found["한국공항공사"].regions == ("seoul-gangseo",)
    assert found["충북연구원"].kind is InstitutionKind.UNIVERSITY_OR_EXPERT
    assert found["광주사회복지공동모금회"].kind is InstitutionKind.CIVIL_SOCIETY


def _region(**changes: Any) -> dict[str, Any]:
    plain = {
        "slug": "here",
        "code": "2900000000",
        "parent": None,
        "kind": "province",
        "name_ko": "여기",
        "name_en": "Here",
        "platform_since": None,
        "platform_source": None,
        "figures": [],
    }
    return plain | changes


def _institution(**changes: Any) -> dict[str, Any]:
    plain = {"name_ko": "기관", "name_en": None, "classification": "ngo", "regions": ["here"], "source": "보도"}
    return plain | changes


def _document(regions: list[dict[str, Any]], institutions: list[dict[str, Any]]) -> str:
    return json.dumps({"classification": {"ngo": "civil_society"}, "regions": regions, "institutions": institutions})


def test_a_plain_document_is_read() -> None:
    read = read_facts(_document([_region()], [_institution()]))
    assert read.institutions[0].kind is InstitutionKind.CIVIL_SOCIETY


@pytest.mark.parametrize(
    ("regions", "institutions"),
    [
        ([_region(), _region()], []),
        ([_region(), _region(slug="there")], []),
        ([_region(parent="there")], []),
        ([_region(code="29")], []),
        ([_region(platform_since=2019)], []),
        ([_region(figures=[{"kind": "institutions", "year": 2019, "value": 1, "source": ""}])], []),
        ([_region()], [_institution(classification="guild")]),
        ([_region()], [_institution(regions=["atlantis"])]),
        ([_region()], [_institution(source="")]),
        ([_region()], [_institution(regions=[])]),
    ],
)
def test_a_contradiction_is_refused(regions: list[dict[str, Any]], institutions: list[dict[str, Any]]) -> None:
    with pytest.raises(BadFacts):
        read_facts(_document(regions, institutions))
