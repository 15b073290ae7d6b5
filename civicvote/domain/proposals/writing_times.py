"""When a proposal can be written and changed, said to whoever writes one."""

from collections.abc import Sequence
from datetime import datetime

from civicvote.domain.rounds.phase_actions import phases_that_open
from civicvote.domain.rounds.schedule import ScheduledPhase, in_order, span_of
from civicvote.kernel.permissions import Permission
from civicvote.kernel.phases import Phase


def changeable_until(phases: Sequence[ScheduledPhase], moment: datetime) -> datetime | None:
    """The end of the phase in which proposals can be changed at ``moment``; None where none holds."""
    editing = phases_that_open(Permission.PROPOSAL_EDIT)
    spans = [each for each in in_order(phases) if each.phase in editing and each.starts_at <= moment < each.ends_at]
    return spans[0].ends_at if spans else None


def voted_on_from(phases: Sequence[ScheduledPhase], moment: datetime) -> datetime | None:
    """When residents begin to choose among the proposals, if that is still to come."""
    vote = span_of(phases, Phase.AGENDA_VOTE)
    return vote.starts_at if vote and vote.starts_at > moment else None
