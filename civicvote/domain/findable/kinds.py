"""What can be found by searching."""

from enum import StrEnum


class FindableKind(StrEnum):
    PROPOSAL = "proposal"
    COMMENT = "comment"
    VOICE = "voice"
    OPINION_QUESTION = "opinion_question"
    AGENDA_ITEM = "agenda_item"
    PROJECT = "project"
    POLL = "poll"
    DECISION = "decision"
