"""Answers at the same moment, on PostgreSQL, where they really are: nobody is counted twice, nothing is lost."""

from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from civicvote.db import db, unit_of_work
from civicvote.domain.opinions.errors import QuestionClosed
from civicvote.domain.opinions.models import OpinionParticipant, OpinionQuestion, OpinionVote
from civicvote.domain.opinions.services import close_question
from civicvote.domain.opinions.services_answering import answer_statement
from civicvote.domain.opinions.states import Answer
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Role
from tests.factories.at_once import at_once
from tests.factories.opinions import make_question, statements_of
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region

pytestmark = pytest.mark.postgres
RACES = 5


def _answer(actor: Actor, key: tuple[int, int], statement_id: int, answer: Answer | None) -> None:
    question = db.session.get_one(OpinionQuestion, key)
    answer_statement(actor=actor, question=question, statement_id=statement_id, answer=answer)


def _assert_exact(key: tuple[int, int]) -> None:
    question = db.session.get_one(OpinionQuestion, key)
    for statement in statements_of(question):
        values = db.session.scalars(sa.select(OpinionVote.value).where(OpinionVote.statement_id == statement.id)).all()
        assert (statement.agree_count, statement.disagree_count, statement.pass_count) == (
            values.count(1),
            values.count(-1),
            values.count(0),
        )
    participants = db.session.scalars(
        sa.select(OpinionParticipant).where(OpinionParticipant.question_id == question.id)
    ).all()
    assert question.participant_count == len(participants)
    for participant in participants:
        votes = sa.select(sa.func.count()).where(
            OpinionVote.question_id == question.id, OpinionVote.participant == participant.number
        )
        assert participant.vote_count == db.session.scalar(votes)


def test_two_tabs_and_many_people_leave_exact_counters(app_with_connections: Flask) -> None:
    app = app_with_connections
    for _ in range(RACES):
        with app.app_context(), unit_of_work():
            question = make_question(make_region())
            key = (question.region_id, question.id)
            first, second, _third = [each.id for each in statements_of(question)]
            twice, *others = [actor_for(make_person()) for _each in range(4)]
        acts = [
            partial(_answer, twice, key, first, Answer.AGREE),
            partial(_answer, twice, key, first, Answer.DISAGREE),
            partial(_answer, twice, key, second, Answer.PASS),
            *(partial(_answer, other, key, first, Answer.AGREE) for other in others),
        ]
        assert at_once(app, *acts) == []
        with app.app_context():
            _assert_exact(key)
            assert db.session.get_one(OpinionQuestion, key).participant_count == 4


def test_an_answer_and_the_closing_at_once_are_one_before_the_other(app_with_connections: Flask) -> None:
    app = app_with_connections
    for _ in range(RACES):
        with app.app_context(), unit_of_work():
            region = make_region()
            moderator = make_officer(region.id, Role.MODERATOR)
            question = make_question(region, moderator=moderator)
            key = (question.region_id, question.id)
            first = statements_of(question)[0].id
            person, facilitator = actor_for(make_person()), actor_for(moderator)

        def close(key: tuple[int, int] = key, facilitator: Actor = facilitator) -> None:
            close_question(actor=facilitator, question=db.session.get_one(OpinionQuestion, key))

        errors = at_once(app, partial(_answer, person, key, first, Answer.AGREE), close)
        assert all(isinstance(error, QuestionClosed) for error in errors)
        with app.app_context():
            _assert_exact(key)
