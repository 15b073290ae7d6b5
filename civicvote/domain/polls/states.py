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
