"""What readers find of proposals: title, summary, text and place, while the proposal stands by itself."""

from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.findable.services import Row, findable_row, forget, write_findables
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.states import ProposalState
from civicvote.kernel.markup import text_of
from civicvote.kernel.visibility import Visibility


def findable_proposal(proposal: Proposal) -> Row | None:
    """Its row of the index; None while it is hidden or withdrawn, and what was said below it with it.

    A merged one is not found, since it leads elsewhere, but its discussion can still be read there."""
    if proposal.visibility is not Visibility.VISIBLE:
        return None
    row = findable_row(
        region_id=proposal.region_id,
        kind=FindableKind.PROPOSAL,
        subject_id=proposal.id,
        title=proposal.title,
        text="\n".join(filter(None, (proposal.summary, text_of(proposal.body_html), proposal.place))),
        occurred_at=proposal.submitted_at,
        round_id=proposal.round_id,
        thread_id=proposal.thread_id,
    )
    return row | {"title_tokens": "", "tokens": ""} if proposal.state is ProposalState.MERGED else row


def refresh_proposal_in_index(*, proposal: Proposal) -> None:
    """To be called after whatever changes its texts, its state or who sees it. One statement."""
    if row := findable_proposal(proposal):
        write_findables(rows=[row])
    else:
        forget(region_id=proposal.region_id, kind=FindableKind.PROPOSAL, subject_id=proposal.id)
