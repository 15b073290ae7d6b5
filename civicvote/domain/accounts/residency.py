"""How a person belongs to a region, and how surely that is known (FEATURES A3)."""

from enum import StrEnum


class ResidencyClass(StrEnum):
    ADDRESS = "address"
    WORK = "work"
    STUDY = "study"
    AFFILIATION = "affiliation"
    REGISTERED_FOREIGNER = "registered_foreigner"


class Assurance(StrEnum):
    SELF_DECLARED = "self_declared"
    LETTER_CODE = "letter_code"
    IDENTITY_PROVIDER = "identity_provider"
    IN_PERSON = "in_person"
