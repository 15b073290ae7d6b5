"""What can stand on a ballot: proposals of the round in an agenda poll, its projects in a budget poll."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from civicvote.domain.budgeting.queries import projects_of_round, proposals_behind
from civicvote.domain.budgeting.services import set_projects_state
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.polls.freezing import FrozenOption
from civicvote.domain.polls.states import PollKind
from civicvote.domain.proposals.listing import ProposalSort
from civicvote.domain.proposals.queries import proposals_by_ids
from civicvote.domain.proposals.queries_list import list_proposals
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
    field_key: str | None = None
    district_code: str | None = None

    @property
    def key(self) -> str:
        return ids.encode(self.subject_id)


def candidates_for(kind: PollKind, region_id: int, round_id: int) -> list[Candidate]:
    """At most ``MOST``, in the order in which they were made: the place on a ballot is no prize."""
    found = _projects(region_id, round_id) if kind is PollKind.BUDGET else _proposals(region_id, round_id)
    return sorted(found, key=lambda candidate: candidate.subject_id)


def _projects(region_id: int, round_id: int) -> list[Candidate]:
    projects = [
        project
        for project in projects_of_round(region_id, round_id, size=MOST).items
        if project.state is ProjectState.PREPARING
    ]
    behind = proposals_behind(projects)
    return [
        Candidate(
            project.id,
            project.title,
            project.summary,
            project.cost_amount,
            field_key=behind[project.id].field_key,
            district_code=behind[project.id].district_code,
        )
        for project in projects
    ]


def _proposals(region_id: int, round_id: int) -> list[Candidate]:
    rows = [
        row
        for row in list_proposals(region_id, round_id, sort=ProposalSort.ENDORSED, size=MOST).items
        if row.state is ProposalState.SUBMITTED
    ]
    whole = proposals_by_ids(region_id, [row.id for row in rows])
    return [
        Candidate(
            row.id,
            row.title,
            row.summary,
            endorsements=row.endorsement_count,
            field_key=row.field_key,
            district_code=whole[row.id].district_code,
        )
        for row in rows
    ]


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
            field_key=candidate.field_key,
            district_code=candidate.district_code,
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
