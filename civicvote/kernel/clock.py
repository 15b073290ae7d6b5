"""The one source of "now". Tests move it; nothing else reads the system clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: Where the platform's first cities are: calendar days and printed times are in this zone.
CIVIC_ZONE = ZoneInfo("Asia/Seoul")


def _system_now() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_now


def now() -> datetime:
    """The current moment, timezone-aware UTC."""
    return _source()


def today() -> date:
    """The current calendar day where the residents are."""
    return now().astimezone(CIVIC_ZONE).date()


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Hold the clock at ``moment`` (aware) for all threads of this process."""
    global _source
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    before = _source
    fixed = moment.astimezone(UTC)
    _source = lambda: fixed  # noqa: E731
    try:
        yield
    finally:
        _source = before
