"""Who may read, change and withdraw a comment, and as whom a person speaks."""

from datetime import datetime

from civicvote.domain.threads.editing import EditTimes, EditWindow, edit_window
from civicvote.kernel.actor import Actor, can
from civicvote.kernel.permissions import Permission, Role
from civicvote.kernel.visibility import Visibility

#: The role that readers should know of first, where a person holds several.
_SHOWN_ROLES = (
    Role.ADMINISTRATOR,
    Role.BUDGET_APPROVAL,
    Role.BUDGET_ENTRY,
    Role.REVIEWER,
    Role.MODERATOR,
    Role.CLERK,
    Role.REPRESENTATIVE,
    Role.EXPERT,
    Role.OBSERVER,
)


def role_shown(actor: Actor, region_id: int) -> str:
    """The role tag that a comment of this person carries in the region; empty for residents."""
    held = actor.roles_in(region_id)
    return next((role.value for role in _SHOWN_ROLES if role in held), "")


def can_read(actor: Actor | None, *, region_id: int, author_id: int, visibility: Visibility) -> bool:
    """Everybody reads what is visible; what was hidden, its author and moderators; what was withdrawn, nobody."""
    if visibility is Visibility.VISIBLE:
        return True
    if visibility is Visibility.WITHDRAWN or actor is None:
        return False
    return actor.person_id == author_id or can(actor, Permission.CONTENT_MODERATE, region_id)


def can_edit(
    actor: Actor | None,
    *,
    author_id: int,
    visibility: Visibility,
    created_at: datetime,
    moment: datetime,
    times: EditTimes,
) -> bool:
    """The author, while it is visible and the window is open."""
    return (
        can_withdraw(actor, author_id=author_id, visibility=visibility)
        and edit_window(created_at, moment, times) is not EditWindow.CLOSED
    )


def can_withdraw(actor: Actor | None, *, author_id: int, visibility: Visibility) -> bool:
    """The author, at any time, as long as it is visible."""
    return actor is not None and actor.person_id == author_id and visibility is Visibility.VISIBLE
