"""Who speaks beside the thread, and as what."""

from enum import StrEnum


class VoiceKind(StrEnum):
    OFFICIAL_ANSWER = "official_answer"
    SUMMARY = "summary"
    EXPERT_OPINION = "expert_opinion"
    BUDGET_INFORMATION = "budget_information"

    @property
    def is_personal(self) -> bool:
        """Said for oneself and not for an office: nobody else puts words or interests into an expert's mouth."""
        return self is VoiceKind.EXPERT_OPINION
