"""Who may see a poll, run it and vote in it."""

from civicvote.domain.polls.errors import NotOnRoll
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


def may_vote(*, is_on_roll: bool, is_resident: bool) -> bool:
    """Whoever is on the roll, and by its rule ``confirmed-residents`` whoever was confirmed since it was made."""
    return is_on_roll or is_resident


def require_on_roll(*, is_on_roll: bool, is_resident: bool) -> None:
    """Raises ``NotOnRoll``."""
    if not may_vote(is_on_roll=is_on_roll, is_resident=is_resident):
        raise NotOnRoll
