"""What those who follow a proposal hear of."""

from enum import StrEnum

from civicvote.domain.proposals.states import LadderStep, ProposalState


class News(StrEnum):
    """Something became of the proposal; each has its sentence in ``web.notices``."""

    ANSWERED = "answered"
    MAYOR_ANSWERED = "mayor_answered"
    SUMMARISED = "summarised"
    OPINED = "opined"
    COSTED = "costed"
    VOICE_WITHDRAWN = "voice_withdrawn"
    ON_BALLOT = "on_ballot"
    SELECTED = "selected"
    NOT_SELECTED = "not_selected"
    BECAME_PROJECT = "became_project"
    FUNDED = "funded"
    DEPARTMENT_OWES = "department_owes"
    FORUM_OWED = "forum_owed"
    MAYOR_OWES = "mayor_owes"
    FORUM_FIXED = "forum_fixed"


OF_STATE: dict[ProposalState, News] = {
    ProposalState.ON_BALLOT: News.ON_BALLOT,
    ProposalState.SELECTED: News.SELECTED,
    ProposalState.NOT_SELECTED: News.NOT_SELECTED,
}

OF_STEP: dict[LadderStep, News] = {
    LadderStep.DEPARTMENT_ANSWERS: News.DEPARTMENT_OWES,
    LadderStep.FORUM: News.FORUM_OWED,
    LadderStep.MAYOR_ANSWERS: News.MAYOR_OWES,
}
