"""Reminding those who began a ballot and have not cast it. What is on the ballot is known to nobody here."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import AccountSession, Person
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import enqueue_mail, notify
from civicvote.domain.polls import reminders
from civicvote.domain.polls.models import BallotDraft, Poll, RollEntry
from civicvote.domain.polls.planning.window import PHASE_OF_KIND, effective_closing
from civicvote.domain.polls.reminders import AFTER, LAST_DAY
from civicvote.domain.polls.states import PollState, Reminder
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import RoundPhase
from civicvote.kernel import clock, ids

Unit: TypeAlias = Callable[[], AbstractContextManager[object]]

MOST = 500
"""Reminders of one run; the next follows in five minutes."""
BATCH = 50
"""Reminders of one unit of work: few enough that nobody who casts waits for them."""
_KEY = sa.tuple_(BallotDraft.region_id, BallotDraft.poll_id, BallotDraft.person_id)


def remind_of_ballots(*, unit: Unit, batch: int = BATCH) -> int:
    """Tell everybody whose reminder is due, on the site and by mail, ``batch`` people in a unit of work; how many.

    Each reminder is sent once. Somebody whose draft another transaction holds at this moment (they are casting) is
    passed over: whoever is still due then gets theirs in the next run."""
    sent = 0
    while sent < MOST:
        with unit():
            told = _remind(clock.now(), batch)
        sent += told
        if told < batch:
            break
    return sent


def _remind(now: datetime, batch: int) -> int:
    """The rows stay locked until they are marked, so neither a cast nor a second worker changes them in between."""
    marks: dict[Reminder, list[tuple[int, int, int]]] = {}
    due = db.session.execute(_due(now).limit(batch).with_for_update(of=BallotDraft, skip_locked=True)).all()
    for row in due:
        closes_at = effective_closing(row.closes_at, row.ends_at)
        stage = reminders.due(row.begun_at, closes_at, row.reminded, now)
        assert stage is not None
        title = row.title_en if row.locale == "en" else row.title_ko
        params = {"title": title, "reminder": stage.value, "closes_at": closes_at.isoformat()}
        path = f"/regions/{row.slug}/polls/{ids.encode(row.poll_id)}"
        kind = NotificationKind.BALLOT_UNFINISHED
        notify(person_id=row.person_id, kind=kind, params=params, path=path)
        enqueue_mail(address=row.email, locale=row.locale, kind=kind, params=params, path=path)
        marks.setdefault(stage, []).append((row.region_id, row.poll_id, row.person_id))
    for stage, keys in marks.items():
        db.session.execute(sa.update(BallotDraft).where(_KEY.in_(keys)).values(reminded=stage))
    return len(due)


def _due(now: datetime) -> sa.Select[*tuple[Any, ...]]:
    """Drafts of open polls whose session is open too, whose voter has no ballot in the box and has not had the reminder
    that ``reminders.due`` finds, oldest first."""
    phase_of_kind = sa.case(
        {kind.value: phase.value for kind, phase in PHASE_OF_KIND.items()}, value=sa.cast(Poll.kind, sa.String)
    )
    return (
        sa.select(
            BallotDraft.region_id,
            BallotDraft.poll_id,
            BallotDraft.person_id,
            BallotDraft.begun_at,
            BallotDraft.reminded,
            Poll.closes_at,
            Poll.title_ko,
            Poll.title_en,
            Person.email,
            Person.locale,
            Region.slug,
            RoundPhase.ends_at,
        )
        .join(Poll, (Poll.region_id == BallotDraft.region_id) & (Poll.id == BallotDraft.poll_id))
        .join(Person, Person.id == BallotDraft.person_id)
        .join(Region, Region.id == Poll.region_id)
        .join(AccountSession, AccountSession.token_hash == BallotDraft.session_hash)
        .outerjoin(
            RoundPhase,
            (RoundPhase.region_id == Poll.region_id)
            & (RoundPhase.round_id == Poll.round_id)
            & (sa.cast(RoundPhase.phase, sa.String) == phase_of_kind),
        )
        .outerjoin(
            RollEntry,
            (RollEntry.region_id == BallotDraft.region_id)
            & (RollEntry.poll_id == BallotDraft.poll_id)
            & (RollEntry.voter_id == BallotDraft.person_id),
        )
        .where(
            Poll.state == PollState.FROZEN,
            RollEntry.channel.is_(None),
            AccountSession.ended_at.is_(None),
            AccountSession.expires_at > now,
            Person.closed_at.is_(None),
            Poll.closes_at > now,
            RoundPhase.ends_at.is_(None) | (RoundPhase.ends_at > now),
            BallotDraft.begun_at <= now - AFTER[Reminder.AFTER_HOURS],
            _has_a_stage_to_come(now),
        )
        .order_by(BallotDraft.begun_at, BallotDraft.region_id, BallotDraft.poll_id, BallotDraft.person_id)
    )


def _has_a_stage_to_come(now: datetime) -> sa.ColumnElement[bool]:
    """Somebody who began at least ``AFTER[AFTER_HOURS]`` ago has reached a later stage than the one they were told."""
    reached_last = (Poll.closes_at <= now + LAST_DAY) | (RoundPhase.ends_at <= now + LAST_DAY)
    reached_week = BallotDraft.begun_at <= now - AFTER[Reminder.AFTER_A_WEEK]
    return sa.or_(
        BallotDraft.reminded.is_(None),
        (BallotDraft.reminded == Reminder.AFTER_HOURS) & reached_week,
        (BallotDraft.reminded != Reminder.LAST_DAY) & reached_last,
    )
