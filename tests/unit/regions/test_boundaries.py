"""Points and the boundaries they lie in."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.cli.regions import DISTRICTS, FACTS
from civicvote.domain.regions.boundaries import GEO, Shape, boundaries_of
from civicvote.domain.regions.districts import read_districts
from civicvote.domain.regions.facts import read_facts
from civicvote.domain.regions.kinds import DistrictLevel
from civicvote.domain.regions.outline import outline_of
from civicvote.domain.regions.points import Point, read_degrees, write_degrees

SQUARE = ((0, 0), (10, 0), (10, 10), (0, 10), (0, 0))
HOLE = ((4, 4), (6, 4), (6, 6), (4, 6), (4, 4))
ISLAND = ((20, 0), (24, 0), (22, 4), (20, 0))


@given(st.integers(-180_000_000, 180_000_000))
def test_degrees_are_read_as_they_were_written(millionths: int) -> None:
    assert read_degrees(write_degrees(millionths)) == millionths


@pytest.mark.parametrize(
    "text", ["", "35,1", "35.", ".5", "1e2", "nan", "181", "３５", "35.1.2", "35.1234567890123456"]
)
def test_what_is_no_degrees_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_degrees(text)


def test_more_than_six_digits_are_cut() -> None:
    assert read_degrees(" 126.8514999 ") == 126_851_499
    assert read_degrees("-0.5") == -500_000


@pytest.mark.parametrize(
    ("x", "y", "inside"),
    [(1, 1, True), (5, 5, False), (3, 5, True), (11, 5, False), (22, 2, True), (20, 3, False), (-1, 0, False)],
)
def test_a_hole_is_outside_and_an_island_inside(x: int, y: int, inside: bool) -> None:
    shape = Shape("1", "섬", ((SQUARE, HOLE), (ISLAND,)), (0, 0, 24, 10))
    assert shape.contains(Point(latitude_e6=y, longitude_e6=x)) is inside


@given(st.integers(0, 999), st.integers(0, 999))
def test_neighbours_share_no_point_and_leave_none_between_them(x: int, y: int) -> None:
    """Whatever lies in a square that is cut along a crooked line lies in exactly one of its halves."""
    cut = ((300, 0), (420, 310), (280, 640), (300, 1000))
    west = Shape("1", "서", ((((0, 0), *cut, (0, 1000), (0, 0)),),), (0, 0, 420, 1000))
    east = Shape("2", "동", ((((1000, 1000), *reversed(cut), (1000, 0), (1000, 1000)),),), (280, 0, 1000, 1000))
    point = Point(latitude_e6=y, longitude_e6=x)
    assert west.contains(point) + east.contains(point) == 1


@pytest.mark.parametrize(
    ("code", "latitude", "longitude", "name"),
    [
        ("2900000000", "35.1466", "126.9230", "동구"),  # 광주 동구청
        ("2700000000", "36.2428", "128.5728", "군위군"),  # in Daegu since 2023
        ("5100000000", "37.8813", "127.7298", "춘천시"),
        ("5200000000", "35.8242", "127.1480", "전주시"),  # its two parts are drawn as one
        ("4300000000", "36.6424", "127.4890", "청주시"),
        ("4700000000", "37.2410", "131.8650", "울릉군"),  # 독도
        ("5000000000", "33.4996", "126.5312", "제주시"),
        ("1150000000", "37.5509", "126.8495", "강서구"),
    ],
)
def test_known_places_lie_where_people_know_them(code: str, latitude: str, longitude: str, name: str) -> None:
    boundaries = boundaries_of(code)
    assert boundaries is not None
    found = boundaries.locate(Point(read_degrees(latitude), read_degrees(longitude)))
    assert found is not None
    assert found.name_ko == name


def test_a_little_outside_the_line_counts_as_inside_and_more_does_not() -> None:
    gwangju = boundaries_of("2900000000")
    assert gwangju is not None
    west, _south, _east, _north = gwangju.box
    tip = next(point for shape in gwangju.shapes for part in shape.parts for point in part[0] if point[0] == west)
    assert gwangju.locate(Point(tip[1], tip[0] - 4_000)) is not None  # some 365 m
    assert gwangju.locate(Point(tip[1], tip[0] - 8_000)) is None  # some 730 m
    assert gwangju.locate(Point(37_566_300, 126_977_900)) is None  # Seoul


def test_every_region_with_a_code_has_boundaries_a_drawing_and_small_files() -> None:
    for region in read_facts(FACTS.read_text("utf-8")).regions:
        boundaries, outline = boundaries_of(region.code), outline_of(region.code)
        if region.code is None:
            assert boundaries is outline is None
            continue
        assert boundaries is not None
        assert outline is not None
        assert max(outline.width, outline.height) <= 332
        assert len(gzip.compress((GEO.parent / boundaries.path).read_bytes(), 9)) <= 60 * 1024


def test_every_shape_is_a_city_that_stands_and_every_such_city_is_drawn() -> None:
    facts = [fact for fact in read_districts(DISTRICTS.read_text("utf-8").splitlines()) if fact.abolished_on is None]
    divided = {fact.parent_code for fact in facts if fact.level is DistrictLevel.CITY}
    cities = {
        fact.code: fact.name_ko
        for fact in facts
        if fact.level is DistrictLevel.CITY and (fact.code in divided or " " not in fact.name_ko)
    }
    drawn = {
        feature["properties"]["code"]: feature["properties"]["name"]
        for path in GEO.glob("*.json")
        for feature in json.loads(path.read_text("utf-8"))["features"]
    }
    assert drawn == cities


def test_a_region_without_a_code_has_no_boundaries() -> None:
    assert boundaries_of(None) is None
    assert boundaries_of("../../seed") is None
    assert boundaries_of("9900000000") is None
