"""How far a project has come."""

from enum import StrEnum


class ProjectState(StrEnum):
    PREPARING = "preparing"
    ON_BALLOT = "on_ballot"
    SELECTED = "selected"
    NOT_SELECTED = "not_selected"
