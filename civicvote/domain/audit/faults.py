"""What can be wrong with a chain, and the row that shows it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Fault(StrEnum):
    """``CONTENT``: the hash is not the one of what stands there. ``PLACE``: does not follow the entry before it.
    ``DAY_HEAD``: the head of a day, as it was published, is another one. ``END``: the chain ends elsewhere than the
    region's head says. ``UNREADABLE``: the database can't read on behind this row."""

    CONTENT = "content"
    PLACE = "place"
    DAY_HEAD = "day_head"
    END = "end"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """An entry that is not what was recorded. ``at`` and ``verb`` as they stand there now, empty where there is none;
    ``day_on``: the first day whose published head differs."""

    region_id: int
    sequence: int
    fault: Fault
    at: str = ""
    verb: str = ""
    day_on: date | None = None
