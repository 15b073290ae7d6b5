"""Who works on a case, and since when it waits too long."""

from datetime import datetime, timedelta

CLAIM = timedelta(minutes=15)
ALERT = timedelta(hours=48)


def holder(claimed_by_id: int | None, claimed_until: datetime | None, moment: datetime) -> int | None:
    """The person whose claim holds at ``moment``; None once it ran out."""
    return claimed_by_id if claimed_until is not None and moment < claimed_until else None


def is_overdue(opened_at: datetime, moment: datetime) -> bool:
    return moment - opened_at >= ALERT
