"""In which order a thread is read, and how a page of it continues where the last one ended."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from civicvote.kernel.lots import PRIME
from civicvote.kernel.paging import BadCursor, read_cursor, write_cursor


class CommentOrder(StrEnum):
    HELPFUL = "helpful"
    NEWEST = "newest"
    DISCUSSED = "discussed"


class Section(IntEnum):
    """The parts of the order by helpfulness, one behind the other.

    ``TURN`` and ``REST`` are those with too few ratings: from the day's first lot upwards, then from lot 1 again.
    """

    BEST_FOR = 0
    BEST_AGAINST = 1
    RANKED = 2
    TURN = 3
    REST = 4


_LOTS = PRIME - 1
#: All lots times the golden section, up to the next number that shares no factor with them: of all steps round a
#: circle this one spreads its stops most evenly.
_DAILY_STEP = 1_327_217_887


def first_lot(day: date, thread_id: int) -> int:
    """The lot at which the thread's turn begins on ``day`` (a civic day): the same for everybody, moved on every day.

    Steps by the golden section come round evenly: within any month every stretch of the circle is first about
    equally often, so that nobody waits for luck (docs/decisions/0043-the-order-of-comments.md).
    """
    return 1 + (thread_id + day.toordinal() * _DAILY_STEP) % _LOTS


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page by helpfulness begins: behind the comment ``comment_id`` with ``key`` in ``section``.

    The comments that were marked as best (0: none) and the day's first lot stay those of the first page, so that paging
    over midnight, or while people rate, repeats and loses nothing that did not itself move.
    """

    section: Section
    key: int
    comment_id: int
    best_for: int
    best_against: int
    first_lot: int

    def to_cursor(self) -> str:
        return write_cursor(self.section, self.key, self.comment_id, self.best_for, self.best_against, self.first_lot)


def read_place(cursor: str | None) -> Place | None:
    """What ``to_cursor`` wrote; None without a cursor. Raises ``BadCursor``."""
    keys = read_cursor(cursor, 6)
    if keys is None:
        return None
    if not Section.RANKED <= keys[0] <= Section.REST:
        raise BadCursor
    return Place(Section(keys[0]), *keys[1:])
