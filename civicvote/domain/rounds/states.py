"""How far a round has come: being prepared, or announced to everybody."""

from enum import StrEnum


class RoundState(StrEnum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
