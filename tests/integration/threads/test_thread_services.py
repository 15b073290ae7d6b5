"""Threads with a database: counters, replies, edits, visibility."""

import random
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.regions.models import Region
from civicvote.domain.threads.editing import EditTimes
from civicvote.domain.threads.errors import (
    CommentEditClosed,
    CommentNotOwn,
    CommentTakenAway,
    UnknownComment,
)
from civicvote.domain.threads.models import Comment, CommentRevision, Thread
from civicvote.domain.threads.ordering import CommentOrder
from civicvote.domain.threads.queries import comment_in_context, edits_of, replies_below
from civicvote.domain.threads.queries_pages import branches
from civicvote.domain.threads.queries_views import Reader
from civicvote.domain.threads.services import (
    edit_comment,
    open_thread,
    post_comment,
    set_comment_visibility,
    withdraw_comment,
)
from civicvote.domain.threads.stance import Stance
from civicvote.kernel import clock
from civicvote.kernel.visibility import Visibility
from tests.factories.people import actor_for, make_person
from tests.factories.places import make_region
from tests.factories.talk import bodies


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def thread(region: Region) -> Thread:
    return open_thread(region_id=region.id, group_id=None)


def _count(*conditions: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Comment).where(*conditions)) or 0


def assert_counters_match(thread: Thread) -> None:
    """The numbers kept with the rows are those that the tables give."""
    db.session.expire_all()
    visible = (Comment.thread_id == thread.id, Comment.visibility == Visibility.VISIBLE)
    assert thread.comment_count == _count(*visible)
    assert thread.for_count == _count(*visible, Comment.stance == Stance.FOR)
    assert thread.against_count == _count(*visible, Comment.stance == Stance.AGAINST)
    for comment in db.session.scalars(sa.select(Comment).where(Comment.thread_id == thread.id)):
        below = _count(Comment.thread_id == thread.id, Comment.path.startswith(comment.path), Comment.id != comment.id)
        assert comment.reply_count == below


def test_counters_match_the_tables_after_a_lively_day(thread: Thread) -> None:
    chance = random.Random(7)  # noqa: S311
    people = [actor_for(make_person()) for _ in range(4)]
    written: list[Comment] = []
    for _step in range(80):
        comment = chance.choice(written) if written else None
        act = chance.random()
        if act < 0.6 or comment is None:
            parent = comment if comment and comment.visibility is Visibility.VISIBLE and act < 0.4 else None
            written.append(
                post_comment(
                    actor=chance.choice(people),
                    thread=thread,
                    body="말",
                    stance=chance.choice(list(Stance)),
                    parent_id=parent.id if parent else None,
                )
            )
        elif comment.visibility is not Visibility.WITHDRAWN:
            visibility = chance.choice(list(Visibility))
            set_comment_visibility(region_id=thread.region_id, comment_id=comment.id, visibility=visibility)
    assert {comment.depth for comment in written} == {0, 1, 2, 3}
    assert {comment.visibility for comment in written} == set(Visibility)
    assert_counters_match(thread)


def test_posting_tells_the_caller_the_new_counts(thread: Thread) -> None:
    post_comment(actor=actor_for(make_person()), thread=thread, body="찬성", stance=Stance.FOR)
    assert (thread.comment_count, thread.for_count, thread.against_count) == (1, 1, 0)


def test_branches_are_newest_first_and_their_replies_in_reading_order(thread: Thread) -> None:
    actor = actor_for(make_person())

    def say(body: str, parent: Comment | None = None) -> Comment:
        return post_comment(actor=actor, thread=thread, body=body, parent_id=parent.id if parent else None)

    older, newer = say("가"), say("나")
    first, second = say("가1", older), say("가2", older)
    say("가1답", first)
    say("가2답", second)
    page = branches(Reader(None), thread.region_id, thread.id, order=CommentOrder.NEWEST)
    assert [branch.root.id for branch in page.items] == [newer.id, older.id]
    assert bodies(page.items[1].replies) == ["가1", "가1답", "가2"]
    assert page.items[1].more_replies == 1
    last = page.items[1].replies[-1]
    rest = replies_below(Reader(None), thread.region_id, thread.id, older.id, cursor=last.key)
    assert bodies(rest.items) == ["가2답"]


def test_replies_of_one_branch_never_show_in_another(thread: Thread) -> None:
    actor = actor_for(make_person())
    roots = [post_comment(actor=actor, thread=thread, body=f"뿌리{number}") for number in range(3)]
    for root in roots:
        for number in range(5):
            post_comment(actor=actor, thread=thread, body=f"{root.body}-{number}", parent_id=root.id)
    other = open_thread(region_id=thread.region_id, group_id=None)
    post_comment(actor=actor, thread=other, body="다른 토론")
    for branch in branches(Reader(None), thread.region_id, thread.id).items:
        name = bodies([branch.root])[0]
        assert bodies(branch.replies) == [f"{name}-{number}" for number in range(3)]
        assert branch.more_replies == 2


