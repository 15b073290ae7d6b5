"""What can be reported, why, and what a moderator can decide."""

from enum import StrEnum


class SubjectKind(StrEnum):
    PROPOSAL = "proposal"
    COMMENT = "comment"


class ReportReason(StrEnum):
    SPAM = "spam"
    ABUSE = "abuse"
    PERSONAL_DATA = "personal_data"
    OFF_TOPIC = "off_topic"
    DUPLICATE = "duplicate"
    ILLEGAL = "illegal"
    OTHER = "other"


class DecisionAction(StrEnum):
    HIDE = "hide"
    KEEP = "keep"
    RESTORE = "restore"


class CaseState(StrEnum):
    OPEN = "open"
    DECIDED = "decided"
