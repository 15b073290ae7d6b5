"""Unfinished ballots in the database: kept for one session, gone in time, and who began one is reminded once."""

import itertools
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civicvote.db import db, unit_of_work
from civicvote.domain.accounts.models import AccountSession
from civicvote.domain.accounts.services import open_session
from civicvote.domain.accounts.services_sessions import end_sessions
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.models import Notification, OutboxMessage
from civicvote.domain.polls import reminders
from civicvote.domain.polls.ballots.wishes import Wish, of_choices
from civicvote.domain.polls.models import BallotDraft, Envelope
from civicvote.domain.polls.queries import visible_poll
from civicvote.domain.polls.queries_drafts import Begun, KeptBallot, kept_ballot
from civicvote.domain.polls.services_drafts import forget_drafts_of_session, forget_orphaned_drafts, keep_draft
from civicvote.domain.polls.services_reminding import BATCH, remind_of_ballots
from civicvote.domain.polls.states import Reminder
from civicvote.domain.reporting.queries_person import everything_about
from civicvote.domain.rounds.models import RoundPhase
from civicvote.kernel import clock
from civicvote.kernel.phases import Phase
from civicvote.kernel.voting import BallotType
from tests.factories.people import actor_for
from tests.factories.polls import cast


def wish(*choices: str) -> Wish:
    return of_choices(choices, (), BallotType.APPROVAL)


@pytest.fixture
def begun(open_agenda):
    """The first voter has begun a ballot; the voter, the poll's view, the token of the session."""
    voter = open_agenda.voters[0]
    actor, token = actor_for(voter), open_session(person_id=voter.id, device="")
    view = visible_poll(actor, open_agenda.region.id, open_agenda.poll.id)
    keep_draft(actor=actor, poll=view, token=token, wish=wish("lamp", "tree"))
    return actor, view, token


def drafts() -> list[BallotDraft]:
    return list(db.session.scalars(sa.select(BallotDraft)))


def test_the_same_session_finds_its_ballot_and_another_is_told_that_there_is_one(open_agenda, begun):
    actor, view, token = begun
    assert kept_ballot(actor, view, token) == KeptBallot(Begun.HERE, wish("lamp", "tree"))
    other = open_session(person_id=actor.person_id, device="")
    assert kept_ballot(actor, view, other) == KeptBallot(Begun.ELSEWHERE)
    assert kept_ballot(actor_for(open_agenda.voters[1]), view, token) == KeptBallot()


def test_what_is_kept_says_nothing_of_the_choices_and_is_no_envelope(begun):
    (draft,) = drafts()
    stored = b" ".join(str(getattr(draft, column.key)).encode() for column in sa.inspect(BallotDraft).columns)
    stored += draft.sealed
    assert begun[2].encode() not in stored
    assert b"lamp" not in stored
    assert db.session.scalars(sa.select(Envelope)).all() == []


def test_filling_on_replaces_it_without_beginning_anew_and_an_empty_ballot_is_forgotten(begun):
    actor, view, token = begun
    begun_at = drafts()[0].begun_at
    with clock.frozen_at(begun_at + timedelta(hours=1)):
        keep_draft(actor=actor, poll=view, token=token, wish=wish("ramp"))
    db.session.expire_all()
    assert kept_ballot(actor, view, token).wish == wish("ramp")
    assert drafts()[0].begun_at == begun_at
    keep_draft(actor=actor, poll=view, token=token, wish=wish())
    assert drafts() == []


def test_casting_forgets_it(open_agenda, begun):
    cast(begun[0], open_agenda.poll, "bench")
    assert drafts() == []


def test_closing_forgets_it(open_agenda, begun):
    open_agenda.close()
    assert drafts() == []


def test_signing_out_forgets_it(begun):
    forget_drafts_of_session(token=open_session(person_id=begun[0].person_id, device=""))
    assert len(drafts()) == 1
    forget_drafts_of_session(token=begun[2])
    assert drafts() == []


def test_a_session_that_ends_or_is_destroyed_in_any_other_way_takes_it_along(begun):
    actor, view, token = begun
    assert forget_orphaned_drafts() == 0
    end_sessions(person_id=actor.person_id)
    assert forget_orphaned_drafts() == 1
    token = open_session(person_id=actor.person_id, device="")
    keep_draft(actor=actor, poll=view, token=token, wish=wish("lamp"))
    db.session.execute(sa.delete(AccountSession))
    db.session.expire_all()
    assert drafts() == []


def remind(batch: int = BATCH) -> int:
    db.session.commit()
    return remind_of_ballots(unit=unit_of_work, batch=batch)


def told() -> list[str]:
    kind = NotificationKind.BALLOT_UNFINISHED
    return [row.params["reminder"] for row in db.session.scalars(sa.select(Notification).filter_by(kind=kind))]


def test_each_reminder_goes_out_once_on_the_site_and_by_mail_and_says_nothing_of_choices(open_agenda, begun):
    begun_at = drafts()[0].begun_at
    for hours, sent in ((1, 0), (2, 1), (3, 0), (47, 0), (49, 1), (50, 0)):
        with clock.frozen_at(begun_at + timedelta(hours=hours)):
            assert remind() == sent, hours
    assert sorted(told()) == ["after_hours", "last_day"]
    mails = db.session.scalars(sa.select(OutboxMessage).filter_by(kind=NotificationKind.BALLOT_UNFINISHED)).all()
    assert len(mails) == 2
    assert all("lamp" not in str(mail.params) and "가로등" not in str(mail.params) for mail in mails)


