"""The checklist: which steps a round has and how each stands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from civicvote.domain.lifecycle.checklist import PollFacts, RoundFacts, Step, StepState, checklist
from civicvote.domain.polls.states import PollKind, PollState
from civicvote.domain.rounds.readiness import Lack
from civicvote.domain.rounds.schedule import Span
from civicvote.kernel.phases import Phase

START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
ALL = [Span(phase, START + 10 * phase.position * DAY, START + 10 * (phase.position + 1) * DAY) for phase in Phase]


def in_phase(phase: Phase) -> datetime:
    return START + (10 * phase.position + 5) * DAY


def states(
    now: datetime,
    facts: RoundFacts = RoundFacts(),  # noqa: B008
    *,
    phases: list[Span] = ALL,
    is_announced: bool = True,
    lacks: tuple[Lack, ...] = (),
) -> dict[Step, StepState]:
    entries = checklist(phases=phases, is_announced=is_announced, lacks=lacks, facts=facts, now=now)
    return {entry.step: entry.state for entry in entries}


def poll(kind: PollKind, state: PollState) -> PollFacts:
    return PollFacts(
        id=1,
        kind=kind,
        state=state,
        title_ko="투표",
        title_en="Vote",
        options=3,
        on_roll=10,
        ballots=0,
        opens_at=START,
        closes_at=START + DAY,
        max_choices=2,
        min_choices=1,
        ballot_limit_amount=None,
    )


def test_a_full_round_has_every_step_in_order() -> None:
    assert list(states(START)) == list(Step)


def test_a_round_has_only_the_steps_of_its_phases() -> None:
    phases = [ALL[0], ALL[-1]]
    assert set(states(START, phases=phases)) == {Step.RULES, Step.ANNOUNCEMENT, Step.PROPOSALS}


def test_a_draft_waits_for_what_it_lacks() -> None:
    found = states(START - DAY, is_announced=False, lacks=(Lack.SUMMARY,))
    assert found[Step.RULES] is StepState.DUE
    assert set(found.values()) - {StepState.LATER} == {StepState.DUE}


def test_a_complete_draft_waits_for_its_announcement_and_is_late_once_it_should_run() -> None:
    assert states(START - DAY, is_announced=False)[Step.ANNOUNCEMENT] is StepState.DUE
    assert states(START, is_announced=False)[Step.ANNOUNCEMENT] is StepState.LATE


def test_proposals_are_due_in_their_phase_and_late_after_it() -> None:
    assert states(in_phase(Phase.DISCOVERY))[Step.PROPOSALS] is StepState.DUE
    assert states(in_phase(Phase.REVIEW))[Step.PROPOSALS] is StepState.LATE
    assert states(in_phase(Phase.REVIEW), RoundFacts(proposals=1))[Step.PROPOSALS] is StepState.DONE


def test_a_ballot_can_be_prepared_once_there_is_something_for_it_and_must_be_when_its_phase_begins() -> None:
    facts = RoundFacts(proposals=3)
    assert states(in_phase(Phase.REVIEW))[Step.AGENDA_POLL] is StepState.LATER
    assert states(in_phase(Phase.REVIEW), facts)[Step.AGENDA_POLL] is StepState.DUE
    assert states(in_phase(Phase.AGENDA_VOTE), facts)[Step.AGENDA_POLL] is StepState.LATE


@pytest.mark.parametrize(
    ("state", "prepared", "counted"),
    [
        (PollState.DRAFT, StepState.LATE, StepState.DUE),
        (PollState.FROZEN, StepState.DONE, StepState.DUE),
        (PollState.COUNTED, StepState.DONE, StepState.DUE),
        (PollState.PUBLISHED, StepState.DONE, StepState.DONE),
    ],
)
def test_a_vote_is_prepared_when_frozen_and_finished_when_published(
    state: PollState, prepared: StepState, counted: StepState
) -> None:
    facts = RoundFacts(proposals=3, polls=(poll(PollKind.AGENDA, state),))
    found = states(in_phase(Phase.MATCHING), facts)
    assert (found[Step.AGENDA_POLL], found[Step.AGENDA_COUNT]) == (prepared, counted)
    assert found[Step.BUDGET_COUNT] is StepState.LATER


def test_one_unpublished_vote_of_several_keeps_the_step_open() -> None:
    polls = (poll(PollKind.AGENDA, PollState.PUBLISHED), poll(PollKind.AGENDA, PollState.COUNTED))
    assert states(in_phase(Phase.MATCHING), RoundFacts(polls=polls))[Step.AGENDA_COUNT] is StepState.DUE


def test_payments_are_done_when_something_is_paid_and_nothing_waits() -> None:
    facts = RoundFacts(disbursed_amount=10, waiting_disbursements=1)
    moment = in_phase(Phase.IMPLEMENTATION)
    assert states(moment, facts)[Step.PAYMENTS] is StepState.DUE
    assert states(moment, replace(facts, waiting_disbursements=0))[Step.PAYMENTS] is StepState.DONE
