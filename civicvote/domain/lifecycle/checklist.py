"""A round as a list of steps from its rules to its results, with what is missing. Pure: facts in, steps out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from civicvote.domain.polls.states import PollKind, PollState
from civicvote.domain.rounds.readiness import Lack
from civicvote.domain.rounds.schedule import ScheduledPhase, span_of
from civicvote.kernel.phases import Phase


@dataclass(frozen=True, slots=True)
class PollFacts:
    """A poll of the round. ``closes_at`` is when it really closes: its own time or the end of its phase."""

    id: int
    kind: PollKind
    state: PollState
    title_ko: str
    title_en: str
    options: int
    on_roll: int
    ballots: int
    opens_at: datetime
    closes_at: datetime
    max_choices: int | None
    min_choices: int
    ballot_limit_amount: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """What is in a round so far. Amounts in the currency's smallest unit."""

    proposals: int = 0
    comments: int = 0
    agenda_items: int = 0
    projects: int = 0
    selected_projects: int = 0
    funded_amount: int = 0
    allocated_amount: int = 0
    disbursed_amount: int = 0
    waiting_disbursements: int = 0
    polls: Sequence[PollFacts] = ()

    def polls_of(self, kind: PollKind) -> list[PollFacts]:
        return [poll for poll in self.polls if poll.kind is kind]


class Step(StrEnum):
    """The steps, in their order."""

    RULES = "rules"
    ANNOUNCEMENT = "announcement"
    PROPOSALS = "proposals"
    AGENDA_POLL = "agenda_poll"
    AGENDA_COUNT = "agenda_count"
    AGENDA = "agenda"
    PROJECTS = "projects"
    BUDGET_POLL = "budget_poll"
    BUDGET_COUNT = "budget_count"
    FUNDING = "funding"
    ALLOCATION = "allocation"
    PAYMENTS = "payments"


class StepState(StrEnum):
    """``DUE``: can be done now; ``LATE``: its time came and it is not done; ``LATER``: its turn comes."""

    DONE = "done"
    DUE = "due"
    LATE = "late"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class ChecklistEntry:
    """``by`` is the moment by which the step has to be done, where the schedule sets one."""

    step: Step
    state: StepState
    by: datetime | None = None


#: The phases a step belongs to. A round without any of them has no such step.
_PHASE_OF: dict[Step, Phase] = {
    Step.PROPOSALS: Phase.DISCOVERY,
    Step.AGENDA_POLL: Phase.AGENDA_VOTE,
    Step.AGENDA_COUNT: Phase.AGENDA_VOTE,
    Step.AGENDA: Phase.AGENDA_VOTE,
    Step.PROJECTS: Phase.MATCHING,
    Step.BUDGET_POLL: Phase.BUDGET_VOTE,
    Step.BUDGET_COUNT: Phase.BUDGET_VOTE,
    Step.FUNDING: Phase.ALLOCATION,
    Step.ALLOCATION: Phase.ALLOCATION,
    Step.PAYMENTS: Phase.IMPLEMENTATION,
}
#: Steps that prepare their phase and must be done when it begins; the others when it ends.
_BEFORE_THE_PHASE = frozenset({Step.AGENDA_POLL, Step.BUDGET_POLL})
#: Steps that only the end of their phase makes possible.
_AFTER_THE_PHASE = frozenset({Step.AGENDA_COUNT, Step.AGENDA, Step.BUDGET_COUNT})


def _all_polls(facts: RoundFacts, kind: PollKind, states: set[PollState]) -> bool:
    polls = facts.polls_of(kind)
    return bool(polls) and all(poll.state in states for poll in polls)


_IS_DONE: dict[Step, Callable[[RoundFacts], bool]] = {
    Step.PROPOSALS: lambda facts: facts.proposals > 0,
    Step.AGENDA_POLL: lambda facts: _all_polls(facts, PollKind.AGENDA, set(PollState) - {PollState.DRAFT}),
    Step.AGENDA_COUNT: lambda facts: _all_polls(facts, PollKind.AGENDA, {PollState.PUBLISHED}),
    Step.AGENDA: lambda facts: facts.agenda_items > 0,
    Step.PROJECTS: lambda facts: facts.projects > 0,
    Step.BUDGET_POLL: lambda facts: _all_polls(facts, PollKind.BUDGET, set(PollState) - {PollState.DRAFT}),
    Step.BUDGET_COUNT: lambda facts: _all_polls(facts, PollKind.BUDGET, {PollState.PUBLISHED}),
    Step.FUNDING: lambda facts: facts.funded_amount > 0,
    Step.ALLOCATION: lambda facts: facts.allocated_amount > 0,
    Step.PAYMENTS: lambda facts: facts.disbursed_amount > 0 and not facts.waiting_disbursements,
}


def checklist(
    *,
    phases: Sequence[ScheduledPhase],
    is_announced: bool,
    lacks: Sequence[Lack],
    facts: RoundFacts,
    now: datetime,
) -> list[ChecklistEntry]:
    """The steps that the round's phases call for, in order. ``lacks``: what keeps a draft from being announced."""
    start = min((each.starts_at for each in phases), default=None)
    return [*_preparation(start, is_announced, lacks, now), *_work(phases, is_announced, facts, now)]


def _preparation(
    start: datetime | None, is_announced: bool, lacks: Sequence[Lack], now: datetime
) -> Iterator[ChecklistEntry]:
    is_late = start is not None and start <= now
    waiting = StepState.LATE if is_late else StepState.DUE
    yield ChecklistEntry(Step.RULES, waiting if lacks and not is_announced else StepState.DONE, start)
    if is_announced:
        yield ChecklistEntry(Step.ANNOUNCEMENT, StepState.DONE)
    else:
        yield ChecklistEntry(Step.ANNOUNCEMENT, StepState.LATER if lacks else waiting, start)


def _work(
    phases: Sequence[ScheduledPhase], is_announced: bool, facts: RoundFacts, now: datetime
) -> Iterator[ChecklistEntry]:
    for step, phase in _PHASE_OF.items():
        span = span_of(phases, phase)
        if span is None:
            continue
        begins = span.ends_at if step in _AFTER_THE_PHASE else span.starts_at
        by = _deadline(step, span)
        if _IS_DONE[step](facts):
            state = StepState.DONE
        elif not is_announced:
            state = StepState.LATER
        elif by is not None and by <= now:
            state = StepState.LATE
        else:
            state = StepState.DUE if begins <= now or _can_prepare(step, facts) else StepState.LATER
        yield ChecklistEntry(step, state, by)


def _deadline(step: Step, span: ScheduledPhase) -> datetime | None:
    if step in _AFTER_THE_PHASE:
        return None
    return span.starts_at if step in _BEFORE_THE_PHASE else span.ends_at


def _can_prepare(step: Step, facts: RoundFacts) -> bool:
    """A ballot can be prepared as soon as there is something to put on it."""
    on_offer = {Step.AGENDA_POLL: facts.proposals, Step.BUDGET_POLL: facts.projects}
    return on_offer.get(step, 0) > 0
