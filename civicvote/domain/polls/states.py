"""What kinds of polls there are, how far one has come, and by which channel a ballot arrived."""

from enum import StrEnum


class PollKind(StrEnum):
    AGENDA = "agenda"
    BUDGET = "budget"


class PollState(StrEnum):
    """``FROZEN``: rules, options and roll are fixed; the clock decides whether it is open. ``CLOSED``: no more ballots,
    ``COUNTED``: unsealed and counted, ``PUBLISHED``: everybody sees the outcome."""

    DRAFT = "draft"
    FROZEN = "frozen"
    CLOSED = "closed"
    COUNTED = "counted"
    PUBLISHED = "published"


class Channel(StrEnum):
    """``UNKNOWN``: an imported poll that does not say."""

    WEB = "web"
    BOOTH = "booth"
    PAPER = "paper"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """How a poll stands to the clock, which opens and closes it before any job does."""

    DRAFT = "draft"
    COMING = "coming"
    OPEN = "open"
    OVER = "over"
    PUBLISHED = "published"


class Reminder(StrEnum):
    """When somebody with an unfinished ballot is reminded, in the order in which it comes."""

    AFTER_HOURS = "after_hours"
    AFTER_A_WEEK = "after_a_week"
    LAST_DAY = "last_day"


class KeyFate(StrEnum):
    """What became of the poll's key, as the audit says it with the count."""

    FILE_DESTROYED = "key_file_destroyed"
    SHARES_DELETED = "sealed_shares_deleted"
    """Keyholders' own files, and copies of the sealed shares in backups, are not the server's to destroy."""


class OpenedAt(StrEnum):
    """Where keyholders opened envelopes."""

    SERVER = "server"
    ELSEWHERE = "elsewhere"
