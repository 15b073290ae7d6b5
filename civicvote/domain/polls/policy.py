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


def may_be_added_to_roll(actor: Actor, region_id: int) -> bool:
    """The frozen rule ``confirmed-residents``, for somebody who was confirmed after the roll was made."""
    return actor.is_resident_of(region_id)


def require_on_roll(actor: Actor, region_id: int, *, is_on_roll: bool) -> None:
    """Raises ``NotOnRoll``."""
    if not is_on_roll and not may_be_added_to_roll(actor, region_id):
        raise NotOnRoll
