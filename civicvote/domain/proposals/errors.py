"""What proposals refuse."""

from civicvote.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class UnknownProposal(NotFound):
    code = "unknown_proposal"


class DiscussionTakenAway(NotFound):
    """The proposal that a thread is about was hidden or withdrawn."""

    code = "discussion_taken_away"


class ProposalTextTooShort(Invalid):
    """Fewer than ``least`` characters."""

    code = "proposal_text_too_short"


class ProposalTextTooLong(Invalid):
    """More than ``limit`` characters."""

    code = "proposal_text_too_long"


class UnknownField(Invalid):
    """The round has no such field (분야)."""

    code = "unknown_field"
    field = "field_key"


class TooManyProposals(Conflict):
    """The round's rule: at most ``limit`` a person."""

    code = "too_many_proposals"


class ProposalNotOwn(Forbidden):
    code = "proposal_not_own"


class ProposalSettled(Conflict):
    """It is on a ballot or beyond: what people vote on can't change under their hands."""

    code = "proposal_settled"


class ProposalTakenAway(Conflict):
    """It was hidden or withdrawn."""

    code = "proposal_taken_away"


class ProposalEditedMeanwhile(Conflict):
    """The edit began from a version that is no longer the newest."""

    code = "proposal_edited_meanwhile"
