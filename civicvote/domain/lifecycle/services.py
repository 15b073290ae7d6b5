"""The story of a round, in one file: what happens when it enters a phase, and when a vote's time is over.

What is open never waits for this: policies read the clock. Here follows what somebody has to do about it.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from civicvote.db import database_now, db
from civicvote.domain.agenda.services import carry_over_winners
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.budgeting.services import carry_over_outcome
from civicvote.domain.lifecycle.errors import PollStandsInTheWay
from civicvote.domain.lifecycle.queries import (
    UnfinishedPoll,
    published_polls,
    rounds_to_advance,
    unfinished_polls,
)
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.planning.window import PHASE_OF_KIND
from civicvote.domain.polls.services import close_poll, count_by_schedule, destroy_leftover_keys
from civicvote.domain.polls.states import PollKind, PollState
from civicvote.domain.rounds import services as rounds
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.planning import extended
from civicvote.domain.rounds.schedule import in_order, span_of
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from civicvote.kernel.errors import Refusal
from civicvote.kernel.phases import Phase

Unit = Callable[[], AbstractContextManager[None]]


@contextmanager
def _part_of_the_caller() -> Iterator[None]:
    with db.session.begin_nested():
        yield


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done, or was refused with a code that the next run tries again. ``verb`` as in the audit."""

    region_id: int
    verb: AuditVerb
    subject: str
    refused: str = ""


Act = Callable[[int, int], list[Step]]


def _adopt_agenda(region_id: int, round_id: int) -> list[Step]:
    """What residents selected is on the agenda when the phase begins that works with it, whoever forgot to put it."""
    polls = published_polls(region_id, round_id, PollKind.AGENDA)
    return [_carry_over(carry_over_winners, region_id, poll_id, AuditVerb.AGENDA_ADOPT) for poll_id in polls]


def _select_projects(region_id: int, round_id: int) -> list[Step]:
    """Projects know that they won before anybody allocates money."""
    polls = published_polls(region_id, round_id, PollKind.BUDGET)
    return [_carry_over(carry_over_outcome, region_id, poll_id, AuditVerb.PROJECT_APPLY_OUTCOME) for poll_id in polls]


#: What must happen when a round enters a phase, besides the entry in the audit. Nobody publishes but people, so an
#: outcome that is published later is carried over by them, or by the next phase.
ON_ENTER: dict[Phase, tuple[Act, ...]] = {
    Phase.DISCOVERY: (),
    Phase.REVIEW: (),
    Phase.DELIBERATION: (),
    Phase.AGENDA_VOTE: (),
    Phase.MATCHING: (_adopt_agenda,),
    Phase.BUDGET_VOTE: (_adopt_agenda,),
    Phase.ALLOCATION: (_adopt_agenda, _select_projects),
    Phase.IMPLEMENTATION: (_adopt_agenda, _select_projects),
    Phase.RESULTS: (_adopt_agenda, _select_projects),
}


def advance_phases(*, key_folder: Path, now: datetime | None = None, unit: Unit = _part_of_the_caller) -> list[Step]:
    """Close and count the polls whose time or phase is over; enter the phases that began and do what they call for.

    Runs as often as one likes: what is done is not done again. ``unit`` gives each part a transaction of its own
    (``db.unit_of_work`` for commands and jobs), so that a count that is refused undoes no closing. Publishing stays
    with people.
    """
    now = now or database_now()
    steps: list[Step] = []
    for poll in unfinished_polls(now):
        steps += _finish(poll, key_folder, unit)
    for region_id, round_id in rounds_to_advance(now):
        with unit():
            steps += _enter_phases(region_id, round_id, now)
    destroy_leftover_keys(key_folder=key_folder)
    return steps


def _finish(poll: UnfinishedPoll, key_folder: Path, unit: Unit) -> Iterator[Step]:
    subject = f"poll:{poll.id}"
    try:
        if poll.state is PollState.FROZEN:
            with unit():
                close_poll(actor=None, region_id=poll.region_id, poll_id=poll.id)
            yield Step(poll.region_id, AuditVerb.POLL_CLOSE, subject)
    except Refusal as refusal:
        yield Step(poll.region_id, AuditVerb.POLL_CLOSE, subject, refusal.code)
        return
    if not poll.waits_for_keyholders:
        refused = count_by_schedule(region_id=poll.region_id, poll_id=poll.id, key_folder=key_folder, unit=unit)
        yield Step(poll.region_id, AuditVerb.POLL_COUNT, subject, refused)


def _enter_phases(region_id: int, round_id: int, now: datetime) -> Iterator[Step]:
    """Record each phase that has begun since the last one recorded; those that a late run skipped too, in order."""
    round_ = db.session.get_one(Round, (region_id, round_id), with_for_update=True, populate_existing=True)
    entered = span_of(round_.phases, round_.entered_phase) if round_.entered_phase else None
    for span in in_order(round_.phases):
        if span.starts_at > now or (entered and span.starts_at <= entered.starts_at):
            continue
        round_.entered_phase = span.phase
        record(
            region_id=region_id,
            actor_id=None,
            verb=AuditVerb.ROUND_ENTER,
            subject=f"round:{round_id}",
            detail={"phase": span.phase.value, "starts_at": span.starts_at.isoformat()},
        )
        yield Step(region_id, AuditVerb.ROUND_ENTER, f"round:{round_id}")
        for act in ON_ENTER[span.phase]:
            yield from act(region_id, round_id)
    db.session.flush()


def _carry_over(service: Callable[..., object], region_id: int, poll_id: int, verb: AuditVerb) -> Step:
    try:
        with db.session.begin_nested():
            service(region_id=region_id, poll_id=poll_id)
    except Refusal as refusal:
        return Step(region_id, verb, f"poll:{poll_id}", refusal.code)
    return Step(region_id, verb, f"poll:{poll_id}")


def extend_phase(*, actor: Actor, round: Round, phase: Phase, ends_at: datetime, reason: str) -> Round:
    """Extend a phase as ``rounds.services`` does, unless that moves a later phase whose vote has its rules fixed.

    Raises ``PollStandsInTheWay`` besides.
    """
    before = {each.phase: each for each in round.phases}
    after = extended(round.phases, phase, ends_at, clock.now())
    moved = {span.phase for span in after if span.starts_at != before[span.phase].starts_at}
    frozen = db.session.scalars(
        sa.select(Poll)
        .where(Poll.region_id == round.region_id, Poll.round_id == round.id, Poll.state == PollState.FROZEN)
        .order_by(Poll.id)
    )
    for poll in frozen:
        if PHASE_OF_KIND[poll.kind] in moved:
            raise PollStandsInTheWay(phase=PHASE_OF_KIND[poll.kind], title=poll.title_ko)
    return rounds.extend_phase(actor=actor, round=round, phase=phase, ends_at=ends_at, reason=reason)
