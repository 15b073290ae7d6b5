"""The phases of a round, in the only order they may follow each other. A round may leave some out."""

from enum import StrEnum


class Phase(StrEnum):
    DISCOVERY = "discovery"
    REVIEW = "review"
    DELIBERATION = "deliberation"
    AGENDA_VOTE = "agenda_vote"
    MATCHING = "matching"
    BUDGET_VOTE = "budget_vote"
    ALLOCATION = "allocation"
    IMPLEMENTATION = "implementation"
    RESULTS = "results"

    @property
    def position(self) -> int:
        return list(Phase).index(self)
