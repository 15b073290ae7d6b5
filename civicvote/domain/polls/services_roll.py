"""The roll: who may vote. People are added, with the moment, and never removed (a trigger refuses that too)."""

import sqlalchemy as sa

from civicvote.db import UTCDateTime, db
from civicvote.domain.accounts.models import Residency
from civicvote.domain.polls import freezing
from civicvote.domain.polls.models import Poll, RollEntry
from civicvote.domain.polls.queries_roll import is_eligible
from civicvote.domain.polls.window import PHASE_OF_KIND, closing_day, effective_closing
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.schedule import span_of
from civicvote.kernel import clock


def add_eligible_residents(poll: Poll) -> None:
    """Add everybody who may vote by the poll's fixed rule today and is not on the roll yet."""
    assert poll.frozen_rules is not None, "a roll is made once the rules are fixed"
    span = span_of(db.session.get_one(Round, (poll.region_id, poll.round_id)).phases, PHASE_OF_KIND[poll.kind])
    closes_on = closing_day(effective_closing(poll.closes_at, span.ends_at if span else None))
    on_roll = sa.exists().where(
        RollEntry.region_id == poll.region_id, RollEntry.poll_id == poll.id, RollEntry.voter_id == Residency.person_id
    )
    residents = sa.select(
        Residency.region_id,
        sa.literal(poll.id, sa.BigInteger),
        Residency.person_id,
        sa.literal(clock.now(), UTCDateTime()),
    ).where(
        Residency.region_id == poll.region_id,
        is_eligible(freezing.read(poll.frozen_rules).roll_rule, today=clock.today(), closes_on=closes_on),
        ~on_roll,
    )
    db.session.execute(
        sa.insert(RollEntry).from_select(["region_id", "poll_id", "voter_id", "added_at"], residents),
    )
