"""Who is named for the electorates of a poll, for those who run it; how large each is, for everybody."""

from dataclasses import dataclass

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.polls.models import PollElector, RollEntry
from civicvote.domain.polls.policy import require_manager
from civicvote.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Elector:
    person_id: int
    name: str
    electorate: str


def electors_of(actor: Actor, region_id: int, poll_id: int) -> list[Elector]:
    """By name. Raises ``NotPermitted``. One statement."""
    require_manager(actor, region_id)
    rows = db.session.execute(
        sa.select(Person.id, Person.display_name, PollElector.electorate)
        .join(PollElector, PollElector.person_id == Person.id)
        .where(PollElector.region_id == region_id, PollElector.poll_id == poll_id)
        .order_by(Person.display_name, Person.id)
    )
    return [Elector(*row) for row in rows]


def electorate_sizes(region_id: int, poll_id: int) -> dict[str, int]:
    """Electorate → how many of it are on the roll."""
    rows = db.session.execute(
        sa.select(RollEntry.electorate, sa.func.count())
        .where(RollEntry.region_id == region_id, RollEntry.poll_id == poll_id)
        .group_by(RollEntry.electorate)
        .order_by(RollEntry.electorate)
    )
    return {row[0]: row[1] for row in rows}
