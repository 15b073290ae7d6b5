"""What became of a proposal."""

from enum import StrEnum


class ProposalState(StrEnum):
    SUBMITTED = "submitted"
    ON_BALLOT = "on_ballot"
    SELECTED = "selected"
    NOT_SELECTED = "not_selected"
