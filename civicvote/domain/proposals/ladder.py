"""The endorsement ladder: what the round's rules oblige the city to, from how many endorsements on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from civicvote.domain.proposals.states import LadderStep
from civicvote.domain.rounds.rules import RoundRules


@dataclass(frozen=True, slots=True)
class Rung:
    """``needed``: how many endorsements lead to the step, 1 or more."""

    step: LadderStep
    needed: int


def rungs_of(rules: RoundRules) -> tuple[Rung, ...]:
    """The steps that the round has, the lowest first."""
    steps = (
        Rung(LadderStep.DEPARTMENT_ANSWERS, rules.ladder_department_answers),
        Rung(LadderStep.FORUM, rules.ladder_forum),
        Rung(LadderStep.MAYOR_ANSWERS, rules.ladder_mayor_answers),
    )
    return tuple(rung for rung in steps if rung.needed)


def reached_with(rungs: Collection[Rung], endorsements: int) -> list[Rung]:
    """The steps that so many endorsements reach, the lowest first."""
    return [rung for rung in rungs if rung.needed <= endorsements]


def next_rung(rungs: Collection[Rung], reached: Collection[LadderStep]) -> Rung | None:
    """The lowest step that was not reached yet: a step stays reached when somebody takes theirs back."""
    return next((rung for rung in rungs if rung.step not in reached), None)


class Reached(Protocol):
    @property
    def step(self) -> LadderStep: ...
    @property
    def reached_at(self) -> datetime: ...
    @property
    def fulfilled_at(self) -> datetime | None: ...
    @property
    def held_on(self) -> date | None: ...
    @property
    def place(self) -> str: ...
    @property
    def note_html(self) -> str: ...


@dataclass(frozen=True, slots=True)
class RungStanding:
    """How far a proposal is on one step. ``missing``: endorsements to go; ``days_waited``: full days for which
    something has been owed, None where nothing is."""

    step: LadderStep
    needed: int
    missing: int
    is_next: bool
    reached: Reached | None
    days_waited: int | None


def standing_on(
    rungs: Collection[Rung], reached: Collection[Reached], endorsements: int, now: datetime
) -> list[RungStanding]:
    """The ladder as one proposal stands on it, the lowest step first. A step stays reached whatever is taken back."""
    by_step = {each.step: each for each in reached}
    coming = next_rung(rungs, by_step)
    return [
        RungStanding(
            step=rung.step,
            needed=rung.needed,
            missing=max(0, rung.needed - endorsements),
            is_next=rung is coming,
            reached=(found := by_step.get(rung.step)),
            days_waited=(now - found.reached_at).days if found and not found.fulfilled_at else None,
        )
        for rung in rungs
    ]
