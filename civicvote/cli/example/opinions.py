"""Tell of an opinion question: neighbours of two minds answer it, and its map is computed."""

import random
import tomllib
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from civicvote.cli.example.people import holders, neighbour
from civicvote.cli.example.scene import Scene
from civicvote.db import db
from civicvote.domain.opinions.models import OpinionParticipant, OpinionQuestion, OpinionStatement, OpinionVote
from civicvote.domain.opinions.services import open_question
from civicvote.domain.opinions.services_computing import compute_question
from civicvote.domain.opinions.services_statements import add_statement
from civicvote.kernel import clock
from civicvote.kernel.permissions import Role

_FILE = Path(__file__).parents[2] / "seed" / "opinions.toml"
_MINDS = ("evening", "quiet")
#: How many of the statements somebody answers.
_SHARE = 0.8


def plan_opinions(scene: Scene) -> None:
    """Open the question in the scene's round, let people answer, and compute the map today."""
    told = tomllib.loads(_FILE.read_text("utf-8"))
    scene.stage.plan(told["opened"], partial(_open, scene, told))


def _open(scene: Scene, told: dict[str, Any]) -> None:
    question = open_question(
        actor=scene.cast.actor(holders(Role.MODERATOR)),
        region_id=scene.region.id,
        round=scene.running_round(),
        title=told["title"],
        introduction=told["introduction"].strip(),
        seeds="\n".join(each["text"] for each in told["statements"]),
        closes_at=scene.stage.moment(told["closes"]),
    )
    scene.stage.plan(-1, partial(_answer, scene, question, told))
    for place, waiting in enumerate(told["waiting"]):
        scene.stage.plan(-0.5 + place / 10, partial(_state, scene, question, waiting))
    scene.stage.plan(-0.1, lambda: compute_question(region_id=question.region_id, question_id=question.id))


def _state(scene: Scene, question: OpinionQuestion, waiting: dict[str, Any]) -> None:
    add_statement(actor=scene.cast.actor(neighbour(waiting["author"])), question=question, text=waiting["text"])


def _answer(scene: Scene, question: OpinionQuestion, told: dict[str, Any]) -> None:
    """In bulk, with the counters that the service would have kept: some two thousand answers."""
    chance = random.Random("minds")  # noqa: S311  (a story, no secret)
    now = clock.now()
    statements = db.session.scalars(
        sa.select(OpinionStatement)
        .where(OpinionStatement.region_id == question.region_id, OpinionStatement.question_id == question.id)
        .order_by(OpinionStatement.number)
    ).all()
    key = {"region_id": question.region_id, "question_id": question.id}
    participants, votes = [], []
    for number in range(1, told["participants"] + 1):
        mind = _MINDS[number % len(_MINDS)]
        answered = [
            {
                **key,
                "participant": number,
                "statement_id": statement.id,
                "value": _vote(chance, *said[mind]),
                "voted_at": now,
            }
            for statement, said in zip(statements, told["statements"], strict=True)
            if chance.random() < _SHARE
        ]
        person_id = scene.cast.actor(neighbour(number)).person_id
        participants.append(
            {**key, "number": number, "person_id": person_id, "vote_count": len(answered), "joined_at": now}
        )
        votes += answered
    db.session.execute(sa.insert(OpinionParticipant), [{**each, "is_eligible": False} for each in participants])
    db.session.execute(sa.insert(OpinionVote), votes)
    for statement in statements:
        given = [vote["value"] for vote in votes if vote["statement_id"] == statement.id]
        statement.agree_count, statement.disagree_count = given.count(1), given.count(-1)
        statement.pass_count = given.count(0)
    question.participant_count, question.vote_count = len(participants), len(votes)
    db.session.flush()


def _vote(chance: random.Random, agrees: float, disagrees: float) -> int:
    drawn = chance.random()
    return 1 if drawn < agrees else -1 if drawn < agrees + disagrees else 0