def test_who_has_a_ballot_in_the_box_is_not_reminded_of_changing_it(open_agenda, begun):
    actor, view, token = begun
    cast(actor, open_agenda.poll, "bench")
    keep_draft(actor=actor, poll=view, token=token, wish=wish("lamp"))
    with clock.frozen_at(clock.now() + timedelta(hours=3)):
        assert remind() == 0


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_everybody_is_reminded_once_however_many_fit_into_a_unit(open_agenda, begun, batch):
    begin_others(open_agenda, begun)
    with clock.frozen_at(clock.now() + timedelta(hours=3)):
        assert remind(batch) == 5
        assert remind(batch) == 0
    assert len(told()) == 5


def test_whose_session_is_over_is_not_reminded(begun):
    with clock.frozen_at(clock.now() + timedelta(hours=3)):
        db.session.execute(sa.update(AccountSession).values(expires_at=clock.now()))
        assert remind() == 0
        db.session.execute(sa.update(AccountSession).values(expires_at=clock.now() + timedelta(hours=1)))
        assert remind() == 1


@pytest.mark.parametrize("reminded", [None, *Reminder])
def test_the_database_finds_exactly_those_who_are_due(open_agenda, begun, reminded):
    """``reminders.due`` says what a reminder is; the query must not choose anybody else, nor leave anybody out."""
    (draft,) = drafts()
    db.session.execute(sa.update(AccountSession).values(expires_at=draft.begun_at + timedelta(days=60)))
    hours = (1, 2, 23, 24, 25, 167, 168, 169)
    for since, left in itertools.product(hours, (-1, 0, 1, *hours)):
        now = draft.begun_at + timedelta(hours=since)
        open_agenda.poll.closes_at = now + timedelta(hours=left)
        draft.reminded = reminded
        phase_ends_at(open_agenda, now + timedelta(days=30))
        db.session.flush()
        due = reminders.due(draft.begun_at, open_agenda.poll.closes_at, reminded, now)
        with clock.frozen_at(now):
            assert remind() == (due is not None), (since, left)
        if due is not None:
            assert draft.reminded is due


def phase_ends_at(open_poll, moment) -> None:
    of_the_poll = (RoundPhase.round_id == open_poll.poll.round_id) & (RoundPhase.phase == Phase.AGENDA_VOTE)
    db.session.execute(sa.update(RoundPhase).where(of_the_poll).values(ends_at=moment))


def begin_others(open_agenda, begun) -> None:
    for voter in open_agenda.voters[1:]:
        token = open_session(person_id=voter.id, device="")
        keep_draft(actor=actor_for(voter), poll=begun[1], token=token, wish=wish("lamp"))
    db.session.flush()


def test_reminding_many_takes_as_many_reads_and_marks_as_reminding_one(open_agenda, begun, count_queries):
    def statements_of_a_run() -> list[str]:
        db.session.commit()
        with clock.frozen_at(clock.now() + timedelta(hours=3)), count_queries() as statements:
            remind_of_ballots(unit=unit_of_work)
        return [statement.split()[0] for statement in statements if not statement.startswith("INSERT")]

    assert statements_of_a_run() == ["SELECT", "UPDATE"]
    db.session.execute(sa.update(BallotDraft).values(reminded=None))
    begin_others(open_agenda, begun)
    assert statements_of_a_run() == ["SELECT", "UPDATE"]
    assert len(told()) == 6


def test_reminding_reads_no_ballot_and_no_frozen_rules(begun, count_queries):
    db.session.commit()
    with count_queries() as statements:
        remind_of_ballots(unit=unit_of_work)
    assert statements
    assert not any("frozen_rules" in statement or "sealed" in statement for statement in statements)


def test_an_empty_form_elsewhere_leaves_what_this_session_began(begun):
    actor, view, token = begun
    other = open_session(person_id=actor.person_id, device="")
    keep_draft(actor=actor, poll=view, token=other, wish=wish())
    assert kept_ballot(actor, view, token) == KeptBallot(Begun.HERE, wish("lamp", "tree"))


def test_casting_elsewhere_forgets_what_this_session_began(open_agenda, begun):
    actor, view, token = begun
    open_session(person_id=actor.person_id, device="")
    cast(actor, open_agenda.poll, "bench")
    assert kept_ballot(actor, view, token) == KeptBallot()


def test_nothing_is_kept_of_a_poll_that_closed_since_it_was_read(open_agenda, begun):
    actor, view, token = begun
    open_agenda.close()
    keep_draft(actor=actor, poll=view, token=token, wish=wish("lamp"))
    assert drafts() == []


def test_the_person_is_told_of_their_ballot_in_the_box_and_of_the_unfinished_one_without_what_they_say(
    open_agenda, begun
):
    actor, view, token = begun
    receipt = cast(actor, open_agenda.poll, "bench")
    cast(open_agenda.voters[1], open_agenda.poll, "tree")
    keep_draft(actor=actor, poll=view, token=token, wish=wish("lamp"))
    about = everything_about(actor.person_id)
    (ballot,) = about["ballots_in_the_box"]
    assert (ballot["receipt"], ballot["channel"]) == (receipt.code, "web")
    assert ballot["cast_at"]
    (draft,) = about["unfinished_ballots"]
    assert "sealed" not in ballot.keys() | draft.keys()
