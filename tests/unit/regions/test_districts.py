"""The seed of administrative districts, and what its codes say."""

from datetime import date

import pytest

from civicvote.cli.regions import DISTRICTS
from civicvote.domain.regions.districts import BadDistricts, DistrictFact, city_code, prefix_of, read_districts
from civicvote.domain.regions.kinds import DistrictLevel


@pytest.fixture(scope="module")
def districts() -> dict[str, DistrictFact]:
    return {fact.code: fact for fact in read_districts(DISTRICTS.read_text("utf-8").splitlines())}


def _standing(districts: dict[str, DistrictFact], code: str, day: date) -> bool:
    fact = districts.get(code)
    return (
        fact is not None
        and (fact.created_on is None or fact.created_on <= day)
        and (fact.abolished_on is None or fact.abolished_on > day)
    )


def test_every_district_lies_in_one_that_the_file_has(districts: dict[str, DistrictFact]) -> None:
    for fact in districts.values():
        assert (fact.parent_code is None) == (fact.level is DistrictLevel.PROVINCE)
        assert fact.parent_code is None or fact.parent_code in districts


@pytest.mark.parametrize(
    ("old", "new", "day"),
    [
        ("4211000000", "5111000000", date(2023, 6, 11)),  # 춘천시 in 강원
        ("4772025000", "2772025000", date(2023, 7, 1)),  # 군위읍 to 대구
        ("4511000000", "5211000000", date(2024, 1, 18)),  # 전주시 in 전북
    ],
)
def test_a_district_that_got_a_new_code_stands_under_exactly_one_on_every_day(
    districts: dict[str, DistrictFact], old: str, new: str, day: date
) -> None:
    before = date.fromordinal(day.toordinal() - 1)
    assert districts[old].name_ko == districts[new].name_ko
    assert (_standing(districts, old, before), _standing(districts, new, before)) == (True, False)
    assert (_standing(districts, old, day), _standing(districts, new, day)) == (False, True)


def test_the_part_of_a_divided_city_lies_in_it_and_not_in_a_neighbour_with_a_like_code(
    districts: dict[str, DistrictFact],
) -> None:
    assert districts["4311100000"].name_ko == "청주시 상당구"
    assert districts["4311100000"].parent_code == "4311000000"
    assert districts["4374500000"].parent_code == "4300000000"  # 증평군, beside 영동군 4374000000
    assert districts["4311152500"].parent_code == "4311100000"


def test_codes_say_what_lies_in_what() -> None:
    assert prefix_of("2900000000") == "29"
    assert prefix_of("1150000000") == "11500"
    assert prefix_of("2911052500") == "2911052500"
    assert city_code("2911052500") == "2911000000"


@pytest.mark.parametrize("line", ["291100000,동구,,", "29110000００,동구,,", "2911000000,동구,,\n2911000000,동구,,"])
def test_a_code_that_is_none_or_stands_twice_is_refused(line: str) -> None:
    with pytest.raises(BadDistricts):
        read_districts(["code,name,created,abolished", *line.split("\n")])
