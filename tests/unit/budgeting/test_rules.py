"""What a project must say, and when it may be prepared."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from civicvote.domain.budgeting.errors import (
    CostAboveEnvelope,
    CostNotPositive,
    ProjectFixed,
    ProjectTextMissing,
    ProjectTextTooLong,
)
from civicvote.domain.budgeting.policy import can_prepare, require_changeable, require_preparation
from civicvote.domain.budgeting.rules import clean_texts, require_payable
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.rounds.errors import PhaseClosed
from civicvote.domain.rounds.schedule import Span
from civicvote.domain.rounds.states import RoundState
from civicvote.kernel import clock
from civicvote.kernel.money import Money
from civicvote.kernel.phases import Phase

TEXTS = {"title": "보안등", "summary": "답니다.", "description": "", "department": "도로과", "place": ""}
NOON = datetime(2026, 5, 1, 3, tzinfo=UTC)


@dataclass
class PlannedRound:
    phases: list[Span] = field(default_factory=list)
    state: RoundState = RoundState.ANNOUNCED


def planned(*phases: Phase) -> PlannedRound:
    """Ten days each, from ``NOON`` on."""
    return PlannedRound(
        [
            Span(phase, NOON + timedelta(days=10 * index), NOON + timedelta(days=10 * index + 10))
            for index, phase in enumerate(phases)
        ]
    )


@pytest.mark.parametrize("missing", ["title", "summary", "department"])
def test_title_summary_and_department_are_needed(missing: str) -> None:
    assert clean_texts(**TEXTS).department == "도로과"
    with pytest.raises(ProjectTextMissing) as refused:
        clean_texts(**(TEXTS | {missing: "  "}))
    assert refused.value.field == missing


def test_a_title_fits_a_card() -> None:
    clean_texts(**(TEXTS | {"title": "가" * 120}))
    with pytest.raises(ProjectTextTooLong):
        clean_texts(**(TEXTS | {"title": "가" * 121}))


def test_a_cost_lies_above_zero_and_within_the_envelope() -> None:
    require_payable(Money(100), Money(100))
    require_payable(Money(100), Money(0))
    with pytest.raises(CostNotPositive):
        require_payable(Money(0), Money(100))
    with pytest.raises(CostAboveEnvelope):
        require_payable(Money(101), Money(100))


def test_projects_are_prepared_in_the_matching_phase() -> None:
    round_ = planned(Phase.AGENDA_VOTE, Phase.MATCHING, Phase.BUDGET_VOTE)
    for day, is_open in ((5, False), (15, True), (25, False)):
        with clock.frozen_at(NOON + timedelta(days=day)):
            assert can_prepare(round_) is is_open
            if not is_open:
                with pytest.raises(PhaseClosed):
                    require_preparation(round_)


def test_a_round_without_a_matching_phase_still_gets_its_projects() -> None:
    with clock.frozen_at(NOON):
        assert can_prepare(planned(Phase.AGENDA_VOTE, Phase.BUDGET_VOTE))


@pytest.mark.parametrize("state", [state for state in ProjectState if state is not ProjectState.PREPARING])
def test_what_residents_vote_on_stays(state: ProjectState) -> None:
    require_changeable(ProjectState.PREPARING, is_on_frozen_ballot=False)
    with pytest.raises(ProjectFixed):
        require_changeable(state, is_on_frozen_ballot=False)
    with pytest.raises(ProjectFixed):
        require_changeable(ProjectState.PREPARING, is_on_frozen_ballot=True)
