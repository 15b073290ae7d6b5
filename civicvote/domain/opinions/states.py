"""What an opinion question is about, and how far it and its statements are."""

from enum import StrEnum


class QuestionHost(StrEnum):
    ROUND = "round"
    PROPOSAL = "proposal"
    TOPIC = "topic"


class QuestionState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class StatementState(StrEnum):
    """Seed statements are accepted from the start, those of participants wait for a facilitator."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Answer(StrEnum):
    """What somebody says to a statement. To pass is an answer too: "I have seen it and don't want to say"."""

    AGREE = "agree"
    DISAGREE = "disagree"
    PASS = "pass"  # noqa: S105 – not a password

    @property
    def value_in_matrix(self) -> int:
        return {Answer.AGREE: 1, Answer.DISAGREE: -1, Answer.PASS: 0}[self]

    @classmethod
    def of(cls, value: int) -> "Answer":
        return {1: cls.AGREE, -1: cls.DISAGREE, 0: cls.PASS}[value]
