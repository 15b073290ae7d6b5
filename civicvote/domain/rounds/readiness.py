"""What a draft still lacks before residents may rely on it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from civicvote.domain.rounds.errors import RoundIncomplete, RoundStartsInThePast
from civicvote.domain.rounds.planning import schedule_problems
from civicvote.domain.rounds.schedule import ScheduledPhase
from civicvote.kernel.phases import Phase


class Lack(StrEnum):
    """One open point of a draft."""

    SUMMARY = "summary"
    SCHEDULE = "schedule"
    START_PASSED = "start_passed"
    FIELDS = "fields"
    ENVELOPE = "envelope"


class Draft(Protocol):
    @property
    def summary_ko(self) -> str: ...
    @property
    def envelope_amount(self) -> int: ...
    @property
    def phases(self) -> Sequence[ScheduledPhase]: ...
    @property
    def fields(self) -> Sequence[object]: ...


def lacks(draft: Draft, now: datetime) -> list[Lack]:
    """The open points of a draft. Without a budget vote a round may do without money."""
    found = []
    if not draft.summary_ko:
        found.append(Lack.SUMMARY)
    if any(True for _ in schedule_problems(draft.phases)):
        found.append(Lack.SCHEDULE)
    elif min(each.starts_at for each in draft.phases) <= now:
        found.append(Lack.START_PASSED)
    if not draft.fields and any(each.phase is Phase.DISCOVERY for each in draft.phases):
        found.append(Lack.FIELDS)
    if not draft.envelope_amount and any(each.phase is Phase.BUDGET_VOTE for each in draft.phases):
        found.append(Lack.ENVELOPE)
    return found


def check_ready(draft: Draft, now: datetime) -> None:
    """Raise ``RoundStartsInThePast`` or ``RoundIncomplete`` while something is open."""
    open_points = lacks(draft, now)
    if open_points == [Lack.START_PASSED]:
        raise RoundStartsInThePast
    if open_points:
        raise RoundIncomplete
