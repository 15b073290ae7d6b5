"""What the story of a round refuses."""

from civicvote.kernel.errors import Conflict


class PollStandsInTheWay(Conflict):
    """Moving ``phase`` would shorten the vote ``title``, whose opening was already fixed for its voters."""

    code = "poll_stands_in_the_way"
    field = "ends_at"


class EarlierAccountMayVote(Conflict):
    """The earlier account stands on the roll of ``poll``, which is not closed: its owner could vote twice."""

    code = "earlier_account_may_vote"
    field = "decision"
