"""What is still to come for a proposal, and the order of a case file's lines."""

from datetime import UTC, datetime, timedelta

import pytest

from civicvote.domain.casefile.steps import CaseEvent, CaseLine, coming, in_time, moment_of
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.rounds.schedule import Span
from civicvote.kernel.phases import Phase

START = datetime(2026, 3, 1, tzinfo=UTC)
PHASES = [
    Span(phase, START + timedelta(days=10 * n), START + timedelta(days=10 * n + 10)) for n, phase in enumerate(Phase)
]


def _coming(state: ProposalState, day: int, *, lost: bool = False) -> list[Phase]:
    return [each.phase for each in coming(state, lost, PHASES, START + timedelta(days=day))]


def test_everything_later_is_to_come_for_what_is_discussed() -> None:
    assert _coming(ProposalState.SUBMITTED, 5) == list(Phase)[1:]
    assert _coming(ProposalState.ON_BALLOT, 31)[0] is Phase.MATCHING


def test_what_residents_selected_goes_on_with_its_project() -> None:
    assert _coming(ProposalState.SELECTED, 5) == [
        Phase.MATCHING,
        Phase.BUDGET_VOTE,
        Phase.ALLOCATION,
        Phase.IMPLEMENTATION,
        Phase.RESULTS,
    ]
    assert _coming(ProposalState.SELECTED, 85) == []


@pytest.mark.parametrize("state", [ProposalState.MERGED, ProposalState.NOT_SELECTED])
def test_nothing_is_to_come_where_the_case_ends(state: ProposalState) -> None:
    assert _coming(state, 5) == []


def test_nothing_is_to_come_once_residents_chose_other_projects() -> None:
    assert _coming(ProposalState.SELECTED, 45, lost=True) == []


def test_lines_of_one_moment_stand_in_the_order_of_events_and_money_last() -> None:
    lines = [CaseLine(START, event, 5) for event in reversed(CaseEvent)]
    ordered = [line.event for line in in_time(lines)]
    assert ordered[: len(CaseEvent) - 4] == list(CaseEvent)[:-4]
    assert moment_of(lines[0].key[0]) == START
    assert len({line.key for line in lines if line.event not in set(list(CaseEvent)[-4:])}) == len(CaseEvent) - 4
