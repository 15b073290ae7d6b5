"""Destroy what the retention table says is over, and log it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from civicvote.db import db
from civicvote.domain.retention.models import Destruction
from civicvote.domain.retention.periods import RETENTION, Kept, Line
from civicvote.domain.retention.services_destroying import DESTROY, Destroy
from civicvote.domain.uploads.services import sweep_orphans
from civicvote.domain.uploads.store import Store
from civicvote.kernel import clock, ids

Unit = Callable[[], AbstractContextManager[None]]

#: Rows of one unit of work: few enough that nobody waits for the locks.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Destroyed:
    """How many rows of a line went, or were emptied, in this run."""

    kept: Kept
    count: int


def destroy_overdue(*, store: Store, unit: Unit, batch: int = BATCH) -> list[Destroyed]:
    """Carry out every line, ``batch`` rows at a time, each in a unit of work of its own that also counts them in the
    log: whatever breaks in between, the log says exactly what is gone. Run it as often as you like."""
    now = clock.now()
    destroyers: dict[Kept, Destroy] = {**DESTROY, Kept.UPLOADS: lambda _before, _most: _swept(store)}
    return [Destroyed(line.kept, _carry_out(line, destroyers[line.kept], now, unit, batch)) for line in RETENTION]


def _carry_out(line: Line, destroy: Destroy, now: datetime, unit: Unit, batch: int) -> int:
    log_id, total = ids.new_id(), 0
    while True:
        with unit():
            count = destroy(now - line.period, batch)
            log = db.session.get(Destruction, log_id)
            if log is None:
                log = Destruction(
                    id=log_id,
                    kept=line.kept.value,
                    before_at=now - line.period,
                    destroyed_count=0,
                    destroyed_at=now,
                )
                db.session.add(log)
            log.destroyed_count += count
            db.session.flush()
        total += count
        if count < batch:
            return total


def _swept(store: Store) -> int:
    """Files that nothing holds; their own room knows when that is."""
    swept = sweep_orphans(store=store)
    return swept.files + swept.rows
