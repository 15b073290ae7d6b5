"""What happens to a proposal next, and when, from its state and the round's schedule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.rounds.schedule import ScheduledPhase, span_of
from civicvote.kernel.phases import Phase


class NextStep(StrEnum):
    AGENDA_VOTE_OPENS = "agenda_vote_opens"
    AGENDA_VOTE_RUNS = "agenda_vote_runs"
    AWAITS_OUTCOME = "awaits_outcome"
    BECOMES_PROJECT = "becomes_project"
    ENDED = "ended"
    GOES_ON_ELSEWHERE = "goes_on_elsewhere"


@dataclass(frozen=True, slots=True)
class Upcoming:
    """``at`` is when the step begins or, for a vote that runs, ends; None where the round does not say."""

    step: NextStep
    at: datetime | None = None


_SETTLED = {
    ProposalState.NOT_SELECTED: NextStep.ENDED,
    ProposalState.MERGED: NextStep.GOES_ON_ELSEWHERE,
}


def next_step(state: ProposalState, phases: Sequence[ScheduledPhase], moment: datetime) -> Upcoming:
    """The step that follows for a proposal in ``state`` at ``moment``."""
    vote = span_of(phases, Phase.AGENDA_VOTE)
    if state is ProposalState.SELECTED:
        matching = span_of(phases, Phase.MATCHING) or span_of(phases, Phase.BUDGET_VOTE)
        return Upcoming(NextStep.BECOMES_PROJECT, matching.starts_at if matching else None)
    if state in _SETTLED:
        return Upcoming(_SETTLED[state])
    if vote is None:
        return Upcoming(NextStep.AWAITS_OUTCOME)
    if moment < vote.starts_at:
        return Upcoming(NextStep.AGENDA_VOTE_OPENS, vote.starts_at)
    if state is ProposalState.ON_BALLOT and moment < vote.ends_at:
        return Upcoming(NextStep.AGENDA_VOTE_RUNS, vote.ends_at)
    return Upcoming(NextStep.AWAITS_OUTCOME)
