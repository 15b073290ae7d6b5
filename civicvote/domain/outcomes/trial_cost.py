"""What a trial may cost: somebody waits for it, and a thread of the server with them (docs/decisions/0075)."""

from civicvote.domain.tally.parts_explained import Explanation, shares_in
from civicvote.domain.tally.profile import Profile
from civicvote.domain.tally.shares_explained import RunsEnded

MOST_WORK = 60_000_000
"""So many choices on different ballots, and what options cost beside them, all runs of one trial together: some five
seconds of one processor, for a vote of eighty people as for one of ninety thousand."""
WORK_OF_AN_OPTION = 1_000
"""What an option costs a run beyond the choices for it, in choices: its price is looked for after each purchase."""


def runs_while_waiting(profile: Profile) -> int:
    """How many runs of Equal Shares somebody can wait for. The same for the same ballots, on whatever machine."""
    choices = sum(len(group.choices) for group in profile.ballots)
    return max(1, MOST_WORK // max(1, choices + WORK_OF_AN_OPTION * len(profile.options)))


def needed_more_runs(explanation: Explanation | None) -> bool:
    """Whether the count, or that of one of its envelopes, ended for no other reason than the number of its runs."""
    return any(shares.runs.ended is RunsEnded.MOST_RUNS for shares in shares_in(explanation))
