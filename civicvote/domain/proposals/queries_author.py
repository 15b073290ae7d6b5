"""A person's own proposals and comments, across regions."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.texts import ProposalTexts
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.domain.threads.models import Comment, Thread
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.visibility import Visibility

PAGE_SIZE = 20
#: So long the very same counts as one button pressed twice, or a page sent again.
SAME_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class OwnProposal:
    """``is_readable``: its text may be shown to the person, which always holds for what they wrote alone."""

    proposal: Proposal
    region: Region
    comment_count: int
    is_readable: bool = True


@dataclass(frozen=True, slots=True)
class OwnComment:
    comment: Comment
    proposal: Proposal
    region: Region


def proposals_by(actor: Actor, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[OwnProposal]:
    """What the actor posted, whatever became of it, the newest first. One statement."""
    query = (
        sa.select(Proposal, Region, Thread.comment_count)
        .join(Region, Region.id == Proposal.region_id)
        .join(Thread, (Thread.region_id == Proposal.region_id) & (Thread.id == Proposal.thread_id))
        .where(Proposal.author_id == actor.person_id)
    )
    if after := read_cursor(cursor, 1):
        query = query.where(Proposal.id < after[0])
    rows = [OwnProposal(*row) for row in db.session.execute(query.order_by(Proposal.id.desc()).limit(size + 1))]
    return page_of(rows, size, cursor=lambda row: write_cursor(row.proposal.id))


def comments_by(actor: Actor, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[OwnComment]:
    """What the actor said, whatever became of it, the newest first, each with its proposal. One statement."""
    query = (
        sa.select(Comment, Proposal, Region)
        .join(Proposal, (Proposal.region_id == Comment.region_id) & (Proposal.thread_id == Comment.thread_id))
        .join(Region, Region.id == Comment.region_id)
        .where(Comment.author_id == actor.person_id)
    )
    if after := read_cursor(cursor, 1):
        query = query.where(Comment.id < after[0])
    rows = [OwnComment(*row) for row in db.session.execute(query.order_by(Comment.id.desc()).limit(size + 1))]
    return page_of(rows, size, cursor=lambda row: write_cursor(row.comment.id))


def just_posted(actor: Actor, round: Round, texts: ProposalTexts) -> int | None:
    """The id of the proposal that the actor posted in the round less than ``SAME_AGAIN`` ago with these texts, word for
    word, and has not withdrawn."""
    return db.session.scalar(
        sa.select(Proposal.id)
        .where(
            Proposal.author_id == actor.person_id,
            Proposal.region_id == round.region_id,
            Proposal.round_id == round.id,
            Proposal.source == "",
            Proposal.visibility != Visibility.WITHDRAWN,
            Proposal.submitted_at > clock.now() - SAME_AGAIN,
            Proposal.title == texts.title,
            Proposal.summary == texts.summary,
            Proposal.body == texts.body,
            Proposal.place == texts.place,
        )
        .order_by(Proposal.id)
        .limit(1)
    )
