"""What a person follows, with what is new about each since they last looked."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civicvote.db import UTCDateTime, db
from civicvote.domain.proposals.models import Follow, Proposal, ReachedStep
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.regions.models import Region
from civicvote.domain.threads.models import Thread
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.domain.voices.models import Voice
from civicvote.kernel.actor import Actor
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.visibility import Visibility

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Followed:
    """A proposal that the person follows. ``since``: when they last said that they had seen everything, or began to
    follow. The rest is what came after that: when it was answered, summarised, edited, when a step of the ladder was
    reached (None: it was not), and how many comments there are more."""

    proposal: Proposal
    region: Region
    since: datetime
    new_comments: int
    answered_at: datetime | None
    summarised_at: datetime | None
    reached_at: datetime | None
    edited_at: datetime | None

    @property
    def is_readable(self) -> bool:
        return self.proposal.visibility is Visibility.VISIBLE

    @property
    def has_news(self) -> bool:
        moments = (self.answered_at, self.summarised_at, self.reached_at, self.edited_at)
        return self.is_readable and (self.new_comments > 0 or any(moments))


_SINCE = sa.func.coalesce(Follow.seen_at, Follow.created_at, type_=UTCDateTime())


def _newest_voice(kind: VoiceKind) -> sa.ScalarSelect[datetime]:
    return (
        sa.select(sa.func.max(Voice.published_at, type_=UTCDateTime()))
        .where(
            Voice.region_id == Follow.region_id,
            Voice.proposal_id == Follow.proposal_id,
            Voice.kind == kind,
            Voice.withdrawn_at.is_(None),
            Voice.published_at > _SINCE,
        )
        .correlate(Follow)
        .scalar_subquery()
    )


_REACHED = (
    sa.select(sa.func.max(ReachedStep.reached_at, type_=UTCDateTime()))
    .where(
        ReachedStep.region_id == Follow.region_id,
        ReachedStep.proposal_id == Follow.proposal_id,
        ReachedStep.reached_at > _SINCE,
    )
    .correlate(Follow)
    .scalar_subquery()
)
_FOLLOWED = (
    sa.select(
        Proposal,
        Region,
        _SINCE.label("since"),
        (Thread.comment_count - Follow.seen_comment_count).label("new_comments"),
        _newest_voice(VoiceKind.OFFICIAL_ANSWER).label("answered_at"),
        _newest_voice(VoiceKind.SUMMARY).label("summarised_at"),
        _REACHED.label("reached_at"),
    )
    .select_from(Follow)
    .join(Proposal, (Proposal.region_id == Follow.region_id) & (Proposal.id == Follow.proposal_id))
    .join(Thread, (Thread.region_id == Proposal.region_id) & (Thread.id == Proposal.thread_id))
    .join(Region, Region.id == Follow.region_id)
    # Whoever follows what was merged follows the one that leads: that one stands in the list.
    .where(Follow.person_id == sa.bindparam("person_id"), Proposal.state != ProposalState.MERGED)
    .order_by(Follow.proposal_id.desc())
)


def followed_by(actor: Actor, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[Followed]:
    """What the actor follows, the newest proposal first. One statement."""
    query = _FOLLOWED
    if after := read_cursor(cursor, 1):
        query = query.where(Follow.proposal_id < after[0])
    rows = [_followed(row) for row in db.session.execute(query.limit(size + 1), {"person_id": actor.person_id})]
    return page_of(rows, size, cursor=lambda followed: write_cursor(followed.proposal.id))


def _followed(row: "sa.Row[*tuple[object, ...]]") -> Followed:
    proposal: Proposal = row.Proposal
    edited_at = proposal.edited_at
    return Followed(
        proposal=proposal,
        region=row.Region,
        since=row.since,
        new_comments=max(0, row.new_comments),
        answered_at=row.answered_at,
        summarised_at=row.summarised_at,
        reached_at=row.reached_at,
        edited_at=edited_at if edited_at and edited_at > row.since else None,
    )
