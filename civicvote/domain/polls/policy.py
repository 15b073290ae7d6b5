"""Who may see a poll and run it. Who may vote in it is said by ``roll.rule``."""

from civicvote.domain.polls.states import PollState
from civicvote.kernel.actor import Actor, can, require
from civicvote.kernel.permissions import Permission


def may_see(actor: Actor | None, region_id: int, state: PollState) -> bool:
    """A draft is its officers' business."""
    return state is not PollState.DRAFT or may_manage(actor, region_id)


def may_manage(actor: Actor | None, region_id: int) -> bool:
    return can(actor, Permission.POLL_MANAGE, region_id)


def require_manager(actor: Actor | None, region_id: int) -> Actor:
    """Raises ``NotPermitted``."""
    return require(actor, Permission.POLL_MANAGE, region_id)
