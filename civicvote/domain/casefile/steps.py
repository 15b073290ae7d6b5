"""What became of a proposal, as dated lines: each computed from the tables that hold it, nothing is written twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.rounds.schedule import ScheduledPhase, in_order
from civicvote.kernel.phases import Phase

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CaseEvent(StrEnum):
    """What a line tells. Of one moment, they stand in this order; what money did comes last."""

    SUBMITTED = "submitted"
    BROUGHT = "brought"
    SIGNED = "signed"
    LEFT = "left"
    EDITED = "edited"
    TOOK_IN = "took_in"
    MERGED_INTO = "merged_into"
    SEPARATED = "separated"
    STEP_REACHED = "step_reached"
    STEP_FULFILLED = "step_fulfilled"
    VOICE = "voice"
    VOICE_EDITED = "voice_edited"
    VOICE_WITHDRAWN = "voice_withdrawn"
    QUESTION_OPENED = "question_opened"
    QUESTION_CLOSED = "question_closed"
    HIDDEN = "hidden"
    KEPT = "kept"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"
    POLL_FROZEN = "poll_frozen"
    POLL_OPENED = "poll_opened"
    POLL_CLOSED = "poll_closed"
    POLL_PUBLISHED = "poll_published"
    ON_AGENDA = "on_agenda"
    PROJECT_MADE = "project_made"
    ALLOCATED = "allocated"
    PAID = "paid"
    RETURNED = "returned"
    REVERSED = "reversed"


MONEY = frozenset({CaseEvent.ALLOCATED, CaseEvent.PAID, CaseEvent.RETURNED, CaseEvent.REVERSED})
_RANKS = {event: rank for rank, event in enumerate(CaseEvent)}
#: Money has one rank for all, so that a database can go on behind any line.
MONEY_RANK = min(_RANKS[event] for event in MONEY)

#: Whose case ends where it stands.
_OVER = frozenset({ProposalState.MERGED, ProposalState.NOT_SELECTED})
#: What still concerns a proposal once residents selected it.
_AFTER_SELECTION = frozenset({Phase.MATCHING, Phase.BUDGET_VOTE, Phase.ALLOCATION, Phase.IMPLEMENTATION, Phase.RESULTS})


@dataclass(frozen=True, slots=True)
class CaseLine:
    """``id`` is the row's that tells it; ``who`` a name or an office; ``reason`` what somebody wrote about it.

    ``detail`` holds what the event's words and link need: ids, titles, numbers, enum members."""

    at: datetime
    event: CaseEvent
    id: int
    who: str = ""
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[int, int, int]:
        """The place of the line in the whole: microseconds since 1970, rank, id."""
        rank = MONEY_RANK if self.event in MONEY else _RANKS[self.event]
        return (self.at - _EPOCH) // timedelta(microseconds=1), rank, self.id


def moment_of(microseconds: int) -> datetime:
    """The moment of a key."""
    return _EPOCH + timedelta(microseconds=min(microseconds, 10**16))


def in_time(lines: Sequence[CaseLine]) -> list[CaseLine]:
    return sorted(lines, key=lambda line: line.key)


def coming(
    state: ProposalState, projects_lost: bool, phases: Sequence[ScheduledPhase], moment: datetime
) -> list[ScheduledPhase]:
    """The phases of the round that are still to come for a proposal in ``state``.

    ``projects_lost``: it became projects, and residents selected none of them."""
    if state in _OVER or projects_lost:
        return []
    later = [each for each in in_order(phases) if each.starts_at > moment]
    if state is ProposalState.SELECTED:
        return [each for each in later if each.phase in _AFTER_SELECTION]
    return later
