"""Keep the marks by which similar proposals are found."""

from collections.abc import Sequence

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.proposals.likeness.similarity import marks_of
from civicvote.domain.proposals.models import Proposal, ProposalMark


def mark_proposal(*, proposal: Proposal) -> None:
    """Let the proposal be found by what its texts say now. Two statements."""
    mark_proposals(proposals=[proposal])


def mark_proposals(*, proposals: Sequence[Proposal]) -> None:
    """The same for many, of any regions: after rows came in past the services, or the words were changed."""
    if not proposals:
        return
    keys = [(each.region_id, each.id) for each in proposals]
    db.session.execute(
        sa.delete(ProposalMark)
        .where(sa.tuple_(ProposalMark.region_id, ProposalMark.proposal_id).in_(keys))
        .execution_options(synchronize_session=False)
    )
    rows = [
        {"region_id": each.region_id, "proposal_id": each.id, "mark": mark, "weight": weight}
        for each in proposals
        for mark, weight in marks_of(title=each.title, summary=each.summary, body=each.body).items()
    ]
    db.session.execute(sa.insert(ProposalMark), rows)
