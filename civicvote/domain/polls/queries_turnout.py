"""Turnout by group as it was made at closing: the same for everybody, officers and observers too."""

from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.polls.models_turnout import TurnoutGroup
from civicvote.domain.polls.roll.turnout_groups import Division
from civicvote.domain.regions.models import District


@dataclass(frozen=True, slots=True)
class TurnoutRow:
    """``name`` of a district; the other divisions have words for their keys. ``permille``: of those on the roll."""

    key: str
    name: str | None
    on_roll: int
    voted: int

    @property
    def permille(self) -> int:
        return round(1000 * self.voted / self.on_roll)


def turnout_by_group(region_id: int, poll_id: int) -> dict[Division, list[TurnoutRow]]:
    """The divisions of which something may be shown, none before closing or where only the total is. One statement."""
    rows = db.session.execute(
        sa.select(TurnoutGroup.division, TurnoutGroup.key, District.name_ko, TurnoutGroup.on_roll, TurnoutGroup.voted)
        .outerjoin(District, (TurnoutGroup.division == Division.DISTRICT) & (District.code == TurnoutGroup.key))
        .where(TurnoutGroup.region_id == region_id, TurnoutGroup.poll_id == poll_id)
        .order_by(TurnoutGroup.division, TurnoutGroup.position)
    ).all()
    divided = {
        division: [TurnoutRow(*row[1:]) for row in rows] for division, rows in groupby(rows, key=lambda row: row[0])
    }
    return {division: divided[division] for division in Division if division in divided}
