"""Follow a proposal, and tell those who follow what became of it: on the site only, however many they are."""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import notify_all
from civicvote.domain.proposals.models import CoAuthor, Follow, Proposal
from civicvote.domain.proposals.news import OF_STATE, News
from civicvote.domain.proposals.paths import proposal_path
from civicvote.domain.proposals.policy import is_own
from civicvote.domain.proposals.queries import signs_with_author
from civicvote.domain.proposals.services_uniting import lock_for_support, take_back_follow
from civicvote.domain.proposals.states import CoAuthorState, ProposalState
from civicvote.domain.regions.models import Region
from civicvote.domain.threads.models import Thread
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.permissions import Permission
from civicvote.kernel.visibility import Visibility


def follow(*, actor: Actor, proposal: Proposal) -> bool:
    """Let the actor hear what becomes of the proposal; False if they do already.

    Authors, and those who signed with them, hear of their own without following. Raises ``ProposalTakenAway``,
    ``ProposalMerged``."""
    require(actor, Permission.PROPOSAL_FOLLOW, proposal.region_id)
    lock_for_support(proposal)
    if is_own(actor, proposal) or signs_with_author(actor, proposal.region_id, proposal.id):
        return False
    comment_count = db.session.scalar(
        sa.select(Thread.comment_count).where(Thread.region_id == proposal.region_id, Thread.id == proposal.thread_id)
    )
    mark = Follow(
        region_id=proposal.region_id,
        proposal_id=proposal.id,
        person_id=actor.person_id,
        created_at=clock.now(),
        seen_comment_count=comment_count or 0,
    )
    try:
        with db.session.begin_nested():
            db.session.add(mark)
    except sa.exc.IntegrityError:
        return False
    return True


def unfollow(*, actor: Actor, proposal: Proposal) -> bool:
    """The opposite, here and from what was merged into it, whatever became of it; False if the actor did not follow."""
    return take_back_follow(proposal, actor.person_id)


def forget_follows(*, person_id: int) -> None:
    """What a person followed is nobody's business once they have left."""
    db.session.execute(sa.delete(Follow).where(Follow.person_id == person_id))


def mark_followed_seen(*, actor: Actor) -> None:
    """What is new about everything that the actor follows counts from now on."""
    comment_count = (
        sa.select(Thread.comment_count)
        .join(Proposal, (Proposal.region_id == Thread.region_id) & (Proposal.thread_id == Thread.id))
        .where(Proposal.region_id == Follow.region_id, Proposal.id == Follow.proposal_id)
        .scalar_subquery()
    )
    db.session.execute(
        sa.update(Follow)
        .where(Follow.person_id == actor.person_id)
        .values(seen_at=clock.now(), seen_comment_count=sa.func.coalesce(comment_count, 0))
        .execution_options(synchronize_session=False)
    )


def tell_followers(
    *,
    region_id: int,
    proposal_id: int,
    kind: NotificationKind,
    params: Mapping[str, Any],
    path: str,
    except_person_ids: Collection[int] = (),
) -> None:
    """Leave the same message with everybody who follows the proposal, its author and those who signed with them.

    One statement, however many they are, and no mail: whoever wants to know looks at the site. ``path`` is without
    the language prefix."""
    followers = sa.union(
        sa.select(Follow.person_id).where(Follow.region_id == region_id, Follow.proposal_id == proposal_id),
        sa.select(Proposal.author_id).where(Proposal.region_id == region_id, Proposal.id == proposal_id),
        sa.select(CoAuthor.person_id).where(
            CoAuthor.region_id == region_id,
            CoAuthor.proposal_id == proposal_id,
            CoAuthor.state == CoAuthorState.ACCEPTED,
        ),
    ).subquery()
    told = sa.select(followers.c.person_id)
    if except_person_ids:
        told = told.where(followers.c.person_id.not_in(list(except_person_ids)))
    notify_all(people=told, kind=kind, params=params, path=path)


def tell_news(
    *,
    proposal: Proposal,
    news: News,
    path: str | None = None,
    params: Mapping[str, Any] | None = None,
    except_person_ids: Collection[int] = (),
) -> None:
    """Tell followers ``news`` about the proposal; ``path``: its own page unless given."""
    tell_followers(
        region_id=proposal.region_id,
        proposal_id=proposal.id,
        kind=NotificationKind.FOLLOWED_PROPOSAL,
        params={"title": proposal.title, "news": news.value, **(params or {})},
        path=path or proposal_path(slug_of(proposal.region_id), proposal.id),
        except_person_ids=except_person_ids,
    )


def slug_of(region_id: int) -> str:
    """The region's name in addresses."""
    return db.session.get_one(Region, region_id).slug


def tell_of_state(*, region_id: int, proposal_ids: Collection[int], state: ProposalState) -> None:
    """Tell followers of each proposal that is about to change to ``state``; call it before the change is written.

    Who proposed what was selected is told by the agenda, in words of their own."""
    news = OF_STATE.get(state)
    if news is None or not proposal_ids:
        return
    changing = db.session.scalars(
        sa.select(Proposal)
        .where(
            Proposal.region_id == region_id,
            Proposal.id.in_(proposal_ids),
            Proposal.state != state,
            Proposal.visibility == Visibility.VISIBLE,  # a message carries the title
        )
        .order_by(Proposal.id)
    ).all()
    for proposal in changing:
        told_otherwise = (proposal.author_id,) if state is ProposalState.SELECTED else ()
        tell_news(proposal=proposal, news=news, except_person_ids=told_otherwise)
