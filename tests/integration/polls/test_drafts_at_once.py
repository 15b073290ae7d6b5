"""Unfinished ballots on PostgreSQL while others cast and the poll closes: nobody waits, nothing is left over."""

import threading
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from civicvote.db import database_clock, db, unit_of_work
from civicvote.domain.accounts.services import open_session
from civicvote.domain.notifications.models import Notification
from civicvote.domain.polls.ballots.wishes import of_choices
from civicvote.domain.polls.models import BallotDraft, Poll
from civicvote.domain.polls.queries import PollView, visible_poll
from civicvote.domain.polls.services import close_poll
from civicvote.domain.polls.services_drafts import forget_draft, forget_orphaned_drafts, keep_draft
from civicvote.domain.polls.services_reminding import remind_of_ballots
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from civicvote.kernel.voting import BallotType
from tests.factories.people import actor_for, make_resident
from tests.factories.places import make_region
from tests.factories.polls import freeze, make_agenda_draft

pytestmark = pytest.mark.postgres

SECONDS = 20
"""A wait for another thread that must end; longer is a failure."""


@dataclass
class Begun:
    app: Flask
    poll: PollView
    voters: list[tuple[Actor, str]]

    def keep(self, number: int) -> None:
        actor, token = self.voters[number]
        keep_draft(actor=actor, poll=self.poll, token=token, wish=of_choices(("lamp",), (), BallotType.APPROVAL))

    def forget(self, number: int) -> None:
        actor, _ = self.voters[number]
        forget_draft(region_id=self.poll.region_id, poll_id=self.poll.id, person_id=actor.person_id)

    def elsewhere(self, work, *, done: threading.Event, go_on: threading.Event) -> threading.Thread:
        """``work`` in a transaction of another connection, which is held open until ``go_on``."""

        def hold() -> None:
            with self.app.app_context(), unit_of_work():
                work()
                done.set()
                assert go_on.wait(SECONDS)

        thread = threading.Thread(target=hold)
        thread.start()
        return thread


@pytest.fixture
def begun(app_with_connections, tmp_path) -> Begun:
    """Three voters with a ballot that they began."""
    with app_with_connections.app_context(), unit_of_work():
        region = make_region()
        people = [make_resident(region.id) for _ in range(3)]
        voters = [(actor_for(each), open_session(person_id=each.id, device="")) for each in people]
        poll = freeze(make_agenda_draft(region), region, tmp_path / "keys")
        made = Begun(app_with_connections, visible_poll(voters[0][0], region.id, poll.id), voters)
        for number in range(3):
            made.keep(number)
    return made


def test_who_casts_while_reminders_go_out_is_passed_over_and_the_others_get_theirs(begun):
    done, go_on = threading.Event(), threading.Event()
    casting = begun.elsewhere(lambda: begun.forget(1), done=done, go_on=go_on)
    assert done.wait(SECONDS)
    with begun.app.app_context(), clock.frozen_at(clock.now() + timedelta(hours=3)):
        db.session.execute(sa.text("SET lock_timeout = '2s'"))
        assert remind_of_ballots(unit=unit_of_work) == 2
        go_on.set()
        casting.join(SECONDS)
        assert remind_of_ballots(unit=unit_of_work) == 0
        told = set(db.session.scalars(sa.select(Notification.person_id)))
    assert told == {begun.voters[0][0].person_id, begun.voters[2][0].person_id}


def test_cleaning_up_leaves_what_a_closing_holds(begun):
    done, go_on = threading.Event(), threading.Event()
    closing = begun.elsewhere(lambda: begun.forget(1), done=done, go_on=go_on)
    assert done.wait(SECONDS)
    with begun.app.app_context(), unit_of_work():
        db.session.execute(sa.text("SET LOCAL lock_timeout = '2s'"))
        db.session.execute(sa.text("UPDATE account_sessions SET ended_at = now()"))
        assert forget_orphaned_drafts() == 2
    go_on.set()
    closing.join(SECONDS)


def test_a_draft_that_waited_for_a_closing_is_not_kept(begun):
    """It asks for its turn while the poll is still frozen for everybody else, and gets it once the poll is closed."""
    done, go_on = threading.Event(), threading.Event()

    def close() -> None:
        poll = db.session.get_one(Poll, (begun.poll.region_id, begun.poll.id))
        with database_clock(lambda: poll.closes_at + timedelta(hours=1)):
            close_poll(actor=None, region_id=poll.region_id, poll_id=poll.id)

    closing = begun.elsewhere(close, done=done, go_on=go_on)
    assert done.wait(SECONDS)
    threading.Timer(0.3, go_on.set).start()
    with begun.app.app_context():
        with unit_of_work():
            begun.keep(0)
            assert go_on.is_set()
        closing.join(SECONDS)
        assert db.session.scalars(sa.select(BallotDraft.person_id)).all() == []
