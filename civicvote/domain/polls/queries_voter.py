"""The polls of one voter: whether a ballot was cast, never what is on it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.polls.models import Poll, RollEntry
from civicvote.domain.polls.states import PollState, Standing
from civicvote.domain.polls.window import PHASE_OF_KIND, effective_closing, effective_opening, standing
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.schedule import span_of
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor

MOST = 20


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

    Whoever was confirmed after the roll was made is added when they vote, so their region's open polls are theirs too.
    Two statements: the phases of all rounds come in one."""
    rows = db.session.execute(
        sa.select(Poll, Region, Round, RollEntry.channel)
        .outerjoin(
            RollEntry,
            (RollEntry.region_id == Poll.region_id)
            & (RollEntry.poll_id == Poll.id)
            & (RollEntry.voter_id == actor.person_id),
        )
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
    for poll, region, round_, channel in rows:
        span = span_of(round_.phases, PHASE_OF_KIND[poll.kind])
        opens_at = effective_opening(poll.opens_at, span.starts_at if span else None)
        closes_at = effective_closing(poll.closes_at, span.ends_at if span else None)
        stands = standing(poll.state, opens_at, closes_at, now)
        found.append(OwnPoll(poll, region, stands, opens_at, closes_at, channel is not None))
    return sorted(found, key=lambda own: (not own.waits, -own.poll.id))
