"""Kinds of regions, institutions and published figures."""

from enum import StrEnum


class RegionKind(StrEnum):
    COUNTRY = "country"
    PROVINCE = "province"
    DISTRICT = "district"
    DONG = "dong"
    MUNICIPALITY = "municipality"


class InstitutionKind(StrEnum):
    CENTRAL_GOVERNMENT = "central_government"
    LOCAL_GOVERNMENT = "local_government"
    PUBLIC_INSTITUTION = "public_institution"
    UNIVERSITY_OR_EXPERT = "university_or_expert"
    CIVIL_SOCIETY = "civil_society"
    COMPANY = "company"


class FigureKind(StrEnum):
    INSTITUTIONS = "institutions"
    AGENDA_ITEMS = "agenda_items"


class DistrictLevel(StrEnum):
    """How far down an administrative code goes."""

    PROVINCE = "province"
    CITY = "city"
    DONG = "dong"
