"""One voter: the standing in a poll, and the polls of that voter: whether a ballot was cast, never what is on it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person, Residency
from civicvote.domain.accounts.residency import ResidencyClass
from civicvote.domain.polls import freezing
from civicvote.domain.polls.ballots.shape import RESIDENTS
from civicvote.domain.polls.ballots.styles import style_of
from civicvote.domain.polls.models import Envelope, Poll, RollEntry
from civicvote.domain.polls.planning.window import (
    PHASE_OF_KIND,
    closing_day,
    effective_closing,
    effective_opening,
    standing,
)
from civicvote.domain.polls.queries import PollView
from civicvote.domain.polls.queries_roll import RESIDENT_COLUMNS, resident_from
from civicvote.domain.polls.roll.rule import Obstacle, Resident, obstacle_of
from civicvote.domain.polls.states import PollState, Standing
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.schedule import span_of
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor

MOST = 20


@dataclass(frozen=True, slots=True)
class VoterStanding:
    """``obstacle``: what keeps the person from voting. ``receipt`` and ``cast_at`` of the ballot in the box, None where
    there is none. ``electorate`` and ``style``: whose vote it is, and of which district the ballot."""

    obstacle: Obstacle | None
    receipt: str | None
    cast_at: datetime | None
    residency_class: ResidencyClass | None
    electorate: str = RESIDENTS
    style: str = ""

    @property
    def may_vote(self) -> bool:
        return self.obstacle is None


def voter_standing(actor: Actor, poll: PollView) -> VoterStanding:
    """The actor's own standing in a poll; nobody reads another's. One statement."""
    row = db.session.execute(
        sa.select(
            RollEntry.voter_id,
            RollEntry.electorate,
            Envelope.receipt,
            Envelope.cast_at,
            Residency.district_code,
            *RESIDENT_COLUMNS,
        )
        .select_from(Person)
        .outerjoin(
            RollEntry,
            (RollEntry.region_id == poll.region_id)
            & (RollEntry.poll_id == poll.id)
            & (RollEntry.voter_id == Person.id),
        )
        .outerjoin(
            Envelope,
            (Envelope.region_id == RollEntry.region_id)
            & (Envelope.poll_id == RollEntry.poll_id)
            & (Envelope.voter_id == RollEntry.voter_id),
        )
        .outerjoin(Residency, (Residency.region_id == poll.region_id) & (Residency.person_id == Person.id))
        .where(Person.id == actor.person_id)
    ).one()
    resident = resident_from(tuple(row[5:]))
    obstacle = None
    if row.voter_id is None:
        closes_on = closing_day(poll.closes_at)
        obstacle = obstacle_of(poll.roll_rule, resident, today=clock.today(), closes_on=closes_on)
    return VoterStanding(
        obstacle=obstacle,
        receipt=row.receipt,
        cast_at=row.cast_at,
        residency_class=resident.residency_class if resident else None,
        electorate=row.electorate or RESIDENTS,
        style=style_of(poll.ballot, poll.options, row.district_code),
    )


@dataclass(frozen=True, slots=True)
class OwnPoll:
    """A poll in which the person may vote. Moments are the effective ones."""

    poll: Poll
    region: Region
    standing: Standing
    opens_at: datetime
    closes_at: datetime
    has_cast: bool

    @property
    def waits(self) -> bool:
        return self.standing is Standing.OPEN and not self.has_cast


def polls_of_voter(actor: Actor) -> list[OwnPoll]:
    """The newest polls in which the actor may vote or could have, at most ``MOST``, those that wait for a ballot first.

    Who may vote by the rule since the roll was made is added when they vote, so those open polls are theirs too.
    Two statements: the phases of all rounds come in one."""
    rows = db.session.execute(
        sa.select(Poll, Region, Round, RollEntry.voter_id, RollEntry.channel, *RESIDENT_COLUMNS)
        .outerjoin(
            RollEntry,
            (RollEntry.region_id == Poll.region_id)
            & (RollEntry.poll_id == Poll.id)
            & (RollEntry.voter_id == actor.person_id),
        )
        .outerjoin(Residency, (Residency.region_id == Poll.region_id) & (Residency.person_id == actor.person_id))
        .join(Region, Region.id == Poll.region_id)
        .join(Round, (Round.region_id == Poll.region_id) & (Round.id == Poll.round_id))
        .where(
            sa.or_(
                sa.and_(RollEntry.voter_id.is_not(None), Poll.state != PollState.DRAFT),
                sa.and_(Poll.region_id.in_(actor.residencies), Poll.state == PollState.FROZEN),
            )
        )
        .order_by(Poll.id.desc())
        .limit(MOST)
    ).all()
    now = clock.now()
    found = []
    for poll, region, round_, on_roll, channel, *residency in rows:
        span = span_of(round_.phases, PHASE_OF_KIND[poll.kind])
        opens_at = effective_opening(poll.opens_at, span.starts_at if span else None)
        closes_at = effective_closing(poll.closes_at, span.ends_at if span else None)
        if on_roll is None and not _may_join(poll, resident_from(tuple(residency)), closes_at):
            continue
        stands = standing(poll.state, opens_at, closes_at, now)
        found.append(OwnPoll(poll, region, stands, opens_at, closes_at, channel is not None))
    return sorted(found, key=lambda own: (not own.waits, -own.poll.id))


def _may_join(poll: Poll, resident: Resident | None, closes_at: datetime) -> bool:
    assert poll.frozen_rules is not None, "drafts are nobody's polls"
    rule = freezing.read(poll.frozen_rules).roll_rule
    return obstacle_of(rule, resident, today=clock.today(), closes_on=closing_day(closes_at)) is None
