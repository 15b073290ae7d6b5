"""Where a round stands in its schedule. A phase holds from its start (inclusive) to its end (exclusive).

Phases never overlap; between two of them there may be a pause, in which no phase holds and nothing is open.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from civicvote.kernel.phases import Phase


class ScheduledPhase(Protocol):
    """What a schedule consists of: a ``RoundPhase`` row or a ``Span``. Moments are aware UTC."""

    @property
    def phase(self) -> Phase: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Span:
    """A phase with its time as a plain value."""

    phase: Phase
    starts_at: datetime
    ends_at: datetime


class PhaseStanding(StrEnum):
    """A phase seen from now. The words stand in ``macros/pictures.timeline``."""

    PAST = "past"
    CURRENT = "current"
    UPCOMING = "upcoming"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A phase of a round and how it stands to the moment that was asked about."""

    phase: Phase
    starts_at: datetime
    ends_at: datetime
    state: PhaseStanding


def in_order(phases: Iterable[ScheduledPhase]) -> list[ScheduledPhase]:
    """The phases in the order in which they happen."""
    return sorted(phases, key=lambda scheduled: (scheduled.starts_at, scheduled.phase.position))


def span_at(phases: Iterable[ScheduledPhase], moment: datetime) -> ScheduledPhase | None:
    """The phase that holds at ``moment`` with its dates; None before, between and after phases."""
    return next((each for each in in_order(phases) if each.starts_at <= moment < each.ends_at), None)


def phase_at(phases: Iterable[ScheduledPhase], moment: datetime) -> Phase | None:
    """The phase that holds at ``moment``; None before, between and after phases."""
    current = span_at(phases, moment)
    return current.phase if current else None


def next_span(phases: Iterable[ScheduledPhase], moment: datetime) -> ScheduledPhase | None:
    """The first phase that starts after ``moment``; None once the last has begun."""
    return next((each for each in in_order(phases) if each.starts_at > moment), None)


def span_of(phases: Iterable[ScheduledPhase], phase: Phase) -> ScheduledPhase | None:
    """The dates of ``phase`` in this round, or None where the round leaves it out."""
    return next((each for each in phases if each.phase is phase), None)


def phase_end(phases: Iterable[ScheduledPhase], phase: Phase) -> datetime | None:
    """When ``phase`` ends, or None where the round leaves it out."""
    span = span_of(phases, phase)
    return span.ends_at if span else None


def closing_moment(closes_at: datetime, phases: Iterable[ScheduledPhase], phase: Phase) -> datetime:
    """When something really closes that has a time of its own and lives in ``phase``: the earlier of the two ends."""
    end = phase_end(phases, phase)
    return min(closes_at, end) if end else closes_at


def has_begun(phases: Iterable[ScheduledPhase], phase: Phase, moment: datetime) -> bool:
    """Whether ``phase`` belongs to the round and has started by ``moment``."""
    span = span_of(phases, phase)
    return span is not None and span.starts_at <= moment


def is_over(phases: Iterable[ScheduledPhase], moment: datetime) -> bool:
    """Whether the last phase has ended; False for a round without phases."""
    ends = [each.ends_at for each in phases]
    return bool(ends) and max(ends) <= moment


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a round is at a moment: in ``current``, before ``following``, or ``is_over``; both None without phases."""

    current: ScheduledPhase | None
    following: ScheduledPhase | None
    is_over: bool


def standing(phases: Iterable[ScheduledPhase], moment: datetime) -> Standing:
    """Where the round with these phases is at ``moment``."""
    ordered = in_order(phases)
    return Standing(span_at(ordered, moment), next_span(ordered, moment), is_over(ordered, moment))


def timeline(phases: Iterable[ScheduledPhase], moment: datetime) -> list[TimelineEntry]:
    """Each phase in order with how it stands at ``moment``."""
    return [
        TimelineEntry(each.phase, each.starts_at, each.ends_at, _standing(each, moment)) for each in in_order(phases)
    ]


def _standing(each: ScheduledPhase, moment: datetime) -> PhaseStanding:
    if each.ends_at <= moment:
        return PhaseStanding.PAST
    return PhaseStanding.CURRENT if each.starts_at <= moment else PhaseStanding.UPCOMING
