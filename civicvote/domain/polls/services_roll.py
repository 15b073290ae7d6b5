"""The roll: who may vote. People are added, with the moment, and never removed (a trigger refuses that too)."""

import sqlalchemy as sa

from civicvote.db import UTCDateTime, db
from civicvote.domain.accounts.models import Residency
from civicvote.domain.polls.models import Poll, RollEntry
from civicvote.kernel import clock


def add_confirmed_residents(poll: Poll) -> None:
    """Add everybody whose residency in the region is confirmed and valid today and who is not on the roll yet."""
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
        sa.or_(Residency.valid_until_on.is_(None), Residency.valid_until_on >= clock.today()),
        ~on_roll,
    )
    db.session.execute(
        sa.insert(RollEntry).from_select(["region_id", "poll_id", "voter_id", "added_at"], residents),
    )
