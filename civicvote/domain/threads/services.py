"""Writes of threads: open, comment, reply, edit, withdraw, hide. Whether the phase allows it, the host decides."""

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from civicvote.db import db
from civicvote.domain.threads import policy
from civicvote.domain.threads.comment_paths import ancestors, position
from civicvote.domain.threads.editing import USUAL_TIMES, EditTimes, EditWindow, edit_window
from civicvote.domain.threads.errors import (
    CommentEditClosed,
    CommentNotOwn,
    CommentTakenAway,
    UnknownComment,
)
from civicvote.domain.threads.models import Comment, CommentRevision, Thread
from civicvote.domain.threads.rating import rank_of
from civicvote.domain.threads.services_drafts import DraftPlace, drop_draft
from civicvote.domain.threads.services_finding import refresh_comment_in_index
from civicvote.domain.threads.stance import Stance
from civicvote.domain.threads.text import clean_comment
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.markup import render
from civicvote.kernel.permissions import Permission
from civicvote.kernel.personal_data import refuse_personal_numbers
from civicvote.kernel.visibility import Visibility

# Built once: every comment that is posted asks these.
_COUNT = (
    sa.update(Thread)
    .where(Thread.region_id == sa.bindparam("region"), Thread.id == sa.bindparam("thread"))
    .values(
        comment_count=Thread.comment_count + sa.bindparam("all", type_=sa.BigInteger()),
        for_count=Thread.for_count + sa.bindparam("in_favour", type_=sa.BigInteger()),
        against_count=Thread.against_count + sa.bindparam("opposed", type_=sa.BigInteger()),
    )
    .returning(Thread.comment_count, Thread.for_count, Thread.against_count)
)
_COUNT_REPLY = (
    sa.update(Comment)
    .where(Comment.region_id == sa.bindparam("region"), Comment.id.in_(sa.bindparam("above", expanding=True)))
    .values(reply_count=Comment.reply_count + 1)
)


def open_thread(*, region_id: int, group_id: int | None) -> Thread:
    """A new, empty thread, ranked by its number of comments among those of ``group_id``."""
    thread = Thread(
        region_id=region_id,
        id=ids.new_id(),
        group_id=group_id,
        comment_count=0,
        for_count=0,
        against_count=0,
        created_at=clock.now(),
    )
    db.session.add(thread)
    db.session.flush()
    return thread


def post_comment(
    *,
    actor: Actor,
    thread: Thread,
    body: str,
    stance: Stance = Stance.NEUTRAL,
    parent_id: int | None = None,
    author_role: str = "",
) -> Comment:
    """Add a comment, or a reply below ``parent_id``; replies to the deepest level become siblings there. What the actor
    had begun to write in that place is no draft any more.

    Raises ``CommentEmpty``, ``CommentTooLong``, ``UnknownComment`` or ``CommentTakenAway`` (both about the parent).
    """
    require(actor, Permission.COMMENT_POST, thread.region_id)
    text = clean_comment(body)
    refuse_personal_numbers(text, field="body")
    parent = answerable_comment(thread, parent_id) if parent_id is not None else None
    comment_id = ids.new_id()
    place = position(comment_id, parent.path if parent else "")
    comment = Comment(
        region_id=thread.region_id,
        id=comment_id,
        thread_id=thread.id,
        parent_id=place.parent_id,
        depth=place.depth,
        path=place.path,
        author_id=actor.person_id,
        author_role=author_role,
        stance=stance,
        body=text,
        body_html=render(text),
        visibility=Visibility.VISIBLE,
        reply_count=0,
        created_at=clock.now(),
        edited_at=None,
    )
    db.session.add(comment)
    db.session.flush()
    # The thread's row first: whoever holds it also owns the counters below it, so two replies never wait in a ring.
    _count(thread, stance, 1)
    if above := ancestors(place.path):
        db.session.connection().execute(_COUNT_REPLY, {"region": thread.region_id, "above": above})
    drop_draft(actor=actor, place=DraftPlace(thread, parent_id or 0))
    refresh_comment_in_index(comment=comment, thread=thread)
    return comment


