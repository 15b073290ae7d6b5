"""Who may read, change and withdraw a proposal; when, decides ``rounds.policy``."""

from typing import Protocol

from civicvote.domain.proposals.errors import ProposalNotOwn, ProposalSettled, ProposalTakenAway
from civicvote.domain.proposals.states import ProposalState
from civicvote.kernel.actor import Actor, can
from civicvote.kernel.permissions import Permission
from civicvote.kernel.visibility import Visibility


class ProposalStanding(Protocol):
    @property
    def region_id(self) -> int: ...
    @property
    def author_id(self) -> int: ...
    @property
    def state(self) -> ProposalState: ...
    @property
    def visibility(self) -> Visibility: ...


def can_read(actor: Actor | None, proposal: ProposalStanding) -> bool:
    """Everybody reads what is visible; what was hidden or withdrawn, its author and moderators."""
    if proposal.visibility is Visibility.VISIBLE:
        return True
    return actor is not None and (
        actor.person_id == proposal.author_id or can(actor, Permission.CONTENT_MODERATE, proposal.region_id)
    )


def is_own(actor: Actor | None, proposal: ProposalStanding) -> bool:
    return actor is not None and actor.person_id == proposal.author_id


def can_change(actor: Actor | None, proposal: ProposalStanding) -> bool:
    """Whether its author may still edit or withdraw it, phases aside."""
    return (
        is_own(actor, proposal)
        and proposal.visibility is Visibility.VISIBLE
        and proposal.state is ProposalState.SUBMITTED
    )


def require_change(actor: Actor, proposal: ProposalStanding) -> None:
    """Raise ``ProposalNotOwn``, ``ProposalTakenAway`` or ``ProposalSettled`` unless the actor may change it."""
    if not is_own(actor, proposal):
        raise ProposalNotOwn
    require_visible(proposal)
    if proposal.state is not ProposalState.SUBMITTED:
        raise ProposalSettled


def require_visible(proposal: ProposalStanding) -> None:
    """Raise ``ProposalTakenAway`` unless everybody sees it: nobody endorses or discusses what readers can't see."""
    if proposal.visibility is not Visibility.VISIBLE:
        raise ProposalTakenAway
