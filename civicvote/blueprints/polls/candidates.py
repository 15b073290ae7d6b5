"""What can stand on a ballot: proposals of the round in an agenda poll, its projects in a budget poll."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from civicvote.domain.budgeting.queries import projects_of_round
from civicvote.domain.budgeting.services import set_projects_state
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.polls.freezing import FrozenOption
from civicvote.domain.polls.states import PollKind
from civicvote.domain.proposals.listing import ProposalSort
from civicvote.domain.proposals.queries import list_proposals
from civicvote.domain.proposals.services import set_proposal_state
from civicvote.domain.proposals.states import ProposalState
from civicvote.kernel import ids

MOST = 200
"""A longer ballot nobody reads; of proposals these are the most endorsed."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """``endorsements`` is None for projects, ``cost_amount`` 0 for proposals."""

    subject_id: int
    title: str
    summary: str
    cost_amount: int = 0
    endorsements: int | None = None

    @property
    def key(self) -> str:
        return ids.encode(self.subject_id)


def candidates_for(kind: PollKind, region_id: int, round_id: int) -> list[Candidate]:
    """At most ``MOST``, in the order in which they were made: the place on a ballot is no prize."""
    if kind is PollKind.BUDGET:
        found = [
            Candidate(project.id, project.title, project.summary, project.cost_amount)
            for project in projects_of_round(region_id, round_id, size=MOST).items
            if project.state is ProjectState.PREPARING
        ]
    else:
        found = [
            Candidate(proposal.id, proposal.title, proposal.summary, endorsements=proposal.endorsement_count)
            for proposal in list_proposals(region_id, round_id, sort=ProposalSort.ENDORSED, size=MOST).items
            if proposal.state is ProposalState.SUBMITTED
        ]
    return sorted(found, key=lambda candidate: candidate.subject_id)


def options_from(candidates: Sequence[Candidate], keys: Collection[str]) -> list[FrozenOption]:
    """The candidates with these keys as options; keys of nothing in the list are ignored."""
    wanted = set(keys)
    return [
        FrozenOption(
            key=candidate.key,
            label=candidate.title,
            summary=candidate.summary,
            cost_amount=candidate.cost_amount,
            subject_id=candidate.subject_id,
        )
        for candidate in candidates
        if candidate.key in wanted
    ]


def put_on_ballot(kind: PollKind, region_id: int, options: Sequence[FrozenOption]) -> None:
    """Say of each proposal or project that it stands on a ballot now."""
    subjects = [option.subject_id for option in options if option.subject_id is not None]
    if kind is PollKind.BUDGET:
        set_projects_state(region_id=region_id, project_ids=subjects, state=ProjectState.ON_BALLOT)
    else:
        set_proposal_state(region_id=region_id, proposal_ids=subjects, state=ProposalState.ON_BALLOT)
