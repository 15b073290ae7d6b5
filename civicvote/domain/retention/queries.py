"""The last runs, for the page that states the retention table."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.retention.models import Destruction
from civicvote.domain.retention.periods import Kept


@dataclass(frozen=True, slots=True)
class LastRun:
    """When a line was last carried out, and how many rows it found."""

    destroyed_at: datetime
    destroyed_count: int


def last_runs() -> dict[Kept, LastRun]:
    """The newest run of each line that ran yet. One statement."""
    newest = sa.select(sa.func.max(Destruction.id)).group_by(Destruction.kept)
    rows = db.session.execute(
        sa.select(Destruction.kept, Destruction.destroyed_at, Destruction.destroyed_count)
        .where(Destruction.id.in_(newest))
        .order_by(Destruction.id)
    )
    known = set(Kept)
    return {Kept(row.kept): LastRun(row.destroyed_at, row.destroyed_count) for row in rows if row.kept in known}
