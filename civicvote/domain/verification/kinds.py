"""The words of verification: by which channel somebody was verified, what an identity is told by, how a clash ended."""

from enum import StrEnum


class VerificationChannel(StrEnum):
    """How a residency was verified (FEATURES A4)."""

    DESK = "desk"
    PROVIDER = "provider"
    LETTER = "letter"
    ROLL = "roll"
    SELF = "self"


class MarkKind(StrEnum):
    """What a mark of identity was made from: a provider's identifier of the person, or name and birth date."""

    PROVIDER = "provider"
    NAME_AND_BIRTH = "name_and_birth"


class ClashDecision(StrEnum):
    """``TRANSFER``: the new account takes the place of the old one. ``REFUSE``: the old one stays.
    ``NAMESAKE``: two people with one name and one birth date."""

    TRANSFER = "transfer"
    REFUSE = "refuse"
    NAMESAKE = "namesake"
