"""What a schedule must be like, a sensible one to begin with, and how it moves when a phase is extended."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from civicvote.domain.rounds.errors import (
    NoPhases,
    PhaseAlreadyOver,
    PhaseEndsBeforeStart,
    PhaseNeedsAnother,
    PhaseNotExtended,
    PhasesOverlap,
)
from civicvote.domain.rounds.schedule import ScheduledPhase, Span, in_order, span_of
from civicvote.kernel.clock import CIVIC_ZONE
from civicvote.kernel.errors import Refusal
from civicvote.kernel.phases import Phase

#: A phase works with what another makes: polls on proposals, projects from agenda items, ballots on projects.
NEEDS: dict[Phase, Phase] = {
    Phase.AGENDA_VOTE: Phase.DISCOVERY,
    Phase.MATCHING: Phase.AGENDA_VOTE,
    Phase.BUDGET_VOTE: Phase.MATCHING,
}

#: Days each phase has in the dates that the form offers: a spring of proposals, votes before and after the summer,
#: the money decided before councils take up the next year's budget in November.
SUGGESTED_DAYS: dict[Phase, int] = {
    Phase.DISCOVERY: 42,
    Phase.REVIEW: 28,
    Phase.DELIBERATION: 21,
    Phase.AGENDA_VOTE: 14,
    Phase.MATCHING: 42,
    Phase.BUDGET_VOTE: 14,
    Phase.ALLOCATION: 28,
    Phase.IMPLEMENTATION: 280,
    Phase.RESULTS: 28,
}
#: Time to tell people before the first phase begins.
NOTICE_DAYS = 14
#: Phases change while offices are open, so that somebody is there when something is amiss.
CHANGE_AT = time(18, 0)
START_AT = time(9, 0)


def suggested_schedule(today: date) -> list[Span]:
    """All phases one after the other from the first Monday at least ``NOTICE_DAYS`` after ``today``."""
    first = today + timedelta(days=NOTICE_DAYS)
    first += timedelta(days=-first.weekday() % 7)
    spans, day, opens = [], first, START_AT
    for phase in Phase:
        starts_at = datetime.combine(day, opens, CIVIC_ZONE)
        day, opens = day + timedelta(days=SUGGESTED_DAYS[phase]), CHANGE_AT
        spans.append(Span(phase, starts_at, datetime.combine(day, opens, CIVIC_ZONE)))
    return spans


def schedule_problems(spans: Iterable[ScheduledPhase]) -> Iterator[Refusal]:
    """Everything that is wrong with a schedule; ``field`` is ``<phase>_starts_at`` or ``<phase>_ends_at``.

    Pauses between phases are allowed (a poll has to be prepared), overlaps and another order are not.
    """
    ordered = sorted(spans, key=lambda span: span.phase.position)
    present = {span.phase for span in ordered}
    if not ordered:
        yield NoPhases()
    earlier: ScheduledPhase | None = None
    for span in ordered:
        needed = NEEDS.get(span.phase)
        if needed and needed not in present:
            yield PhaseNeedsAnother(field=f"{span.phase}_starts_at", phase=span.phase, needed=needed)
        if span.ends_at <= span.starts_at:
            yield PhaseEndsBeforeStart(field=f"{span.phase}_ends_at")
        if earlier and span.starts_at < earlier.ends_at:
            yield PhasesOverlap(field=f"{span.phase}_starts_at", phase=span.phase, earlier=earlier.phase)
        earlier = span


def check_schedule(spans: Iterable[ScheduledPhase]) -> None:
    """Raise the first of ``schedule_problems``."""
    for problem in schedule_problems(spans):
        raise problem


def extended(spans: Iterable[ScheduledPhase], phase: Phase, ends_at: datetime, now: datetime) -> list[Span]:
    """The schedule with a later end of ``phase``. Later phases keep their length and move only as far as they must.

    Raises ``PhaseAlreadyOver`` where the phase has ended by ``now``, ``PhaseNotExtended`` for an end that is not later.
    """
    spans = in_order(spans)
    old = span_of(spans, phase)
    if old is None or old.ends_at <= now:
        raise PhaseAlreadyOver
    if ends_at <= old.ends_at:
        raise PhaseNotExtended(field="ends_at", ends_at=old.ends_at)
    moved, free_from = [], ends_at
    for each in spans:
        span = Span(each.phase, each.starts_at, each.ends_at)
        if each.phase is phase:
            span = Span(phase, each.starts_at, ends_at)
        elif each.starts_at > old.starts_at and each.starts_at < free_from:
            span = Span(each.phase, free_from, free_from + (each.ends_at - each.starts_at))
        if each.starts_at >= old.starts_at:
            free_from = span.ends_at
        moved.append(span)
    return moved
