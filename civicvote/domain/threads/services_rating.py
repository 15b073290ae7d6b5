"""What readers find of comments: one rating a person, changed or taken back at will. Counters stand with the row."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.threads.errors import CommentRatedByAuthor, CommentTakenAway, UnknownComment
from civicvote.domain.threads.models import Comment, CommentRating
from civicvote.domain.threads.rating import RATING_VALUES, Rating, rank_of
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.permissions import Permission
from civicvote.kernel.visibility import Visibility


def rate_comment(*, actor: Actor, region_id: int, thread_id: int, comment_id: int, rating: Rating) -> Comment:
    """Set, change or take back what the actor finds of a comment; the comment with its new counters.

    Whether the phase allows it, the host decides. Raises ``UnknownComment``, ``CommentTakenAway``,
    ``CommentRatedByAuthor``.
    """
    require(actor, Permission.COMMENT_RATE, region_id)
    # Whoever holds the comment's row owns its counters, so two ratings at once are counted one after the other.
    comment = db.session.get(
        Comment, (region_id, comment_id), with_for_update={"key_share": True}, populate_existing=True
    )
    if comment is None or comment.thread_id != thread_id:
        raise UnknownComment
    if comment.visibility is not Visibility.VISIBLE:
        raise CommentTakenAway
    if comment.author_id == actor.person_id:
        raise CommentRatedByAuthor
    before = _stored(comment, actor.person_id)
    after = RATING_VALUES[rating]
    if after == before:
        return comment
    _store(comment, actor.person_id, before, after)
    comment.up_count += (after == 1) - (before == 1)
    comment.down_count += (after == -1) - (before == -1)
    comment.rank = rank_of(comment.up_count, comment.down_count, is_visible=True)
    db.session.flush()
    return comment


def _of(comment: Comment, person_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        CommentRating.region_id == comment.region_id,
        CommentRating.comment_id == comment.id,
        CommentRating.person_id == person_id,
    )


def _stored(comment: Comment, person_id: int) -> int:
    return db.session.scalar(sa.select(CommentRating.value).where(*_of(comment, person_id))) or 0


def _store(comment: Comment, person_id: int, before: int, after: int) -> None:
    if not after:
        db.session.execute(sa.delete(CommentRating).where(*_of(comment, person_id)))
    elif before:
        db.session.execute(
            sa.update(CommentRating).where(*_of(comment, person_id)).values(value=after, rated_at=clock.now())
        )
    else:
        db.session.execute(
            sa.insert(CommentRating).values(
                region_id=comment.region_id,
                comment_id=comment.id,
                person_id=person_id,
                value=after,
                rated_at=clock.now(),
            )
        )
