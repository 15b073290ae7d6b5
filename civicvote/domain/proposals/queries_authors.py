"""Reads of authors: who signs a proposal, who is asked to, what somebody signs with others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.proposals import policy
from civicvote.domain.proposals.errors import NoCoAuthor, ProposalNotOwn, UnknownInvitation
from civicvote.domain.proposals.models import CoAuthor, CoAuthorInvitation, Proposal
from civicvote.domain.proposals.queries import signs_with_author, visible_proposal
from civicvote.domain.proposals.queries_author import OwnProposal
from civicvote.domain.proposals.signing import INVITATIONS_WAIT
from civicvote.domain.proposals.states import CoAuthorState
from civicvote.domain.regions.models import Region
from civicvote.domain.threads.models import Thread
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.visibility import Visibility

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody named beside the author."""

    person_id: int
    name: str
    since: datetime


_SIGNERS = (
    sa.select(CoAuthor.person_id, Person.display_name, CoAuthor.answered_at)
    .join(Person, Person.id == CoAuthor.person_id)
    .where(
        CoAuthor.region_id == sa.bindparam("region_id"),
        CoAuthor.proposal_id == sa.bindparam("proposal_id"),
        CoAuthor.state == CoAuthorState.ACCEPTED,
    )
    .order_by(CoAuthor.answered_at, CoAuthor.person_id)
)


def signers_of(region_id: int, proposal_id: int) -> list[Signer]:
    """Who signs with the author, in the order in which they accepted; ``MOST_CO_AUTHORS`` at most. One statement."""
    rows = db.session.execute(_SIGNERS, {"region_id": region_id, "proposal_id": proposal_id})
    return [Signer(person_id, name, since) for person_id, name, since in rows if since is not None]


def editable_proposal(actor: Actor, region_id: int, proposal_id: int) -> Proposal:
    """A proposal that the actor wrote, or signs with its author. Raises ``UnknownProposal``, ``ProposalNotOwn``."""
    proposal = visible_proposal(actor, region_id, proposal_id)
    if not policy.is_own(actor, proposal) and not signs_with_author(actor, region_id, proposal_id):
        raise ProposalNotOwn
    return proposal


def invitations_to(proposal: Proposal) -> list[CoAuthorInvitation]:
    """Whom the author asked and who has not accepted, for the author alone. Few: see ``MOST_CO_AUTHORS``."""
    return list(
        db.session.scalars(
            sa.select(CoAuthorInvitation)
            .where(
                CoAuthorInvitation.region_id == proposal.region_id,
                CoAuthorInvitation.proposal_id == proposal.id,
                CoAuthorInvitation.invited_at > clock.now() - INVITATIONS_WAIT,
            )
            .order_by(CoAuthorInvitation.id)
        )
    )


def _open_for(actor: Actor) -> sa.Select[CoAuthorInvitation]:
    address = sa.select(Person.email).where(Person.id == actor.person_id).scalar_subquery()
    return sa.select(CoAuthorInvitation).where(
        CoAuthorInvitation.email == address,
        CoAuthorInvitation.state == CoAuthorState.INVITED,
        CoAuthorInvitation.invited_at > clock.now() - INVITATIONS_WAIT,
    )


def own_invitation(actor: Actor, region_id: int, proposal_id: int) -> CoAuthorInvitation:
    """The open invitation for the actor's address. Raises ``UnknownInvitation``."""
    found = db.session.scalars(
        _open_for(actor)
        .where(CoAuthorInvitation.region_id == region_id, CoAuthorInvitation.proposal_id == proposal_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise UnknownInvitation
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """An invitation that waits for the actor."""

    proposal: Proposal
    region: Region
    author_name: str


def invitations_for(actor: Actor) -> list[Asked]:
    """What waits for the actor's answer, the newest first; ``PAGE_SIZE`` at most. One statement."""
    opened = _open_for(actor).subquery()
    rows = db.session.execute(
        sa.select(Proposal, Region, Person.display_name)
        .join(opened, (opened.c.region_id == Proposal.region_id) & (opened.c.proposal_id == Proposal.id))
        .join(Region, Region.id == Proposal.region_id)
        .join(Person, Person.id == Proposal.author_id)
        .where(Proposal.visibility == Visibility.VISIBLE)
        .order_by(opened.c.id.desc())
        .limit(PAGE_SIZE)
    )
    return [Asked(*row) for row in rows]


def proposals_signed_by(actor: Actor, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[OwnProposal]:
    """What the actor signs with its author, the newest first; what was hidden or withdrawn too, so that they can leave
    it. One statement."""
    query = (
        sa.select(Proposal, Region, Thread.comment_count)
        .join(CoAuthor, (CoAuthor.region_id == Proposal.region_id) & (CoAuthor.proposal_id == Proposal.id))
        .join(Region, Region.id == Proposal.region_id)
        .join(Thread, (Thread.region_id == Proposal.region_id) & (Thread.id == Proposal.thread_id))
        .where(CoAuthor.person_id == actor.person_id, CoAuthor.state == CoAuthorState.ACCEPTED)
    )
    if after := read_cursor(cursor, 1):
        query = query.where(Proposal.id < after[0])
    rows = [
        OwnProposal(*row, is_readable=policy.can_read(actor, row.Proposal))
        for row in db.session.execute(query.order_by(Proposal.id.desc()).limit(size + 1))
    ]
    return page_of(rows, size, cursor=lambda row: write_cursor(row.proposal.id))


def signed_proposal(actor: Actor, region_id: int, proposal_id: int) -> Proposal:
    """A proposal that the actor signs with its author, whatever became of it. Raises ``NoCoAuthor``."""
    found = db.session.scalars(
        sa.select(Proposal).where(Proposal.region_id == region_id, Proposal.id == proposal_id)
    ).one_or_none()
    if found is None or not signs_with_author(actor, region_id, proposal_id):
        raise NoCoAuthor
    return found


def names_of(person_ids: Sequence[int]) -> dict[int, str]:
    """The shown names of people, those of closed accounts too. One statement."""
    rows = db.session.execute(
        sa.select(Person.id, Person.display_name).where(Person.id.in_(set(person_ids))).order_by(Person.id)
    )
    return {row.id: row.display_name for row in rows}
