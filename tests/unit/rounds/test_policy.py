"""What each phase opens, and how a closed door says when it opens."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from civicvote.domain.rounds.errors import NeverOpen, NotOpenYet, PhaseClosed, RoundNotAnnounced
from civicvote.domain.rounds.phase_actions import PHASE_ACTIONS
from civicvote.domain.rounds.policy import is_open, open_actions, require_open
from civicvote.domain.rounds.schedule import Span
from civicvote.domain.rounds.states import RoundState
from civicvote.kernel.permissions import Permission
from civicvote.kernel.phases import Phase

START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def spans_of(*phases: Phase) -> list[Span]:
    return [Span(phase, START + i * 10 * DAY, START + (i + 1) * 10 * DAY) for i, phase in enumerate(phases)]


@dataclass
class ARound:
    phases: list[Span] = field(default_factory=lambda: spans_of(*Phase))
    state: RoundState = RoundState.ANNOUNCED


def in_phase(phase: Phase) -> datetime:
    return START + (phase.position * 10 + 5) * DAY


#: The table as the contract of the house writes it, by hand: what may be done in which phase.
OPEN_IN: dict[Permission, str] = {
    Permission.PROPOSAL_SUBMIT: "discovery",
    Permission.PROPOSAL_EDIT: "discovery deliberation",
    Permission.PROPOSAL_ENDORSE: "discovery review deliberation",
    Permission.PROPOSAL_MERGE: "discovery review deliberation",
    Permission.PROPOSAL_IMPORT: "discovery",
    Permission.COMMENT_POST: " ".join(Phase),
    Permission.COMMENT_EDIT: " ".join(Phase),
    Permission.COMMENT_RATE: " ".join(Phase),
    Permission.OPINION_VOTE: "discovery review deliberation matching",
    Permission.OPINION_STATE: "discovery review deliberation matching",
    Permission.CONTENT_REPORT: " ".join(Phase),
    Permission.BALLOT_CAST: "agenda_vote budget_vote",
    Permission.PROJECT_MANAGE: "matching",
    Permission.LEDGER_ENTER: "allocation implementation results",
    Permission.LEDGER_APPROVE: "allocation implementation results",
}


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("permission", list(OPEN_IN))
def test_the_phase_decides_what_is_open(phase: Phase, permission: Permission) -> None:
    assert is_open(ARound(), permission, in_phase(phase)) == (phase in OPEN_IN[permission].split())


def test_every_permission_that_a_phase_opens_is_in_the_table_above() -> None:
    assert {permission for permissions in PHASE_ACTIONS.values() for permission in permissions} == set(OPEN_IN)
    assert set(PHASE_ACTIONS) == set(Phase)


def test_a_door_that_opens_later_says_with_which_phase_and_when() -> None:
    with pytest.raises(NotOpenYet) as refused:
        require_open(ARound(), Permission.BALLOT_CAST, in_phase(Phase.REVIEW))
    assert refused.value.params == {"phase": Phase.AGENDA_VOTE, "opens_at": START + 30 * DAY}


def test_a_door_between_two_openings_names_the_coming_one() -> None:
    with pytest.raises(NotOpenYet) as refused:
        require_open(ARound(), Permission.BALLOT_CAST, in_phase(Phase.MATCHING))
    assert refused.value.params["phase"] is Phase.BUDGET_VOTE


def test_a_closed_door_says_with_which_phase_it_closed() -> None:
    with pytest.raises(PhaseClosed) as refused:
        require_open(ARound(), Permission.PROPOSAL_SUBMIT, in_phase(Phase.REVIEW))
    assert refused.value.code == "phase_closed"
    assert refused.value.params == {"phase": Phase.DISCOVERY, "closed_at": START + 10 * DAY}


def test_what_no_phase_of_the_round_opens_is_never_open() -> None:
    with pytest.raises(NeverOpen):
        require_open(ARound(spans_of(Phase.DISCOVERY)), Permission.BALLOT_CAST, START)


def test_in_a_draft_nothing_is_open() -> None:
    draft = ARound(state=RoundState.DRAFT)
    assert open_actions(draft, in_phase(Phase.DISCOVERY)) == frozenset()
    with pytest.raises(RoundNotAnnounced):
        require_open(draft, Permission.PROPOSAL_SUBMIT, in_phase(Phase.DISCOVERY))


def test_an_open_door_raises_nothing() -> None:
    require_open(ARound(), Permission.PROPOSAL_SUBMIT, in_phase(Phase.DISCOVERY))
