"""Administrative districts: their codes, and the form of the seed file.

A code has ten digits: two of the province, three of the city, county or district, five of the dong. A city that is
divided (청주시) stands beside its parts (청주시 상당구), which name it first; the dongs belong to the parts.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from civicvote.domain.regions.kinds import DistrictLevel

_PROVINCE_ENDS, _CITY_ENDS = "0" * 8, "0" * 5


class BadDistricts(Exception):
    """The file of districts contradicts itself; the text names the code."""


@dataclass(frozen=True, slots=True)
class DistrictFact:
    """A district that stood from ``created_on`` until the day before ``abolished_on``; None: still, or since ever."""

    code: str
    parent_code: str | None
    level: DistrictLevel
    name_ko: str
    created_on: date | None
    abolished_on: date | None


def level_of(code: str) -> DistrictLevel:
    if code.endswith(_PROVINCE_ENDS):
        return DistrictLevel.PROVINCE
    return DistrictLevel.CITY if code.endswith(_CITY_ENDS) else DistrictLevel.DONG


def prefix_of(code: str) -> str:
    """The digits that everything inside the district begins with."""
    return {DistrictLevel.PROVINCE: code[:2], DistrictLevel.CITY: code[:5], DistrictLevel.DONG: code}[level_of(code)]


def city_code(code: str) -> str:
    """The city, county or district that a district code lies in: itself, or that of the dong."""
    return code[:5] + _CITY_ENDS


def read_districts(lines: Iterable[str]) -> list[DistrictFact]:
    """The districts of a CSV text with the columns code, name, created, abolished (YYYYMMDD or empty).

    Raises ``BadDistricts``."""
    rows = [(row["code"], row["name"], row["created"], row["abolished"]) for row in csv.DictReader(lines)]
    whole = {
        (code[:2], name): code for code, name, _, _ in rows if level_of(code) is DistrictLevel.CITY and " " not in name
    }
    facts, known = [], set()
    for code, name, created, abolished in rows:
        if len(code) != 10 or not (code.isascii() and code.isdigit()) or code in known:
            raise BadDistricts(f"{code}: no code of ten digits, or twice")
        known.add(code)
        facts.append(
            DistrictFact(code, _parent(code, name, whole), level_of(code), name, _day(created), _day(abolished))
        )
    return facts


def _parent(code: str, name: str, whole: dict[tuple[str, str], str]) -> str | None:
    match level_of(code):
        case DistrictLevel.PROVINCE:
            return None
        case DistrictLevel.CITY:
            city, _, part = name.partition(" ")
            return whole[code[:2], city] if part else code[:2] + _PROVINCE_ENDS
        case DistrictLevel.DONG:
            return city_code(code)


def _day(text: str) -> date | None:
    return datetime.strptime(text, "%Y%m%d").date() if text else None  # noqa: DTZ007 – a calendar day has no zone
