"""Who may read, change and withdraw a proposal; when, decides ``rounds.policy``."""

from typing import Protocol

from civicvote.domain.proposals.errors import ProposalMerged, ProposalNotOwn, ProposalSettled, ProposalTakenAway
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


def can_edit(actor: Actor | None, proposal: ProposalStanding, *, signs: bool) -> bool:
    """The same for its text, which those may change too who sign it with the author."""
    return (signs or is_own(actor, proposal)) and is_unsettled(proposal)


def is_unsettled(proposal: ProposalStanding) -> bool:
    return proposal.visibility is Visibility.VISIBLE and proposal.state is ProposalState.SUBMITTED


def require_own(actor: Actor, proposal: ProposalStanding) -> None:
    """Raise ``ProposalNotOwn`` unless the actor is its author: co-authors decide neither who signs nor its end."""
    if not is_own(actor, proposal):
        raise ProposalNotOwn


def require_edit(actor: Actor, proposal: ProposalStanding, *, signs: bool) -> None:
    """Raise ``ProposalNotOwn`` and what ``require_unsettled`` refuses unless the actor may change its text."""
    if not signs:
        require_own(actor, proposal)
    require_unsettled(proposal)


def require_unsettled(proposal: ProposalStanding) -> None:
    """Raise ``ProposalTakenAway``, ``ProposalMerged`` or ``ProposalSettled`` unless it can still be changed."""
    require_supportable(proposal)
    if proposal.state is not ProposalState.SUBMITTED:
        raise ProposalSettled


def require_change(actor: Actor, proposal: ProposalStanding) -> None:
    """The same for its author alone: to withdraw it, to decide who signs it."""
    require_edit(actor, proposal, signs=False)


def require_visible(proposal: ProposalStanding) -> None:
    """Raise ``ProposalTakenAway`` unless everybody sees it: nobody endorses or discusses what readers can't see."""
    if proposal.visibility is not Visibility.VISIBLE:
        raise ProposalTakenAway


def require_supportable(proposal: ProposalStanding) -> None:
    """Raise ``ProposalTakenAway`` or ``ProposalMerged``: what was merged is endorsed, followed and discussed where it
    leads to."""
    require_visible(proposal)
    if proposal.state is ProposalState.MERGED:
        raise ProposalMerged


def is_supportable(proposal: ProposalStanding) -> bool:
    """Whether it can be endorsed, followed and discussed here, phases aside."""
    return proposal.visibility is Visibility.VISIBLE and proposal.state is not ProposalState.MERGED
