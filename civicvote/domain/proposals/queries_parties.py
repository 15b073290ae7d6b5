"""Who is behind proposals: their authors and those who signed with them."""

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.proposals.merging import Party
from civicvote.domain.proposals.models import CoAuthor, Proposal
from civicvote.domain.proposals.states import CoAuthorState


def parties_of(region_id: int, proposal_ids: Iterable[int]) -> dict[int, Party]:
    """The party of each proposal, by proposal id. Two statements."""
    wanted = sorted(set(proposal_ids))
    signed: dict[int, set[int]] = defaultdict(set)
    for proposal_id, person_id in db.session.execute(
        sa.select(CoAuthor.proposal_id, CoAuthor.person_id)
        .where(
            CoAuthor.region_id == region_id,
            CoAuthor.proposal_id.in_(wanted),
            CoAuthor.state == CoAuthorState.ACCEPTED,
        )
        .order_by(CoAuthor.proposal_id, CoAuthor.person_id)
    ):
        signed[proposal_id].add(person_id)
    authors = db.session.execute(
        sa.select(Proposal.id, Proposal.author_id, Person.closed_at)
        .join(Person, Person.id == Proposal.author_id)
        .where(Proposal.region_id == region_id, Proposal.id.in_(wanted))
        .order_by(Proposal.id)
    )
    return {
        proposal_id: Party(author_id, closed_at is not None, frozenset(signed[proposal_id]))
        for proposal_id, author_id, closed_at in authors
    }
