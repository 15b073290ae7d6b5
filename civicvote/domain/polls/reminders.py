"""When somebody with an unfinished ballot is reminded: after two hours, after a week, on the last day; each once."""

from datetime import datetime, timedelta

from civicvote.domain.polls.states import Reminder

AFTER = {Reminder.AFTER_HOURS: timedelta(hours=2), Reminder.AFTER_A_WEEK: timedelta(days=7)}
LAST_DAY = timedelta(days=1)
_ORDER = list(Reminder)


def due(begun_at: datetime, closes_at: datetime, told: Reminder | None, now: datetime) -> Reminder | None:
    """The reminder that is due now, None for none. ``told``: the last one that was sent.

    One that was missed because a later one is due already is not made up for: nobody gets two at once."""
    reached = [stage for stage, wait in AFTER.items() if now >= begun_at + wait]
    if now >= max(closes_at - LAST_DAY, begun_at + AFTER[Reminder.AFTER_HOURS]):
        reached.append(Reminder.LAST_DAY)
    if not reached or now >= closes_at:
        return None
    latest = reached[-1]
    return latest if told is None or _ORDER.index(told) < _ORDER.index(latest) else None
