"""What is new in the discussion of a proposal, for pages that ask again and again."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.proposals.errors import DiscussionTakenAway
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.states import RoundState
from civicvote.domain.threads.models import Comment, Thread
from civicvote.kernel.visibility import Visibility

#: Nobody needs to know how many more there are.
MOST_COUNTED = 99


@dataclass(frozen=True, slots=True)
class News:
    """``new_count``: visible comments that answer no other, ``new_replies``: those that do, each at most
    ``MOST_COUNTED``; all others are the thread's."""

    slug: str
    new_count: int
    new_replies: int
    comment_count: int
    for_count: int
    against_count: int


#: As the two indexes say it, which a parameter would not match.
_IS_ROOT = Comment.depth == sa.literal_column("0")
_IS_REPLY = Comment.depth > sa.literal_column("0")


def _newer(among: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    """A range of one index, however long the thread is."""
    newer = (
        sa.select(sa.literal_column("1"))
        .where(
            Comment.region_id == sa.bindparam("region_id"),
            Comment.thread_id == sa.bindparam("thread_id"),
            among,
            Comment.id > sa.bindparam("since", type_=sa.BigInteger()),
            Comment.visibility == Visibility.VISIBLE,
        )
        .limit(MOST_COUNTED)
        .subquery()
    )
    return sa.select(sa.func.count()).select_from(newer).scalar_subquery()


@cache
def _news() -> sa.Select[Any]:
    return (
        sa.select(
            Region.slug,
            _newer(_IS_ROOT),
            _newer(_IS_REPLY),
            Thread.comment_count,
            Thread.for_count,
            Thread.against_count,
        )
        .join(Thread, Thread.region_id == Region.id)
        .join(Proposal, (Proposal.region_id == Thread.region_id) & (Proposal.thread_id == Thread.id))
        .join(Round, (Round.region_id == Proposal.region_id) & (Round.id == Proposal.round_id))
        .where(
            Region.id == sa.bindparam("region_id"),
            Thread.region_id == sa.bindparam("region_id"),
            Thread.id == sa.bindparam("thread_id"),
            Proposal.visibility == Visibility.VISIBLE,
            Round.state == RoundState.ANNOUNCED,
        )
    )


def news_of(region_id: int, thread_id: int, *, since: int) -> News:
    """What came after the comment ``since``, as anybody may know it. One statement.

    Raises ``DiscussionTakenAway`` where the proposal is not open to everybody, or does not exist: who asks is unknown.
    """
    row = db.session.execute(_news(), {"region_id": region_id, "thread_id": thread_id, "since": since}).first()
    if row is None:
        raise DiscussionTakenAway
    return News(*row)
