"""Neighbours say which comments help, so that the order of the example's threads shows what it is about."""

import random
from functools import partial

import sqlalchemy as sa

from civicvote.cli.example.people import NEIGHBOURS, neighbour
from civicvote.cli.example.scene import Scene
from civicvote.cli.example.talking import Talk
from civicvote.db import db
from civicvote.domain.threads.models import Comment
from civicvote.domain.threads.rating import Rating
from civicvote.domain.threads.services_rating import rate_comment
from civicvote.kernel.visibility import Visibility

#: By age of a comment: how many rate it. The last ones are too young for anybody to have rated.
_READERS = (14, 9, 7, 2, 0)


def plan_ratings(scene: Scene, talk: Talk) -> None:
    """On the eve of today, when what is there now has been said."""
    scene.stage.plan(-1, partial(_rate_all, scene, talk))


def _rate_all(scene: Scene, talk: Talk) -> None:
    chance = random.Random(f"ratings {scene.told.region}")  # noqa: S311  (a story, no secret)
    for _told, proposal in talk.proposals:
        comments = db.session.scalars(
            sa.select(Comment)
            .where(
                Comment.region_id == proposal.region_id,
                Comment.thread_id == proposal.thread_id,
                Comment.depth == 0,
                Comment.visibility == Visibility.VISIBLE,
            )
            .order_by(Comment.id)
        ).all()
        for comment, readers in zip(comments, _READERS, strict=False):
            _rate(scene, chance, comment, readers)


def _rate(scene: Scene, chance: random.Random, comment: Comment, readers: int) -> None:
    liked = chance.uniform(0.6, 0.95)
    for number in chance.sample(range(NEIGHBOURS), k=min(readers, NEIGHBOURS)):
        actor = scene.cast.actor(neighbour(number))
        if actor.person_id == comment.author_id:
            continue
        rate_comment(
            actor=actor,
            region_id=comment.region_id,
            thread_id=comment.thread_id,
            comment_id=comment.id,
            rating=Rating.HELPFUL if chance.random() < liked else Rating.UNHELPFUL,
        )
