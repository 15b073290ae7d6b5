"""When a poll takes ballots: decided by its state, its own times and its phase, and by the clock alone."""

from datetime import date, datetime

from civicvote.domain.polls.errors import PollClosed, PollNotOpenYet
from civicvote.domain.polls.states import PollKind, PollState, Standing
from civicvote.kernel.clock import CIVIC_ZONE
from civicvote.kernel.phases import Phase

PHASE_OF_KIND = {PollKind.AGENDA: Phase.AGENDA_VOTE, PollKind.BUDGET: Phase.BUDGET_VOTE}
"""The phase in which a poll of each kind can be open."""


def effective_opening(opens_at: datetime, phase_starts_at: datetime | None) -> datetime:
    """The later of the poll's own time and the start of its phase."""
    return max(opens_at, phase_starts_at) if phase_starts_at else opens_at


def effective_closing(closes_at: datetime, phase_ends_at: datetime | None) -> datetime:
    """The earlier of the poll's own time and the end of its phase."""
    return min(closes_at, phase_ends_at) if phase_ends_at else closes_at


def closing_day(closes_at: datetime) -> date:
    """The calendar day, where the residents are, on which a poll closes: on it somebody must be old enough."""
    return closes_at.astimezone(CIVIC_ZONE).date()


def standing(state: PollState, opens_at: datetime, closes_at: datetime, moment: datetime) -> Standing:
    """``opens_at`` (inclusive) and ``closes_at`` (exclusive) are the effective ones."""
    if state is PollState.DRAFT:
        return Standing.DRAFT
    if state is PollState.PUBLISHED:
        return Standing.PUBLISHED
    if state is not PollState.FROZEN or moment >= closes_at:
        return Standing.OVER
    return Standing.OPEN if moment >= opens_at else Standing.COMING


def require_open(state: PollState, opens_at: datetime, closes_at: datetime, moment: datetime) -> None:
    """Raises ``PollNotOpenYet`` or ``PollClosed`` unless ballots are taken at ``moment``."""
    match standing(state, opens_at, closes_at, moment):
        case Standing.OPEN:
            return
        case Standing.DRAFT | Standing.COMING:
            raise PollNotOpenYet(opens_at=opens_at)
        case _:
            raise PollClosed(closed_at=min(closes_at, moment))
