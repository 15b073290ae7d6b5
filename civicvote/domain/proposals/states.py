"""What became of a proposal, and of what people asked about it."""

from enum import StrEnum


class ProposalState(StrEnum):
    SUBMITTED = "submitted"
    MERGED = "merged"
    ON_BALLOT = "on_ballot"
    SELECTED = "selected"
    NOT_SELECTED = "not_selected"


class CoAuthorState(StrEnum):
    """An invitation to sign a proposal together, and what became of it."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LEFT = "left"


class MergeState(StrEnum):
    """A merge waits for both authors, holds, or came to nothing."""

    PROPOSED = "proposed"
    MERGED = "merged"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    UNDONE = "undone"


class MergeNews(StrEnum):
    """What the authors of two proposals are told about merging them.

    ``RELEASED``: the leading one was withdrawn, so the merged one stands by itself again."""

    ASKED = "asked"
    MERGED = "merged"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    UNDONE = "undone"
    RELEASED = "released"


class LadderStep(StrEnum):
    """What endorsements oblige the city to, from the lowest number up."""

    DEPARTMENT_ANSWERS = "department_answers"
    FORUM = "forum"
    MAYOR_ANSWERS = "mayor_answers"
