"""When a comment can still be changed by its author: at first silently, then with a public history, then no more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class EditTimes:
    """How long after posting an edit is silent, and how long it is possible at all; the host of the thread says."""

    silent: timedelta = timedelta(minutes=15)
    possible: timedelta = timedelta(hours=24)


USUAL_TIMES = EditTimes()


class EditWindow(StrEnum):
    SILENT = "silent"
    PUBLIC = "public"
    CLOSED = "closed"


def edit_window(created_at: datetime, moment: datetime, times: EditTimes = USUAL_TIMES) -> EditWindow:
    """What an edit at ``moment`` means for a comment of ``created_at``; each window ends before its last instant."""
    age = moment - created_at
    if age < times.silent:
        return EditWindow.SILENT
    return EditWindow.PUBLIC if age < times.possible else EditWindow.CLOSED
