"""Whether readers see a contribution. Hiding never deletes."""

from enum import StrEnum


class Visibility(StrEnum):
    VISIBLE = "visible"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"
