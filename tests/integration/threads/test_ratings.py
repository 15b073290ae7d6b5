"""Ratings: one a person, not of one's own, and counters that are what the table gives, also when many rate at once."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from civicvote.db import db, unit_of_work
from civicvote.domain.regions.models import Region
from civicvote.domain.threads.errors import CommentRatedByAuthor, CommentTakenAway, UnknownComment
from civicvote.domain.threads.models import Comment, CommentRating, Thread
from civicvote.domain.threads.rating import RATING_VALUES, Rating, rank_of
from civicvote.domain.threads.services import open_thread, post_comment, set_comment_visibility
from civicvote.domain.threads.services_rating import rate_comment
from civicvote.kernel.actor import Actor
from civicvote.kernel.visibility import Visibility
from tests.factories.people import actor_for, make_person
from tests.factories.places import make_region


@pytest.fixture
def region(session: Any) -> Region:
    return make_region()


@pytest.fixture
def comment(region: Region) -> Comment:
    thread = open_thread(region_id=region.id, group_id=None)
    return post_comment(actor=actor_for(make_person()), thread=thread, body="말")


def _rate(actor: Actor, comment: Comment, rating: Rating) -> Comment:
    return rate_comment(
        actor=actor,
        region_id=comment.region_id,
        thread_id=comment.thread_id,
        comment_id=comment.id,
        rating=rating,
    )


def assert_counters_match(comment: Comment) -> None:
    values = db.session.scalars(sa.select(CommentRating.value).where(CommentRating.comment_id == comment.id)).all()
    db.session.refresh(comment)
    assert (comment.up_count, comment.down_count) == (values.count(1), values.count(-1))
    assert comment.rank == rank_of(values.count(1), values.count(-1), is_visible=True)


def test_a_rating_is_set_changed_and_taken_back(comment: Comment) -> None:
    actor = actor_for(make_person())
    for rating, counts in (
        (Rating.HELPFUL, (1, 0)),
        (Rating.HELPFUL, (1, 0)),
        (Rating.UNHELPFUL, (0, 1)),
        (Rating.NONE, (0, 0)),
        (Rating.NONE, (0, 0)),
    ):
        rated = _rate(actor, comment, rating)
        assert (rated.up_count, rated.down_count) == counts
    assert_counters_match(comment)


def test_counters_match_the_table_after_a_lively_day(comment: Comment) -> None:
    chance = random.Random(3)  # noqa: S311
    people = [actor_for(make_person()) for _ in range(9)]
    last: dict[int, Rating] = {}
    for _step in range(120):
        actor, rating = chance.choice(people), chance.choice(list(Rating))
        _rate(actor, comment, rating)
        last[actor.person_id] = rating
        assert_counters_match(comment)
    assert comment.up_count == sum(RATING_VALUES[rating] == 1 for rating in last.values())


def test_nobody_rates_their_own_comment_or_one_that_is_gone(comment: Comment) -> None:
    author = db.session.get_one(Comment, (comment.region_id, comment.id)).author_id
    with pytest.raises(CommentRatedByAuthor):
        _rate(Actor(person_id=author, name="나"), comment, Rating.HELPFUL)
    actor = actor_for(make_person())
    with pytest.raises(UnknownComment):
        rate_comment(
            actor=actor,
            region_id=comment.region_id,
            thread_id=comment.thread_id + 1,
            comment_id=comment.id,
            rating=Rating.HELPFUL,
        )
    set_comment_visibility(region_id=comment.region_id, comment_id=comment.id, visibility=Visibility.HIDDEN)
    with pytest.raises(CommentTakenAway):
        _rate(actor, comment, Rating.HELPFUL)
    assert db.session.query(CommentRating).count() == 0


@pytest.mark.postgres
def test_ratings_at_once_are_all_counted_and_each_person_once(app_with_connections: Flask) -> None:
    app = app_with_connections
    with app.app_context(), unit_of_work():
        thread = open_thread(region_id=make_region().id, group_id=None)
        comment = post_comment(actor=actor_for(make_person()), thread=thread, body="말")
        key = (comment.region_id, thread.id, comment.id)
        people = [actor_for(make_person()) for _ in range(6)]

    def rate(task: tuple[int, Actor]) -> None:
        number, actor = task
        rating = (Rating.HELPFUL, Rating.UNHELPFUL, Rating.HELPFUL)[number % 3]
        with app.app_context(), unit_of_work():
            rate_comment(actor=actor, region_id=key[0], thread_id=key[1], comment_id=key[2], rating=rating)

    def answer(actor: Actor) -> None:
        with app.app_context(), unit_of_work():
            thread = db.session.get_one(Thread, (key[0], key[1]))
            post_comment(actor=actor, thread=thread, body="답", parent_id=key[2])

    tasks = [(number, actor) for number in range(9) for actor in people]
    with ThreadPoolExecutor(8) as pool:
        rated = [pool.submit(rate, task) for task in tasks]
        answered = [pool.submit(answer, actor) for actor in people]
        for each in rated + answered:
            each.result(timeout=60)
    with app.app_context():
        found = db.session.get_one(Comment, (key[0], key[2]))
        assert_counters_match(found)
        assert found.up_count + found.down_count == len(people)
        assert found.reply_count == len(people)
