"""How a person belongs to a region, and how surely that is known (FEATURES A3)."""

from datetime import date, timedelta
from enum import StrEnum

#: So long before the end a person is told that a residency runs out.
TOLD_BEFORE = timedelta(days=30)


class ResidencyClass(StrEnum):
    ADDRESS = "address"
    WORK = "work"
    STUDY = "study"
    AFFILIATION = "affiliation"
    REGISTERED_FOREIGNER = "registered_foreigner"


class Assurance(StrEnum):
    """From the weakest to the surest; ``at_least`` compares by this order."""

    SELF_DECLARED = "self_declared"
    ROLL = "roll"
    LETTER_CODE = "letter_code"
    IDENTITY_PROVIDER = "identity_provider"
    IN_PERSON = "in_person"

    def at_least(self, other: "Assurance") -> bool:
        order = list(Assurance)
        return order.index(self) >= order.index(other)


class ExcludedGroup(StrEnum):
    """Who belongs to the region and still has no ballot there, by a clause of its ordinance."""

    STAFF = "staff"
    COUNCIL = "council"
    UNDER_AGE = "under_age"


def has_run_out(valid_until_on: date | None, today: date) -> bool:
    """Whether the last day of a residency is over; without one it holds for good."""
    return valid_until_on is not None and valid_until_on < today


def runs_out_soon(valid_until_on: date | None, today: date) -> bool:
    return valid_until_on is not None and today <= valid_until_on <= today + TOLD_BEFORE
