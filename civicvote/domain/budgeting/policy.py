"""When projects are prepared. Whose task it is, is decided by roles."""

from civicvote.domain.budgeting.errors import ProjectFixed
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.rounds.phase_actions import phases_that_open
from civicvote.domain.rounds.policy import RoundInTime, is_open, require_open
from civicvote.kernel.permissions import Permission


def can_prepare(round: RoundInTime) -> bool:
    """Whether projects of the round may be made and changed now.

    A round that leaves the matching phase out still needs its projects: then the ballot alone ends their preparation.
    """
    return not _has_phase_for_it(round) or is_open(round, Permission.PROJECT_MANAGE)


def require_preparation(round: RoundInTime) -> None:
    """Raise ``PhaseClosed`` unless ``can_prepare``."""
    if _has_phase_for_it(round):
        require_open(round, Permission.PROJECT_MANAGE)


def require_changeable(state: ProjectState, *, is_on_frozen_ballot: bool) -> None:
    """Raise ``ProjectFixed`` for what residents vote or voted on."""
    if state is not ProjectState.PREPARING or is_on_frozen_ballot:
        raise ProjectFixed


def _has_phase_for_it(round: RoundInTime) -> bool:
    openings = phases_that_open(Permission.PROJECT_MANAGE)
    return any(each.phase in openings for each in round.phases)
