"""Words for proposals, the discussion about them and the questions put to residents; ``labels`` takes them in."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from civicvote.domain.opinions.gate import GateReason
from civicvote.domain.opinions.representativeness import Side
from civicvote.domain.opinions.states import Answer, QuestionHost, QuestionState, StatementState
from civicvote.domain.proposals.listing import Period, ProposalSort
from civicvote.domain.proposals.states import CoAuthorState, ProposalState
from civicvote.domain.threads.ordering import CommentOrder
from civicvote.domain.threads.rating import Rating
from civicvote.domain.threads.stance import Stance

TALK_LABELS: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    Stance: {
        Stance.FOR: _l("For"),
        Stance.AGAINST: _l("Against"),
        Stance.NEUTRAL: _l("Neither"),
    },
    CommentOrder: {
        CommentOrder.HELPFUL: _l("Most helpful first"),
        CommentOrder.NEWEST: _l("Newest first"),
        CommentOrder.DISCUSSED: _l("Most replies first"),
    },
    Rating: {
        Rating.HELPFUL: _l("Helpful"),
        Rating.UNHELPFUL: _l("Not helpful"),
        Rating.NONE: _l("Not rated"),
    },
    CoAuthorState: {
        CoAuthorState.INVITED: _l("Invited, no answer yet"),
        CoAuthorState.ACCEPTED: _l("Signs with the author"),
        CoAuthorState.DECLINED: _l("Declined"),
        CoAuthorState.LEFT: _l("No longer signs it"),
    },
    ProposalState: {
        ProposalState.SUBMITTED: _l("Under discussion"),
        ProposalState.MERGED: _l("Merged into another proposal"),
        ProposalState.ON_BALLOT: _l("On the agenda ballot"),
        ProposalState.SELECTED: _l("Selected as agenda item"),
        ProposalState.NOT_SELECTED: _l("Not selected"),
    },
    ProposalSort: {
        ProposalSort.NEWEST: _l("Newest"),
        ProposalSort.ENDORSED: _l("Most endorsed"),
        ProposalSort.DISCUSSED: _l("Most discussed"),
        ProposalSort.RANDOM: _l("Shuffled"),
        ProposalSort.BEST: _l("Best match"),
    },
    Period: {
        Period.WEEK: _l("Last 7 days"),
        Period.MONTH: _l("Last 30 days"),
        Period.QUARTER: _l("Last 90 days"),
    },
    QuestionHost: {
        QuestionHost.ROUND: _l("About a round"),
        QuestionHost.PROPOSAL: _l("About a proposal"),
        QuestionHost.TOPIC: _l("About a topic"),
    },
    QuestionState: {
        QuestionState.OPEN: _l("Taking answers"),
        QuestionState.CLOSED: _l("Closed"),
    },
    StatementState: {
        StatementState.WAITING: _l("Waits for a facilitator"),
        StatementState.ACCEPTED: _l("Taken in"),
        StatementState.REFUSED: _l("Not taken in"),
    },
    Answer: {
        Answer.AGREE: _l("Agree"),
        Answer.DISAGREE: _l("Disagree"),
        Answer.PASS: _l("Pass"),
    },
    Side: {
        Side.AGREE: _l("Agree"),
        Side.DISAGREE: _l("Disagree"),
    },
    GateReason: {
        GateReason.TOO_FEW: _l("too few people"),
        GateReason.NO_DIFFERENCE: _l("no difference of opinion"),
        GateReason.LIKE_CHANCE: _l("no more difference than by chance"),
        GateReason.UNSTABLE: _l("groups that do not hold together"),
    },
}
