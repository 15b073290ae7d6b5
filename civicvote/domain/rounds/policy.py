"""What is open in a round at a moment. Whose turn it is, is decided by roles; this decides about time only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from civicvote.domain.rounds.errors import NeverOpen, NotOpenYet, PhaseClosed, RoundNotAnnounced
from civicvote.domain.rounds.phase_actions import PHASE_ACTIONS, phases_that_open
from civicvote.domain.rounds.schedule import ScheduledPhase, in_order, phase_at
from civicvote.domain.rounds.states import RoundState
from civicvote.kernel import clock
from civicvote.kernel.permissions import Permission


class RoundInTime(Protocol):
    @property
    def state(self) -> RoundState: ...
    @property
    def phases(self) -> Sequence[ScheduledPhase]: ...


def open_actions(round: RoundInTime, moment: datetime | None = None) -> frozenset[Permission]:
    """What the phase at ``moment`` (default: now) opens; nothing in a draft, before, between and after phases."""
    if round.state is not RoundState.ANNOUNCED:
        return frozenset()
    phase = phase_at(round.phases, moment or clock.now())
    return PHASE_ACTIONS[phase] if phase else frozenset()


def is_open(round: RoundInTime, permission: Permission, moment: datetime | None = None) -> bool:
    """Whether the phase at ``moment`` (default: now) opens ``permission``."""
    return permission in open_actions(round, moment)


def require_open(round: RoundInTime, permission: Permission, moment: datetime | None = None) -> None:
    """Raise ``PhaseClosed``, or the kind of it that tells when it opens, unless it is open at ``moment`` (now)."""
    moment = moment or clock.now()
    if is_open(round, permission, moment):
        return
    if round.state is not RoundState.ANNOUNCED:
        raise RoundNotAnnounced
    openings = [each for each in in_order(round.phases) if each.phase in phases_that_open(permission)]
    coming = next((each for each in openings if each.starts_at > moment), None)
    if coming:
        raise NotOpenYet(phase=coming.phase, opens_at=coming.starts_at)
    if openings:
        raise PhaseClosed(phase=openings[-1].phase, closed_at=openings[-1].ends_at)
    raise NeverOpen
