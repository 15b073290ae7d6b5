"""Reads of administrative districts: those of a region that stand on a day, and the names of some."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civicvote.db import db
from civicvote.domain.regions.districts import city_code, level_of, prefix_of
from civicvote.domain.regions.kinds import DistrictLevel
from civicvote.domain.regions.models import District


@dataclass(frozen=True, slots=True)
class Dong:
    code: str
    name_ko: str


@dataclass(frozen=True, slots=True)
class City:
    """A city, county or district with its dongs by name. A divided city (청주시) stands as its parts (청주시 상당구);
    ``whole_code`` is the divided city's, else its own."""

    code: str
    name_ko: str
    whole_code: str
    dongs: list[Dong] = field(default_factory=list)


_STANDING = (
    sa.select(District.code, District.parent_code, District.level, District.name_ko)
    .where(
        District.code.between(sa.bindparam("first"), sa.bindparam("last")),
        sa.or_(District.created_on.is_(None), District.created_on <= sa.bindparam("day")),
        sa.or_(District.abolished_on.is_(None), District.abolished_on > sa.bindparam("day")),
    )
    .order_by(District.code)
)


def _within(code: str, day: date) -> dict[str, object]:
    prefix = prefix_of(code)
    return {"first": prefix.ljust(10, "0"), "last": prefix.ljust(10, "9"), "day": day}


def districts_of(region_code: str | None, day: date) -> list[City]:
    """The cities, counties and districts of a region that stand on ``day``, in order of their codes, with their dongs.

    Empty for a region without a code. One statement."""
    if region_code is None:
        return []
    cities: dict[str, City] = {}
    divided: set[str] = set()
    for code, parent, level, name in db.session.execute(_STANDING, _within(region_code, day)):
        if level is DistrictLevel.CITY:
            whole = parent if parent and level_of(parent) is DistrictLevel.CITY else code
            divided |= {whole} - {code}
            cities[code] = City(code, name, whole)
        elif level is DistrictLevel.DONG and (city := cities.get(city_code(code))):
            city.dongs.append(Dong(code, name))
    for city in cities.values():
        city.dongs.sort(key=lambda dong: (dong.name_ko, dong.code))
    return [city for code, city in cities.items() if code not in divided]


def standing_district(region_code: str | None, code: str, day: date) -> bool:
    """Whether the district lies in the region and stands on ``day``. One statement."""
    if region_code is None or not code.startswith(prefix_of(region_code)):
        return False
    return db.session.execute(_STANDING, {"first": code, "last": code, "day": day}).first() is not None


def district_words(codes: Iterable[str]) -> dict[str, str]:
    """The names of districts with the city a dong lies in (동구 지산1동), whether they stand or not. One statement."""
    above = aliased(District)
    rows = db.session.execute(
        sa.select(District.code, District.name_ko, District.level, above.name_ko)
        .join(above, above.code == District.parent_code, isouter=True)
        .where(District.code.in_(sorted(set(codes))))
    )
    return {
        code: f"{parent} {name}" if level is DistrictLevel.DONG and parent else name
        for code, name, level, parent in rows
    }


@dataclass(frozen=True, slots=True)
class FilterCity:
    """A city, county or district that a list can be narrowed to; a divided city is one, with the digits that the codes
    of its parts begin with."""

    code: str
    name_ko: str
    prefixes: tuple[str, ...]


_PART = aliased(District, name="part")
_FOR_FILTERS = (
    sa.select(District.code, District.parent_code, District.level, District.name_ko)
    .where(
        District.code.between(sa.bindparam("first"), sa.bindparam("last")),
        sa.or_(District.created_on.is_(None), District.created_on <= sa.bindparam("day")),
        sa.or_(District.abolished_on.is_(None), District.abolished_on > sa.bindparam("day")),
        sa.or_(
            District.level == DistrictLevel.CITY,
            District.parent_code == sa.bindparam("city"),
            District.parent_code.in_(sa.select(_PART.code).where(_PART.parent_code == sa.bindparam("city"))),
        ),
    )
    .order_by(District.code)
)


def filter_districts(region_code: str | None, day: date, *, city: str) -> tuple[list[FilterCity], list[Dong]]:
    """What a list of the region can be narrowed to: its cities in order of their codes, and the dongs of ``city`` by
    name. Empty for a region without a code. One statement."""
    if region_code is None:
        return [], []
    names: dict[str, str] = {}
    prefixes: dict[str, list[str]] = {}
    dongs = []
    for code, parent, level, name in db.session.execute(_FOR_FILTERS, _within(region_code, day) | {"city": city}):
        if level is DistrictLevel.DONG:
            dongs.append(Dong(code, name))
        elif level is DistrictLevel.CITY:
            whole = parent if parent and level_of(parent) is DistrictLevel.CITY else code
            prefixes.setdefault(whole, []).append(prefix_of(code))
            names[code] = name
    cities = [FilterCity(code, names[code], tuple(parts)) for code, parts in prefixes.items() if code in names]
    return cities, sorted(dongs, key=lambda dong: (dong.name_ko, dong.code))
