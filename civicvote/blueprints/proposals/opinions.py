"""Opinion questions on the proposal's page."""

from typing import TYPE_CHECKING, Any

from civicvote.domain.opinions.policy import is_running, takes
from civicvote.domain.opinions.queries import questions_about
from civicvote.domain.proposals.queries import ProposalView
from civicvote.kernel.actor import can
from civicvote.kernel.permissions import Permission
from civicvote.kernel.visibility import Visibility
from civicvote.web.auth import current_actor

if TYPE_CHECKING:
    from civicvote.domain.rounds.models import Round


def opinions_about(view: ProposalView, round_: "Round", *, has_questions: bool) -> dict[str, Any]:
    """The questions about it with those of them that take answers, and whether the reader may open one. One
    statement at most."""
    proposal = view.proposal
    may_ask = can(current_actor(), Permission.OPINION_MANAGE, proposal.region_id)
    questions = questions_about(proposal.region_id, proposal.id) if has_questions else []
    return {
        "opinion_questions": questions,
        "taking_answers": {row.id for row in questions if takes(Permission.OPINION_VOTE, row, round_)},
        "running_questions": {row.id for row in questions if is_running(row)},
        "may_ask_opinions": may_ask and proposal.visibility is Visibility.VISIBLE,
    }
