"""Endorsements at the same moment, on PostgreSQL, where they really are: a step is reached once, and told once."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from civicvote.db import db, unit_of_work
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.models import Notification
from civicvote.domain.proposals.models import Follow, Proposal, ReachedStep
from civicvote.domain.proposals.services import endorse, withdraw_endorsement
from civicvote.domain.proposals.services_following import follow
from civicvote.domain.proposals.services_ladder import fix_forum
from civicvote.domain.proposals.states import LadderStep
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Role
from tests.factories.at_once import at_once
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_proposal
from tests.factories.voices import make_endorsements, make_owed

pytestmark = pytest.mark.postgres
RACES = 6


def _loaded(act: Callable[..., object], actor: Actor, key: tuple[int, int]) -> object:
    return act(actor=actor, proposal=db.session.get_one(Proposal, key))


def test_of_four_at_the_step_one_reaches_it(app_with_connections: Flask) -> None:
    app = app_with_connections
    for _ in range(RACES):
        with app.app_context(), unit_of_work():
            region = make_region()
            round_ = make_round(region)
            round_.rules = {"ladder_department_answers": 10, "ladder_forum": 12}
            proposal = make_proposal(round_)
            make_endorsements(proposal, 8)
            reviewer = make_officer(region.id, Role.REVIEWER).id
            people = [actor_for(make_person()) for _each in range(4)]
            key = (region.id, proposal.id)
        assert at_once(app, *(partial(_loaded, endorse, person, key) for person in people)) == []
        with app.app_context():
            steps = db.session.scalars(sa.select(ReachedStep).where(ReachedStep.proposal_id == key[1])).all()
            assert sorted((row.step, row.endorsement_count) for row in steps) == [
                ("department_answers", 10),
                ("forum", 12),
            ]
            told = db.session.scalar(
                sa.select(sa.func.count()).where(
                    Notification.person_id == reviewer, Notification.kind == NotificationKind.ANSWER_OWED
                )
            )
            assert told == 2
            assert db.session.get_one(Proposal, key).endorsement_count == 12


def test_coming_and_going_at_the_step_reaches_it_at_most_once(app_with_connections: Flask) -> None:
    app = app_with_connections
    for _ in range(RACES):
        with app.app_context(), unit_of_work():
            round_ = make_round(make_region())
            round_.rules = {"ladder_department_answers": 5}
            proposal = make_proposal(round_)
            make_endorsements(proposal, 3)
            staying, going = (actor_for(make_person()) for _each in range(2))
            endorse(actor=going, proposal=proposal)
            key = (proposal.region_id, proposal.id)
        assert (
            at_once(app, partial(_loaded, endorse, staying, key), partial(_loaded, withdraw_endorsement, going, key))
            == []
        )
        with app.app_context():
            steps = db.session.scalars(sa.select(ReachedStep).where(ReachedStep.proposal_id == key[1])).all()
            assert len(steps) <= 1
            assert db.session.get_one(Proposal, key).endorsement_count == 4


def test_following_twice_at_once_is_following_once(app_with_connections: Flask) -> None:
    app = app_with_connections
    with app.app_context(), unit_of_work():
        proposal = make_proposal(make_round(make_region()))
        person, key = actor_for(make_person()), (proposal.region_id, proposal.id)
    assert at_once(app, *(partial(_loaded, follow, person, key) for _ in range(3))) == []
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Follow)) == 1


def test_two_who_fix_the_forum_at_once_leave_what_one_of_them_said(app_with_connections: Flask) -> None:
    app, day = app_with_connections, clock.today() + timedelta(days=20)
    said = [(day + timedelta(days=7), "시청"), (day, "구청")]
    for _ in range(RACES):
        with app.app_context(), unit_of_work():
            region = make_region()
            proposal = make_proposal(make_round(region))
            step = make_owed(proposal, LadderStep.FORUM)
            step.held_on, step.place = day, "시청"
            reviewers = [actor_for(make_officer(region.id, Role.REVIEWER)) for _each in said]
            key = (region.id, proposal.id)

        def fix(actor: Actor, held_on: date, place: str, key: tuple[int, int]) -> None:
            proposal = db.session.get_one(Proposal, key)
            fix_forum(actor=actor, proposal=proposal, held_on=held_on, place=place, note="")

        acts = [partial(fix, actor, *words, key) for actor, words in zip(reviewers, said, strict=True)]
        assert at_once(app, *acts) == []
        with app.app_context():
            row = db.session.get_one(ReachedStep, (*key, LadderStep.FORUM))
            assert (row.held_on, row.place) in said, "the day of one and the place of the other"
