"""What the proposal's page shows of support: endorsing, following, the ladder, how to pass it on."""

from typing import TYPE_CHECKING, Any

from flask import request, url_for

from civicvote.domain.proposals import policy
from civicvote.domain.proposals.ladder import rungs_of, standing_on
from civicvote.domain.proposals.queries_ladder import Support, support_of
from civicvote.domain.rounds.policy import open_actions
from civicvote.domain.rounds.rules import RoundRules
from civicvote.domain.voices.policy import speakable
from civicvote.domain.voices.queries import Voices, voices_beside
from civicvote.kernel import clock
from civicvote.kernel.permissions import Permission
from civicvote.web.auth import current_actor
from civicvote.web.scope import current_region
from civicvote.web.settings import settings

if TYPE_CHECKING:
    from civicvote.domain.proposals.queries import ProposalView
    from civicvote.domain.rounds.models import Round


def support(view: "ProposalView", round_: "Round", *, has_steps: bool = True) -> dict[str, Any]:
    """For the fragments of endorsing and following. One statement; none for visitors where no step was reached."""
    proposal, actor = view.proposal, current_actor()
    held = support_of(actor, proposal.region_id, proposal.id) if actor or has_steps else Support()
    rungs = rungs_of(RoundRules.from_json(round_.rules))
    return {
        "can_endorse": policy.is_supportable(proposal) and Permission.PROPOSAL_ENDORSE in open_actions(round_),
        "endorsed": held.endorses,
        "ladder": standing_on(rungs, held.steps, proposal.endorsement_count, clock.now()),
        **following(view, held),
    }


def following(view: "ProposalView", held: Support) -> dict[str, Any]:
    """``hears_anyway``: authors and those who signed with them hear of their own without following."""
    return {
        "follows": held.follows,
        "hears_anyway": policy.is_own(current_actor(), view.proposal) or held.is_co_author,
        "is_supportable": policy.is_supportable(view.proposal),
    }


def beside(view: "ProposalView", *, has_voices: bool) -> dict[str, Any]:
    """What was said by role, and how to pass the proposal on. One statement at most."""
    proposal, region = view.proposal, current_region()
    return {
        "voices": voices_beside(region.id, proposal.id) if has_voices else Voices(),
        "speakable": speakable(current_actor(), region.id) if policy.is_supportable(proposal) else [],
        "public_address": public_address(
            url_for("proposals.show", slug=region.slug, proposal_id=proposal.id),
        ),
    }


def public_address(path: str) -> str:
    """The address by which others reach a path of this site."""
    return (settings().public_url or request.host_url.rstrip("/")) + path
