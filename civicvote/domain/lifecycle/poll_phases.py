"""The phase in which a poll of each kind lives: ballots are taken only while it lasts."""

from collections.abc import Iterable
from datetime import datetime

from civicvote.domain.polls.states import PollKind
from civicvote.domain.rounds.schedule import ScheduledPhase, closing_moment
from civicvote.kernel.phases import Phase

POLL_PHASE: dict[PollKind, Phase] = {PollKind.AGENDA: Phase.AGENDA_VOTE, PollKind.BUDGET: Phase.BUDGET_VOTE}


def effective_close(kind: PollKind, closes_at: datetime, phases: Iterable[ScheduledPhase]) -> datetime:
    """When a poll really closes: at its own time or with its phase, whichever comes first."""
    return closing_moment(closes_at, phases, POLL_PHASE[kind])