def answerable_comment(thread: Thread, comment_id: int) -> Comment:
    """A visible comment of the thread. Raises ``UnknownComment``, ``CommentTakenAway``."""
    comment = db.session.get(Comment, (thread.region_id, comment_id))
    if comment is None or comment.thread_id != thread.id:
        raise UnknownComment
    if comment.visibility is not Visibility.VISIBLE:
        raise CommentTakenAway
    return comment


def _count(thread: Thread, stance: Stance, change: int) -> None:
    """Add ``change`` to the thread's counters; ``thread`` holds the new numbers afterwards."""
    values = {
        "region": thread.region_id,
        "thread": thread.id,
        "all": change,
        "in_favour": change if stance is Stance.FOR else 0,
        "opposed": change if stance is Stance.AGAINST else 0,
    }
    numbers = db.session.connection().execute(_COUNT, values).one()
    for name, value in zip(("comment_count", "for_count", "against_count"), numbers, strict=True):
        set_committed_value(thread, name, value)


def edit_comment(*, actor: Actor, comment: Comment, body: str, times: EditTimes = USUAL_TIMES) -> Comment:
    """Change one's own comment. What it said before is kept for readers once the silent window is over.

    Raises ``CommentNotOwn``, ``CommentTakenAway``, ``CommentEditClosed`` and what is wrong with the text.
    """
    require(actor, Permission.COMMENT_EDIT, comment.region_id)
    _require_own_and_visible(actor, comment)
    now = clock.now()
    window = edit_window(comment.created_at, now, times)
    if window is EditWindow.CLOSED:
        raise CommentEditClosed(hours=int(times.possible.total_seconds() // 3600))
    text = clean_comment(body)
    refuse_personal_numbers(text, field="body")
    if text == comment.body:
        return comment
    if window is EditWindow.PUBLIC:
        _keep_revision(comment)
        comment.edited_at = now
    comment.body, comment.body_html = text, render(text)
    db.session.flush()
    refresh_comment_in_index(comment=comment, thread=db.session.get_one(Thread, (comment.region_id, comment.thread_id)))
    return comment


def _keep_revision(comment: Comment) -> None:
    kept = db.session.scalar(
        sa.select(sa.func.count()).where(
            CommentRevision.region_id == comment.region_id, CommentRevision.comment_id == comment.id
        )
    )
    db.session.add(
        CommentRevision(
            region_id=comment.region_id,
            comment_id=comment.id,
            number=(kept or 0) + 1,
            body=comment.body,
            replaced_at=clock.now(),
        )
    )


def withdraw_comment(*, actor: Actor, comment: Comment) -> None:
    """Take one's own comment back; a placeholder keeps the replies. Raises ``CommentNotOwn``, ``CommentTakenAway``."""
    require(actor, Permission.COMMENT_EDIT, comment.region_id)
    _lock_thread(comment)
    _require_own_and_visible(actor, comment)
    set_comment_visibility(region_id=comment.region_id, comment_id=comment.id, visibility=Visibility.WITHDRAWN)


def _require_own_and_visible(actor: Actor, comment: Comment) -> None:
    db.session.refresh(comment, with_for_update=True)
    if policy.can_withdraw(actor, author_id=comment.author_id, visibility=comment.visibility):
        return
    raise CommentNotOwn if comment.author_id != actor.person_id else CommentTakenAway


def set_comment_visibility(*, region_id: int, comment_id: int, visibility: Visibility) -> Comment:
    """Hide, show or withdraw a comment and keep the thread's counters right. Raises ``UnknownComment``."""
    comment = db.session.get(Comment, (region_id, comment_id))
    if comment is None:
        raise UnknownComment
    thread = _lock_thread(comment)
    db.session.refresh(comment, with_for_update=True)
    change = (visibility is Visibility.VISIBLE) - (comment.visibility is Visibility.VISIBLE)
    comment.visibility = visibility
    comment.rank = rank_of(comment.up_count, comment.down_count, is_visible=visibility is Visibility.VISIBLE)
    db.session.flush()
    if change:
        _count(thread, comment.stance, change)
    refresh_comment_in_index(comment=comment, thread=thread)
    return comment


def _lock_thread(comment: Comment) -> Thread:
    """Take the thread's row before the comment's, as ``post_comment`` does."""
    return db.session.get_one(
        Thread, (comment.region_id, comment.thread_id), with_for_update={"key_share": True}, populate_existing=True
    )