def test_only_visible_comments_of_this_thread_are_answered(thread: Thread) -> None:
    actor = actor_for(make_person())
    elsewhere = post_comment(
        actor=actor, thread=open_thread(region_id=thread.region_id, group_id=None), body="다른 토론"
    )
    hidden = post_comment(actor=actor, thread=thread, body="숨길 말")
    set_comment_visibility(region_id=thread.region_id, comment_id=hidden.id, visibility=Visibility.HIDDEN)
    with pytest.raises(UnknownComment):
        post_comment(actor=actor, thread=thread, body="답", parent_id=elsewhere.id)
    with pytest.raises(CommentTakenAway):
        post_comment(actor=actor, thread=thread, body="답", parent_id=hidden.id)
    assert thread.comment_count == 0


def test_public_edits_are_kept_word_by_word_and_silent_ones_are_not(thread: Thread) -> None:
    actor = actor_for(make_person())
    comment = post_comment(actor=actor, thread=thread, body="하나 둘")
    edit_comment(actor=actor, comment=comment, body="하나 둘 셋")
    assert comment.edited_at is None
    with clock.frozen_at(comment.created_at + timedelta(minutes=15)):
        edit_comment(actor=actor, comment=comment, body="하나 셋")
        edit_comment(actor=actor, comment=comment, body="하나 셋")
        edit_comment(actor=actor, comment=comment, body="하나 넷")
    assert db.session.query(CommentRevision).count() == 2
    edits = edits_of(None, thread.region_id, comment.id).items
    assert [piece.text.strip() for piece in edits[0].pieces] == ["하나", "셋", "넷"]
    set_comment_visibility(region_id=thread.region_id, comment_id=comment.id, visibility=Visibility.HIDDEN)
    assert edits_of(None, thread.region_id, comment.id).items == []


def test_edits_of_others_and_late_edits_are_refused(thread: Thread) -> None:
    author = actor_for(make_person())
    comment = post_comment(actor=author, thread=thread, body="처음")
    with pytest.raises(CommentNotOwn):
        edit_comment(actor=actor_for(make_person()), comment=comment, body="남이 고침")
    late = clock.frozen_at(comment.created_at + timedelta(hours=1))
    with late, pytest.raises(CommentEditClosed):
        edit_comment(actor=author, comment=comment, body="늦음", times=EditTimes(possible=timedelta(hours=1)))
    assert comment.body == "처음"


def test_a_withdrawn_comment_keeps_its_replies_and_stays_withdrawn(thread: Thread) -> None:
    author = actor_for(make_person())
    root = post_comment(actor=author, thread=thread, body="거둘 말", stance=Stance.FOR)
    reply = post_comment(actor=actor_for(make_person()), thread=thread, body="답", parent_id=root.id)
    withdraw_comment(actor=author, comment=root)
    with pytest.raises(CommentTakenAway):
        withdraw_comment(actor=author, comment=root)
    found = comment_in_context(Reader(author), thread.region_id, thread.id, reply.id)
    assert (found.ancestors[0].is_readable, found.ancestors[0].body_html) == (False, "")
    assert_counters_match(thread)


def test_a_permalink_shows_what_stands_next_to_a_reply(thread: Thread) -> None:
    actor = actor_for(make_person())
    root = post_comment(actor=actor, thread=thread, body="뿌리")
    replies = [post_comment(actor=actor, thread=thread, body=f"답{number}", parent_id=root.id) for number in range(7)]
    below = post_comment(actor=actor, thread=thread, body="답3의 답", parent_id=replies[3].id)
    other = post_comment(actor=actor, thread=thread, body="다른 뿌리")
    found = comment_in_context(Reader(None), thread.region_id, thread.id, replies[3].id)
    assert bodies(found.ancestors) == ["뿌리"]
    assert bodies(found.before) == ["답1", "답2"]
    assert bodies(found.replies) == ["답3의 답"]
    assert bodies(found.after) == ["답4", "답5"]
    deeper = comment_in_context(Reader(None), thread.region_id, thread.id, below.id)
    assert bodies(deeper.ancestors) == ["뿌리", "답3"]
    assert bodies(deeper.before) == ["답1", "답2"]
    assert bodies(deeper.after) == ["답4", "답5"]
    alone = comment_in_context(Reader(None), thread.region_id, thread.id, other.id)
    assert (alone.ancestors, alone.before, alone.after, alone.replies) == ([], [], [], [])
