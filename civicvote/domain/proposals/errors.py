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


class UnknownDistrict(Invalid):
    """No district of the region that stands today."""

    code = "unknown_district"
    field = "district_code"


class PointNotRead(Invalid):
    """A coordinate is no number of decimal degrees."""

    code = "point_not_read"


class HalfAPoint(Invalid):
    """One coordinate without the other."""

    code = "half_a_point"


class OutsideRegion(Invalid):
    """The point lies outside the region, or the region has no map."""

    code = "outside_region"
    field = "latitude"


class TooManyProposals(Conflict):
    """The round's rule: at most ``limit`` a person."""

    code = "too_many_proposals"


class AlreadyPosted(Conflict):
    """The author posted the very same a moment ago: ``proposal_id`` is the one that stands."""

    code = "already_posted"

    def __init__(self, proposal_id: int) -> None:
        super().__init__()
        self.proposal_id = proposal_id


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


class ProposalMerged(Conflict):
    """It was merged into another one, which speaks for both."""

    code = "proposal_merged"


class UnknownMerge(NotFound):
    code = "unknown_merge"


class MergeWithItself(Invalid):
    code = "merge_with_itself"
    field = "other"


class MergeAcrossRounds(Invalid):
    """Only proposals of one round can be merged: another round has other rules and other money."""

    code = "merge_across_rounds"
    field = "other"


class MergeSettled(Conflict):
    """One of the two is on a ballot or beyond."""

    code = "merge_settled"


class MergeAsked(Conflict):
    """The same merge waits for an answer already."""

    code = "merge_asked"


class MergeRefusedBefore(Conflict):
    """The other side refused it; only that side or a moderator can bring it up again."""

    code = "merge_refused_before"


class MergeAnswered(Conflict):
    """It holds, was refused or taken back meanwhile."""

    code = "merge_answered"


class MergeNotYours(Forbidden):
    """Only those who signed one of the two, moderators and reviewers."""

    code = "merge_not_yours"


class MergeReasonTooShort(Invalid):
    """Fewer than ``least`` characters."""

    code = "merge_reason_too_short"
    field = "reason"


class MergeReasonTooLong(Invalid):
    """More than ``limit`` characters."""

    code = "merge_reason_too_long"
    field = "reason"


class NotMerging(Conflict):
    """There is no merge that holds."""

    code = "not_merging"


class MergeOnBallot(Conflict):
    """The leading proposal is on a ballot or beyond: what residents vote on stays as it is."""

    code = "merge_on_ballot"


class MergeUndoOver(Conflict):
    """It could be undone until ``until``."""

    code = "merge_undo_over"


class MergedMeanwhile(Conflict):
    """Somebody merged or unmerged one of them in this moment."""

    code = "merged_meanwhile"


class UnknownDraft(NotFound):
    code = "unknown_draft"


class TooManyDrafts(Conflict):
    """At most ``limit`` drafts a person."""

    code = "too_many_drafts"


class DraftRoundClosed(Conflict):
    """The round to which a draft was to be moved takes no proposals now."""

    code = "draft_round_closed"


class StepNotReached(Conflict):
    """The proposal has not reached this step of the round's ladder."""

    code = "step_not_reached"


class ForumDateUnlikely(Invalid):
    """No day, or one more than a year away."""

    code = "forum_date_unlikely"


class ForumDetailUnusable(Invalid):
    """Empty where something must stand, or more than ``limit`` characters."""

    code = "forum_detail_unusable"


class InvitedSelf(Invalid):
    """The address is the author's own."""

    code = "invited_self"
    field = "email"


class AlreadyInvited(Invalid):
    """The address was asked to sign this proposal, and waits or declined."""

    code = "already_invited"
    field = "email"


class TooManyCoAuthors(Conflict):
    """At most ``limit`` sign with the author, open invitations included."""

    code = "too_many_co_authors"


class UnknownInvitation(NotFound):
    """No open invitation asks the reader's address to sign this."""

    code = "unknown_invitation"


class NoCoAuthor(Conflict):
    """The person does not sign it, or no longer."""

    code = "no_co_author"


class UnknownVersion(NotFound):
    """The proposal has no such version, or the two are one."""

    code = "unknown_version"
